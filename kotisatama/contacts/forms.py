"""Fields of the screens of contacts."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, cast

from babel import Locale
from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from kotisatama.contacts import queries, rules
from kotisatama.contacts.models import (
    AgeBand,
    Channel,
    Contact,
    Duration,
    FundingLine,
    Interpreter,
    Outcome,
    TimeInFinland,
)
from kotisatama.kernel import identifiers
from kotisatama.network.models import ServicePoint
from kotisatama.people import queries as people
from kotisatama.people.models import Gender, GroundOfStay, Person
from kotisatama.staff.models import Worker
from kotisatama.web.widgets import TypeAhead, TypeAheadMany

MOMENT = "%Y-%m-%dT%H:%M"
NOTHING = ("", "–")
# What the page sends beside the fields of the form.
ALSO_SENT = frozenset({"csrfmiddlewaretoken", "find", "q"})


def reader() -> str:
    """The language that the page is read in."""
    return (get_language() or "fi")[:2]


def country_choices(language: str) -> list[tuple[str, str]]:
    """(two-letter code, name) of every country, by name."""
    territories = Locale.parse(language).territories
    named = [(code, name) for code, name in territories.items() if len(code) == 2 and code.isalpha()]
    return sorted(named, key=lambda each: each[1])


class ContactForm(forms.Form):
    """A contact's fields for one worker: six required ones, and those under "More"."""

    REQUIRED = ("topics", "at", "service_point", "channel", "municipality", "service_language")
    VISITOR = ("age_band", "gender", "citizenship", "mother_tongue", "ground_of_stay", "time_in_finland")
    FURTHER = ("interpreter", "duration", "outcome", "referred_to", "out_of_hours", "funding_line", "note")

    topics = forms.MultipleChoiceField(label=gettext_lazy("Topics"), widget=TypeAheadMany)
    at = forms.DateTimeField(
        label=gettext_lazy("When"),
        input_formats=[MOMENT, "%Y-%m-%dT%H:%M:%S"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT),
    )
    service_point = forms.TypedChoiceField(label=gettext_lazy("Service point"))
    channel = forms.ChoiceField(label=gettext_lazy("Channel"), choices=Channel.choices)
    municipality = forms.ChoiceField(label=gettext_lazy("Municipality"), widget=TypeAhead)
    service_language = forms.ChoiceField(label=gettext_lazy("Language"), widget=TypeAhead)

    interpreter = forms.ChoiceField(
        label=gettext_lazy("Interpreter"), choices=Interpreter.choices, required=False, initial=Interpreter.NONE
    )
    duration = forms.ChoiceField(label=gettext_lazy("Duration"), choices=[NOTHING, *Duration.choices], required=False)
    outcome = forms.ChoiceField(label=gettext_lazy("Outcome"), choices=[NOTHING, *Outcome.choices], required=False)
    referred_to = forms.CharField(label=gettext_lazy("Referred to"), max_length=120, required=False)
    out_of_hours = forms.ChoiceField(
        label=gettext_lazy("Outside office hours"),
        choices=[
            ("", gettext_lazy("By the opening hours")),
            ("yes", gettext_lazy("Yes")),
            ("no", gettext_lazy("No")),
        ],
        required=False,
    )
    funding_line = forms.ChoiceField(
        label=gettext_lazy("Funding line"),
        choices=FundingLine.choices,
        required=False,
        initial=FundingLine.MUNICIPAL,
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Only what the next worker must know."),
    )
    age_band = forms.ChoiceField(label=gettext_lazy("Age"), choices=[NOTHING, *AgeBand.choices], required=False)
    gender = forms.ChoiceField(label=gettext_lazy("Gender"), choices=[NOTHING, *Gender.choices], required=False)
    citizenship = forms.ChoiceField(label=gettext_lazy("Citizenship"), widget=TypeAhead, required=False)
    mother_tongue = forms.ChoiceField(label=gettext_lazy("Mother tongue"), widget=TypeAhead, required=False)
    ground_of_stay = forms.ChoiceField(
        label=gettext_lazy("Ground of stay"), choices=[NOTHING, *GroundOfStay.choices], required=False
    )
    time_in_finland = forms.ChoiceField(
        label=gettext_lazy("Time in Finland"), choices=[NOTHING, *TimeInFinland.choices], required=False
    )

    def __init__(self, *args: Any, worker: Worker, points: Iterable[ServicePoint] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self.points = {str(point.pk): point for point in [*points, *queries.service_points(worker)]}
        self._offer("service_point", [(key, point.name) for key, point in self.points.items()])
        self._offer("topics", queries.topic_choices(reader()))
        self._offer("municipality", people.municipality_choices(reader(), first=worker.controller_codes))
        languages = people.language_choices(reader())
        self._offer("service_language", languages)
        self._offer("mother_tongue", [NOTHING, *languages])
        self._offer("citizenship", [NOTHING, *country_choices(reader())])

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        cast(forms.ChoiceField, self.fields[name]).choices = choices

    def clean_service_point(self) -> ServicePoint:
        return self.points[self.cleaned_data["service_point"]]

    def clean_interpreter(self) -> str:
        return self.cleaned_data["interpreter"] or Interpreter.NONE.value

    def clean_funding_line(self) -> str:
        return self.cleaned_data["funding_line"] or FundingLine.MUNICIPAL.value

    def clean(self) -> dict[str, Any]:
        """Refuse what the page did not ask; a field that is not known cannot be meant."""
        for name in sorted(set(self.data) - set(self.fields) - ALSO_SENT):
            self.add_error(None, _("This page does not know the field “%(name)s”.") % {"name": name[:60]})
        return self.cleaned_data

    @property
    def required_fields(self) -> list[forms.BoundField]:
        """The five defaults in the order of the page; the topics stand apart."""
        return [self[name] for name in self.REQUIRED if name != "topics" and name in self.fields]

    @property
    def further_fields(self) -> list[forms.BoundField]:
        """What stands under "More" for every contact."""
        return [self[name] for name in self.FURTHER]

    @property
    def visitor_fields(self) -> list[forms.BoundField]:
        """What stands under "More" for an anonymous visitor."""
        return [self[name] for name in self.VISITOR if name in self.fields]

    @property
    def shows_more(self) -> bool:
        """Whether "More" stands open: something in it is wrong or was filled in."""
        return self.is_bound and any(
            self[name].errors or str(self.data.get(name) or "") not in {"", "none", "municipal"}
            for name in (*self.FURTHER, *self.VISITOR)
            if name in self.fields
        )

    def contact_fields(self) -> dict[str, Any]:
        """The arguments of the action that this form holds."""
        names = (*self.REQUIRED, *self.FURTHER, *self.VISITOR)
        found = {name: self.cleaned_data[name] for name in names if name in self.fields}
        chosen = found.pop("out_of_hours")
        return found | ({"out_of_hours": chosen == "yes"} if chosen else {})


class NewContactForm(ContactForm):
    """A new contact, with whom it was had; `key` makes the same page sent twice one contact."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=True)
    shown_at = forms.CharField(widget=forms.HiddenInput, required=False)
    submission = forms.UUIDField(widget=forms.HiddenInput, required=False)
    next = forms.CharField(widget=forms.HiddenInput, required=False)
    person = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, worker: Worker, **options: Any) -> None:
        super().__init__(*args, worker=worker, **options)
        if not self.is_bound:
            self.fields["topics"].widget.attrs["autofocus"] = True

    def clean(self) -> dict[str, Any]:
        """A time that the worker left as the page showed it means the moment of saving."""
        fields = super().clean()
        if fields.get("shown_at") and self.data.get("at") == fields["shown_at"]:
            fields["at"] = timezone.now()
        return fields


class ChangeContactForm(ContactForm):
    """A contact that is changed, from the version that the page showed."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(label=gettext_lazy("Why is it changed?"), max_length=200, required=False)

    def __init__(self, *args: Any, contact: Contact, worker: Worker, **options: Any) -> None:
        super().__init__(*args, worker=worker, points=[contact.service_point], **options)
        self.contact = contact
        if contact.person_id:  # A client's details come from the register.
            for name in self.VISITOR:
                del self.fields[name]
        if contact.person and contact.person.is_protected:  # Where it was is hidden, and stays as it was.
            del self.fields["service_point"], self.fields["municipality"]
        self.needs_reason = rules.needs_reason(contact, worker)
        self.fields["reason"].required = self.needs_reason

    def clean_at(self) -> datetime:
        """The page shows minutes: a time left as it was keeps its seconds."""
        typed: datetime = self.cleaned_data["at"]
        return self.contact.at if typed == self.contact.at.replace(second=0, microsecond=0) else typed


class FilterForm(forms.Form):
    """Which of the contacts a list shows; every field may be empty."""

    from_day = forms.DateField(
        label=gettext_lazy("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    to_day = forms.DateField(
        label=gettext_lazy("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    channel = forms.ChoiceField(label=gettext_lazy("Channel"), required=False)
    municipality = forms.ChoiceField(label=gettext_lazy("Municipality"), required=False)
    topic = forms.ChoiceField(label=gettext_lazy("Topic"), required=False)
    language = forms.ChoiceField(label=gettext_lazy("Language"), required=False)
    whose = forms.ChoiceField(label=gettext_lazy("Whose"), required=False)

    def __init__(self, *args: Any, worker: Worker, colleagues: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        every = ("", _("All"))
        self._offer("channel", [every, *((code, str(name)) for code, name in Channel.choices)])
        self._offer("municipality", [every, *people.municipality_choices(reader(), first=worker.controller_codes)])
        self._offer("topic", [every, *queries.topic_choices(reader())])
        self._offer("language", [every, *people.language_choices(reader())])
        self._offer("whose", [("", _("Mine")), ("all", _("Everyone's"))])
        if not colleagues:
            del self.fields["whose"]

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        cast(forms.ChoiceField, self.fields[name]).choices = choices


def initial_of_new(defaults: queries.Defaults, *, person: Person | None = None) -> dict[str, Any]:
    """What a new page shows: the defaults, the time of this minute, and a key of its own."""
    now = timezone.localtime().replace(second=0, microsecond=0)
    return {
        "key": identifiers.new_id(),
        "at": now,
        "shown_at": now.strftime(MOMENT),
        "service_point": str(defaults.service_point.pk) if defaults.service_point else "",
        "channel": defaults.channel,
        "municipality": defaults.municipality,
        "service_language": defaults.service_language,
        "person": person.pk if person else None,
    }


def kept(sent: QueryDict) -> dict[str, Any]:
    """What was typed, for a page that answers something else than "Save": nothing is lost and nothing is judged."""
    return {name: sent.getlist(name) if name == "topics" else sent.get(name) for name in sent}


def initial_of(contact: Contact) -> dict[str, Any]:
    """What the page of a contact shows for changing it."""
    names = (*ContactForm.REQUIRED, *ContactForm.FURTHER, *ContactForm.VISITOR)
    values = {name: getattr(contact, name) for name in names}
    at: datetime = contact.at
    return values | {
        "at": timezone.localtime(at).replace(second=0, microsecond=0),
        "service_point": str(contact.service_point_id),
        "out_of_hours": "yes" if contact.out_of_hours else "no",
        "version": contact.version,
    }


def after_clash(form: ChangeContactForm, contact: Contact, *, worker: Worker, sentence: str) -> ChangeContactForm:
    """The same page again with what was typed, and beside each field that differs what is saved now.

    Its version is the one saved now: saving again overwrites knowingly.
    """
    contact.refresh_from_db()
    sent = cast(QueryDict, form.data).copy()
    sent["version"] = str(contact.version)
    again = ChangeContactForm(sent, initial=initial_of(contact), worker=worker, contact=contact)
    again.add_error(None, sentence)
    for name in [name for name in again.changed_data if name in initial_of(contact) and name != "version"]:
        again.add_error(name, _("Saved meanwhile: %(value)s") % {"value": _saved_value(again[name])})
    return again


def _saved_value(field: forms.BoundField) -> str:
    """What a field holds in the database, in the words of its choices."""
    choices = dict(getattr(field.field, "choices", ()))
    saved = field.initial if isinstance(field.initial, list) else [field.initial]
    return ", ".join(str(choices.get(str(each), each)) for each in saved if each not in (None, "")) or "–"
