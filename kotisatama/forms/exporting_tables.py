"""The shape of an export: one table for the form and one for each repeat, over all versions together."""

import datetime
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kotisatama.forms import queries
from kotisatama.forms.structure import FILES, Definition, Question, Section

MAIN = ""  # the table of the form itself; the others are named by their repeats
REFERENCE, ROW = "_reference", "_row"
HEAD = (REFERENCE, "_sent", "_language", "_version", "_municipality")
HIDDEN = "secret"  # municipality of a form whose answers a non-disclosure hides
LABEL = ":label"

Cell = str | int | float | datetime.date | datetime.datetime | datetime.time | None
Record = dict[str, Cell]


class Wording(TextChoices):
    """How a choice is written."""

    CODES = "codes", _("As codes")
    LABELS = "labels", _("As words")
    BOTH = "both", _("Both, in two columns")


@dataclass(frozen=True)
class Sent:
    """One submission as it is read for an export."""

    reference: str
    at: datetime.datetime
    language: str
    version: int
    controller: str
    answers: Mapping[str, Any]
    calculated: Mapping[str, Any]
    is_hidden: bool


@dataclass
class Shape:
    """Columns of each table, by name, in the order of the latest version; what only older ones had comes last."""

    definitions: Mapping[int, Definition]
    numbers: Mapping[int, str]
    wording: Wording
    reader: str
    tables: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """The definitions come with the latest first."""
        self.tables[MAIN] = list(HEAD)
        self._labels: dict[tuple[int, str, str], str] = {}
        for form in self.definitions.values():
            for page in form.pages:
                self._add(page, MAIN)
            for question in form.questions.values():
                if question.type == "calculate" and not question.repeat:
                    self._add_columns(MAIN, question.name)

    def _add(self, section: Section, table: str) -> None:
        if section.kind == "repeat":
            table = section.name
            self.tables.setdefault(table, [REFERENCE, ROW])
        for item in section.items:
            if isinstance(item, Section):
                self._add(item, table)
            elif item.is_asked:
                wording = self.wording if item.choices else Wording.CODES
                self._add_columns(table, *names(item.name, wording))

    def _add_columns(self, table: str, *columns: str) -> None:
        self.tables[table] += [each for each in columns if each not in self.tables[table]]

    def records(self, sent: Sent) -> Iterator[tuple[str, Record]]:
        """The record of the form, then those of its repeats in their order."""
        main: Record = {
            REFERENCE: sent.reference,
            "_sent": timezone.localtime(sent.at).replace(tzinfo=None, microsecond=0),
            "_language": None if sent.is_hidden else sent.language,
            "_version": self.numbers[sent.version],
            "_municipality": HIDDEN if sent.is_hidden else sent.controller,
        }
        form = self.definitions[sent.version]
        found: list[tuple[str, Record]] = [(MAIN, main)]
        for page in form.pages:
            self._collect(sent, page, sent.answers, main, "", found)
        for name, value in sent.calculated.items():
            if name in form.questions and not form.questions[name].repeat:
                main[name] = _plain(value)
        yield from found

    def _collect(
        self,
        sent: Sent,
        section: Section,
        answers: Mapping[str, Any],
        record: Record,
        path: str,
        found: list[tuple[str, Record]],
    ) -> None:
        """Put the section's answers into the record; `path` is the place among the rows around, such as `2.1`."""
        for item in section.items:
            if isinstance(item, Question):
                if item.is_asked:
                    record.update(self._cells(sent.version, item, answers.get(item.name)))
            elif item.kind != "repeat":
                self._collect(sent, item, answers, record, path, found)
            else:
                self._collect_rows(sent, item, answers, path, found)

    def _collect_rows(
        self, sent: Sent, repeat: Section, answers: Mapping[str, Any], path: str, found: list[tuple[str, Record]]
    ) -> None:
        rows = answers.get(repeat.name)
        for number, row in enumerate(rows if isinstance(rows, list) else [], start=1):
            place = f"{path}.{number}" if path else str(number)
            inner: Record = {REFERENCE: sent.reference, ROW: place}
            found.append((repeat.name, inner))
            self._collect(sent, repeat, row, inner, place, found)

    def _cells(self, version: int, question: Question, value: Any) -> Iterator[tuple[str, Cell]]:
        if not question.choices:
            yield question.name, cell(question, value)
            return
        chosen = [value] if isinstance(value, str) else value or []
        texts = {Wording.CODES: " ".join(chosen), Wording.LABELS: self._words(version, question, chosen)}
        for name, wording in zip(names(question.name, self.wording), _wordings(self.wording), strict=True):
            yield name, texts[wording] or None

    def _words(self, version: int, question: Question, chosen: list[str]) -> str:
        return "; ".join(self._label(version, question.choices, name) for name in chosen)

    def _label(self, version: int, choices: str, name: str) -> str:
        key = (version, choices, name)
        if key not in self._labels:
            listed = (each for each in self.definitions[version].choices[choices] if each.name == name)
            choice = next(listed, None)
            self._labels[key] = queries.localized(choice.labels, self.reader).text if choice else name
        return self._labels[key]


def _wordings(wording: Wording) -> tuple[Wording, ...]:
    return (Wording.CODES, Wording.LABELS) if wording is Wording.BOTH else (wording,)


def names(question: str, wording: Wording) -> tuple[str, ...]:
    """The columns of a question with choices."""
    return (question, question + LABEL) if wording is Wording.BOTH else (question,)


def cell(question: Question, value: Any) -> Cell:
    """The value with its type; a file is its name. What does not fit the question stays as it was typed."""
    if value is None or question.type in FILES:
        return str(value.get("name", "")) if isinstance(value, dict) else None
    readers: dict[str, Callable[[str], Cell]] = {
        "date": datetime.date.fromisoformat,
        "time": datetime.time.fromisoformat,
        "dateTime": _local_moment,
    }
    try:
        return readers[question.type](value) if question.type in readers else _plain(value)
    except (TypeError, ValueError):
        return _plain(value)


def _local_moment(value: str) -> datetime.datetime:
    moment = datetime.datetime.fromisoformat(value)
    return (timezone.localtime(moment) if moment.tzinfo else moment).replace(tzinfo=None)


def _plain(value: Any) -> Cell:
    return value if isinstance(value, (str, int, float)) else None if value is None else str(value)
