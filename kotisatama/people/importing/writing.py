"""A batch of decisions as rows: persons, what became of the old records, the log; in the caller's transaction."""

from collections.abc import Sequence
from typing import Any

from kotisatama.audit import actions as audit
from kotisatama.kernel import identifiers
from kotisatama.people.importing import deciding, making, sealing
from kotisatama.people.importing.deciding import Decision
from kotisatama.people.models import ImportRow, ImportRun, OldRecord
from kotisatama.staff.models import Worker

STATES = {
    deciding.MADE: OldRecord.State.MADE,
    deciding.UNCHANGED: OldRecord.State.SAME,
    deciding.DIFFERS: OldRecord.State.SAME,
    deciding.PROPOSED: OldRecord.State.WAITING,
}
# Outcomes that the log keeps row by row; what was known and says nothing new is only counted.
LOGGED = {
    deciding.MADE: ImportRow.Outcome.MADE,
    deciding.DIFFERS: ImportRow.Outcome.DIFFERS,
    deciding.PROPOSED: ImportRow.Outcome.WAITING,
    deciding.REFUSED: ImportRow.Outcome.REFUSED,
}
SEALED_TABLE = "people_importrow"


def write(run: ImportRun, decisions: Sequence[Decision], *, by: Worker | None) -> None:
    """Write what was decided. The database refuses somebody who was made elsewhere meanwhile: IntegrityError."""
    made = [each for each in decisions if each.outcome == deciding.MADE]
    new = [making.NewPerson(each.person, each.controller, each.reading.given) for each in made if each.person]
    for person in making.make_people(new) if new else ():
        controllers = [person.controller_id]
        audit.record("person.imported", by=by, controllers=controllers, subject=person, details={"run": str(run.pk)})
    records = _remember(run, decisions)
    ImportRow.objects.bulk_create(
        _log(run, each, records.get(each.key)) for each in decisions if each.outcome in LOGGED
    )


def _remember(run: ImportRun, decisions: Sequence[Decision]) -> dict[str, OldRecord]:
    """Make the old records that are new here, update those that say something new; all of the batch by key."""
    known = {each.key: each.record for each in decisions if each.record}
    changed = [each for each in decisions if each.remember and each.record]
    for each in changed:
        assert each.record
        each.record.content = sealing.fingerprint(each.reading.given)
    OldRecord.objects.bulk_update([each.record for each in changed if each.record], ["content"])
    new = {each.key: _record(run, each) for each in decisions if each.remember and not each.record}
    OldRecord.objects.bulk_create(new.values())
    return known | new


def _record(run: ImportRun, decision: Decision) -> OldRecord:
    return OldRecord(
        controller_id=decision.controller,
        source=run.source,
        key=decision.key,
        content=sealing.fingerprint(decision.reading.given),
        state=STATES[decision.outcome],
        person_id=decision.person,
    )


def _log(run: ImportRun, decision: Decision, record: OldRecord | None) -> ImportRow:
    row = identifiers.new_id()
    return ImportRow(
        id=row,
        run=run,
        controller_id=decision.controller,
        number=decision.reading.number,
        outcome=LOGGED[decision.outcome],
        person_id=decision.person,
        record=record,
        problems=[_problem(each) for each in decision.problems],
        fields=list(decision.fields),
        candidates=[each.to_json() for each in decision.candidates],
        sealed=_sealed(decision, row) if decision.outcome in {deciding.PROPOSED, deciding.DIFFERS} else None,
    )


def _problem(problem: Any) -> dict[str, Any]:
    return {"column": problem.column, "message": problem.message}


def _sealed(decision: Decision, row: Any) -> bytes:
    content = sealing.to_bytes(deciding.details(decision))
    return sealing.seal(content, table=SEALED_TABLE, row=row, controller=decision.controller)
