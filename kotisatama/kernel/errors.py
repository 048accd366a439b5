"""Errors that carry a sentence for the screen, or the way to another one."""

from django.core.exceptions import PermissionDenied


class NotAllowed(Exception):
    """The service does not allow this now; `str()` is a sentence that the person on the screen can act on."""


class ChangedMeanwhile(NotAllowed):
    """Somebody else saved the same thing in between; nothing was overwritten."""


class AskFirst(PermissionDenied):
    """What the page shows opens only after another page was answered: `address` is that page's."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address
