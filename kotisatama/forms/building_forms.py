"""Fields of the builder's panel and of the pages for choices, texts and languages of the form."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from kotisatama.forms import columns
from kotisatama.forms.building import conditions, edits, lists, locks, outline, words
from kotisatama.forms.building.book import Book, Key, Line
from kotisatama.forms.xlsform import MOST_CHARACTERS
from kotisatama.translation import languages

TEXTS: dict[str, str | Promise] = {
    "label": gettext_lazy("Text"),
    "hint": gettext_lazy("Hint"),
    "required_message": gettext_lazy("What to say when the answer is missing"),
    "constraint_message": gettext_lazy("What to say when the answer is not accepted"),
}
YES_NO: list[tuple[str, str | Promise]] = [("", gettext_lazy("no")), ("yes", gettext_lazy("yes"))]
OWN: dict[str, tuple[str | Promise, str | Promise]] = {
    "prefill": (gettext_lazy("Filled in for a known client"), ""),
    "identifies": (gettext_lazy("Hidden from an expert who is asked without identity"), ""),
    "shared": (gettext_lazy("A helper who fills in along sees it"), "no"),
    "statistics": (gettext_lazy("Counted in statistics"), "no"),
}
SELECTS = conditions.SELECTS


def language_name(code: str) -> str:
    """The language for the reader; a form that does not say its language has none."""
    return "" if code == columns.UNDETERMINED else languages.name_in(code, get_language() or "fi")


class QuestionForm(forms.Form):
    """All cells of one row that the builder knows; `was` is what they held when the page was made."""

    type = forms.ChoiceField(label=gettext_lazy("Type"))
    choices = forms.ChoiceField(label=gettext_lazy("List of choices"), required=False)
    new_choices = forms.CharField(
        label=gettext_lazy("Or new choices, one on a line"), required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    name = forms.CharField(
        label=gettext_lazy("Name"),
        required=False,
        help_text=gettext_lazy("Conditions and exports call the question by it. It is made from the text when empty."),
        max_length=60,
    )

    def __init__(self, data: Mapping[str, str] | None, *, book: Book, line: Line | None, is_container: bool) -> None:
        self.book = book
        self.line = line
        self.is_container = is_container
        self.is_locked = line is not None and locks.is_locked(book, line)
        self.keys: dict[str, Key] = {"name": ("name", "")}
        super().__init__(data, initial={})
        self.add_type()
        self.add_texts()
        self.add_answer()
        self.add_own()
        self.set_initial()

    def cell(self, column: str, language: str = "") -> str:
        return self.book.cell("survey", self.line, column, language) if self.line else ""

    def add_type(self) -> None:
        written, list_name = outline.divided(self.cell("type"))
        types: dict[str, Any] = dict(words.CONTAINERS) if self.is_container else dict(words.TYPES)
        if self.line is None:
            types |= words.CONTAINERS
        if begun := outline.begins(written):
            written = f"begin_{begun}"
        if written and written not in types:
            types[written] = written
        names = lists.list_names(self.book)
        offered = names if list_name in ("", *names) else [list_name, *names]
        self.choice("type").choices = list(types.items())
        self.choice("choices").choices = [("", _("no list")), *((name, name) for name in offered)]
        self.initial.update({"type": written or "text", "choices": list_name, "name": self.cell("name")})
        if self.is_container:
            del self.fields["choices"], self.fields["new_choices"]

    def choice(self, name: str) -> forms.ChoiceField:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        return field

    def add_texts(self) -> None:
        kinds = ("label",) if self.is_container else tuple(TEXTS)
        for column in kinds:
            for code in self.book.headings.languages:
                rows = 2 if column == "label" else 1
                attrs = {"rows": rows, "lang": code, "dir": languages.direction(code), "class": "grows"}
                name = language_name(code)
                label = f"{TEXTS[column]}, {name}" if name else str(TEXTS[column])
                self.add(
                    f"{column}-{code}",
                    (column, code),
                    forms.CharField(
                        label=label,
                        required=False,
                        max_length=MOST_CHARACTERS,
                        widget=forms.Textarea(attrs=attrs),
                    ),
                )

    def add(self, name: str, key: Key, field: forms.Field) -> None:
        self.fields[name] = field
        self.keys[name] = key

    def add_choice(self, name: str, key: Key, label: str | Promise, options: list[tuple[str, Any]]) -> None:
        """A drop-down that has also whatever stands in the cell already."""
        written = self.cell(*key)
        if written not in dict(options):
            options = [*options, (written, written)]
        field = forms.ChoiceField(choices=options, required=False)
        field.label = label  # type: ignore[assignment] # a lazy text
        self.add(name, key, field)

    def add_text(self, name: str, label: str | Promise, help_text: str | Promise = "") -> None:
        field = forms.CharField(required=False, max_length=MOST_CHARACTERS)
        field.label, field.help_text = label, help_text  # type: ignore[assignment] # a lazy text
        self.add(name, (name, ""), field)

    def add_answer(self) -> None:
        if self.is_container:
            if self.book.heading("survey", "repeat_count"):
                self.add_text("repeat_count", gettext_lazy("How many times"))
            return
        self.add_choice("required", ("required", ""), gettext_lazy("Must be answered"), YES_NO)
        kind = outline.divided(self.cell("type"))[0] or "text"
        looks = [("", _("usual")), *words.APPEARANCES.get(kind, {}).items()]
        self.add_choice("appearance", ("appearance", ""), gettext_lazy("Looks"), looks)
        self.add_text("default", gettext_lazy("Filled in at the beginning"))
        self.add_text(
            "calculation",
            gettext_lazy("Calculation"),
            gettext_lazy("An expression, for questions of the type Calculation."),
        )
        self.add_text(
            "choice_filter",
            gettext_lazy("Which choices are offered"),
            gettext_lazy("An expression about columns of the list, such as region = ${region}."),
        )

    def add_own(self) -> None:
        targets = [("", _("nowhere: it stays in the form")), *words.targets()]
        self.add_choice("maps_to", ("kotisatama::maps_to", ""), gettext_lazy("Belongs to"), targets)
        for column, (label, other) in OWN.items():
            if self.is_container and column in ("prefill", "identifies"):
                continue
            usual = [("", _("yes")), ("no", _("no"))] if other else YES_NO
            self.add_choice(column, (f"kotisatama::{column}", ""), label, usual)
        if not self.is_container:
            self.add_text("consent", gettext_lazy("Consent: code of the purpose"))
            self.keys["consent"] = ("kotisatama::consent", "")

    def set_initial(self) -> None:
        default = self.book.headings.default
        for name, (column, language) in self.keys.items():
            self.initial[name] = self.cell(column, language)
            if self.is_locked and language in ("", default):
                self.fields[name].disabled = True
        for name in ("type", "choices", "new_choices"):
            if self.is_locked and name in self.fields:
                self.fields[name].disabled = True

    def clean_name(self) -> str:
        """A name of its own, that expressions can call."""
        name: str = self.cleaned_data["name"].strip()
        if not name and self.line is None:
            return ""
        if name == self.cell("name"):
            return name
        if not edits.is_name(name):
            message = _("A name has at most 60 letters from a to z, digits and low lines, and begins with a letter.")
            raise forms.ValidationError(message)
        if edits.is_taken(self.book, name, besides=self.line):
            raise forms.ValidationError(_("Another question has this name already."))
        return name

    def clean(self) -> dict[str, Any]:
        """A question with choices needs its list; a fault of an expression stands at its field."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("type") in SELECTS and not (cleaned.get("choices") or cleaned.get("new_choices", "").strip()):
            self.add_error("choices", _("Choose a list, or write new choices."))
        names = frozenset(conditions_names(self.book))
        for column in ("calculation", "choice_filter", "repeat_count"):
            is_filter = column == "choice_filter"
            known = names | choice_columns(self.book) if is_filter else names
            if complaint := conditions.complaint(cleaned.get(column, ""), known, is_filter=is_filter):
                self.add_error(column, complaint)
        return cleaned

    def typed(self, name: str) -> str:
        return str(self.cleaned_data.get(name, "")).replace("\r\n", "\n").strip()

    def cells(self, was: Mapping[str, str]) -> dict[Key, str]:
        """What was changed, by column: nothing else is written. Without `was` compared with what stands there."""
        found = {
            key: self.typed(name)
            for name, key in self.keys.items()
            if name in self.fields and not self.fields[name].disabled and self.typed(name) != was.get(name, "")
        }
        kind = self.typed("type")
        written = f"{kind} {self.typed('choices')}" if kind in SELECTS and self.typed("choices") else kind
        if not self.fields["type"].disabled and written != was.get("type", ""):
            found["type", ""] = written
        return found

    def held(self) -> dict[str, str]:
        """What the row holds now, by field: the page carries it along as `was`."""
        return {name: self.cell(*key) for name, key in self.keys.items()} | {"type": self.held_type()}

    def held_type(self) -> str:
        written, list_name = outline.divided(self.cell("type"))
        written = f"begin_{begun}" if (begun := outline.begins(written)) else written
        return f"{written} {list_name}".strip()

    def new_choice_texts(self) -> list[str]:
        lines = (line.strip() for line in self.cleaned_data.get("new_choices", "").splitlines())
        return list(dict.fromkeys(line for line in lines if line))

    def texts(self, column: str) -> list[BoundField]:
        return [self[f"{column}-{code}"] for code in self.book.headings.languages if f"{column}-{code}" in self.fields]

    def some(self, *names: str) -> Iterator[BoundField]:
        return (self[name] for name in names if name in self.fields)


def conditions_names(book: Book) -> set[str]:
    """Every name that an expression may use."""
    return {name for line in book.survey.lines if (name := book.cell("survey", line, "name"))}


def choice_columns(book: Book) -> frozenset[str]:
    return frozenset(heading.column for heading in book.headings.sheets["choices"])
