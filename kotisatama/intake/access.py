"""Who sees the inbox and who works on it."""

from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.utils import timezone

from kotisatama.documents.models import Document
from kotisatama.intake.models import ExpertQuestion, Invitation, Item, KeptFile, RoutingRule
from kotisatama.people import access as people_access
from kotisatama.people.models import Person
from kotisatama.staff import queries as staff
from kotisatama.staff.access import allows
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Permission, Role

# A day of waiting for somebody who has gone home is long enough for anybody to go on.
STALE_CLAIM = timedelta(hours=24)


def visible_items(viewer: Worker) -> QuerySet[Item]:
    """The only door to the inbox: what was sent to the controllers whose mandate the viewer's organisation holds."""
    if not allows(viewer, Permission.SEE_INBOX):
        return Item.objects.none()
    return Item.objects.filter(controller_id__in=viewer.controller_codes)


def can_handle(worker: Worker, item: Item) -> bool:
    """Whether the worker may take, answer and finish submissions of this controller."""
    return allows(worker, Permission.HANDLE_SUBMISSIONS) and item.controller_id in worker.controller_codes


def require_readable(viewer: Worker, item: Item) -> str:
    """Why the viewer may read what was sent: nobody knows whose it is, the viewer has taken it, or the client opens.

    Raises as people.access.require_openable does.
    """
    if item.person_id is None or has_taken(viewer, item):
        return "submission"
    return people_access.require_openable(viewer, item.person_id)


def require_file(viewer: Worker, document: Document) -> None:
    """Raise as people.access.require_openable does for a file sent with submissions none of which the viewer may read.

    A file belongs to what its sender, known by the hash of a secret, has sent: a form, or a correction to one. A file
    that was kept with a client outlives its form, and then opens as the client does.
    """
    sent = Q(submission__holder=document.holder) | Q(corrections__holder=document.holder)
    items = list(visible_items(viewer).filter(sent, controller_id=document.controller_id).distinct())
    if not items and (kept := KeptFile.objects.filter(document=document).first()):
        people_access.require_openable(viewer, kept.person_id)
    persons = {item.person_id for item in items if item.person_id and not has_taken(viewer, item)}
    may_read_one = any(item.person_id is None or has_taken(viewer, item) for item in items)
    if items and not may_read_one and not people_access.openable_ids(viewer, persons):
        people_access.require_openable(viewer, min(persons))


def can_invite(worker: Worker, person: Person) -> bool:
    """Whether the worker may send this client a form: whoever handles what comes back; the record must open besides."""
    return allows(worker, Permission.HANDLE_SUBMISSIONS) and person.controller_id in worker.controller_codes


def require_inviting(worker: Worker, person: Person) -> None:
    """Raise PermissionDenied for a worker who may not send this client a form."""
    if not can_invite(worker, person) or not people_access.can_open(worker, person):
        raise PermissionDenied


def invitations_of(viewer: Worker, person: Person) -> QuerySet[Invitation]:
    """The forms that were sent to a client, for whoever may send one; the latest first."""
    if not can_invite(viewer, person):
        return Invitation.objects.none()
    return Invitation.objects.filter(person=person).select_related("form", "submission")


def has_taken(worker: Worker, item: Item) -> bool:
    """Whether the worker is the one who works on it now."""
    return item.state == Item.State.CLAIMED and item.claimed_by_id == worker.pk


def can_take_over(worker: Worker, item: Item, *, at: datetime) -> bool:
    """Team leads always, others when whoever took it has had it for a day."""
    if not can_handle(worker, item) or item.state != Item.State.CLAIMED or has_taken(worker, item):
        return False
    stale = item.claimed_at is not None and at - item.claimed_at > STALE_CLAIM
    return stale or Role.TEAM_LEAD in worker.roles


def can_manage_rules(worker: Worker) -> bool:
    """Whether the worker says which team or place gets what arrives."""
    return allows(worker, Permission.MANAGE_FORMS)


def own_rules(viewer: Worker) -> QuerySet[RoutingRule]:
    """The rules of the viewer's organisation, for whoever manages them."""
    if not can_manage_rules(viewer):
        return RoutingRule.objects.none()
    return RoutingRule.objects.filter(organisation_id=viewer.organisation_id)


def routable_items(viewer: Worker) -> QuerySet[Item]:
    """What the rules are tried on: whoever manages them sees of it what rules look at, and how many there are."""
    if not can_manage_rules(viewer):
        return Item.objects.none()
    return Item.objects.filter(controller_id__in=viewer.controller_codes)


def experts_for(item: Item) -> list[Worker]:
    """Who may be asked: workers of any organisation that the controller lets serve its clients today. One query."""
    may = staff.workers_with(Permission.ANSWER_EXPERT_QUESTIONS)
    found = staff.serving(may, item.controller_id, on=timezone.localdate())
    return list(found.select_related("organisation").order_by("name", "pk"))


def is_expert_for(worker: Worker, item: Item) -> bool:
    """Whether the worker may be asked about what was sent to this controller."""
    return allows(worker, Permission.ANSWER_EXPERT_QUESTIONS) and item.controller_id in worker.controller_codes


def expert_questions(viewer: Worker) -> QuerySet[ExpertQuestion]:
    """The only door of an expert: questions to the viewer that were not withdrawn."""
    if not allows(viewer, Permission.ANSWER_EXPERT_QUESTIONS):
        return ExpertQuestion.objects.none()
    own = ExpertQuestion.objects.filter(expert=viewer, withdrawn_at__isnull=True)
    return own.filter(controller_id__in=viewer.controller_codes)
