"""Which persons exist for a worker, whose record opens and why, and who may make or change one.

A client within the mandate may be *found*: name, spellings, year of birth, languages (`visible_people`). The record
opens by a relation alone (`openable_people`); without one, for a reason that a lead looks at (`opening`).
"""

import uuid
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Value, When
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kotisatama.kernel.errors import AskFirst
from kotisatama.network.models import Organisation
from kotisatama.people import registry, rules, shielding
from kotisatama.people.models import Consent, ImportRow, ImportRun, LooksLink, Opening, Person, Protection
from kotisatama.people.shielding import place_of as place_of
from kotisatama.people.shielding import shielded as shielded
from kotisatama.people.shielding import shielded_relatives as shielded_relatives
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


def openable_or_ask(viewer: Worker, pk: uuid.UUID) -> Person:
    """The client whose record opens for the viewer. Raises Http404, or AskFirst as `require_openable` does."""
    require_openable(viewer, pk)
    return visible_people(viewer).get(pk=pk)


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


def can_import(worker: Worker) -> bool:
    """Whether the worker may bring clients over from an old register: a right of its own beside that of making them."""
    return staff_access.allows(worker, Permission.IMPORT_CLIENTS) and can_make_some(worker)


def whereabouts_are_open(person: Person) -> bool:
    """Whether pages may tell where the person lives and lived: not of a shielded one, nor of one said to be secret."""
    return person.municipality != shielding.NO_PLACE and not is_shielded(person)


def require_current(person: Person | None) -> None:
    """Raise NotAllowed, with a sentence, for an archived person: nothing new is written on that page."""
    if person:
        rules.check_current(Person.objects.only("merged_into", "archived_on").get(pk=person.pk))


def require_people(worker: Worker) -> None:
    """Raise PermissionDenied for a worker for whom no client can exist."""
    if not can_see_people(worker):
        raise PermissionDenied


def working_looks_links(person: Person) -> QuerySet[LooksLink]:
    """Links to the client's own view of looks that work now; whoever sees the client may end them."""
    return person.looks_links.filter(withdrawn_at__isnull=True, expires_at__gt=timezone.now()).order_by("-made_at")


def require_import(worker: Worker) -> None:
    """Raise PermissionDenied for a worker who may not bring clients over."""
    if not can_import(worker):
        raise PermissionDenied


def visible_imports(viewer: Worker) -> QuerySet[ImportRun]:
    """The only door to imports: those for the controllers whose mandate the viewer's organisation holds today."""
    if not can_import(viewer):
        return ImportRun.objects.none()
    return ImportRun.objects.filter(controller_id__in=viewer.controller_codes)


def visible_import_rows(viewer: Worker, run: ImportRun) -> QuerySet[ImportRow]:
    """What became of the rows of an import, as far as they concern those controllers."""
    if not can_import(viewer):
        return ImportRow.objects.none()
    return ImportRow.objects.filter(run=run, controller_id__in=viewer.controller_codes)


def people_with_rights(viewer: Worker) -> QuerySet[Person]:
    """The door to a client's rights: for client work, and for the data protection officer, who opens no record else."""
    if staff_access.allows(viewer, Permission.MANAGE_PRIVACY):
        return Person.objects.filter(controller_id__in=viewer.controller_codes)
    return openable_people(viewer)


def can_export(worker: Worker, person: Person) -> bool:
    """Whether the worker gives this client everything that is held about them."""
    return staff_access.allows(worker, Permission.EXPORT_PERSON) and person.controller_id in worker.controller_codes


def can_manage_rights(worker: Worker, person: Person) -> bool:
    """Whether the worker decides what the client asks: those who may give the extract."""
    return can_export(worker, person)


def require_rights(worker: Worker, person: Person) -> None:
    """Raise PermissionDenied for whoever may not."""
    if not can_manage_rights(worker, person):
        raise PermissionDenied


def has_consent(person: Person, purpose: str, recipient: Organisation | None, on: date) -> bool:
    """Whether the client's data may be used for this purpose, and given to this recipient, on a day.

    Asked at each use: a consent that was withdrawn today is none from that moment on.
    """
    in_force = Q(until__isnull=True) | Q(until__gte=on)
    not_withdrawn = Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gt=on)
    found = Consent.objects.filter(in_force, not_withdrawn, person=person, purpose=purpose, given_on__lte=on)
    return found.filter(recipient=recipient).exists()


def is_shielded(person: Person) -> bool:
    """Whether no page may say where the person lives: by an own non-disclosure, or by that of somebody close."""
    return person.pk in shielding.shielded([person])


def can_protect(worker: Worker, person: Person) -> bool:
    """Whether the worker may set and renew a non-disclosure: whoever may change the client, for safety comes first."""
    return can_change(worker, person)


def can_see_protected(worker: Worker, person: Person) -> bool:
    """Whether the worker may open what a non-disclosure hides, and end it."""
    return can_see_some_protected(worker) and person.controller_id in worker.controller_codes


def can_see_some_protected(worker: Worker) -> bool:
    """Whether the worker may open what any non-disclosure hides."""
    return can_see_people(worker) and staff_access.allows(worker, Permission.SEE_PROTECTED)


def require_protected(worker: Worker, person: Person) -> None:
    """Raise PermissionDenied for a worker who may not open what this person's non-disclosure hides."""
    if not can_see_protected(worker, person):
        raise PermissionDenied


def require_place(worker: Worker, person: Person) -> None:
    """Raise PermissionDenied where a page would show the place of somebody close to a protected person.

    The form of the protected person shows none.
    """
    if not person.is_protected and is_shielded(person) and not can_see_protected(worker, person):
        raise PermissionDenied


def require_whereabouts(worker: Worker, person: Person) -> None:
    """Raise PermissionDenied where a page would show the place of a protected person, or of somebody close to one."""
    if is_shielded(person) and not can_see_protected(worker, person):
        raise PermissionDenied


def visible_protections(viewer: Worker) -> QuerySet[Protection]:
    """The only door to running protections: for whoever may open them."""
    if not can_see_some_protected(viewer):
        return Protection.objects.none()
    return Protection.objects.filter(controller_id__in=viewer.controller_codes, ended_at__isnull=True)
