"""The page on which a worker says what a statement in a form allows."""

from typing import Any, cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from kotisatama.intake import access, actions, agreeing, queries, reading
from kotisatama.intake.forms import NOTHING, reader
from kotisatama.kernel.errors import NotAllowed
from kotisatama.network import queries as network
from kotisatama.people.models import Consent
from kotisatama.staff.access import StaffRequest, requires
from kotisatama.staff.permissions import Permission


class AgreementForm(forms.Form):
    """What the statement is for, to whom the data may go, and until when."""

    purpose = forms.ChoiceField(label=gettext_lazy("Purpose"), choices=Consent.Purpose.choices)
    recipient = forms.ChoiceField(label=gettext_lazy("To whom"), required=False)
    data_kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Data"), choices=Consent.Data.choices, widget=forms.CheckboxSelectMultiple
    )
    until = forms.DateField(
        label=gettext_lazy("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.recipients = {str(each.pk): each for each in network.organisations()}
        named = [(key, each.name) for key, each in self.recipients.items()]
        cast(forms.ChoiceField, self.fields["recipient"]).choices = [NOTHING, *named]

    def clean(self) -> dict[str, Any]:
        """The recipient as a row; who asks a partner names one."""
        given = self.cleaned_data
        given["recipient"] = self.recipients.get(given.get("recipient", ""))
        if given.get("purpose") not in {None, Consent.Purpose.FEEDBACK} and given["recipient"] is None:
            self.add_error("recipient", _("Choose who gets the data."))
        return given


@require_http_methods(["GET", "POST"])
@requires(Permission.HANDLE_SUBMISSIONS)
def agreement(request: StaffRequest, pk: UUID, agreement: UUID) -> HttpResponse:
    """Read the statement as the person saw it, and write it into the ledger of consents."""
    found = queries.opened_by_key(request.user, pk)
    reading.note_opened(found, request.user)
    row = next((each for each in agreeing.agreements(found) if each.pk == agreement), None)
    if row is None:
        raise Http404
    if not access.has_taken(request.user, found):
        messages.error(request, _("Take this submission first."))
        return redirect("intake:item", pk)
    form = AgreementForm(request.POST or None, initial={"purpose": row.purpose})
    if form.is_valid():
        try:
            actions.take_agreement(found, row.pk, by=request.user, **form.cleaned_data)
        except NotAllowed as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("The consent is saved."))
            return redirect("intake:item", pk)
    line = queries.lines([found], request.user, reader())[0]
    return render(request, "intake/agreement.html", {"item": found, "line": line, "agreement": row, "form": form})
