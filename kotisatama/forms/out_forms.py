"""Fields of the pages on which a form's answers leave the service, or end."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kotisatama.forms import exporting, queries
from kotisatama.forms.exporting import Wanted
from kotisatama.forms.exporting_tables import Wording
from kotisatama.forms.models import Version
from kotisatama.forms.structure import Definition
from kotisatama.translation import languages

FILE_TYPES = [
    ("csv", _("CSV: a table of texts")),
    ("xlsx", _("XLSX: a spreadsheet, dates as dates")),
    ("json", _("JSON: for programs, repeats inside")),
]
ANY = ("", _("All"))


def day_field(label: Any) -> forms.DateField:
    """A day, typed or chosen."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, input_formats=["%Y-%m-%d", "%d.%m.%Y"], required=False)


class ExportForm(forms.Form):
    """Which submissions of a form, and in which shape; what a form does not ask cannot narrow it."""

    file_type = forms.ChoiceField(label=_("File"), choices=FILE_TYPES)
    wording = forms.ChoiceField(label=_("Choices"), choices=Wording.choices)
    first = day_field(_("Sent from"))
    last = day_field(_("Sent until"))
    language = forms.ChoiceField(label=_("Language"), required=False)
    version = forms.ChoiceField(label=_("Version"), required=False)
    municipality = forms.ChoiceField(label=_("Municipality"), required=False)

    def __init__(self, *args: Any, versions: Sequence[Version], reader: str, **options: Any) -> None:
        super().__init__(*args, **options)
        definitions = [queries.definition(version) for version in versions]
        codes = list(dict.fromkeys(code for form in definitions for code in form.languages))
        self._offer("language", [(code, languages.name_in(code, reader)) for code in codes])
        self._offer("version", [(version.number, version.number) for version in versions])
        if exporting.asks_place(definitions):
            self._offer("municipality", _places(definitions, reader))
        else:
            del self.fields["municipality"]

    def _offer(self, name: str, options: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [ANY, *options]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        first, last = given.get("first"), given.get("last")
        if first and last and last < first:
            self.add_error("last", _("The last day is before the first."))
        return given

    def wanted(self) -> Wanted:
        """What a valid form asks for."""
        given = {name: value for name, value in self.cleaned_data.items() if value}
        return Wanted(**given | {"wording": Wording(given["wording"])})


def _places(definitions: Sequence[Definition], reader: str) -> list[tuple[str, str]]:
    """The municipalities that any version offers, in the words of the latest."""
    found: dict[str, str] = {}
    for form in definitions:
        question = form.questions.get(exporting.PLACE)
        for choice in form.choices.get(question.choices, ()) if question else ():
            found.setdefault(choice.name, queries.localized(choice.labels, reader).text)
    return list(found.items())
