"""Forms of the pages about the region."""

from typing import Any

from babel import Locale
from django import forms
from django.utils import dates, timezone, translation
from django.utils.translation import gettext_lazy as _

from kotisatama.network import access
from kotisatama.network.access import Viewer
from kotisatama.network.models import Municipality, OpeningHours, Organisation, ServicePoint

# Languages that a place may speak; others are reached by an interpreter.
SPOKEN = (
    *("fi", "sv", "en", "ru", "uk", "ar", "fa", "prs", "so", "ckb", "ti", "am"),
    *("my", "th", "vi", "tr", "fr", "es", "et", "zh", "sw"),
)


def spoken_languages() -> list[tuple[str, str]]:
    """Codes with their names in the page's language, in the order of the names."""
    names = Locale.parse(translation.get_language() or "fi", sep="-").languages
    return sorted(((code, names.get(code, code)) for code in SPOKEN), key=lambda pair: pair[1].casefold())


def weekdays() -> list[tuple[int, Any]]:
    """ISO numbers with the days' names."""
    return [(number + 1, name) for number, name in dates.WEEKDAYS.items()]


class _Day(forms.DateInput):
    """The browser's own calendar; the value goes as ISO 8601 whatever the page's language."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class _Time(forms.TimeInput):
    """The browser's own clock."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class ServicePointForm(forms.Form):
    """What visitors read about the place."""

    name = forms.CharField(label=_("Name"), max_length=120)
    street_address = forms.CharField(label=_("Street address"), max_length=120, required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=20, required=False)
    email = forms.EmailField(label=_("E-mail address"), required=False)

    def __init__(self, *arguments: Any, point: ServicePoint, **more: Any) -> None:
        fields = ("name", "street_address", "phone", "email")
        more["initial"] = {field: getattr(point, field) for field in fields}
        super().__init__(*arguments, **more)

    def changes(self) -> dict[str, str]:
        """Only the fields that were changed on the page."""
        return {field: self.cleaned_data[field] for field in self.changed_data}


class OpeningHoursForm(forms.Form):
    """One weekday's hours at one place."""

    weekday = forms.TypedChoiceField(label=_("Weekday"), choices=weekdays, coerce=int)
    opens_at = forms.TimeField(label=_("Opens at"), widget=_Time)
    closes_at = forms.TimeField(label=_("Closes at"), widget=_Time)
    kind = forms.ChoiceField(label=_("Kind"), choices=OpeningHours.Kind.choices)
    languages = forms.MultipleChoiceField(
        label=_("Languages spoken in this time"),
        choices=spoken_languages,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    valid_from = forms.DateField(label=_("First day"), widget=_Day, initial=timezone.localdate)
    valid_to = forms.DateField(label=_("Last day"), widget=_Day, required=False)


class LastDayForm(forms.Form):
    """The last day of something that ends."""

    on = forms.DateField(label=_("Last day"), widget=_Day, initial=timezone.localdate)


class MandateForm(forms.Form):
    """Which municipality lets which organisation serve its clients, and until when."""

    controller: "forms.ModelChoiceField[Municipality]" = forms.ModelChoiceField(None, label=_("Municipality"))
    organisation: "forms.ModelChoiceField[Organisation]" = forms.ModelChoiceField(None, label=_("Organisation"))
    valid_from = forms.DateField(label=_("First day"), widget=_Day, initial=timezone.localdate)
    valid_to = forms.DateField(label=_("Last day"), widget=_Day, required=False)
    basis = forms.CharField(label=_("Agreement or decision"), max_length=200)

    def __init__(self, *arguments: Any, viewer: Viewer, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.fields["controller"].queryset = access.visible_controllers(viewer)  # type: ignore[attr-defined]
        self.fields["organisation"].queryset = access.visible_organisations(viewer)  # type: ignore[attr-defined]
