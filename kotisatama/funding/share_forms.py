"""Fields of the pages about shares. What actions refuse lands at its field; what was typed is kept."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any, TypeVar, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from stdnum import exceptions as stdnum
from stdnum import iban

from kotisatama.funding import share_queries, split_input
from kotisatama.funding.models import Invitation, Partnership, Statistic
from kotisatama.funding.share_actions import Decision, Plan
from kotisatama.funding.splitting import Faulty, Method
from kotisatama.kernel import identifiers
from kotisatama.kernel.errors import NotAllowed
from kotisatama.network import queries as network
from kotisatama.network.models import Municipality
from kotisatama.staff.models import Worker
from kotisatama.web.widgets import TypeAhead, TypeAheadMany

Done = TypeVar("Done")
# Where a form calls a thing otherwise than the split does.
FIELDS = {"people": "invited", "municipalities": "invited", "amount": "amounts"}


def day(**more: Any) -> forms.DateField:
    """A day with the browser's own calendar."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(widget=widget, **more)


class ShareForm(forms.Form):
    """A form whose action may refuse: `tried` puts the sentence where it belongs."""

    def tried(self, act: Callable[[], Done]) -> Done | None:
        """What the action gives; None when the form is not whole or the action refused."""
        if not self.is_valid():
            return None
        try:
            return act()
        except NotAllowed as reason:
            self.refuse(reason)
            return None

    def refuse(self, reason: NotAllowed) -> None:
        """Put the sentence at its field, else at the head of the page."""
        field = getattr(reason, "field", "")
        place = next((each for each in (field, FIELDS.get(field, "")) if each in self.fields), None)
        self.add_error(place, str(reason))

    def offer(self, name: str, choices: Iterable[tuple[Any, Any]]) -> None:
        """Set the choices of a field."""
        cast(forms.ChoiceField, self.fields[name]).choices = list(choices)

    def read(self, name: str, reader: Callable[[str], Done]) -> Done | None:
        """What was typed, read by the reader, whose refusal lands at this field."""
        try:
            return reader(self.cleaned_data.get(name) or "")
        except Faulty as reason:
            self.add_error(name, str(reason))
            return None


def municipalities(found: Iterable[Municipality] | None = None) -> list[tuple[str, str]]:
    """Codes with names, for a choice."""
    every = network.every_municipality() if found is None else found
    return [(each.code, f"{share_queries.name_of(each)} ({each.code})") for each in every]


