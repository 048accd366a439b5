"""What the screens of an import show."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from kotisatama.people import access, identity_codes, queries
from kotisatama.people.importing import deciding, fields, jobs, rows, running, settling, somebody
from kotisatama.people.importing.mapping import BadMapping, ColumnMap
from kotisatama.people.importing.rows import Layout, NoLayout, Reading
from kotisatama.people.importing.running import Importer
from kotisatama.people.importing.tables import Problem, Table, TableRow
from kotisatama.people.models import Gender, GroundOfStay, ImportRow, ImportRun, Person
from kotisatama.staff.models import Worker
from kotisatama.translation import languages

SHOWN_IN_PREVIEW = 20
SHOWN_IN_REPORT = 200
TONES = {deciding.MADE: "ok", deciding.REFUSED: "stop", deciding.PROPOSED: "warn", deciding.DIFFERS: "warn"}


@dataclass(frozen=True)
class Cell:
    """What a field would be, or what the file says and why that cannot be."""

    text: str
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class PreviewRow:
    """One row as it would become."""

    number: int
    cells: tuple[Cell, ...]
    outcome: str
    tone: str
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class Preview:
    """The first rows of a draft; `problems` when its columns do not fit."""

    headings: tuple[str, ...] = ()
    rows: tuple[PreviewRow, ...] = ()
    problems: tuple[Problem, ...] = field(default_factory=tuple)


def outcome_words() -> dict[str, str]:
    """What a row may become, in words."""
    return {
        deciding.MADE: _("new client"),
        deciding.UNCHANGED: _("known, nothing new"),
        deciding.DIFFERS: _("known, something differs"),
        deciding.PROPOSED: _("may be somebody known"),
        deciding.WAITING: _("waits for a decision since an earlier import"),
        deciding.LEFT_OUT: _("left out by an earlier decision"),
        deciding.REFUSED: _("left out because of an error"),
    }


def counts(run: ImportRun) -> list[tuple[str, int]]:
    """(words, number) of each outcome that occurred."""
    return [(words, run.counts[code]) for code, words in outcome_words().items() if run.counts.get(code)]


def preview(run: ImportRun, importer: Importer) -> Preview:
    """The first rows, as an import would decide them now."""
    try:
        mapping, table = jobs.mapping_of(run), jobs.table_of(run)
        where = rows.layout(table, mapping)
        first = _first(table, where)
        outcome = running.rehearse_rows(first, mapping, importer)
    except (BadMapping, NoLayout) as reason:
        return Preview(problems=reason.problems)
    named = fields.table()
    shown = [name for name in mapping.fields if not mapping.fields[name].constant]
    raw = {row.number: row for row in first.rows}
    words = outcome_words()
    return Preview(
        headings=tuple(str(named[name].label) for name in shown),
        rows=tuple(
            _preview_row(
                each.reading, each.problems, raw[each.reading.number], mapping, where, shown, words[each.outcome]
            )
            for each in outcome
        ),
    )


def _first(table: Table, where: Layout) -> Table:
    below = [row for row in table.rows if row.number > where.number][:SHOWN_IN_PREVIEW]
    return replace(table, rows=(*(row for row in table.rows if row.number <= where.number), *below))


def _preview_row(
    reading: Reading,
    problems: Sequence[Problem],
    raw: TableRow,
    mapping: ColumnMap,
    where: Layout,
    shown: Sequence[str],
    outcome: str,
) -> PreviewRow:
    cells, told = [], set()
    for name in shown:
        columns = mapping.fields[name].columns
        mine = [each for each in problems if each.column and each.column in {*columns, " + ".join(columns)}]
        told.update(mine)
        said = " ".join(_raw(raw, where.places[column]) for column in columns).strip()
        text = said if problems else words_of(name, reading.given.get(name))
        cells.append(Cell(text, tuple(each.message for each in mine)))
    rest = tuple(_located(each) for each in problems if each not in told)
    tone = "stop" if problems else ""
    return PreviewRow(reading.number, tuple(cells), outcome, tone, rest)


def _located(problem: Problem) -> str:
    return f"{problem.column}: {problem.message}" if problem.column else problem.message


def _raw(row: TableRow, place: int) -> str:
    text = row.cells[place] if place < len(row.cells) else ""
    return identity_codes.masked(text) if identity_codes.looks_like_one(text) else text[:80]


def words_of(name: str, value: Any) -> str:
    """A value in the words of the page; an identity code only by its birthday."""
    if value in (None, "", []):
        return ""
    if isinstance(value, list):
        return ", ".join(words_of(name, each) for each in value)
    if isinstance(value, date):
        return date_format(value, "SHORT_DATE_FORMAT")
    if name == "hetu":
        return identity_codes.masked(str(value))
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return _codes(name).get(str(value), str(value))


def _codes(name: str) -> dict[str, str]:
    if name in {"mother_tongue", "service_languages"}:
        return {code: each.own_name for code, each in languages.all_languages().items()}
    if name == "gender":
        return {str(value): str(label) for value, label in Gender.choices}
    if name == "ground_of_stay":
        return {str(value): str(label) for value, label in GroundOfStay.choices}
    return {}


@dataclass(frozen=True)
class ReportRow:
    """A row of the report that asks for something."""

    row: ImportRow
    words: tuple[str, ...]


def refused(viewer: Worker, run: ImportRun) -> list[Problem]:
    """Every problem of the rows that were left out, by row."""
    found = access.visible_import_rows(viewer, run).filter(outcome=ImportRow.Outcome.REFUSED).order_by("number")
    sheet = str(run.about.get("sheet", ""))
    return [Problem(sheet, row.number, each["column"], each["message"]) for row in found for each in row.problems]


def undecided(viewer: Worker, run: ImportRun) -> QuerySet[ImportRow]:
    """Rows that wait for a decision, in the order of the file."""
    found = access.visible_import_rows(viewer, run).filter(sealed__isnull=False)
    return found.select_related("person").order_by("number")


def report_rows(viewer: Worker, run: ImportRun) -> list[ReportRow]:
    """The first of them, with why."""
    because = {"contact": _("the same telephone or e-mail"), "birthday": _("name and birthday"), "name": _("name")}
    because["hetu"] = _("the same identity code")
    found = []
    for row in undecided(viewer, run)[:SHOWN_IN_REPORT]:
        reasons = (because.get(each["because"], each["because"]) for each in row.candidates)
        found.append(ReportRow(row, tuple(dict.fromkeys((*reasons, *labels(row.fields))))))
    return found


def labels(names: Iterable[str]) -> list[str]:
    """Fields in words."""
    known = fields.table()
    return [str(known[name].label) for name in names if name in known]


@dataclass(frozen=True)
class CandidateShown:
    """Somebody whom the row may be."""

    row: queries.Row | None
    number: int
    percent: int


def candidates(viewer: Worker, row: ImportRow, reader: str) -> list[CandidateShown]:
    """Whom the row may be; of an earlier row of the file the client that it became, or none yet."""
    numbers = [each["row"] for each in row.candidates if "row" in each]
    earlier = access.visible_import_rows(viewer, row.run).filter(number__in=numbers)
    became = dict(earlier.filter(person__isnull=False).values_list("number", "person_id"))
    wanted = [*settling.candidate_ids(row), *became.values()]
    people = {each.pk: each for each in access.visible_people(viewer).filter(pk__in=wanted).prefetch_related("names")}
    found = []
    for each in row.candidates:
        person = next(
            (p for p in people.values() if str(p.pk) == str(each.get("person", became.get(each.get("row"))))), None
        )
        shown = queries.row(person, reader) if person else None
        if shown or "row" in each:
            found.append(CandidateShown(shown, int(each.get("row", 0)), round(each["score"] * 100)))
    return found


def values(row: ImportRow) -> list[tuple[str, str]]:
    """(label, value) of what an undecided row says."""
    said = settling.given(row)
    return [(str(each.label), words_of(name, said[name])) for name, each in fields.table().items() if said.get(name)]


@dataclass(frozen=True)
class Difference:
    """One field in which the file and the register differ."""

    name: str
    label: str
    said: str
    known: str


def differences(row: ImportRow, person: Person) -> list[Difference]:
    """Both values of each field that differs."""
    said, known = settling.given(row), somebody.of_register([person.pk], [person.controller_id])[person.pk]
    label = {name: str(each.label) for name, each in fields.table().items()}
    return [
        Difference(name, label[name], words_of(name, _said(name, said)), _known(name, known, person))
        for name in row.fields
        if name in label
    ]


def _said(name: str, said: Mapping[str, Any]) -> Any:
    return [said["name"], *said.get("spellings", ())] if name == "name" else said.get(name)


def _known(name: str, known: somebody.Somebody, person: Person) -> str:
    if name == "name":
        return ", ".join(known.names)
    if name in {"phone", "email"}:
        return ", ".join(sorted(each for each in known.contacts if ("@" in each) == (name == "email")))
    if name == "hetu":
        return queries.masked_identity_code(person)
    return words_of(name, known.plain.get(name))
