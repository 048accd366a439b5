"""Fields of the page from which a form is sent to a client."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kotisatama.forms import queries
from kotisatama.forms.models import Version
from kotisatama.intake.answering import Address
from kotisatama.intake.prefilling import Known
from kotisatama.people.models import Person

PAPER = "paper"


class ChooseForm(forms.Form):
    """Which form, and in which language the client gets it; asked by the address of the page."""

    form = forms.ChoiceField(label=gettext_lazy("Form"))
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=settings.LANGUAGES)

    def __init__(self, *args: Any, versions: Sequence[Version], reader: str, **options: Any) -> None:
        super().__init__(*args, **options)
        named = [(each.form.code, queries.title(each, reader).text) for each in versions]
        cast(forms.ChoiceField, self.fields["form"]).choices = named


class InvitationForm(forms.Form):
    """What is filled in beforehand and how the link reaches the client; `key` makes the page sent twice one link."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    targets = forms.MultipleChoiceField(
        label=gettext_lazy("Filled in from the register"), widget=forms.CheckboxSelectMultiple, required=False
    )
    delivery = forms.ChoiceField(label=gettext_lazy("How the person gets the link"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, known: Sequence[Known], addresses: Sequence[Address], **options: Any) -> None:
        super().__init__(*args, **options)
        named = [(each.target, _line(each)) for each in known]
        cast(forms.MultipleChoiceField, self.fields["targets"]).choices = named
        if not known:
            del self.fields["targets"]
        ways = [(each.code, each.shown) for each in addresses]
        paper = (PAPER, _("On paper: a code to print, or a link to show"))
        cast(forms.ChoiceField, self.fields["delivery"]).choices = [*ways, paper]

    def address(self) -> str:
        """The code of the address, empty for paper."""
        return "" if self.cleaned_data["delivery"] == PAPER else str(self.cleaned_data["delivery"])

    def targets_chosen(self) -> list[str]:
        """What may be filled in; nothing where nothing is known."""
        return list(self.cleaned_data.get("targets", []))


def _line(known: Known) -> str:
    values = {"question": known.label.text, "answer": known.shown}
    if known.is_verified:
        return _("%(question)s: %(answer)s (the client cannot change it)") % values
    return _("%(question)s: %(answer)s") % values


def language_of(person: Person) -> str:
    """The first of the client's languages that the pages have."""
    public = dict(settings.LANGUAGES)
    return next((code for code in person.service_languages if code in public), "en")
