"""Fields of the pages of money. What was typed stays on the page when it cannot be read."""

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from kotisatama.contacts.models import FundingLine
from kotisatama.funding import amounts
from kotisatama.funding.models import CostKind, GrantTerms, Project
from kotisatama.kernel import identifiers
from kotisatama.kernel.errors import NotAllowed
from kotisatama.people import queries as people
from kotisatama.staff.models import Worker


def reader() -> str:
    """The language that the page is read in."""
    return (get_language() or "fi")[:2]


def municipality_names() -> dict[str, str]:
    """Names of municipalities in the reader's language, by code."""
    return people.municipality_names(reader())


class AmountField(forms.CharField):
    """An amount as people type it; gives a Decimal with two decimals, or None when it may be empty."""

    def __init__(self, *, read: Callable[[str], Decimal] = amounts.amount, **options: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "data-narrow": True})
        super().__init__(max_length=60, widget=widget, **options)
        self.read = read

    def clean(self, value: Any) -> Any:
        """The amount; the sentence of what is wrong stands at the field."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return self.read(text)
        except NotAllowed as reason:
            raise forms.ValidationError(str(reason)) from reason

    def prepare_value(self, value: Any) -> Any:
        """An amount from the ledger with a comma; what was typed as it was typed."""
        return str(value).replace(".", ",") if isinstance(value, Decimal) else value


class DayField(forms.DateField):
    """A day with the browser's calendar; 31.1.2023 is read too."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        formats = ["%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y"]
        super().__init__(widget=widget, input_formats=formats, **options)

    def to_python(self, value: Any) -> date | None:
        """The day, between 2000 and 2100."""
        found = super().to_python(value)
        if found and not 2000 <= found.year <= 2100:
            raise forms.ValidationError(_("Give a day between 2000 and 2100."))
        return found


class KeyForm(forms.Form):
    """A form whose key makes sending it twice safe."""

    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        options["initial"] = {"key": identifiers.new_id()} | (options.get("initial") or {})
        super().__init__(*args, **options)


class VersionForm(forms.Form):
    """A form that says which version the page showed."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class _ProjectFields(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    funder = forms.CharField(label=gettext_lazy("Funder"), max_length=120)
    decision = forms.CharField(label=gettext_lazy("Number of the decision"), max_length=80, required=False)
    funding_line = forms.ChoiceField(label=gettext_lazy("Funding line"), choices=FundingLine.choices)
    begins_on = DayField(label=gettext_lazy("Begins on"))
    ends_on = DayField(label=gettext_lazy("Ends on"))


class NewProjectForm(_ProjectFields, KeyForm):
    """A new project, and the municipality that keeps its accounts."""

    controller = forms.ChoiceField(label=gettext_lazy("Keeps the accounts"))

    def __init__(self, *args: Any, worker: Worker, **options: Any) -> None:
        super().__init__(*args, **options)
        names = municipality_names()
        field = cast(forms.ChoiceField, self.fields["controller"])
        field.choices = [(code, names.get(code, code)) for code in worker.controller_codes]

    def project_fields(self) -> dict[str, Any]:
        """The fields of the action."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("key", "controller")}


class ProjectForm(_ProjectFields, VersionForm):
    """An existing project."""

    def project_fields(self) -> dict[str, Any]:
        """The fields of the action."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class TermsForm(forms.Form):
    """The funder's terms from a day on, with a flat rate for each kind of cost where there is one."""

    valid_from = DayField(label=gettext_lazy("In force from"))
    rate = AmountField(label=gettext_lazy("Part that the grant pays, in percent"), read=amounts.percent)
    cap = AmountField(label=gettext_lazy("Cap of the whole grant"))
    accepted_kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Kinds of cost accepted"), choices=CostKind.choices, widget=forms.CheckboxSelectMultiple
    )
    legal_source = forms.CharField(label=gettext_lazy("Legal source"), max_length=200)
    decided_on = DayField(label=gettext_lazy("Decided on"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for kind, label in CostKind.choices:
            text = _("Flat rate, percent of %(kind)s") % {"kind": str(label).lower()}
            self.fields[f"flat_{kind}"] = AmountField(label=text, read=amounts.percent, required=False)

    def clean_cap(self) -> Decimal:
        """A cap is not negative."""
        cap: Decimal = self.cleaned_data["cap"]
        if cap < 0:
            raise forms.ValidationError(_("A cap cannot be negative."))
        return cap

    def terms_fields(self) -> dict[str, Any]:
        """The fields of the action, without flat rates."""
        names = ("valid_from", "rate", "cap", "accepted_kinds", "legal_source", "decided_on")
        return {name: self.cleaned_data[name] for name in names}

    def flat_rates(self) -> dict[str, Decimal]:
        """The flat rates that are more than nothing, by kind."""
        found = {kind: self.cleaned_data[f"flat_{kind}"] for kind in CostKind.values}
        return {kind: percent for kind, percent in found.items() if percent}


def initial_terms(project: Project) -> dict[str, Any]:
    """The latest terms as a beginning for new ones."""
    latest: GrantTerms | None = project.terms.order_by("-valid_from").first()
    if latest is None:
        return {"valid_from": project.begins_on, "accepted_kinds": []}
    names = ("rate", "cap", "accepted_kinds", "legal_source")
    return {name: getattr(latest, name) for name in names}


class BudgetForm(VersionForm):
    """The plan by kind of cost."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for kind, label in CostKind.choices:
            self.fields[kind] = AmountField(label=str(label), required=False)

    def amounts(self) -> dict[str, Decimal | None]:
        """The plan by kind; None where there is none."""
        return {kind: self.cleaned_data[kind] for kind in CostKind.values}


class PartnersForm(VersionForm):
    """The people of each municipality by which the parts are counted, and where the numbers are from."""

    source = forms.CharField(label=gettext_lazy("Where the numbers are from, and of which day"), max_length=200)

    def __init__(self, *args: Any, municipalities: Iterable[str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.codes, names = list(municipalities), municipality_names()
        for code in self.codes:
            self.fields[f"people_{code}"] = forms.IntegerField(
                label=names.get(code, code), min_value=0, max_value=10_000_000, required=False
            )

    def people(self) -> dict[str, int]:
        """The numbers by municipality; one left empty does not take part."""
        found = {code: self.cleaned_data[f"people_{code}"] for code in self.codes}
        return {code: number for code, number in found.items() if number is not None}


class CommitmentForm(KeyForm):
    """A cost that is agreed and not yet paid."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind of cost"), choices=CostKind.choices)
    text = forms.CharField(label=gettext_lazy("What for"), max_length=200)
    amount = AmountField(label=gettext_lazy("Amount"))
    due_on = DayField(label=gettext_lazy("Paid on, expected"))

    def commitment_fields(self) -> dict[str, Any]:
        """The fields of the action."""
        return {name: value for name, value in self.cleaned_data.items() if name != "key"}


class ReportingDateForm(forms.Form):
    """A period and the day until which its claim is due."""

    begins_on = DayField(label=gettext_lazy("Begins on"))
    ends_on = DayField(label=gettext_lazy("Ends on"))
    due_on = DayField(label=gettext_lazy("Claim at the latest on"))
