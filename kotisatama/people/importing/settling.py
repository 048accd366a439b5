"""A worker decides what the import left open: a new client, somebody known, or nobody; different values, or ours."""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kotisatama.audit import actions as audit
from kotisatama.kernel import identifiers
from kotisatama.kernel.errors import NotAllowed
from kotisatama.people import access
from kotisatama.people.actions import change_person
from kotisatama.people.importing import making, sealing, writing
from kotisatama.people.importing.somebody import PLAIN
from kotisatama.people.models import ImportRow, OldRecord, Person
from kotisatama.staff.models import Worker

Outcome, State = ImportRow.Outcome, OldRecord.State


def given(row: ImportRow) -> dict[str, Any]:
    """What an undecided row says; empty when it is decided."""
    if row.sealed is None:
        return {}
    content = sealing.unseal(row.sealed, table=writing.SEALED_TABLE, row=row.pk, controller=row.controller_id)
    details = sealing.from_bytes(content)
    return sealing.with_days(details["given"])


NEW, LEAVE_OUT_ROW = "new", "leave_out"


def decide(row: ImportRow, *, who: str, by: Worker) -> ImportRow:
    """`who` is "new", "leave_out", or the id of a client."""
    if who == NEW:
        return make_anyway(row, by=by)
    if who == LEAVE_OUT_ROW:
        return leave_out(row, by=by)
    person = access.visible_people(by).filter(pk=who).first()
    if person is None:
        raise PermissionDenied
    return is_somebody(row, person, by=by)


@transaction.atomic
def make_anyway(row: ImportRow, *, by: Worker) -> ImportRow:
    """It is nobody known: make the client. NotAllowed when the identity code is somebody's by now."""
    current = _undecided(row, Outcome.WAITING, by=by)
    if current.sealed is None:
        return current
    new = making.NewPerson(identifiers.new_id(), current.controller_id, given(current))
    try:
        with transaction.atomic():
            (person,) = making.make_people([new])
    except IntegrityError as reason:
        raise NotAllowed(
            _("Another client already has this identity code. Search with it to find the client.")
        ) from reason
    details = {"run": str(current.run_id)}
    audit.record("person.imported", by=by, controllers=[person.controller_id], subject=person, details=details)
    return _decide(current, Outcome.MADE, State.MADE, person, by=by)


@transaction.atomic
def is_somebody(row: ImportRow, person: Person, *, by: Worker) -> ImportRow:
    """It is this client: nobody is made, and the next import knows."""
    current = _undecided(row, Outcome.WAITING, by=by)
    if current.sealed is None:
        return current
    if not access.visible_people(by).filter(pk=person.pk).exists():
        raise PermissionDenied
    details = {"run": str(current.run_id), "row": current.number}
    audit.record("person.import_tied", by=by, controllers=[person.controller_id], subject=person, details=details)
    return _decide(current, Outcome.SAME, State.SAME, person, by=by)


@transaction.atomic
def leave_out(row: ImportRow, *, by: Worker) -> ImportRow:
    """It is not to be brought over: nobody is made, and the next import knows."""
    current = _undecided(row, Outcome.WAITING, by=by)
    if current.sealed is None:
        return current
    details = {"row": current.number}
    audit.record(
        "import.row_left_out", by=by, controllers=[current.controller_id], subject=current.run, details=details
    )
    return _decide(current, Outcome.LEFT_OUT, State.LEFT_OUT, None, by=by)


@transaction.atomic
def take_values(row: ImportRow, *, fields: Iterable[str], version: int, by: Worker) -> ImportRow:
    """Take over the chosen ones of the values that differ; none of them keeps what the register has."""
    current = _undecided(row, Outcome.DIFFERS, by=by)
    if current.sealed is None or current.person is None:
        return current
    chosen = [name for name in current.fields if name in set(fields)]
    values = _changes(current.person, given(current), chosen)
    if values:
        change_person(current.person, version=version, by=by, **values)
    else:
        details = {"row": current.number}
        audit.record(
            "import.row_kept", by=by, controllers=[current.controller_id], subject=current.run, details=details
        )
    current.outcome = Outcome.CHANGED if values else Outcome.SAME
    return _close(current, by=by)


def _changes(person: Person, said: Mapping[str, Any], chosen: Iterable[str]) -> dict[str, Any]:
    """The arguments of `change_person`: names and channels are added to those that are there."""
    values: dict[str, Any] = {}
    for name in chosen:
        if name in PLAIN:
            values[name] = said[name]
        elif name == "name":
            own = [each.text for each in person.names.all()]
            values["names"] = [*own, said["name"], *said.get("spellings", ())]
        elif name == "hetu":
            values["hetu"] = said["hetu"]
        else:
            own_channels = [(each.kind, each.value, each.safe_to_leave_message) for each in person.channels.all()]
            values.setdefault("channels", own_channels)
            values["channels"] = [*(each for each in making.channels(said) if each[0] == name), *values["channels"]]
    return values


def _undecided(row: ImportRow, outcome: str, *, by: Worker) -> ImportRow:
    """The row under its lock. One that is decided has nothing sealed any more: the second press changes nothing."""
    current = ImportRow.objects.select_for_update().get(pk=row.pk)
    if not access.can_import(by) or current.controller_id not in by.controller_codes:
        raise PermissionDenied
    if current.sealed is not None and current.outcome != outcome:
        raise NotAllowed(_("This row waits for another decision. Open it again."))
    return current


def _decide(row: ImportRow, outcome: str, state: str, person: Person | None, *, by: Worker) -> ImportRow:
    record = row.record
    if record:
        record.state, record.person = state, person
        record.save(update_fields=["state", "person"])
    row.outcome, row.person = outcome, person
    return _close(row, by=by)


def _close(row: ImportRow, *, by: Worker) -> ImportRow:
    row.sealed, row.decided_by, row.decided_at = None, by, timezone.now()
    row.save(update_fields=["outcome", "person", "sealed", "decided_by", "decided_at"])
    return row


def candidate_ids(row: ImportRow) -> list[uuid.UUID]:
    """The persons of the register among the candidates."""
    return [uuid.UUID(each["person"]) for each in row.candidates if "person" in each]
