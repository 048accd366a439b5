"""Who may see and send messages."""

from django.db.models import QuerySet

from kotisatama.messages.models import Message
from kotisatama.people import access as people_access
from kotisatama.staff.access import allows
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Permission


def visible_messages(viewer: Worker) -> QuerySet[Message]:
    """The only door to messages."""
    if not allows(viewer, Permission.SEND_MESSAGES):
        return Message.objects.none()
    return Message.objects.filter(controller_id__in=viewer.controller_codes)


def require_readable(viewer: Worker, message: Message) -> str:
    """Why the viewer may read the text and the address: the client's record opens, or the message is the viewer's own.

    A message to nobody in the register is read by whoever sees it. Raises as people.access.require_openable does.
    """
    if message.person_id is None or message.created_by_id == viewer.pk:
        return "own_message" if message.created_by_id == viewer.pk else ""
    return people_access.require_openable(viewer, message.person_id)


def can_send(worker: Worker, controller: str) -> bool:
    """Whether the worker may write to a client of that controller."""
    return allows(worker, Permission.SEND_MESSAGES) and controller in worker.controller_codes
