"""Fields of the pages on which a form's answers leave the service, or end."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kotisatama.forms import clocks as form_clocks
from kotisatama.forms import exporting, queries
from kotisatama.forms.clocks import Setting
from kotisatama.forms.exporting import Wanted
from kotisatama.forms.exporting_tables import Wording
from kotisatama.forms.models import FormClock, Version
from kotisatama.forms.structure import Definition
from kotisatama.kernel import periods
from kotisatama.kernel.errors import NotAllowed
from kotisatama.privacy import queries as privacy
from kotisatama.privacy.models import RetentionRule
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
        if last and last > timezone.localdate():
            given["last"] = None  # until now
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


@dataclass(frozen=True)
class ClockRow:
    """One kind of clock: its three fields, and how long the rule for all forms keeps the data."""

    kind: FormClock.Kind
    amount: forms.BoundField
    unit: forms.BoundField
    end: forms.BoundField
    allowed: str


class ClocksForm(forms.Form):
    """Four clocks, each empty for the rule of all forms. `was` is what the page showed."""

    was = forms.CharField(widget=forms.HiddenInput, required=False, max_length=300)

    def __init__(self, *args: Any, clocks: Sequence[FormClock], **options: Any) -> None:
        super().__init__(*args, **options)
        now = {clock.kind: clock for clock in clocks}
        self.fields["was"].initial = form_clocks.seen(clocks)
        for kind in FormClock.Kind:
            self._add(kind, now.get(kind))

    def _add(self, kind: FormClock.Kind, now: FormClock | None) -> None:
        can_stay = kind in (FormClock.Kind.SENT, FormClock.Kind.ALL)
        ends = FormClock.End.choices if can_stay else [(FormClock.End.DELETE.value, FormClock.End.DELETE.label)]
        self.fields[f"{kind}_amount"] = forms.IntegerField(
            label=_("Kept for"), min_value=1, max_value=1000, required=False, initial=now and now.amount
        )
        self.fields[f"{kind}_unit"] = forms.ChoiceField(
            label=_("Unit"), choices=FormClock.Unit.choices, initial=now and now.unit
        )
        self.fields[f"{kind}_end"] = forms.ChoiceField(label=_("Then"), choices=ends, initial=now and now.end)

    def rows(self) -> list[ClockRow]:
        """The fields by kind, for the page."""
        today = timezone.localdate()
        return [
            ClockRow(
                kind,
                self[f"{kind}_amount"],
                self[f"{kind}_unit"],
                self[f"{kind}_end"],
                allowed=_words(privacy.period_of(form_clocks.CLASS[kind], on=today)),
            )
            for kind in FormClock.Kind
        ]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        for each in self.settings() if not self.errors else []:
            try:
                form_clocks.check_shorter(each)
            except NotAllowed as reason:
                self.add_error(f"{each.kind}_amount", str(reason))
        return given

    def settings(self) -> list[Setting]:
        """The clocks that were filled in, in the order of their kinds."""
        given = self.cleaned_data
        return [
            Setting(kind, given[f"{kind}_amount"], given[f"{kind}_unit"], FormClock.End(given[f"{kind}_end"]))
            for kind in FormClock.Kind
            if given.get(f"{kind}_amount")
        ]


def _words(period: periods.Period | None) -> str:
    """A length in words, empty for none."""
    return "" if period is None else f"{period.amount} {RetentionRule.Unit(period.unit).label}"
