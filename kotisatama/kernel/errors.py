"""Errors that carry a sentence for the screen."""


class NotAllowed(Exception):
    """The service does not allow this now; `str()` is a sentence that the person on the screen can act on."""


class ChangedMeanwhile(NotAllowed):
    """Somebody else saved the same thing in between; nothing was overwritten."""
