"""Fields of the pages on which a worker decides what a submission proposes."""

from collections.abc import Sequence
from typing import Any, cast
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kotisatama.documents.models import Document
from kotisatama.intake.forms import StepForm
from kotisatama.intake.models import Decision
from kotisatama.intake.proposing import Proposal
from kotisatama.people import queries as people

MOST_KEYS = 100
LABELS = {
    Decision.Way.ACCEPT: gettext_lazy("Accept"),
    Decision.Way.KEEP_BOTH: gettext_lazy("Keep both"),
    Decision.Way.REJECT: gettext_lazy("Leave out"),
}


class DecisionsForm(StepForm):
    """A row of choices for each thing that was told; a row without a choice waits.

    Every way is understood, also one that is offered no more: the same page sent again says so, or changes nothing.
    """

    person_version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, *args: Any, proposals: Sequence[Proposal], **options: Any) -> None:
        super().__init__(*args, **options)
        self.proposals = proposals
        for each in proposals:
            self.fields[each.field.code] = forms.ChoiceField(
                label=str(each.field.label), choices=list(LABELS.items()), widget=forms.RadioSelect, required=False
            )

    def rows(self) -> list[tuple[Proposal, Any]]:
        """Each proposal with the choices that it offers."""
        return [
            (each, [radio for radio in cast(Any, self[each.field.code]) if radio.data["value"] in each.ways])
            for each in self.proposals
        ]

    def chosen(self) -> dict[str, str]:
        """Way by field, of the rows in which something was chosen."""
        codes = [each.field.code for each in self.proposals]
        return {code: self.cleaned_data[code] for code in codes if self.cleaned_data.get(code)}


class MemberForm(StepForm):
    """Who a member of the family is; `key` makes the same page sent twice one person."""

    place = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    key = forms.UUIDField(widget=forms.HiddenInput)
    who = forms.ChoiceField(label=gettext_lazy("Who is this?"), widget=forms.RadioSelect)
    role = forms.ChoiceField(label=gettext_lazy("What this one is to the client"))

    def __init__(self, *args: Any, found: Sequence[people.FoundRow], **options: Any) -> None:
        super().__init__(*args, **options)
        known = [(str(row.person.pk), str(row.person)) for row in found]
        made = _("Nobody of these: a new client") if known else _("New client")
        further = [("made", made), ("reject", _("Not needed here"))]
        self.offer("who", [*known, *further])
        self.offer("role", people.role_choices())
        self.found = {str(row.person.pk): row for row in found}

    def options(self) -> list[tuple[Any, people.FoundRow | None]]:
        """Each choice of `who` with the client whom it names, None for the further ones."""
        radios = cast(Any, self["who"])
        return [(radio, self.found.get(str(radio.data["value"]))) for radio in radios]


class KeysField(forms.Field):
    """Ids that the page made, one for each place of the form."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: Any) -> list[UUID]:
        try:
            return [UUID(each) for each in (value or [])[:MOST_KEYS]]
        except ValueError as reason:
            raise forms.ValidationError(_("Open the page again.")) from reason


class MembersForm(StepForm):
    """All members at once: the ids of those who become clients."""

    keys = KeysField()


class FilesForm(StepForm):
    """Which files of the submission are kept with the client."""

    chosen = forms.MultipleChoiceField(
        label=gettext_lazy("Files"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one file.")},
    )

    def __init__(self, *args: Any, files: Sequence[Document], **options: Any) -> None:
        super().__init__(*args, **options)
        self.offer("chosen", [(str(each.pk), each.name) for each in files])
