"""What each row becomes: somebody new, somebody known, a question, or nothing."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from kotisatama.kernel import identifiers
from kotisatama.people.importing import matching, sealing, somebody
from kotisatama.people.importing.mapping import ColumnMap
from kotisatama.people.importing.matching import Batch, Candidate, Seen
from kotisatama.people.importing.rows import Reading
from kotisatama.people.importing.somebody import Somebody
from kotisatama.people.importing.tables import Problem
from kotisatama.people.models import OldRecord

MADE, UNCHANGED, DIFFERS, PROPOSED = "made", "unchanged", "differs", "proposed"
WAITING, LEFT_OUT, REFUSED = "waiting", "left_out", "refused"
OUTCOMES = (MADE, UNCHANGED, DIFFERS, PROPOSED, WAITING, LEFT_OUT, REFUSED)


@dataclass(frozen=True)
class Decision:
    """A row and its outcome. `remember` says that the old record is new here, or says something new."""

    reading: Reading
    outcome: str
    controller: str = ""
    person: uuid.UUID | None = None
    record: OldRecord | None = None
    remember: bool = False
    fields: tuple[str, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def key(self) -> str:
        return matching.key_of(self.reading)


@dataclass(frozen=True)
class Decider:
    """Decides one row after the other. A row becomes a client of its home municipality when that is one of ours."""

    mapping: ColumnMap
    controllers: Sequence[str]
    seen: Seen

    def decide(self, reading: Reading, batch: Batch) -> Decision:
        """What the row becomes, remembered for the rows after it."""
        if reading.problems:
            return Decision(reading, REFUSED, self.mapping.controller, problems=reading.problems)
        key = matching.key_of(reading)
        if earlier := self.seen.by_key.get(key):
            return self._again(reading, earlier)
        if record := batch.records.get(key):
            return self._known_record(reading, record, batch)
        return self._unknown_record(reading, batch)

    def recall(self, reading: Reading, batch: Batch) -> None:
        """Remember a row that was committed before, without deciding it again."""
        if reading.problems or matching.key_of(reading) in self.seen.by_key:
            return
        record = batch.records.get(matching.key_of(reading))
        if record and record.state != OldRecord.State.LEFT_OUT:
            self._see(reading, record.person_id, record.controller_id)

    def _see(self, reading: Reading, person: uuid.UUID | None, controller: str) -> Somebody:
        row = somebody.of_row(reading.number, reading.given, person=person, controller=controller)
        self.seen.add(matching.key_of(reading), row)
        return row

    def _home(self, reading: Reading) -> str:
        home = str(reading.given.get("municipality", ""))
        return home if home in self.controllers else self.mapping.controller

    def _again(self, reading: Reading, earlier: Somebody) -> Decision:
        """The same number of the old register twice in one file: the same row again, or a fault of the file."""
        given = somebody.of_row(earlier.row, reading.given, person=earlier.person, controller=earlier.controller)
        if given == earlier:
            return Decision(reading, UNCHANGED, earlier.controller, earlier.person)
        sentence = _("Row %(number)s has the same number of the old register and says something else.")
        problem = Problem(reading.sheet, reading.number, self.mapping.key, sentence % {"number": earlier.row})
        return Decision(reading, REFUSED, self.mapping.controller, problems=(problem,))

    def _known_record(self, reading: Reading, record: OldRecord, batch: Batch) -> Decision:
        if record.state == OldRecord.State.LEFT_OUT:
            return Decision(reading, LEFT_OUT, record.controller_id, record=record)
        self._see(reading, record.person_id, record.controller_id)
        if record.state == OldRecord.State.WAITING or not record.person_id:
            return Decision(reading, WAITING, record.controller_id, record=record)
        if bytes(record.content) == sealing.fingerprint(reading.given):
            return Decision(reading, UNCHANGED, record.controller_id, record.person_id, record)
        return self._compared(reading, batch.people[record.person_id], record)

    def _compared(self, reading: Reading, known: Somebody, record: OldRecord | None = None) -> Decision:
        found = tuple(somebody.differences(reading.given, known))
        outcome = DIFFERS if found else UNCHANGED
        return Decision(reading, outcome, known.controller, known.person, record, remember=True, fields=found)

    def _unknown_record(self, reading: Reading, batch: Batch) -> Decision:
        row = somebody.of_row(reading.number, reading.given)
        known = batch.by_hetu.get(row.hetu) if row.hetu else None
        if known and known in batch.people:
            person = batch.people[known]
            self._see(reading, person.person, person.controller)
            return self._compared(reading, person)
        earlier = self.seen.by_hetu.get(row.hetu) if row.hetu else None
        if earlier and earlier.person:
            self._see(reading, earlier.person, earlier.controller)
            return self._compared(reading, earlier)
        found = [Candidate(1.0, "hetu", row=earlier.row)] if earlier else []
        found = found or matching.candidates(row, batch, self.seen)
        return self._proposed(reading, found) if found else self._made(reading)

    def _proposed(self, reading: Reading, found: Sequence[Candidate]) -> Decision:
        home = self._home(reading)
        self._see(reading, None, home)
        return Decision(reading, PROPOSED, home, remember=True, candidates=tuple(found))

    def _made(self, reading: Reading) -> Decision:
        home, person = self._home(reading), identifiers.new_id()
        self._see(reading, person, home)
        return Decision(reading, MADE, home, person, remember=True)


def details(decision: Decision) -> dict[str, Any]:
    """An undecided row as it is sealed."""
    return {"key": decision.key, "given": dict(decision.reading.given)}
