"""Sharing a client with another municipality: an explicit act with basis, scope and end."""

from collections.abc import Generator
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from kotisatama.audit import actions as audit
from kotisatama.kernel import row_security
from kotisatama.people import access, registry, sharing_access, sharing_rules
from kotisatama.people.models import Person, Sharing
from kotisatama.staff.models import Worker

CARD = "people"  # the part of row security that a card reads


@transaction.atomic
def share_person(
    person: Person, *, to_controller: str, basis: str, scope: str, begins_on: date, ends_on: date, by: Worker
) -> Sharing:
    """Let another municipality read a part of the record between two days, both included.

    The same scope for the same municipality that still runs is returned as it is. NotAllowed for days that cannot be.
    """
    current = access.visible_people(by).select_for_update().filter(pk=person.pk).first()
    if current is None or not sharing_access.can_share(by, current):
        raise PermissionDenied
    sharing_rules.check_shareable(current, to_controller=to_controller, begins_on=begins_on, ends_on=ends_on)
    running = sharing_access.we_share(by).filter(
        person=current, to_controller_id=to_controller, scope=scope, ends_on=ends_on, withdrawn_at=None
    )
    if made := running.first():
        return made
    sharing = Sharing.objects.create(
        controller_id=current.controller_id,
        to_controller_id=to_controller,
        person=current,
        basis=Sharing.Basis(basis),
        scope=Sharing.Scope(scope),
        begins_on=begins_on,
        ends_on=ends_on,
        made_by=by,
    )
    _line("person.shared", sharing, by, basis=sharing.basis, until=ends_on.isoformat())
    return sharing


@transaction.atomic
def withdraw_sharing(sharing: Sharing, *, by: Worker) -> Sharing:
    """End the sharing now; the other municipality's next look finds nothing. Twice is once."""
    current = sharing_access.we_share(by).select_for_update(of=("self",)).filter(pk=sharing.pk).first()
    if current is None or not sharing_access.can_withdraw(by, current):
        raise PermissionDenied
    if current.withdrawn_at is None:
        current.withdrawn_at, current.withdrawn_by = timezone.now(), by
        current.save(update_fields=["withdrawn_at", "withdrawn_by"])
        _line("person.sharing_withdrawn", current, by)
    return current


@contextmanager
def reading_shared(sharing: Sharing, *, by: Worker) -> Generator[Person]:
    """The client of a running sharing; within this block, and for its scope alone, the other controller's rows open.

    It leaves the line, which both municipalities see.
    """
    parts = [CARD, *registry.shared_parts(sharing.scopes)]
    with row_security.also_reading([sharing.person_id], parts=parts):
        person = Person.objects.prefetch_related("names", "channels").get(pk=sharing.person_id)
        _line("person.shared_read", sharing, by, purpose="shared")  # written at once, in the context of both
        yield person


def hides_place(sharing: Sharing) -> bool:
    """Whether a non-disclosure hides where the client lives, by the relations that the other municipality keeps."""
    with row_security.context(controllers=[sharing.controller_id]):
        return access.is_shielded(Person.objects.get(pk=sharing.person_id))


def _line(action: str, sharing: Sharing, by: Worker, **details: Any) -> None:
    """One line for both municipalities: it is written in the context of both, whoever of the two acts."""
    both = [sharing.controller_id, sharing.to_controller_id]
    told = {"sharing": str(sharing.pk), "scope": sharing.scope, **details}
    with row_security.context(controllers=both):
        audit.record(action, by=by, controllers=both, subject=Person(pk=sharing.person_id), details=told)
