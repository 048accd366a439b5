"""The pages for one list of choices, and for the form's title and languages."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kotisatama.forms import building_actions as actions
from kotisatama.forms import columns
from kotisatama.forms.building import lists, locks, references
from kotisatama.forms.building.book import Book, Edited, Key
from kotisatama.forms.building_forms import language_name
from kotisatama.forms.building_panel import reader, whole
from kotisatama.forms.models import Version
from kotisatama.forms.xlsform import MOST_CHARACTERS
from kotisatama.staff.models import Worker
from kotisatama.translation import languages

EMPTY_ROWS = 3
MOST_CHOICES = 500


class Row(NamedTuple):
    """One choice: where it stood in the list (-1: new), its fields, its place on the page."""

    at: int
    place: BoundField
    value: BoundField
    texts: list[BoundField]


class ListForm(forms.Form):
    """The choices of a list; `order` of each row is a number, so that rows move without a script."""

    list_name = forms.CharField(label=gettext_lazy("Name of the list"), max_length=60)

    def __init__(self, data: Mapping[str, str] | None, *, version: Version, name: str) -> None:
        self.version = version
        self.name = name
        self.book = Book(version.source)
        self.lines = lists.lines_of(self.book, name) if name else []
        self.is_locked = name in locks.locked_lists(self.book)
        self.users = references.lists_used(self.book).get(name, [])
        super().__init__(data, initial={"list_name": name})
        wished = whole(data.get("rows")) if data else 0
        self.size = min(max(wished, len(self.lines) + EMPTY_ROWS), MOST_CHOICES)
        if data and data.get("do") == "more":
            self.size = min(self.size + EMPTY_ROWS, MOST_CHOICES)
        for at in range(self.size):
            self.add_row(at)

    @property
    def wants_saving(self) -> bool:
        return bool(self.data.get("do", "save") != "more")

    @property
    def languages(self) -> list[str]:
        return list(self.book.headings.languages)

    def add_row(self, at: int) -> None:
        line = self.lines[at] if at < len(self.lines) else None
        number = forms.IntegerField(label=_("Place"), required=False, min_value=0, max_value=9999)
        self.fields[f"place-{at}"] = number
        value = forms.CharField(label=_("Value"), required=False, max_length=100)
        self.fields[f"value-{at}"] = value
        number.disabled = value.disabled = self.is_locked
        self.initial[f"place-{at}"] = (at + 1) * 10 if line else None
        self.initial[f"value-{at}"] = self.book.cell("choices", line, "name") if line else ""
        for code in self.languages:
            name = f"text-{at}-{code}"
            widget = forms.TextInput(attrs={"lang": code, "dir": languages.direction(code)})
            label = language_name(code) or _("Text")
            self.fields[name] = forms.CharField(label=label, required=False, max_length=MOST_CHARACTERS, widget=widget)
            self.initial[name] = self.book.cell("choices", line, "label", code) if line else ""
            self.fields[name].disabled = self.is_locked and (code == self.book.headings.default or line is None)

    def table(self) -> Iterator[Row]:
        """The rows of the page in the order of the list."""
        for at in range(self.size):
            texts = [self[f"text-{at}-{code}"] for code in self.languages]
            yield Row(at, self[f"place-{at}"], self[f"value-{at}"], texts)

    @property
    def columns(self) -> list[tuple[str, str]]:
        return [(code, language_name(code)) for code in self.languages]

    @property
    def was(self) -> str:
        """What the list held, so that a change by somebody else in between is noticed."""
        return json.dumps([dict(line.cells) for line in self.lines], sort_keys=True)

    def clean(self) -> dict[str, Any]:
        """The values are made from the texts where they are missing; a list has at least one choice."""
        cleaned: dict[str, Any] = super().clean() or {}
        if self.data.get("was", "") != self.was:
            message = _("Somebody else changed the list meanwhile. What you typed is kept here. Save again to use it.")
            raise forms.ValidationError(message)
        if not any(self.is_filled(cleaned, at) for at in range(self.size)):
            raise forms.ValidationError(_("Write at least one choice."))
        return cleaned

    def is_filled(self, cleaned: Mapping[str, Any], at: int) -> bool:
        texts = (cleaned.get(f"text-{at}-{code}", "") for code in self.languages)
        return bool(cleaned.get(f"value-{at}", "") or any(texts))

    def order(self) -> list[int]:
        """Rows that are kept, by their number; new ones without a number come last."""
        kept = [at for at in range(self.size) if self.is_filled(self.cleaned_data, at)]
        placed = {at: self.cleaned_data.get(f"place-{at}") for at in kept}
        return sorted(kept, key=lambda at: (placed[at] is None, placed[at] or 0, at))

    def cells(self, at: int, taken: set[str]) -> dict[Key, str]:
        default = self.book.headings.default
        texts = {("label", code): self.cleaned_data[f"text-{at}-{code}"] for code in self.languages}
        value = self.cleaned_data[f"value-{at}"].strip()
        if not value:
            text = texts.get(("label", default), "") or next((text for text in texts.values() if text), "")
            value = lists.free_value(text, taken)
        taken.add(value)
        return {("name", ""): value, **texts}

    def edited(self) -> Edited:
        order, taken = self.order(), {self.cleaned_data[f"value-{at}"].strip() for at in range(self.size)}
        choices = [self.cells(at, taken) for at in order]
        wished, rows = self.cleaned_data["list_name"].strip(), self.version.source
        if not self.name:
            return lists.add_list(rows, wished, choices)
        places = [at if at < len(self.lines) else -1 for at in order]
        edited = lists.put_list(rows, self.name, choices, places)
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
