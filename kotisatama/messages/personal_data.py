"""What this app holds of persons."""

from django.utils.translation import gettext_lazy as _

from kotisatama.messages.models import Message
from kotisatama.privacy import registry
from kotisatama.privacy.registry import Clock, Ground, Holding, Kind
from kotisatama.translation import languages


def declare() -> None:
    """A message goes with its person, with the form that it answers, or on its own day, whichever comes first."""
    states = ("id", "controller", "key", "state", "handed_over_at", "attempts", "last_error", "receipt")
    registry.declare(
        Holding(
            model=Message,
            label=_("Messages"),
            ground=Ground.PUBLIC_TASK,
            retention="message",
            fields=dict.fromkeys(states, Kind.TECHNICAL)
            | dict.fromkeys(("subject", "body"), Kind.FREE_TEXT)
            | dict.fromkeys(("channel", "language", "created_at", "sent_at"), Kind.CIRCUMSTANCES)
            | {
                "person": Kind.LINK,
                "submission": Kind.LINK,
                "address": Kind.IDENTITY,
                "template": Kind.TECHNICAL,
                "created_by": Kind.WORKER,
            },
            person="person",
            goes_with=("submission",),
            activity=("created_at",),
            clocks=(Clock("message", since="created_at"),),
            labels={
                "channel": _("Channel"),
                "address": _("Address"),
                "language": _("Language"),
                "subject": _("Subject"),
                "body": _("Text"),
                "created_at": _("Written"),
                "sent_at": _("Sent"),
            },
            words={"language": languages.name_in},
        )
    )
