"""The pages for one list of choices, and for the form's title and languages."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kotisatama.forms import building_actions as actions
from kotisatama.forms import columns
from kotisatama.forms.building import lists, locks, references, side_by_side
from kotisatama.forms.building.book import Book, Edited, Key, Line
from kotisatama.forms.building.side_by_side import NEW, Entry
from kotisatama.forms.building_forms import language_name
from kotisatama.forms.building_panel import reader, whole
from kotisatama.forms.models import Version
from kotisatama.forms.xlsform import MOST_CHARACTERS
from kotisatama.kernel.errors import NotAllowed
from kotisatama.staff.models import Worker
from kotisatama.translation import languages

EMPTY_ROWS = 3
MOST_CHOICES = 500
MOST_CELLS = 980  # of a page: a server takes DATA_UPLOAD_MAX_NUMBER_FIELDS, and a page has a few more fields
TOO_LONG = gettext_lazy("This list is too long for the page. Change it in a workbook.")


class Row(NamedTuple):
    """One choice: its number on the page, its fields."""

    at: int
    place: BoundField
    value: BoundField
    texts: list[BoundField]


class ListForm(forms.Form):
    """The choices of a list; `order` of each row is a number, so that rows move without a script.

    Rows are those that the page showed first (`was`, which never changes while somebody types); where they stand in the
    list now is found by their values. `seen` is the state of the list of which somebody was told that others made it.
    """

    list_name = forms.CharField(label=gettext_lazy("Name of the list"), max_length=60)

    def __init__(self, data: Mapping[str, str] | None, *, version: Version, name: str) -> None:
        self.version = version
        self.name = name
        self.book = Book(version.source)
        self.lines = lists.lines_of(self.book, name) if name else []
        self.shown = side_by_side.carried(data.get("was", "")) if data else self.lines
        self.told = False
        self.is_locked = name in locks.locked_lists(self.book)
        self.users = references.lists_used(self.book).get(name, [])
        super().__init__(data, initial={"list_name": name})
        most = min(MOST_CHOICES, MOST_CELLS // (2 + len(self.languages)))
        wished = max(whole(data.get("rows")) if data else 0, len(self.shown) + EMPTY_ROWS)
        self.is_too_long = wished > most
        self.size = 0 if self.is_too_long else wished
        if data and data.get("do") == "more" and not self.is_too_long:
            self.size = min(self.size + EMPTY_ROWS, most)
        for at in range(self.size):
            self.add_row(at)

    @property
    def wants_saving(self) -> bool:
        return bool(self.data.get("do", "save") != "more")

    @property
    def languages(self) -> list[str]:
        return list(self.book.headings.languages)

    def add_row(self, at: int) -> None:
        is_new = at >= len(self.shown)
        number = forms.IntegerField(label=_("Place"), required=False, min_value=0, max_value=9999)
        self.fields[f"place-{at}"] = number
        value = forms.CharField(label=_("Value"), required=False, max_length=100)
        self.fields[f"value-{at}"] = value
        number.disabled = value.disabled = self.is_locked
        self.initial[f"place-{at}"] = None if is_new else (at + 1) * 10
        self.initial[f"value-{at}"] = self.shown_cell(at, "name")
        for code in self.languages:
            name = f"text-{at}-{code}"
            widget = forms.TextInput(attrs={"lang": code, "dir": languages.direction(code)})
            label = language_name(code) or _("Text")
            self.fields[name] = forms.CharField(label=label, required=False, max_length=MOST_CHARACTERS, widget=widget)
            self.initial[name] = self.shown_cell(at, "label", code)
            self.fields[name].disabled = self.is_locked and (code == self.book.headings.default or is_new)

    def shown_cell(self, at: int, column: str, language: str = "") -> str:
        """What the page showed first in a row; empty in a new one."""
        return self.book.cell("choices", self.shown[at], column, language) if at < len(self.shown) else ""

    def table(self) -> Iterator[Row]:
        """The rows of the page in the order of the list."""
        for at in range(self.size):
            texts = [self[f"text-{at}-{code}"] for code in self.languages]
            yield Row(at, self[f"place-{at}"], self[f"value-{at}"], texts)

    def long_table(self) -> Iterator[list[tuple[str, str]]]:
        """The choices of a list that is too long for fields: texts with their languages, and the value."""
        for line in self.lines:
            texts = [(self.book.cell("choices", line, "label", code), code) for code in self.languages]
            yield [*texts, (self.book.cell("choices", line, "name"), "")]

    @property
    def columns(self) -> list[tuple[str, str]]:
        return [(code, language_name(code)) for code in self.languages]

    @property
    def was(self) -> str:
        """What the page showed first, so that a change by somebody else is noticed however often it is drawn again."""
        return side_by_side.written(self.shown)

    @property
    def seen(self) -> str:
        """The state of which somebody was told."""
        return self.now if self.told else self.data.get("seen", "")

    @property
    def now(self) -> str:
        return hashlib.sha256(side_by_side.written(self.lines).encode()).hexdigest()

    @property
    def meanwhile(self) -> list[tuple[str, str]]:
        """What others did to the list: the value of each choice that they changed, added or removed, and its texts."""
        if not self.told:
            return []
        before, after = (
            dict(zip(side_by_side.keys(self.names(lines)), lines, strict=True)) for lines in (self.shown, self.lines)
        )
        changed = [key for key, line in after.items() if key not in before or before[key].cells != line.cells]
        found = [(key[0], self.texts(after[key])) for key in changed]
        return found + [(key[0], _("removed")) for key in before if key not in after]

    def names(self, lines: list[Line]) -> list[str]:
        return [self.book.cell("choices", line, "name") for line in lines]

    def texts(self, line: Line) -> str:
        texts = (self.book.cell("choices", line, "label", code) for code in self.languages)
        return " · ".join(filter(None, texts))

    def clean(self) -> dict[str, Any]:
        """The values are made from the texts where they are missing; a list has at least one choice."""
        cleaned: dict[str, Any] = super().clean() or {}
        if self.is_too_long:
            raise forms.ValidationError(TOO_LONG)
        if side_by_side.written(self.lines) != self.was and self.now != self.data.get("seen", ""):
            self.told = True
            message = _("Somebody else changed the list meanwhile. What you typed is kept here. Save again to use it.")
            raise forms.ValidationError(message)
        if not any(self.is_filled(cleaned, at) for at in range(self.size)):
            raise forms.ValidationError(_("Write at least one choice."))
        return cleaned

    def is_filled(self, cleaned: Mapping[str, Any], at: int) -> bool:
        texts = (cleaned.get(f"text-{at}-{code}", "") for code in self.languages)
        return bool(cleaned.get(f"value-{at}", "") or any(texts))

    def entries(self) -> list[Entry]:
        """The list that is wished: the rows of the page, with the choices that others added where they stand.

        A choice that somebody removed comes back when it was changed here, or when the whole list is gone.
        """
        places = side_by_side.places(self.names(self.shown), self.names(self.lines))
        rows = [Entry(at, places[at] if at < len(places) else NEW) for at in range(self.size)]
        kept = [row for row in rows if self.is_filled(self.cleaned_data, row.at or 0) and not self.is_gone(row)]
        return side_by_side.with_others(sorted(kept, key=self.order()), places, len(self.lines))

    def is_gone(self, row: Entry) -> bool:
        at = row.at or 0
        return bool(row.place == NEW and at < len(self.shown) and self.lines and not self.changed(at))

    def order(self) -> Callable[[Entry], tuple[object, ...]]:
        """By the places on the page where something was moved there, else as the choices stand now; new ones last."""
        typed = [self.cleaned_data.get(f"place-{at}") for at in range(self.size)]
        if typed == [self.initial[f"place-{at}"] for at in range(self.size)]:
            return lambda row: (row.place == NEW, row.place, row.at)
        return lambda row: (typed[row.at or 0] is None, typed[row.at or 0] or 0, row.at)

    def changed(self, at: int) -> dict[Key, str]:
        """The cells of a row that hold something else than the page showed first."""
        typed = {("label", code): self.cleaned_data.get(f"text-{at}-{code}", "") for code in self.languages}
        typed["name", ""] = self.cleaned_data.get(f"value-{at}", "").strip()
        return {key: text for key, text in typed.items() if text != self.shown_cell(at, *key)}

    def cells(self, entry: Entry, taken: set[str]) -> dict[Key, str]:
        """What is written into a choice: all its cells when it is new, else those that were changed here."""
        if entry.at is None:
            return {}
        at, default = entry.at, self.book.headings.default
        texts = {("label", code): self.cleaned_data[f"text-{at}-{code}"] for code in self.languages}
        value = self.cleaned_data[f"value-{at}"].strip()
        cells: dict[Key, str] = texts if entry.place == NEW else self.changed(at)
        if not value:
            text = texts.get(("label", default), "") or next((text for text in texts.values() if text), "")
            value = lists.free_value(text, taken)
            taken.add(value)
        elif entry.place != NEW and ("name", "") not in cells:
            return cells
        return {**cells, ("name", ""): value}

    def edited(self) -> Edited:
        entries, taken = self.entries(), {self.cleaned_data[f"value-{at}"].strip() for at in range(self.size)}
        taken |= set(self.names([self.lines[entry.place] for entry in entries if entry.at is None]))
        choices = [self.cells(entry, taken) for entry in entries]
        wished, rows = self.cleaned_data["list_name"].strip(), self.version.source
        if not choices:
            raise NotAllowed(_("Write at least one choice."))
        if not self.name:
            return lists.add_list(rows, wished, choices)
        edited = lists.put_list(rows, self.name, choices, [entry.place for entry in entries])
        return lists.rename_list(edited.rows, self.name, wished)

    def save(self, *, by: Worker, request: str) -> None:
        """Keep the edit. Raises NotAllowed."""
        actions.keep_edit(
            self.version,
            self.edited(),
            revision=self.version.revision,
            by=by,
            what="list",
            about=self.name or self.cleaned_data["list_name"],
            request=request,
        )


class SettingsForm(forms.Form):
    """Title and languages of the form."""

    form_title = forms.CharField(label=gettext_lazy("Title"), max_length=120)
    default_language = forms.ChoiceField(label=gettext_lazy("Language that the form is written in"), required=False)
    language = forms.ChoiceField(label=gettext_lazy("Add a language"), required=False)

    def __init__(self, data: Mapping[str, str] | None, *, version: Version) -> None:
        self.version = version
        self.book = Book(version.source)
        headings = self.book.headings
        super().__init__(data)
        known = {code: f"{name} ({code})" for code, name in headings.languages.items() if code != columns.UNDETERMINED}
        line = self.book.settings.lines[0] if self.book.settings.lines else None
        self.initial["form_title"] = self.book.cell("settings", line, "form_title") if line else ""
        self.initial["default_language"] = known.get(headings.default, "")
        offered = self.fields["default_language"], self.fields["language"]
        assert isinstance(offered[0], forms.ChoiceField) and isinstance(offered[1], forms.ChoiceField)  # noqa: PT018
        offered[0].choices = [(text, language_name(code)) for code, text in known.items()]
        further = [code for code in languages.all_languages() if code not in known]
        named = sorted((languages.name_in(code, reader()), code) for code in further)
        offered[1].choices = [("", _("no language")), *((code, name) for name, code in named)]
        if not known:
            del self.fields["default_language"]
            offered[1].label = _("Language that the form is written in")

    def clean(self) -> dict[str, Any]:
        """Somebody else's change in between is told, not overwritten."""
        cleaned: dict[str, Any] = super().clean() or {}
        if whole(self.data.get("revision")) != self.version.revision:
            message = _("Somebody else changed the form meanwhile. Look at it again, then repeat your change.")
            raise forms.ValidationError(message)
        return cleaned

    def edited(self) -> Edited:
        cells: dict[Key, str] = {("form_title", ""): self.cleaned_data["form_title"]}
        if self.cleaned_data.get("default_language"):
            cells["default_language", ""] = self.cleaned_data["default_language"]
        edited = lists.change_settings(self.version.source, cells)
        language = self.cleaned_data.get("language")
        return lists.add_language(edited.rows, language) if language else edited

    def save(self, *, by: Worker, request: str) -> None:
        """Keep the edit. Raises NotAllowed."""
        what = "language" if self.cleaned_data.get("language") else "settings"
        about = self.cleaned_data.get("language") or ""
        version = self.version
        actions.keep_edit(
            version, self.edited(), revision=version.revision, by=by, what=what, about=about, request=request
        )
