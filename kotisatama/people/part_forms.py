"""Fields of what hangs on a person: residences, grounds of stay, family, channels, identifiers."""

from datetime import date
from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kotisatama.kernel.errors import NotAllowed
from kotisatama.people import kinship, queries, rules
from kotisatama.people.forms import NOTHING, country_choices, reader
from kotisatama.people.models import (
    Channel,
    GroundOfStay,
    GroundPeriod,
    Identifier,
    MayKnow,
    PermitType,
    Person,
    Relation,
    Residence,
)
from kotisatama.staff.models import Worker
from kotisatama.web.widgets import TypeAhead

ALSO_SENT = frozenset({"csrfmiddlewaretoken", "remove"})
REASON = gettext_lazy("Why it is corrected")
THEIRS = gettext_lazy("What the relative may be told of the client")
OURS = gettext_lazy("What the client may be told of the relative")


def _day(label: Any, **options: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d.%m.%Y"],
        **{"required": False} | options,
    )


class PartForm(forms.Form):
    """A form that refuses what its page did not ask."""

    def clean(self) -> dict[str, Any]:
        """A field that is not known cannot be meant; a period ends after it begins."""
        for name in sorted(set(self.data) - set(self.fields) - ALSO_SENT):
            self.add_error(None, _("This page does not know the field “%(name)s”.") % {"name": name[:60]})
        if "valid_from" in self.fields:
            self._check_days()
        return self.cleaned_data

    def _check_days(self) -> None:
        given = self.cleaned_data
        try:
            rules.check_days(given.get("valid_from"), None)
        except NotAllowed as reason:
            self.add_error("valid_from", str(reason))
            return
        try:
            rules.check_days(given.get("valid_from"), given.get("valid_to"))
        except NotAllowed as reason:
            self.add_error("valid_to", str(reason))

    def offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        """What can be chosen in a field."""
        cast(forms.ChoiceField, self.fields[name]).choices = choices


class ResidenceForm(PartForm):
    """A residence; the kind of one that exists stays."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind of residence"), choices=Residence.Kind.choices)
    municipality = forms.ChoiceField(label=gettext_lazy("Municipality"), widget=TypeAhead)
    street_address = forms.CharField(label=gettext_lazy("Street address"), max_length=120, required=False)
    postal_code = forms.CharField(label=gettext_lazy("Postal code"), max_length=10, required=False)
    post_office = forms.CharField(label=gettext_lazy("Post office"), max_length=60, required=False)
    valid_from = _day(gettext_lazy("From"), help_text=gettext_lazy("Empty when it is not known since when."))
    valid_to = _day(gettext_lazy("Until"))

    def __init__(self, *args: Any, worker: Worker, **options: Any) -> None:
        super().__init__(*args, **options)
        self.offer("municipality", queries.municipality_choices(reader(), first=worker.controller_codes))


class ChangeResidenceForm(ResidenceForm):
    """A residence that is corrected."""

    kind = None  # type: ignore[assignment]
    reason = forms.CharField(label=REASON, max_length=200, required=False)


class GroundForm(PartForm):
    """A ground of stay."""

    ground = forms.ChoiceField(label=gettext_lazy("Ground of stay"), choices=GroundOfStay.choices)
    permit_type = forms.ChoiceField(
        label=gettext_lazy("Permit"), choices=[NOTHING, *PermitType.choices], required=False
    )
    valid_from = _day(gettext_lazy("From"), help_text=gettext_lazy("Empty when it is not known since when."))
    valid_to = _day(gettext_lazy("Until"))

    def __init__(self, *args: Any, worker: Worker, **options: Any) -> None:
        super().__init__(*args, **options)


class ChangeGroundForm(GroundForm):
    """A ground of stay that is corrected."""

    reason = forms.CharField(label=REASON, max_length=200, required=False)


def values_of(row: Residence | GroundPeriod, form: type[forms.Form]) -> dict[str, Any]:
    """What the row says in the fields of a form."""
    return {name: getattr(row, name) for name in form.base_fields if hasattr(row, name)}


class RelationForm(PartForm):
    """Somebody who was searched for becomes a relative; who may know what is nothing unless chosen."""

    q = forms.CharField(widget=forms.HiddenInput, required=False)
    other = forms.UUIDField(
        error_messages={"required": gettext_lazy("Choose the person."), "invalid": gettext_lazy("Choose the person.")}
    )
    role = forms.ChoiceField(label=gettext_lazy("What this one is to the client"))
    theirs = forms.ChoiceField(
        label=gettext_lazy("What the relative may be told of the client"), choices=MayKnow.choices
    )
    ours = forms.ChoiceField(label=gettext_lazy("What the client may be told of the relative"), choices=MayKnow.choices)
    lives_here = forms.BooleanField(label=gettext_lazy("They live together"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.offer("role", [*kinship.role_choices(), ("none", _("No relative, they only live together"))])

    def clean(self) -> dict[str, Any]:
        """Something has to be said of the two."""
        given = super().clean()
        if given.get("role") == "none" and not given.get("lives_here"):
            self.add_error("role", _("Choose what they are to each other, or that they live together."))
        return given


class ChangeRelationForm(PartForm):
    """Who may know what, and until when they were related."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    theirs = forms.ChoiceField(
        label=gettext_lazy("What the relative may be told of the client"), choices=MayKnow.choices
    )
    ours = forms.ChoiceField(label=gettext_lazy("What the client may be told of the relative"), choices=MayKnow.choices)
    valid_to = _day(gettext_lazy("Until"), help_text=gettext_lazy("When they are not what they were to each other."))

    def changes(self, relation: Relation, person: Person) -> dict[str, Any]:
        """The arguments of the action, as the person's end sees them."""
        given = self.cleaned_data
        is_from = relation.from_person_id == person.pk
        known = {"from_may_know": given["ours"], "to_may_know": given["theirs"]}
        if not is_from:
            known = {"from_may_know": given["theirs"], "to_may_know": given["ours"]}
        return {**known, "valid_to": given["valid_to"], "version": given["version"]}


