"""Which persons exist for a worker, whose record opens and why, and who may make or change one.

A client within the mandate may be *found*: name, spellings, year of birth, languages (`visible_people`). The record
opens by a relation alone (`openable_people`); without one, for a reason that a lead looks at (`opening`).
"""

import uuid
from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Value, When
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kotisatama.kernel.errors import AskFirst
from kotisatama.people import registry
from kotisatama.people.models import Opening, Person
from kotisatama.staff import access as staff_access
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Permission


def visible_people(viewer: Worker) -> QuerySet[Person]:
    """Clients who may be found: those of the controllers whose mandate the viewer's organisation holds today.

    Of them only what a search shows may be shown; for more see `openable_people`.
    """
    if not can_see_people(viewer):
        return Person.objects.none()
    return Person.objects.filter(controller_id__in=viewer.controller_codes)


MADE_TODAY, OPENED, SHARED = "made_today", "opened", "shared"
OWN_LABELS = {
    MADE_TODAY: _("Saved by the worker on the same day"),
    OPENED: _("Opened for a reason"),
    SHARED: _("Shared by another municipality"),
}


def openable_people(viewer: Worker) -> QuerySet[Person]:
    """Clients whose whole record the viewer may open now."""
    return visible_people(viewer).filter(pk__in=_related_ids(viewer))


def met_people(viewer: Worker) -> QuerySet[Person]:
    """Clients of whom a partner or a volunteer sees what `fields` allows: by a relation alone, never by a search."""
    if not staff_access.allows(viewer, Permission.MEET_PERSONS):
        return Person.objects.none()
    return Person.objects.filter(pk__in=_related_ids(viewer), controller_id__in=viewer.controller_codes)


def openable_ids(viewer: Worker, ids: Iterable[uuid.UUID | None]) -> set[uuid.UUID]:
    """Those of the ids whose record the viewer may open: for lists that name clients. One query, none without ids."""
    asked = {each for each in ids if each}
    return set(openable_people(viewer).filter(pk__in=asked).values_list("pk", flat=True)) if asked else set()


def purpose_of(viewer: Worker, pk: uuid.UUID | None) -> str | None:
    """Why the viewer may open the record: a relation's name; empty for none, None when there is no such client."""
    return _purpose(viewer, visible_people(viewer).filter(pk=pk)) if pk else None


def met_purpose(viewer: Worker, person: Person) -> str:
    """The relation by which a partner or a volunteer meets the client."""
    return _purpose(viewer, met_people(viewer).filter(pk=person.pk)) or ""


def _purpose(viewer: Worker, people: QuerySet[Person]) -> str | None:
    purposes = [When(condition, then=Value(name)) for name, condition in _conditions(viewer)]
    rows = people.annotate(purpose=Case(*purposes, default=Value(""), output_field=CharField()))
    return rows.values_list("purpose", flat=True).first()


def require_openable(viewer: Worker, pk: uuid.UUID | None) -> str:
    """Why the viewer may open the record. Raises Http404 for a client who does not exist for the viewer.

    Raises AskFirst without a relation: `staff.access.requires` sends the worker to the page that asks for a reason.
    """
    purpose = purpose_of(viewer, pk)
    if purpose is None:
        raise Http404
    if not purpose:
        raise AskFirst(reverse("people:ask", args=[pk]))
    return purpose


def can_open(viewer: Worker, person: Person) -> bool:
    """Whether the viewer may open the record now."""
    return bool(purpose_of(viewer, person.pk))


def purpose_labels() -> dict[str, object]:
    """What each purpose in the audit trail is called."""
    return {relation.name: relation.label for relation in registry.relations()} | OWN_LABELS


def _related(viewer: Worker) -> list[tuple[str, "QuerySet[Any, Any]"]]:
    """(name, rows with a `person_id`) of everything that opens a record to the viewer, but for clients made today."""
    running = Opening.objects.filter(worker_id=viewer.pk, until__gt=timezone.now())
    return [*((relation.name, relation.related(viewer)) for relation in registry.relations()), (OPENED, running)]


def _made_today(viewer: Worker) -> Q:
    return Q(made_by=viewer.pk, created_at__gte=midnight())


def _conditions(viewer: Worker) -> list[tuple[str, Q]]:
    """(name, condition on persons): asked of one person, each is one look into an index."""
    exist = [(name, Q(Exists(rows.filter(person_id=OuterRef("pk"))))) for name, rows in _related(viewer)]
    return [*exist, (MADE_TODAY, _made_today(viewer))]


def _related_ids(viewer: Worker) -> "QuerySet[Any, Any]":
    """The ids of all: a UNION, from which the database begins; conditions joined by OR would read every person."""
    made = Person.objects.filter(_made_today(viewer)).values("pk")
    return made.union(*(rows.order_by().values("person_id") for _name, rows in _related(viewer)))


def midnight() -> datetime:
    """When today began."""
    return timezone.make_aware(datetime.combine(timezone.localdate(), time()))


def can_see_people(worker: Worker) -> bool:
    """Whether any client can exist for the worker."""
    return staff_access.allows(worker, Permission.SEE_PERSONS) and bool(worker.controller_codes)


def can_make_people(worker: Worker, controller: str) -> bool:
    """Whether the worker may make clients of this controller."""
    return staff_access.allows(worker, Permission.EDIT_PERSONS) and controller in worker.controller_codes


def can_make_some(worker: Worker) -> bool:
    """Whether the worker may make clients of any controller."""
    return staff_access.allows(worker, Permission.EDIT_PERSONS) and bool(worker.controller_codes)


def can_change(worker: Worker, person: Person) -> bool:
    """Whether the worker may change this client's details; the record must open for the worker besides."""
    return can_make_people(worker, person.controller_id)


def require_people(worker: Worker) -> None:
    """Raise PermissionDenied for a worker for whom no client can exist."""
    if not can_see_people(worker):
        raise PermissionDenied
