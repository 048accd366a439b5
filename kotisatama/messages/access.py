"""Who may see and send messages."""

from django.db.models import QuerySet

from kotisatama.messages.models import Message
from kotisatama.staff.access import allows
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Permission


def visible_messages(viewer: Worker) -> QuerySet[Message]:
    """The only door to messages."""
    if not allows(viewer, Permission.SEND_MESSAGES):
        return Message.objects.none()
    return Message.objects.filter(controller_id__in=viewer.controller_codes)


def can_send(worker: Worker, controller: str) -> bool:
    """Whether the worker may write to a client of that controller."""
    return allows(worker, Permission.SEND_MESSAGES) and controller in worker.controller_codes
