"""Forms of the pages about workers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kotisatama.network.models import Organisation, ServicePoint
from kotisatama.staff import access, permissions
from kotisatama.staff.models import Team, Worker


class FindWorkersForm(forms.Form):
    """The filters above the list."""

    text = forms.CharField(label=_("Name or e-mail address"), max_length=80, required=False)
    role = forms.ChoiceField(label=_("Role"), required=False)
    organisation: "forms.ModelChoiceField[Organisation]" = forms.ModelChoiceField(
        None, label=_("Organisation"), required=False, empty_label=_("All")
    )
    former = forms.BooleanField(label=_("Show closed accounts"), required=False)

    def __init__(self, *arguments: Any, viewer: Worker, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.fields["role"].choices = [("", _("All")), *permissions.Role.choices]  # type: ignore[attr-defined]
        self.fields["organisation"].queryset = access.visible_organisations(viewer)  # type: ignore[attr-defined]


class _AccountForm(forms.Form):
    """What a new account and an old one have in common."""

    name = forms.CharField(label=_("Name"), max_length=80)
    roles = forms.MultipleChoiceField(
        label=_("Roles"), choices=permissions.Role.choices, widget=forms.CheckboxSelectMultiple
    )
    team: "forms.ModelChoiceField[Team]" = forms.ModelChoiceField(
        None, label=_("Team"), required=False, empty_label=_("No team")
    )
    service_point: "forms.ModelChoiceField[ServicePoint]" = forms.ModelChoiceField(
        None, label=_("Service point"), required=False, empty_label=_("No service point")
    )
    language = forms.ChoiceField(label=_("Language of the screens"), choices=Worker.Language.choices)

    def __init__(self, *arguments: Any, viewer: Worker, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.fields["team"].queryset = access.visible_teams(viewer)  # type: ignore[attr-defined]
        self.fields["service_point"].queryset = access.visible_service_points(viewer)  # type: ignore[attr-defined]


class NewWorkerForm(_AccountForm):
    """A new account; the worker gets a link for the password by e-mail."""

    email = forms.EmailField(label=_("E-mail address"), help_text=_("A link for setting the password is sent here."))
    organisation: "forms.ModelChoiceField[Organisation]" = forms.ModelChoiceField(None, label=_("Organisation"))
    field_order = ("email", "name", "organisation", "roles", "team", "service_point", "language")

    def __init__(self, *arguments: Any, viewer: Worker, **more: Any) -> None:
        super().__init__(*arguments, viewer=viewer, **more)
        self.fields["organisation"].queryset = access.visible_organisations(viewer)  # type: ignore[attr-defined]


class ChangeWorkerForm(_AccountForm):
    """An account as it is, with the version that the page showed."""

    is_active = forms.BooleanField(
        label=_("The account is open"),
        required=False,
        help_text=_("A closed account is signed out at once. Its earlier work stays."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *arguments: Any, worker: Worker, viewer: Worker, **more: Any) -> None:
        fields = ("name", "roles", "team", "service_point", "language", "is_active", "version")
        more["initial"] = {field: getattr(worker, field) for field in fields}
        super().__init__(*arguments, viewer=viewer, **more)
        own_teams = access.visible_teams(viewer).filter(organisation=worker.organisation_id)
        self.fields["team"].queryset = own_teams  # type: ignore[attr-defined]


class ProfileForm(forms.Form):
    """What a worker chooses alone."""

    language = forms.ChoiceField(label=_("Language of the screens"), choices=Worker.Language.choices)
    service_point: "forms.ModelChoiceField[ServicePoint]" = forms.ModelChoiceField(
        None, label=_("Service point"), required=False, empty_label=_("No service point")
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *arguments: Any, worker: Worker, **more: Any) -> None:
        more["initial"] = {field: getattr(worker, field) for field in ("language", "service_point", "version")}
        super().__init__(*arguments, **more)
        self.fields["service_point"].queryset = access.visible_service_points(worker)  # type: ignore[attr-defined]
