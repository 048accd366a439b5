"""Filters of the outbox."""

from django import forms
from django.utils.translation import gettext_lazy as _

from kotisatama.messages.models import Message


class FilterForm(forms.Form):
    """Which messages the list shows; a word that is not on the lists narrows nothing."""

    state = forms.ChoiceField(label=_("State"), required=False)
    channel = forms.ChoiceField(label=_("Channel"), required=False)

    def __init__(self, data: object, *, counts: dict[str, int]) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        for name, choices in (("state", Message.State.choices), ("channel", Message.Channel.choices)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", _("All"))] + [(code, f"{label} ({counts.get(code, 0)})") for code, label in choices]

    def wanted(self) -> dict[str, str]:
        """The valid part of what was asked, e.g. {"state": "failed"}."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
