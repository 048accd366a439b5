"""The panel beside the cards: one question's cells and conditions, bound to what was typed, and the edit they make."""

import dataclasses
import hashlib
import json
from collections.abc import Mapping

from django.forms import BoundField
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kotisatama.forms import building_actions as actions
from kotisatama.forms.building import conditions, drawing, edits, lists, outline
from kotisatama.forms.building.book import Book, Edited, Key, Line
from kotisatama.forms.building_conditions import ConditionFields, Reading
from kotisatama.forms.building_forms import QuestionForm, conditions_names
from kotisatama.forms.models import Version
from kotisatama.staff.models import Worker
from kotisatama.web.templatetags.kotisatama import ErrorLink

CONDITIONS = ("relevant", "constraint")


def reader() -> str:
    """The language of whoever looks at the page."""
    return get_language() or "fi"


def request_hash(data: QueryDict) -> str:
    """The same for the same POST, whatever its token."""
    content = sorted((key, data.getlist(key)) for key in data if key != "csrfmiddlewaretoken")
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def whole(text: str | None) -> int:
    """A number that came with a request, 0 for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else 0


@dataclasses.dataclass(frozen=True)
class Section:
    """A part of the panel that can be folded."""

    title: str
    fields: list[BoundField]
    condition: ConditionFields | None = None
    closed: frozenset[str] = frozenset()

    @property
    def is_open(self) -> bool:
        said = any(field.value() for field in self.fields if field.name not in self.closed)
        wrong = any(field.errors for field in self.fields)
        return said or wrong or bool(self.condition and (self.condition.text or len(self.condition.lines) > 1))


class Panel:
    """One row (`number`), or a new one at a place (`number` is 0)."""

    def __init__(
        self, version: Version, *, number: int = 0, target: int = 0, place: str = "last", kind: str = "",
        data: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        self.version = version
        self.number = number
        self.target = target
        self.place: edits.Place = place if place in edits.PLACES else "last"
        self.kind = kind if kind in ("begin_group", "begin_repeat") else ""
        self.data = data
        self.notice = ""
        self.meanwhile: list[tuple[str, str]] = []
        self.book = Book(version.source)
        item = outline.find(self.book, number) if number else None
        self.item = item
        self.line: Line | None = self.book.survey.lines[item.start] if item else None
        is_container = item.is_container if item else bool(self.kind)
        self.form = QuestionForm(data, book=self.book, line=self.line, is_container=is_container)
        if self.kind and not item:
            self.form.initial["type"] = self.kind
        self.conditions = self.condition_fields(is_container)

    def condition_fields(self, is_container: bool) -> dict[str, ConditionFields]:
        labels, choices = drawing.texts_of(self.book, reader())
        reading = Reading(drawing.kinds(self.book), labels, choices, frozenset(conditions_names(self.book)))
        name = self.name
        return {
            column: ConditionFields(column, self.form.cell(column), reading, question=name, data=self.data)
            for column in (CONDITIONS[:1] if is_container else CONDITIONS)
        }

    @property
    def name(self) -> str:
        return self.form.cell("name")

    @property
    def relevant(self) -> ConditionFields:
        return self.conditions["relevant"]

    @property
    def constraint(self) -> ConditionFields | None:
        return self.conditions.get("constraint")

    @property
    def held(self) -> dict[str, str]:
        """What the row holds, as the page carries it along."""
        return self.form.held() | {column: self.form.cell(column) for column in self.conditions}

    @property
    def was(self) -> str:
        return json.dumps(self.held)

    def carried(self) -> dict[str, str]:
        """What the row held when the page was made."""
        try:
            found = json.loads(self.data.get("was", "") if self.data else "")
        except ValueError:
            return {}
        return {str(key): str(text) for key, text in found.items()} if isinstance(found, dict) else {}

    def is_valid(self) -> bool:
        return self.form.is_valid() and not any(each.error for each in self.conditions.values())

    def cells(self) -> dict[Key, str]:
        """What was changed against the page that was posted."""
        was = self.carried() if self.number else {}
        found = self.form.cells(was)
        for column, fields in self.conditions.items():
            if fields.text != was.get(column, "") and not self.form.is_locked:
                found[column, ""] = fields.text
        return found

    def edited(self) -> Edited:
        """The rows with what was typed. Raises NotAllowed."""
        rows, cells = self.version.source, self.cells()
        if texts := self.form.new_choice_texts():
            wished = cells.get(("name", "")) or self.name or edits.slug(self.form.typed(f"label-{self.default}"))
            list_name = lists.free_list_name(rows, wished)
            rows = lists.add_list(rows, list_name, lists.choices_from(texts, self.default)).rows
            cells["type", ""] = f"{self.form.typed('type')} {list_name}"
        if self.number:
            return edits.change(rows, self.number, cells)
        return edits.add(rows, cells, target=self.target, place=self.place)

    def field_label(self, field: str) -> str:
        """What a cell is called on the panel."""
        if field in CONDITIONS:
            return _("Asked when") if field == "relevant" else _("Accepted when")
        return str(self.form.fields[field].label) if field in self.form.fields else field

    @property
    def default(self) -> str:
        return self.book.headings.default

    def save(self, *, by: Worker, request: str) -> int:
        """Keep the edit; the number of its row. Raises NotAllowed."""
        edited = self.edited()
        what = "change" if self.number else "add"
        about = self.name or self.form.typed("name") or self.form.typed(f"label-{self.default}")
        actions.keep_edit(
            self.version, edited, revision=self.version.revision, by=by, what=what, about=about, request=request
        )
        return edited.number

    @property
    def target_name(self) -> str:
        """The name of the row beside which a new one is to stand."""
        if not self.target or self.target not in self.book.survey.numbers():
            return ""
        return self.book.cell("survey", self.book.survey.lines[self.book.index(self.target)], "name")

    @property
    def labels(self) -> list[BoundField]:
        return self.form.texts("label")

    @property
    def answer(self) -> list[BoundField]:
        return list(self.form.some("required", "appearance"))

    @property
    def problems(self) -> list[ErrorLink]:
        """Faults of the conditions, for the summary; those of the fields are the form's own."""
        found = []
        for column, fields in self.conditions.items():
            wrong = [line for line in fields.lines if line.error]
            places = [(line.error, f"{column}-{line.place}-value") for line in wrong]
            if fields.error and not wrong:
                places = [(fields.error, f"{column}-text")]
            found += [ErrorLink(f"{self.field_label(column)}: {message}", anchor) for message, anchor in places]
        return found

    @property
    def sections(self) -> list["Section"]:
        """What is folded away until it is needed; open where something stands in it."""
        some, texts, constraint = self.form.some, self.form.texts, self.constraint
        found = [
            Section(self.field_label("relevant"), [], self.relevant),
            Section(_("Hints"), texts("hint")),
            Section(self.field_label("constraint"), texts("constraint_message"), constraint) if constraint else None,
            Section(_("When the answer is missing"), texts("required_message")),
            Section(
                _("Where the answer belongs"),
                list(some("maps_to", "prefill", "identifies", "shared", "statistics", "consent")),
            ),
            Section(
                _("Name and calculation"),
                list(some("name", "default", "repeat_count", "calculation", "choice_filter")),
                closed=frozenset({"name"}),
            ),
        ]
        return [each for each in found if each and (each.fields or each.condition)]

    @property
    def targets(self) -> list[tuple[int, str]]:
        """Pages, groups and repeats that the row can be moved into, by number."""
        labels, _choices = drawing.texts_of(self.book, reader())
        numbers = self.book.survey.numbers()
        found = []
        for item in outline.walk(outline.outline(self.book)):
            inside = self.item is not None and self.item.start <= item.start <= self.item.end
            if item.is_container and not inside:
                name = self.book.cell("survey", self.book.survey.lines[item.start], "name")
                found.append((numbers[item.start], labels.get(name, name)))
        return found

    @property
    def siblings(self) -> list[tuple[int, str]]:
        """Rows of the same level from this one on: the last of a frame around several."""
        if self.item is None:
            return []
        labels, _choices = drawing.texts_of(self.book, reader())
        around = self.item.parent.children if self.item.parent else outline.outline(self.book)
        numbers = self.book.survey.numbers()
        found = []
        for item in around:
            if item.start >= self.item.start:
                name = self.book.cell("survey", self.book.survey.lines[item.start], "name")
                found.append((numbers[item.start], labels.get(name, name)))
        return found


