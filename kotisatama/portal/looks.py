"""Who looked, in words for the client: each line of the trail as a sentence that says for what purpose."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from kotisatama.audit.models import Line
from kotisatama.network import queries as network
from kotisatama.people.models import LooksLink, LooksSetting
from kotisatama.staff import queries as staff

PURPOSES = {
    "person.viewed": _("Opened your page to help you."),
    "person.shared_read": _("Read what your municipality shares about you, to help you."),
    "person.made": _("Wrote down that you are a client."),
    "person.changed": _("Wrote down or corrected your information."),
    "person.identity_code_viewed": _("Looked at your personal identity code."),
    "case.opened": _("Began your guidance."),
    "case.closed": _("Ended your guidance."),
    "contact.recorded": _("Wrote down a meeting, a call or a message with you."),
    "contact.viewed": _("Read what was written down about a meeting, a call or a message with you."),
    "submission.received": _("Your form arrived."),
    "submission.viewed": _("Read your form."),
    "invitation.made": _("Sent you a form to fill in."),
    "invitation.renewed": _("Sent you a form to fill in."),
    "invitation.ended": _("Ended the link to a form."),
    "invitation.viewed": _("The link to a form was opened."),
    "invitation.mistaken": _("The link to a form was opened, with a wrong year of birth."),
    "invitation.begun": _("A form that we sent you was begun."),
    "message.queued": _("Wrote you a message."),
    "message.sent": _("A message was sent to you."),
    "message.viewed": _("Read a message that was sent to you."),
    "looks_link.made": _("Made the link to this page for you."),
    "looks_link.renewed": _("Made the link to this page for you."),
    "looks_link.withdrawn": _("Ended a link to this page."),
    "looks.viewed": _("This page was opened with your link."),
}
# By the last word of a code that has no sentence of its own.
BY_VERB = {
    "viewed": _("Looked at your information."),
    "listed": _("Looked at your information."),
    "searched": _("Looked at your information."),
    "exported": _("Took your information out as a file."),
    "shared": _("Gave your information to another organisation."),
}
OTHERWISE = _("Handled your matter.")


def purpose(action: str) -> object:
    """A sentence for any code."""
    return PURPOSES.get(action) or BY_VERB.get(action.rpartition(".")[2], OTHERWISE)


@dataclass(frozen=True)
class Look:
    """A line as the client reads it; `worker` is empty unless the controller shows names."""

    at: datetime
    organisation: str
    purpose: object
    worker: str


def looks(lines: Iterable[Line], link: LooksLink) -> list[Look]:
    """The lines as sentences; three queries however many they are."""
    lines = list(lines)
    organisations = network.organisation_names(line.organisation_id for line in lines if line.organisation_id)
    shows_names = LooksSetting.objects.filter(controller_id=link.controller_id, shows_worker_name=True).exists()
    workers = staff.worker_names(line.worker_id for line in lines if line.worker_id) if shows_names else {}
    return [
        Look(
            line.at,
            organisations.get(line.organisation_id or 0, ""),
            purpose(line.action),
            workers.get(line.worker_id or 0, ""),
        )
        for line in lines
    ]
