"""Fields of a claim: its period, sending, the payment; and of a settlement."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kotisatama.funding import amounts
from kotisatama.funding.models import Project, Settlement
from kotisatama.funding.project_forms import AmountField, DayField


class PeriodForm(forms.Form):
    """The reporting period of a claim."""

    begins_on = DayField(label=gettext_lazy("Begins on"))
    ends_on = DayField(label=gettext_lazy("Ends on"))


def next_period(project: Project) -> dict[str, Any]:
    """The first reporting period that no claim is for; else what is left of the project."""
    claims = list(project.claims.values_list("begins_on", "ends_on"))
    for each in project.reporting_dates.order_by("begins_on"):
        if all(each.ends_on < begins or each.begins_on > ends for begins, ends in claims):
            return {"begins_on": each.begins_on, "ends_on": each.ends_on}
    begins_on = max((ends + timedelta(days=1) for _begins, ends in claims), default=project.begins_on)
    return {"begins_on": begins_on, "ends_on": project.ends_on} if begins_on <= project.ends_on else {}


class PaymentForm(forms.Form):
    """What the funder has paid, and when."""

    on = DayField(label=gettext_lazy("Paid on"))
    amount = AmountField(label=gettext_lazy("Paid"))

    def clean_on(self) -> Any:
        """A payment has happened."""
        on = self.cleaned_data["on"]
        if on > timezone.localdate():
            raise forms.ValidationError(_("This day is still to come."))
        return on


class SettlementForm(forms.Form):
    """The key by which a year is settled."""

    way = forms.ChoiceField(label=gettext_lazy("Key"), choices=Settlement.Way.choices)
    weight = AmountField(
        label=gettext_lazy("Weight of use in a mixed key, in percent"), read=amounts.percent, required=False
    )

    def share_of_use(self) -> Decimal:
        """0 by share, 100 by use, else what was given; half when nothing was."""
        way, given = self.cleaned_data["way"], self.cleaned_data["weight"]
        if way == Settlement.Way.SHARE:
            return Decimal("0.00")
        if way == Settlement.Way.USE:
            return Decimal("100.00")
        return Decimal("50.00") if given is None else given
