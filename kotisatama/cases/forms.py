"""Fields for opening and closing a case."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kotisatama.cases.models import Case


class _CaseForm(forms.Form):
    """A day, and no field that the page did not ask."""

    on = forms.DateField(
        label=gettext_lazy("Day"),
        initial=timezone.localdate,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def clean(self) -> dict[str, Any]:
        """Refuse fields that are not known."""
        for name in sorted(set(self.data) - set(self.fields) - {"csrfmiddlewaretoken"}):
            self.add_error(None, _("This page does not know the field “%(name)s”.") % {"name": name[:60]})
        return self.cleaned_data


class OpenCaseForm(_CaseForm):
    """Why the case is opened."""

    reason = forms.ChoiceField(label=gettext_lazy("Reason"), choices=Case.Reason.choices)


class CloseCaseForm(_CaseForm):
    """How the case ended."""

    outcome = forms.ChoiceField(label=gettext_lazy("Outcome"), choices=Case.Outcome.choices)
