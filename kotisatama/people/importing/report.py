"""What an import tells: the same words on the command line and on the screen."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from kotisatama.people.importing import deciding
from kotisatama.people.importing.deciding import Decision
from kotisatama.people.importing.running import Outcome
from kotisatama.people.importing.tables import Problem, Table
from kotisatama.people.models import ImportRow, ImportRun

COUNTS = {
    "made": deciding.MADE,
    "unchanged": deciding.UNCHANGED,
    "differs": deciding.DIFFERS,
    "duplicates_proposed": deciding.PROPOSED,
    "waiting_from_before": deciding.WAITING,
    "left_out_before": deciding.LEFT_OUT,
    "refused": deciding.REFUSED,
}


@dataclass(frozen=True)
class Report:
    """The outcome of an import or of its rehearsal; `problems` without a row concern the whole file."""

    about: Mapping[str, Any]
    counts: Mapping[str, int]
    problems: tuple[Problem, ...] = ()
    proposals: tuple[Mapping[str, Any], ...] = ()
    differences: tuple[Mapping[str, Any], ...] = ()

    @property
    def refuses(self) -> bool:
        """Whether something was left out because of an error."""
        return bool(self.problems)

    def to_json(self) -> dict[str, Any]:
        counts = {name: self.counts.get(code, 0) for name, code in COUNTS.items()}
        return {
            **self.about,
            "rows_read": sum(counts.values()),
            **counts,
            "problems": [problem.to_json() for problem in self.problems],
            "proposals": list(self.proposals),
            "differences": list(self.differences),
        }


def of_problems(problems: Iterable[Problem], about: Mapping[str, Any]) -> Report:
    """Nothing was read or nothing can be: the whole file or the mapping is wrong."""
    return Report(about, {}, tuple(problems))


def of_rehearsal(outcome: Outcome, table: Table, about: Mapping[str, Any]) -> Report:
    """What would happen."""
    return Report(
        {**about, **table.about},
        outcome.counts,
        tuple(problem for each in outcome.told for problem in each.problems),
        tuple(_proposal(each) for each in outcome.told if each.candidates),
        tuple(_difference(each) for each in outcome.told if each.fields),
    )


def of_run(run: ImportRun, about: Mapping[str, Any]) -> Report:
    """What happened, read from the log; in a context of row security."""
    rows = list(ImportRow.objects.filter(run=run).exclude(outcome=ImportRow.Outcome.MADE).order_by("number"))
    sheet = str(run.about.get("sheet", ""))
    problems = (Problem(sheet, row.number, each["column"], each["message"]) for row in rows for each in row.problems)
    return Report(
        {**about, **run.about, "import": str(run.pk)},
        run.counts,
        tuple(problems),
        tuple({"row": row.number, "candidates": row.candidates} for row in rows if row.candidates),
        tuple({"row": row.number, "person": str(row.person_id), "fields": row.fields} for row in rows if row.fields),
    )


def _proposal(decision: Decision) -> dict[str, Any]:
    """In a rehearsal a row of the same file became nobody: it is told by its number."""
    found = [replace(each, person=None) if each.row else each for each in decision.candidates]
    return {"row": decision.reading.number, "candidates": [each.to_json() for each in found]}


def _difference(decision: Decision) -> dict[str, Any]:
    person = str(decision.person) if decision.person else None
    return {"row": decision.reading.number, "person": person, "fields": list(decision.fields)}
