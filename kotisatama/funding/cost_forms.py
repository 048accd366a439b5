"""Fields of the ledger: a cost, a correction, the search, a file of the accounting and its columns."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kotisatama.contacts.models import FundingLine
from kotisatama.funding import amounts, importing
from kotisatama.funding.cost_actions import FIELDS
from kotisatama.funding.models import Cost, CostKind, Project
from kotisatama.funding.project_forms import AmountField, DayField, KeyForm

SORTS = {
    "day": ("on", "voucher", "line"),
    "-day": ("-on", "voucher", "line"),
    "amount": ("amount", "on", "pk"),
    "-amount": ("-amount", "on", "pk"),
    "voucher": ("voucher", "line"),
    "kind": ("kind", "on", "pk"),
}


class _CostFields(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("Kind of cost"), choices=CostKind.choices)
    on = DayField(label=gettext_lazy("Day"))
    amount = AmountField(
        label=gettext_lazy("Amount"), help_text=gettext_lazy("For example 1 234,50. A correction is negative.")
    )
    voucher = forms.CharField(label=gettext_lazy("Voucher number"), max_length=40)
    line = forms.IntegerField(
        label=gettext_lazy("Line of the voucher"), min_value=1, max_value=999_999, required=False, initial=1
    )
    text = forms.CharField(label=gettext_lazy("What for"), max_length=200, required=False)
    who = forms.CharField(
        label=gettext_lazy("Worker’s initials or role"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("For a salary or a journey. Never a whole name."),
    )
    hours = AmountField(label=gettext_lazy("Hours"), read=amounts.hours, required=False)
    hourly_cost = AmountField(label=gettext_lazy("Cost of an hour"), required=False)
    funding_line = forms.ChoiceField(label=gettext_lazy("Funding line"), choices=FundingLine.choices)

    def clean_line(self) -> int:
        """The first line when none is said."""
        return self.cleaned_data["line"] or 1

    def clean_who(self) -> str:
        """Initials or a role: a first and a last name written out are refused."""
        who: str = self.cleaned_data["who"]
        words = [word for word in who.replace("-", " ").split() if len(word) > 1 and word[0].isupper()]
        if len(words) > 1 and all(word[1:].islower() for word in words):
            raise forms.ValidationError(_("Write initials or a role, not a name."))
        return who

    def cost_fields(self) -> dict[str, Any]:
        """The fields of the action."""
        return {name: self.cleaned_data[name] for name in FIELDS}


class NewCostForm(_CostFields, KeyForm):
    """A new row, or one that corrects another."""


class CostForm(_CostFields):
    """A row that no claim has taken."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


def initial_of(cost: Cost) -> dict[str, Any]:
    """The row as its page shows it."""
    return {name: getattr(cost, name) for name in (*FIELDS, "version")}


def initial_correction(cost: Cost) -> dict[str, Any]:
    """A row that takes the other one back whole, to be changed as needed."""
    same = {name: getattr(cost, name) for name in ("kind", "text", "who", "hourly_cost", "funding_line", "on")}
    back = {"amount": -cost.amount, "hours": -cost.hours if cost.hours is not None else None}
    return same | back


@dataclass(frozen=True)
class Wish:
    """What of the ledger is asked for; what the address says wrongly is left out."""

    kind: str
    month: str
    text: str
    state: str
    sort: str

    @property
    def is_narrow(self) -> bool:
        """Whether anything is left out."""
        return bool(self.kind or self.month or self.text or self.state)


def wish(asked: Mapping[str, str]) -> Wish:
    """Read the address."""
    kind, month, state, sort = (asked.get(name, "") for name in ("kind", "month", "state", "sort"))
    year, _dash, number = month.partition("-")
    is_month = len(year) == 4 and len(number) == 2 and (year + number).isascii() and (year + number).isdecimal()
    return Wish(
        kind if kind in CostKind.values else "",
        month if is_month and 1 <= int(number) <= 12 else "",
        asked.get("q", "").replace("\0", "").strip()[:80],
        state if state in ("open", "claimed", "corrections") else "",
        sort if sort in SORTS else "-day",
    )


class FileForm(forms.Form):
    """A file of the accounting."""

    file = forms.FileField(
        label=gettext_lazy("CSV file of the accounting"),
        help_text=gettext_lazy("UTF-8 or Latin-1; semicolons, commas or tabs between the columns; at most 2 MB."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv"}),
    )


class ColumnsForm(forms.Form):
    """Which column of the file is which field."""

    def __init__(self, *args: Any, project: Project, table: importing.Table, **options: Any) -> None:
        remembered = {target: column for target, column in project.mapping.items() if column in table.heading}
        options["initial"] = importing.guessed(table.heading) | remembered
        super().__init__(*args, **options)
        columns = [("", "–"), *((column, column) for column in table.heading if column)]
        for target, label in importing.TARGETS.items():
            field = forms.ChoiceField(label=label, required=target in importing.NEEDED, choices=columns)
            self.fields[target] = cast(forms.Field, field)

    def mapping(self) -> dict[str, str]:
        """Column by field."""
        return dict(self.cleaned_data)
