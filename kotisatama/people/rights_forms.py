"""Fields of a client's rights."""

import uuid
from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kotisatama.kernel import identifiers
from kotisatama.network.models import Organisation
from kotisatama.people.models import Consent, Rectification, Restriction
from kotisatama.privacy.models import Hold

NOBODY = ("", gettext_lazy("Nobody outside the centre"))


def day_field(label: Any, **options: Any) -> forms.DateField:
    """A day, typed or chosen."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, input_formats=["%Y-%m-%d", "%d.%m.%Y"], **options)


class KeyedForm(forms.Form):
    """A form with a key made in the page: sent twice it acts once."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=identifiers.new_id)

    def clean(self) -> dict[str, Any]:
        """Refuse fields that are not known."""
        for name in sorted(set(self.data) - set(self.fields) - {"csrfmiddlewaretoken", "language"}):
            self.add_error(None, _("This page does not know the field “%(name)s”.") % {"name": name[:60]})
        return self.cleaned_data


class WhatForm(forms.Form):
    """What a consent is about; its text follows from this."""

    purpose = forms.ChoiceField(label=gettext_lazy("Purpose"), choices=Consent.Purpose.choices)
    recipient = forms.ChoiceField(label=gettext_lazy("To whom"), required=False)
    data_kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Data"), choices=Consent.Data.choices, widget=forms.CheckboxSelectMultiple
    )
    language = forms.ChoiceField(label=gettext_lazy("Language of the text"))

    def __init__(
        self, *args: Any, recipients: Iterable[Organisation], languages: Iterable[tuple[str, str]], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.recipients = {str(each.pk): each for each in recipients}
        named = [(key, each.name) for key, each in self.recipients.items()]
        cast(forms.ChoiceField, self.fields["recipient"]).choices = [NOBODY, *named]
        cast(forms.ChoiceField, self.fields["language"]).choices = list(languages)

    def clean(self) -> dict[str, Any]:
        """The recipient as a row; who asks a partner names one."""
        given = self.cleaned_data
        chosen = self.recipients.get(given.get("recipient", ""))
        given["recipient"] = chosen
        if given.get("purpose") not in {None, Consent.Purpose.FEEDBACK} and chosen is None:
            self.add_error("recipient", _("Choose who gets the data."))
        return given


class GivenForm(KeyedForm):
    """How and when the client agreed."""

    way = forms.ChoiceField(label=gettext_lazy("How it was given"), choices=Consent.Way.choices)
    on = day_field(gettext_lazy("Given on"), initial=timezone.localdate)
    until = day_field(gettext_lazy("Until"), required=False)


class WithdrawnForm(forms.Form):
    """How the client withdrew."""

    way = forms.ChoiceField(label=gettext_lazy("How it was withdrawn"), choices=Consent.Way.choices)


class RectificationForm(KeyedForm):
    """What the client wants put right."""

    what = forms.CharField(
        label=gettext_lazy("What should be put right"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4})
    )
    asked_on = day_field(gettext_lazy("Asked on"), initial=timezone.localdate)


class DecisionForm(forms.Form):
    """What was decided, and why not."""

    decision = forms.ChoiceField(
        label=gettext_lazy("Decision"), choices=[each for each in Rectification.Decision.choices if each[0]]
    )
    refusal = forms.ChoiceField(
        label=gettext_lazy("Reason for refusing"), choices=[("", "–"), *Rectification.Refusal.choices], required=False
    )


class RestrictionForm(KeyedForm):
    """From when till when, and why the data rests."""

    reason = forms.ChoiceField(label=gettext_lazy("Reason"), choices=Restriction.Reason.choices)
    valid_from = day_field(gettext_lazy("Valid from"), initial=timezone.localdate)
    valid_to = day_field(gettext_lazy("Until"), required=False)


class HoldForm(KeyedForm):
    """Till when nothing of the client is deleted, and why."""

    reason = forms.ChoiceField(label=gettext_lazy("Reason"), choices=Hold.Reason.choices)
    until = day_field(gettext_lazy("Until"))


def as_key(text: str) -> uuid.UUID | None:
    """A client's key out of a text or an address, None when there is none."""
    try:
        return uuid.UUID(text.strip().rstrip("/").rsplit("/", 1)[-1])
    except ValueError:
        return None
