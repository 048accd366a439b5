"""Fields of the screens of cases."""

from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kotisatama.cases import receivers
from kotisatama.cases.models import Case, ClosingReason, Outcome, PlanPlace, Reason, Transfer
from kotisatama.staff.models import Team, Worker
from kotisatama.web.widgets import TypeAhead, TypeAheadMany

NOTHING = ("", "–")


class _CaseForm(forms.Form):
    """No field that the page did not ask."""

    def clean(self) -> dict[str, Any]:
        """Refuse fields that are not known."""
        for name in sorted(set(self.data) - set(self.fields) - {"csrfmiddlewaretoken"}):
            self.add_error(None, _("This page does not know the field “%(name)s”.") % {"name": name[:60]})
        return self.cleaned_data


def _day() -> forms.DateField:
    return forms.DateField(
        label=gettext_lazy("Day"),
        initial=timezone.localdate,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class _ReasonsForm(_CaseForm):
    """Why somebody is guided, and where the plan is."""

    reason = forms.ChoiceField(label=gettext_lazy("Reason"), choices=Reason.choices)
    further_reasons = forms.MultipleChoiceField(
        label=gettext_lazy("Other reasons"), choices=Reason.choices, widget=TypeAheadMany, required=False
    )
    plan_kept_in = forms.ChoiceField(
        label=gettext_lazy("The plan is kept in"), choices=[NOTHING, *PlanPlace.choices], required=False
    )


class OpenCaseForm(_ReasonsForm):
    """Why the case is opened."""

    on = _day()
    field_order = ("on", "reason", "further_reasons", "plan_kept_in")


class ChangeCaseForm(_ReasonsForm):
    """The same of an open case, from the version that the page showed."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class CloseCaseForm(_CaseForm):
    """How the case ended; codes only, so that nothing about the person is written down."""

    on = _day()
    outcome = forms.ChoiceField(label=gettext_lazy("Outcome"), choices=Outcome.choices)
    closing_reason = forms.ChoiceField(
        label=gettext_lazy("Why it is closed"), choices=[NOTHING, *ClosingReason.choices], required=False
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class _ToForm(_CaseForm):
    """A worker or a team who may have cases of these controllers."""

    to = forms.ChoiceField(label=gettext_lazy("To whom"), widget=TypeAhead)

    def __init__(self, *args: Any, viewer: Worker, controllers: list[str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.receivers = list(self._receivers(viewer, controllers))
        field = cast(forms.ChoiceField, self.fields["to"])
        field.choices = [("", "–"), *receivers.choices(self.receivers, viewer)]

    def _receivers(self, viewer: Worker, controllers: list[str]) -> list[Worker]:
        return list(receivers.workers(controllers))

    def to_worker(self) -> Worker | None:
        """The worker chosen, None for a team."""
        kind, _colon, number = self.cleaned_data["to"].partition(":")
        return next((each for each in self.receivers if kind == "worker" and str(each.pk) == number), None)

    def to_team(self) -> Team | None:
        """The team chosen, None for a worker."""
        kind, _colon, number = self.cleaned_data["to"].partition(":")
        return next((each.team for each in self.receivers if kind == "team" and str(each.team_id) == number), None)


class TransferForm(_ToForm):
    """To whom the case is offered, and why."""

    why = forms.ChoiceField(label=gettext_lazy("Why"), choices=Transfer.Why.choices)
    version = forms.IntegerField(widget=forms.HiddenInput)


class RejectForm(_CaseForm):
    """Why not."""

    refusal = forms.ChoiceField(label=gettext_lazy("Why not"), choices=Transfer.Refusal.choices)


class AssignForm(_ToForm):
    """To whom of the own house many cases go."""

    def _receivers(self, viewer: Worker, controllers: list[str]) -> list[Worker]:
        return list(receivers.workers(controllers).filter(organisation_id=viewer.organisation_id))

    def clean(self) -> dict[str, Any]:
        """The list's own filters come along."""
        return self.cleaned_data

    def candidates(self) -> list[Worker]:
        """The worker chosen, or all of the team chosen."""
        team, worker = self.to_team(), self.to_worker()
        return [worker] if worker else [each for each in self.receivers if team and each.team_id == team.pk]


def initial_of(case: Case) -> dict[str, Any]:
    """What the page of changing shows."""
    return {name: getattr(case, name) for name in ("reason", "further_reasons", "plan_kept_in", "version")}
