"""Fields of a sharing."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy

from kotisatama.people import queries
from kotisatama.people.models import Sharing
from kotisatama.people.opening_forms import KnownFieldsForm
from kotisatama.web.widgets import TypeAhead


class ShareForm(KnownFieldsForm):
    """With whom, why, what, from when to when."""

    to_controller = forms.ChoiceField(label=gettext_lazy("With which municipality"), widget=TypeAhead)
    basis = forms.ChoiceField(label=gettext_lazy("On what basis"), choices=Sharing.Basis.choices)
    scope = forms.ChoiceField(label=gettext_lazy("What is shared"), choices=Sharing.Scope.choices)
    begins_on = forms.DateField(
        label=gettext_lazy("From"),
        initial=timezone.localdate,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    ends_on = forms.DateField(
        label=gettext_lazy("Until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, reader: str, **further: Any) -> None:
        super().__init__(*args, **further)
        names = queries.municipality_choices(reader)
        choices = [(code, name) for code, name in names if code not in queries.NO_MUNICIPALITY]
        self.fields["to_controller"].choices = choices  # type: ignore[attr-defined]
