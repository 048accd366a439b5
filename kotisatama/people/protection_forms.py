"""Fields of the screens of a non-disclosure."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kotisatama.people import protection_reading, protection_rules, queries
from kotisatama.people.forms import reader
from kotisatama.people.models import Channel, Person, Protection
from kotisatama.people.protected_details import ChannelRow, Details
from kotisatama.web.widgets import TypeAhead

ALSO_SENT = frozenset({"csrfmiddlewaretoken"})


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d.%m.%Y"],
    )


class _Form(forms.Form):
    def clean(self) -> dict[str, Any]:
        """Refuse what the page did not ask; a field that is not known cannot be meant."""
        for name in sorted(set(self.data) - set(self.fields) - ALSO_SENT):
            self.add_error(None, _("This page does not know the field “%(name)s”.") % {"name": name[:60]})
        return self.cleaned_data


class SetForm(_Form):
    """From when to when, and who decided."""

    begins_on = _day(gettext_lazy("First day"))
    ends_on = _day(gettext_lazy("Last day"))
    decided_by = forms.ChoiceField(label=gettext_lazy("Who decided"), choices=Protection.Authority.choices)


class RenewForm(_Form):
    """Until when it runs now."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    ends_on = _day(gettext_lazy("Last day"))
    decided_by = forms.ChoiceField(label=gettext_lazy("Who decided"), choices=Protection.Authority.choices)


class EndForm(_Form):
    """Nothing to fill in: the page asks once more."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class LookForm(_Form):
    """Why somebody needs to see what is hidden."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Why do you need the details?"), choices=protection_reading.REASONS, widget=forms.RadioSelect
    )


def _lines(label: Any, help_text: Any = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 3, "autocomplete": "off"})
    return forms.CharField(label=label, required=False, max_length=2000, widget=widget, help_text=help_text)


class DetailsForm(_Form):
    """What the seal holds, corrected as a whole."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    municipality = forms.ChoiceField(label=gettext_lazy("Municipality"), widget=TypeAhead)
    safe_channels = _lines(
        gettext_lazy("Telephones and e-mail addresses where a message is safe"), gettext_lazy("One on each line.")
    )
    other_channels = _lines(gettext_lazy("Other telephones and e-mail addresses"), gettext_lazy("One on each line."))
    addresses = _lines(gettext_lazy("Addresses"), gettext_lazy("One on each line."))
    places = _lines(gettext_lazy("Where the person is met"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["municipality"].choices = queries.municipality_choices(reader())  # type: ignore[attr-defined]

    def details(self) -> Details:
        """The details as the action takes them."""
        given = self.cleaned_data
        channels = [*_channels(given["safe_channels"], safe=True), *_channels(given["other_channels"], safe=False)]
        return Details(given["municipality"], tuple(channels), tuple(_split(given["addresses"])), given["places"])


def _split(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _channels(text: str, *, safe: bool) -> list[ChannelRow]:
    """A line with @ is an e-mail address, any other a telephone."""
    kinds = ((Channel.Kind.EMAIL if "@" in line else Channel.Kind.PHONE, line) for line in _split(text))
    return [(kind.value, line, safe) for kind, line in kinds]


def initial_of_set(person: Person) -> dict[str, Any]:
    """A new one begins today and lasts as long as it may."""
    today = timezone.localdate()
    return {"begins_on": today, "ends_on": protection_rules.last_first_day(today)}


def initial_of_renewal(protection: Protection) -> dict[str, Any]:
    """A renewal lasts as long as it may."""
    latest: date = protection_rules.last_renewed_day(protection.ends_on)
    return {"version": protection.version, "ends_on": latest, "decided_by": protection.decided_by}


def initial_of_details(protection: Protection, details: Details) -> dict[str, Any]:
    """What the seal holds, for correcting it."""
    safe = [value for _kind, value, is_safe, *_more in details.channels if is_safe]
    other = [value for _kind, value, is_safe, *_more in details.channels if not is_safe]
    return {
        "version": protection.version,
        "municipality": details.municipality,
        "safe_channels": "\n".join(safe),
        "other_channels": "\n".join(other),
        "addresses": "\n".join(details.addresses),
        "places": details.places,
    }