def posted(version: Version, data: QueryDict) -> Panel:
    """The panel of a POST on the rows as they are now; what somebody else saved meanwhile is told."""
    number, target = whole(data.get("number")), whole(data.get("target"))
    place, kind = data.get("place", ""), data.get("kind", "")
    book = Book(version.source)
    if whole(data.get("revision")) == version.revision:
        number = number if number in book.survey.numbers() else 0
        return Panel(version, number=number, target=_there(book, target), place=place, kind=kind, data=_single(data))
    now = _number_of(book, data.get("row_name", "")) if number else 0
    target = _number_of(book, data.get("target_name", ""))
    panel = Panel(version, number=now, target=target, place=place, kind=kind, data=_single(data))
    if number and not now:
        panel.notice = _("Somebody removed this question meanwhile. What you typed is here: saving it adds it again.")
        return panel
    return _merged(panel) if number and panel.carried() != panel.held else panel


def _single(data: QueryDict) -> dict[str, str]:
    """The last value of each field."""
    return {key: str(data[key]) for key in data}


def _there(book: Book, number: int) -> int:
    return number if number in book.survey.numbers() else 0


def _number_of(book: Book, name: str) -> int:
    """The number of the row of this name, 0 when there is none."""
    for number, line in zip(book.survey.numbers(), book.survey.lines, strict=True):
        begins = not outline.ends(book.cell("survey", line, "type"))
        if name and begins and book.cell("survey", line, "name") == name:
            return number
    return 0


def _merged(panel: Panel) -> Panel:
    """What was typed where it was changed, elsewhere what is saved now; where both changed, both are shown."""
    carried, held, data = panel.carried(), panel.held, dict(panel.data or {})
    for field, before in carried.items():
        if held.get(field, "") != before and _typed(panel, field, data) == before:
            _put_back(field, held.get(field, ""), data)
    data["was"] = json.dumps(held)
    merged = Panel(panel.version, number=panel.number, data=data)
    merged.notice = _(
        "Somebody else changed this question meanwhile. What you typed is kept here. Save again to use it."
    )
    for field, now in held.items():
        if now != carried.get(field, "") and now != _typed(merged, field, data):
            merged.meanwhile.append((merged.field_label(field), now))
    return merged


def _typed(panel: Panel, field: str, data: Mapping[str, str]) -> str:
    """What was posted for a cell, as the cell would hold it."""
    if field in panel.conditions:
        return panel.conditions[field].text
    typed = data.get(field, "").replace("\r\n", "\n").strip()
    return f"{typed} {data.get('choices', '')}".strip() if field == "type" and typed in conditions.SELECTS else typed


def _put_back(field: str, now: str, data: dict[str, str]) -> None:
    """Show what is saved now instead of what was posted."""
    if field in CONDITIONS:
        for key in [key for key in data if key.startswith(f"{field}-") and not key.startswith(f"{field}_")]:
            del data[key]
    elif field == "type":
        data["type"], data["choices"] = outline.divided(now)
    else:
        data[field] = now
