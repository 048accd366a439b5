"""Fields of the data protection officer's pages."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kotisatama.privacy import queries
from kotisatama.privacy.models import RetentionRule


def day_field(label: Any, **options: Any) -> forms.DateField:
    """A day, typed or chosen."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, input_formats=["%Y-%m-%d", "%d.%m.%Y"], **options)


class DayForm(forms.Form):
    """For which day the dry run is made."""

    on = day_field(_("Day"), required=False)


class PeriodForm(forms.Form):
    """A new period of one class from a day on."""

    code = forms.ChoiceField(label=_("Data"), choices=lambda: list(queries.CLASSES.items()))
    amount = forms.IntegerField(label=_("Length"), min_value=1, max_value=1000)
    unit = forms.ChoiceField(label=_("Unit"), choices=RetentionRule.Unit.choices, initial=RetentionRule.Unit.YEARS)
    valid_from = day_field(_("Valid from"), initial=lambda: timezone.localdate() + timedelta(days=1))
    legal_source = forms.CharField(label=_("Legal source"), max_length=200)
    confirmed = forms.BooleanField(label=_("Confirmed by the controllers"), required=False)
