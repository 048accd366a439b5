"""Fields of the main user's pages around devices."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kotisatama.kernel import identifiers

USUAL_DAYS, MOST_DAYS = 90, 366


class DeviceForm(forms.Form):
    """A new address for a device."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    label = forms.CharField(
        label=_("Device"),
        max_length=80,
        help_text=_("What you know it by, for example: tablet 3 of the service point. No names of clients."),
    )
    expires_on = forms.DateField(
        label=_("Works until"),
        help_text=_("At most a year from today."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def clean_expires_on(self) -> Any:
        day, today = self.cleaned_data["expires_on"], timezone.localdate()
        if not today <= day <= today + timedelta(days=MOST_DAYS):
            raise forms.ValidationError(_("Choose a day from today on, at most a year from now."))
        return day


class EndForm(forms.Form):
    """Nothing but the button."""


def first() -> dict[str, Any]:
    """What the page for a new address begins with."""
    return {"key": identifiers.new_id(), "expires_on": timezone.localdate() + timedelta(days=USUAL_DAYS)}