class PartnershipForm(ShareForm):
    """What the municipalities are asked to share."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=identifiers.new_id)
    version = forms.IntegerField(widget=forms.HiddenInput, initial=1, min_value=1)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    basis = forms.CharField(
        label=gettext_lazy("Where the amount comes from"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("For example: accepted costs 151850.00, grant 106295.00."),
    )
    lead = forms.ChoiceField(label=gettext_lazy("Lead municipality"))
    begins_on = day(label=gettext_lazy("First day"))
    ends_on = day(label=gettext_lazy("Last day"))
    amounts = forms.CharField(
        label=gettext_lazy("Amount to share of each year"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        help_text=gettext_lazy("A line a year: the year and euros with a point before the cents, 2026 45555.00."),
    )
    statistic: "forms.ModelChoiceField[Statistic]" = forms.ModelChoiceField(
        None, label=gettext_lazy("Numbers of people")
    )
    method = forms.ChoiceField(label=gettext_lazy("Method"), choices=Method.choices, widget=forms.RadioSelect)
    minimum = forms.CharField(
        label=gettext_lazy("The least that each pays in a year"), max_length=20, required=False, initial="0"
    )
    fixed = forms.CharField(
        label=gettext_lazy("Fixed part of each in a year"),
        max_length=20,
        required=False,
        initial="0",
        help_text=gettext_lazy("Each pays this; the rest goes by people."),
    )
    invited = forms.MultipleChoiceField(
        label=gettext_lazy("Municipalities that are asked"), widget=TypeAheadMany, required=False
    )
    answers_by = day(label=gettext_lazy("Answers by"))
    account = forms.CharField(label=gettext_lazy("Account for the payments (IBAN)"), max_length=34, required=False)

    def __init__(self, *arguments: Any, worker: Worker, partnership: Partnership | None = None, **more: Any) -> None:
        first = {"lead": worker.organisation.home_id, "method": Method.EXACT}
        more["initial"] = _typed(partnership) if partnership else first
        super().__init__(*arguments, **more)
        cast("forms.ModelChoiceField[Statistic]", self.fields["statistic"]).queryset = share_queries.statistics(worker)
        self.offer("lead", municipalities(network.municipalities(worker.controller_codes)))
        self.offer("invited", municipalities())
        if partnership:
            self.fields["invited"].label = _("Further municipalities that are asked")

    def clean_account(self) -> str:
        """An IBAN with its check digits right, without spaces."""
        try:
            return str(iban.validate(self.cleaned_data["account"])) if self.cleaned_data["account"] else ""
        except stdnum.ValidationError:
            raise forms.ValidationError(_("This is not an IBAN. Check its digits.")) from None

    def clean(self) -> dict[str, Any]:
        """Amounts read strictly, each refusal at its field."""
        found = self.cleaned_data
        found["by_year"] = self.read("amounts", split_input.amounts) if "amounts" in found else None
        for name in ("minimum", "fixed"):
            found[f"{name}_euros"] = self.read(name, lambda text, name=name: _least(text, name))  # type: ignore[misc]
        return found

    def plan(self) -> Plan:
        """What the form says, for the action."""
        found = self.cleaned_data
        names = ("name", "basis", "lead", "statistic", "method", "begins_on", "ends_on", "answers_by", "account")
        least = {"minimum": found["minimum_euros"], "fixed": found["fixed_euros"]}
        invited = [code for code in found["invited"] if code != found["lead"]]
        return Plan(**{name: found[name] for name in names}, **least, amounts=found["by_year"], invited=invited)


def _least(text: str, field: str) -> Decimal:
    return split_input.amount(text or "0", field=field)


def _typed(partnership: Partnership) -> dict[str, Any]:
    names = ("version", "key", "name", "basis", "begins_on", "ends_on", "statistic", "method", "minimum", "fixed")
    found = {name: getattr(partnership, name) for name in (*names, "answers_by", "account")}
    amounts = "\n".join(f"{each.year} {each.amount}" for each in partnership.years.all())
    return found | {"lead": partnership.lead_id, "amounts": amounts}


class DecisionForm(ShareForm):
    """A municipality's answer."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    answer = forms.ChoiceField(
        label=gettext_lazy("Answer"), choices=Invitation.Answer.choices, widget=forms.RadioSelect
    )
    decided_on = day(label=gettext_lazy("Decided on"), required=False)
    body = forms.CharField(
        label=gettext_lazy("Body that decided"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("For example: municipal board."),
    )
    paragraph = forms.CharField(label=gettext_lazy("Paragraph"), max_length=40, required=False)
    reference = forms.CharField(
        label=gettext_lazy("Where the decision is"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Number of the register, or the address of the minutes."),
    )

    def __init__(self, *arguments: Any, invitation: Invitation | None = None, **more: Any) -> None:
        names = ("version", "answer", "decided_on", "body", "paragraph", "reference")
        more["initial"] = {name: getattr(invitation, name) for name in names} if invitation else {}
        super().__init__(*arguments, **more)

    def decision(self) -> Decision:
        """What the form says, for the action."""
        found = self.cleaned_data
        return Decision(**{name: found[name] for name in ("answer", "decided_on", "body", "paragraph", "reference")})


class JoinForm(DecisionForm):
    """A municipality that joins after the shares were frozen."""

    HOW = (
        ("days", gettext_lazy("By days: the year in which it joins is shared by its days")),
        ("year", gettext_lazy("From the next year on: this year stays as it is")),
    )
    field_order = ("municipality", "joins_on", "how", "statistic")
    municipality = forms.ChoiceField(label=gettext_lazy("Municipality"), widget=TypeAhead)
    joins_on = day(label=gettext_lazy("Joins on"))
    how = forms.ChoiceField(
        label=gettext_lazy("How its first year is shared"), choices=HOW, widget=forms.RadioSelect, initial="days"
    )
    statistic: "forms.ModelChoiceField[Statistic]" = forms.ModelChoiceField(
        None,
        label=gettext_lazy("Numbers of people"),
        help_text=gettext_lazy("It needs a number of everybody. What was due before this day stays as it is."),
    )

    def __init__(self, *arguments: Any, worker: Worker, **more: Any) -> None:
        super().__init__(*arguments, **more)
        for name in ("version", "answer"):
            del self.fields[name]
        self.offer("municipality", [("", "–"), *municipalities()])
        cast("forms.ModelChoiceField[Statistic]", self.fields["statistic"]).queryset = share_queries.statistics(worker)

    def clean(self) -> dict[str, Any]:
        """From the next year on is from its first day on."""
        found = self.cleaned_data
        joins_on = found.get("joins_on")
        if joins_on and found.get("how") == "year" and (joins_on.month, joins_on.day) != (1, 1):
            found["joins_on"] = joins_on.replace(year=joins_on.year + 1, month=1, day=1)
        return found | {"answer": Invitation.Answer.JOINS}


class TrialForm(ShareForm):
    """A simulation on paper: sent by GET, stored nowhere."""

    municipality = forms.ChoiceField(label=gettext_lazy("If this municipality joins"), widget=TypeAhead)
    people = forms.IntegerField(
        label=gettext_lazy("Its people"),
        required=False,
        min_value=1,
        max_value=split_input.MOST_PEOPLE,
        help_text=gettext_lazy("Empty: the number of the statistic."),
    )
    joins_on = day(label=gettext_lazy("From this day on"), required=False)
    method = forms.ChoiceField(label=gettext_lazy("Method"), required=False)

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.offer("municipality", [("", "–"), *municipalities()])
        self.offer("method", [("", _("As it is")), *Method.choices])

    def trial(self) -> share_queries.Trial:
        """What is asked."""
        found = self.cleaned_data
        chosen = network.municipalities([found["municipality"]]).get()
        return share_queries.Trial(chosen, found["people"], found["joins_on"], found["method"])


class InvoicesForm(ShareForm):
    """Which year is invoiced, and when it has to be paid."""

    year = forms.TypedChoiceField(label=gettext_lazy("Year"), coerce=int)
    due_on = day(label=gettext_lazy("To be paid by"))

    def __init__(self, *arguments: Any, years: Iterable[int], **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.offer("year", [(year, str(year)) for year in years])


class StatisticForm(ShareForm):
    """Numbers of people that somebody typed in, with where they are from."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=identifiers.new_id)
    title = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    as_of = day(label=gettext_lazy("Day of the numbers"))
    source = forms.CharField(
        label=gettext_lazy("Source"), max_length=300, help_text=gettext_lazy("Who published it, in which table, when.")
    )
    numbers = forms.CharField(
        label=gettext_lazy("Numbers of people"),
        widget=forms.Textarea(attrs={"rows": 8}),
        max_length=10_000,
        help_text=gettext_lazy("A line a municipality: its name or code, and the number. Joensuu 2302."),
    )

    def clean(self) -> dict[str, Any]:
        """Lines read strictly; the day has come."""
        found = self.cleaned_data
        if (as_of := found.get("as_of")) and as_of > timezone.localdate():
            self.add_error("as_of", _("The day of the numbers has not come yet."))
        known = {name.casefold(): each.code for each in network.every_municipality() for name in _names(each)}
        found["people"] = self.read("numbers", lambda text: split_input.numbers(text, known))
        return found


def _names(each: Municipality) -> tuple[str, str]:
    return each.name_fi, each.name_sv


class FetchForm(ShareForm):
    """Which numbers are asked from the statistical office."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=identifiers.new_id)
    title = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    year = forms.IntegerField(label=gettext_lazy("At the end of the year"), min_value=1990, max_value=2100)
    codes = forms.MultipleChoiceField(label=gettext_lazy("Municipalities"), widget=TypeAheadMany)

    def __init__(self, *arguments: Any, **more: Any) -> None:
        served = network.served_municipalities(on=timezone.localdate())
        more["initial"] = {"codes": [each.code for each in served]}
        super().__init__(*arguments, **more)
        self.offer("codes", municipalities())
