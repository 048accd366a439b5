"""Fields of openings."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kotisatama.people.models import Opening


class KnownFieldsForm(forms.Form):
    """No field that the page did not ask."""

    def clean(self) -> dict[str, Any]:
        """Refuse fields that are not known."""
        for name in sorted(set(self.data) - set(self.fields) - {"csrfmiddlewaretoken"}):
            self.add_error(None, _("This page does not know the field “%(name)s”.") % {"name": name[:60]})
        return self.cleaned_data


class AskForm(KnownFieldsForm):
    """Why the record is to be opened, and where the worker was going."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Why do you open it?"), choices=Opening.Reason.choices, widget=forms.RadioSelect
    )
    next = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)


class ReviewForm(KnownFieldsForm):
    """Whether an opening was right."""

    verdict = forms.ChoiceField(label=gettext_lazy("Was it right?"), choices=Opening.Verdict.choices)