def values_of_relation(relation: Relation, person: Person) -> dict[str, Any]:
    """What the page of a relation shows, from the person's end."""
    is_from = relation.from_person_id == person.pk
    ours, theirs = relation.from_may_know, relation.to_may_know
    if not is_from:
        ours, theirs = theirs, ours
    return {"version": relation.version, "ours": ours, "theirs": theirs, "valid_to": relation.valid_to}


class LeaveForm(PartForm):
    """The last day in the household."""

    on = _day(gettext_lazy("Last day"), required=True, initial=timezone.localdate)

    def clean_on(self) -> date:
        day: date = self.cleaned_data["on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("The day is in the future."))
        return day


class IdentifierForm(PartForm):
    """A code of an authority."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Identifier.Kind.choices)
    issuing_country = forms.ChoiceField(
        label=gettext_lazy("Issuing country"),
        widget=TypeAhead,
        required=False,
        help_text=gettext_lazy("Of a passport only."),
    )
    code = forms.CharField(
        label=gettext_lazy("Code or number"),
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "ltr", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.offer("issuing_country", [NOTHING, *country_choices(reader())])

    def clean(self) -> dict[str, Any]:
        """The code has the form of its kind; only a passport has a country."""
        given = super().clean()
        if given.get("kind") and given.get("code"):
            try:
                given["code"] = rules.identifier_value(given["kind"], given["code"])
            except NotAllowed as reason:
                self.add_error("code", str(reason))
        if given.get("kind") != Identifier.Kind.PASSPORT:
            given["issuing_country"] = ""
        elif not given.get("issuing_country"):
            self.add_error("issuing_country", _("Choose the country that issued the passport."))
        return given


class ChannelForm(forms.Form):
    """One way to reach a person; an empty one says nothing."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Channel.Kind.choices)
    value = forms.CharField(
        label=gettext_lazy("Number or address"),
        required=False,
        max_length=254,
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language on this channel"), widget=TypeAhead, required=False)
    safe_to_call = forms.BooleanField(label=gettext_lazy("Safe to call"), required=False, initial=True)
    safe_to_leave_message = forms.BooleanField(label=gettext_lazy("Safe to leave a message"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        cast(forms.ChoiceField, self.fields["language"]).choices = [NOTHING, *queries.language_choices(reader())]

    def clean(self) -> dict[str, Any]:
        """The value has the form of its kind."""
        given = self.cleaned_data
        if given.get("kind") and given.get("value"):
            try:
                given["value"] = rules.channel_value(given["kind"], given["value"])
            except NotAllowed as reason:
                self.add_error("value", str(reason))
        if given.get("kind") == Channel.Kind.EMAIL:  # Nobody calls an address: the page does not ask.
            given["safe_to_call"] = True
        return given


ChannelForms = forms.formset_factory(ChannelForm, extra=1, max_num=10, validate_max=True)


class ChannelsForm(PartForm):
    """The version that the page of channels showed; each channel is a form of its own beside it."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        return self.cleaned_data


def channel_values(person: Person) -> list[dict[str, Any]]:
    """What the page of channels shows, a dict for each."""
    return [{name: getattr(channel, name) for name in ChannelForm.base_fields} for channel in queries.channels(person)]
