"""What the trail is searched by."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kotisatama.audit.queries import Wanted
from kotisatama.network import access as network
from kotisatama.people import queries as people
from kotisatama.people.models import UnusualLook
from kotisatama.staff import queries as staff
from kotisatama.staff.models import Worker

USUAL_DAYS = 7


def _day(label: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget, input_formats=["%Y-%m-%d", "%d.%m.%Y"])


class TrailForm(forms.Form):
    """Which lines; without days the last week."""

    since = _day(_("From"))
    until = _day(_("To"))
    worker = forms.CharField(label=_("Worker's name"), required=False, max_length=80)
    organisation = forms.ChoiceField(label=_("Organisation"), required=False)
    action = forms.CharField(label=_("Code of the action"), required=False, max_length=60)
    person = forms.CharField(
        label=_("Client's identity code or id"),
        required=False,
        max_length=40,
        help_text=_("The identity code is not written down."),
    )

    def __init__(self, data: Any, *, viewer: Worker) -> None:
        super().__init__(data)
        self.viewer = viewer
        organisations = network.visible_organisations(viewer).order_by("name")
        field = self.fields["organisation"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("All")), *((str(each.pk), each.name) for each in organisations)]

    def clean(self) -> dict[str, Any]:
        """The last day is not before the first."""
        given = super().clean() or {}
        if given.get("since") and given.get("until") and given["until"] < given["since"]:
            self.add_error("until", _("The last day is before the first."))
        return given

    def wanted(self) -> Wanted:
        """The valid part of what was asked."""
        given = self.cleaned_data if self.is_valid() else {}
        today = timezone.localdate()
        until = given.get("until") or today
        return Wanted(
            since=given.get("since") or until - timedelta(days=USUAL_DAYS),
            until=until,
            worker_ids=staff.worker_ids_named(given["worker"]) if given.get("worker") else None,
            organisation_id=int(given["organisation"]) if given.get("organisation") else None,
            action=given.get("action", "").strip(),
            person_ids=people.person_ids_of(self.viewer, given["person"]) if given.get("person") else None,
        )

    def filters(self) -> list[str]:
        """Which fields narrowed the list: for the line, which has no words."""
        return sorted(name for name, value in self.cleaned_data.items() if value) if self.is_valid() else []


class StateForm(forms.Form):
    """Which unusual looks the list shows."""

    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All")), *UnusualLook.State.choices])


class ReviewForm(forms.Form):
    """What came out when somebody asked."""

    state = forms.ChoiceField(choices=UnusualLook.State.choices)
