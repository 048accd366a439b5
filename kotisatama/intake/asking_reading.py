"""What the pages of questions to experts show."""

from django.db.models import QuerySet

from kotisatama.intake import access, concealing, masking
from kotisatama.intake.models import ExpertQuestion, Item
from kotisatama.kernel import row_security
from kotisatama.network import queries as network
from kotisatama.staff.models import Worker

MOST_SHOWN = 100


def questions(viewer: Worker) -> list[ExpertQuestion]:
    """The expert's questions, those that wait first, then the latest. One query."""
    rows = access.expert_questions(viewer).select_related("asked_by__organisation")
    found = list(rows.order_by("-asked_at")[:MOST_SHOWN])
    return sorted(found, key=lambda each: each.replied_at is not None)


def opened(viewer: Worker) -> QuerySet[ExpertQuestion]:
    """The expert's questions with what the page of one shows."""
    return access.expert_questions(viewer).select_related("item__submission__version__form", "asked_by__organisation")


def shown(item: Item, reader: str) -> list[masking.Page]:
    """The submission without identity. The names in the register are read to be taken out, never to be shown.

    The client may be another controller's than the form, whose rows the reader does not see.
    """
    with row_security.context(controllers=network.controllers_ever()):
        return masking.pages(item, concealing.client_of(item), reader)


def of_item(item: Item) -> list[ExpertQuestion]:
    """What experts were asked about a submission, the earliest first. One query."""
    return list(item.expert_questions.select_related("expert__organisation"))
