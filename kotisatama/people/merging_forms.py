"""The fields of the page before a merge: one choice for each thing that differs."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from kotisatama.kernel import identifiers
from kotisatama.people.comparing import Comparison


class MergeForm(forms.Form):
    """Which side stands, where the two differ."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=identifiers.new_id)
    left_version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    right_version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, *args: Any, comparison: Comparison, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["left_version"].initial = comparison.left.version
        self.fields["right_version"].initial = comparison.right.version
        self.asked = [line for line in comparison.lines if line.choices]
        for line in self.asked:
            self.fields[line.name] = forms.ChoiceField(
                label=line.label, choices=line.choices, initial=line.initial, widget=forms.RadioSelect
            )

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Each question with its field, for the page."""
        return [{"label": line.label, "field": self[line.name]} for line in self.asked]

    def clean(self) -> dict[str, Any]:
        """Refuse fields that are not known."""
        for name in sorted(set(self.data) - set(self.fields) - {"csrfmiddlewaretoken"}):
            self.add_error(None, _("This page does not know the field “%(name)s”.") % {"name": name[:60]})
        return self.cleaned_data

    def decision(self) -> dict[str, Any]:
        """Key, versions and choices as `merging.merge_people` takes them."""
        given = self.cleaned_data
        return {
            "key": given["key"],
            "versions": (given["left_version"], given["right_version"]),
            "choices": {line.name: given[line.name] for line in self.asked},
        }
