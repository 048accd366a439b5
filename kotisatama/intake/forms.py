"""Fields of the steps of a submission; each page says which version of the item it showed."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from kotisatama.cases.models import Case
from kotisatama.contacts import queries as contacts
from kotisatama.contacts.models import Channel, Duration, Interpreter, Outcome
from kotisatama.intake import answering, mapping, rules, telling
from kotisatama.intake.models import Item
from kotisatama.kernel import identifiers
from kotisatama.network.models import ServicePoint
from kotisatama.people import access as people_access
from kotisatama.people import queries as people
from kotisatama.people.models import Person
from kotisatama.staff.models import Worker
from kotisatama.translation import languages
from kotisatama.web.widgets import TypeAhead, TypeAheadMany

NOTHING = ("", "–")
ALSO_SENT = frozenset({"csrfmiddlewaretoken", "go"})


def reader() -> str:
    """The language that the page is read in."""
    return (get_language() or "fi")[:2]


class StepForm(forms.Form):
    """A step without a question."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def clean(self) -> dict[str, Any]:
        """Refuse what the page did not ask; a field that is not known cannot be meant."""
        for name in sorted(set(self.data) - set(self.fields) - ALSO_SENT):
            self.add_error(None, _("This page does not know the field “%(name)s”.") % {"name": name[:60]})
        return self.cleaned_data

    def offer(self, name: str, choices: Iterable[tuple[str, str | Promise]]) -> None:
        """Set the choices of a field."""
        cast(forms.ChoiceField, self.fields[name]).choices = list(choices)

    def refusal(self) -> str:
        """The first error as one sentence."""
        return next((str(error) for errors in self.errors.values() for error in errors), "")


class TakeOverForm(StepForm):
    """Why somebody else goes on."""

    reason = forms.ChoiceField(label=gettext_lazy("Why"), choices=rules.TakeOverReason.choices)


class FinishForm(StepForm):
    """Why nothing more is to be done."""

    ending = forms.ChoiceField(label=gettext_lazy("How it ended"), choices=rules.Ending.choices)


class TieForm(StepForm):
    """What the register shall learn, and whether work with the client begins."""

    person_version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    adds_name = forms.BooleanField(label=gettext_lazy("Add this spelling of the name"), required=False)
    adds_phone = forms.BooleanField(label=gettext_lazy("Add this telephone number"), required=False)
    adds_email = forms.BooleanField(label=gettext_lazy("Add this e-mail address"), required=False)
    opens_case = forms.BooleanField(label=gettext_lazy("Open a case"), required=False)
    case_reason = forms.ChoiceField(
        label=gettext_lazy("Reason of the case"),
        choices=Case.Reason.choices,
        initial=Case.Reason.GUIDANCE,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        """A case has a reason."""
        return _checked_case(self, super().clean())


def _checked_case(form: forms.Form, given: dict[str, Any]) -> dict[str, Any]:
    if given.get("opens_case") and not given.get("case_reason"):
        form.add_error("case_reason", _("Choose the reason of the case."))
    if not given.get("opens_case"):
        given["case_reason"] = ""
    return given


class PersonForm(StepForm):
    """A person made of a submission; only the name is required. `key` makes the same page sent twice one person."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=160)
    date_of_birth = forms.DateField(
        label=gettext_lazy("Date of birth"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d.%m.%Y"],
    )
    municipality = forms.ChoiceField(label=gettext_lazy("Municipality"), widget=TypeAhead)
    service_language = forms.ChoiceField(label=gettext_lazy("Service language"), widget=TypeAhead, required=False)
    phone = forms.CharField(
        label=gettext_lazy("Telephone"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "dir": "ltr", "autocomplete": "off"}),
    )
    phone_is_safe = forms.BooleanField(label=gettext_lazy("A message may be left at this number"), required=False)
    email = forms.CharField(
        label=gettext_lazy("E-mail"),
        required=False,
        max_length=254,
        widget=forms.TextInput(attrs={"type": "email", "dir": "ltr", "autocomplete": "off"}),
    )
    opens_case = forms.BooleanField(label=gettext_lazy("Open a case"), required=False)
    case_reason = forms.ChoiceField(
        label=gettext_lazy("Reason of the case"),
        choices=Case.Reason.choices,
        initial=Case.Reason.GUIDANCE,
        required=False,
    )

    def __init__(self, *args: Any, worker: Worker, **options: Any) -> None:
        super().__init__(*args, **options)
        self.offer("municipality", people.municipality_choices(reader(), first=worker.controller_codes))
        self.offer("service_language", [NOTHING, *people.language_choices(reader())])

    def clean(self) -> dict[str, Any]:
        """A case has a reason."""
        return _checked_case(self, super().clean())

    def person_fields(self) -> dict[str, Any]:
        """The arguments of people.actions.make_person."""
        given = self.cleaned_data
        language = given["service_language"]
        rows = [("phone", given["phone"], given["phone_is_safe"]), ("email", given["email"], False)]
        plain = {name: given[name] for name in ("name", "date_of_birth", "municipality")}
        return plain | {
            "service_languages": [language] if language else [],
            "channels": [row for row in rows if row[1]],
        }


def initial_of_person(item: Item) -> dict[str, Any]:
    """What the submission tells of the person, and a key of its own."""
    answers = telling.told(item)
    language = item.service_language
    return {
        "key": identifiers.new_id(),
        "version": item.version,
        "name": mapping.text(answers, "name")[:160],
        "date_of_birth": mapping.date_of_birth(answers),
        "municipality": item.municipality,
        "service_language": language if language in languages.all_languages() else "",
        "phone": mapping.text(answers, "phone"),
        "phone_is_safe": mapping.phone_is_safe(answers),
        "email": mapping.text(answers, "email"),
    }


class ContactForm(StepForm):
    """The help as a contact: five fields that the submission fills in, and what only the worker knows."""

    REQUIRED = ("topics", "service_point", "channel", "municipality", "service_language")
    FURTHER = ("duration", "outcome", "interpreter", "note")

    topics = forms.MultipleChoiceField(label=gettext_lazy("Topics"), widget=TypeAheadMany)
    service_point = forms.ChoiceField(label=gettext_lazy("Service point"))
    channel = forms.ChoiceField(label=gettext_lazy("Channel"), choices=Channel.choices)
    municipality = forms.ChoiceField(label=gettext_lazy("Municipality"), widget=TypeAhead)
    service_language = forms.ChoiceField(label=gettext_lazy("Language"), widget=TypeAhead)
    duration = forms.ChoiceField(label=gettext_lazy("Duration"), choices=[NOTHING, *Duration.choices], required=False)
    outcome = forms.ChoiceField(label=gettext_lazy("Outcome"), choices=[NOTHING, *Outcome.choices], required=False)
    interpreter = forms.ChoiceField(label=gettext_lazy("Interpreter"), choices=Interpreter.choices)
    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Only what the next worker must know."),
    )

    def __init__(self, *args: Any, worker: Worker, **options: Any) -> None:
        super().__init__(*args, **options)
        self.points = {str(point.pk): point for point in contacts.service_points(worker)}
        self.offer("service_point", [(key, point.name) for key, point in self.points.items()])
        self.offer("topics", contacts.topic_choices(reader()))
        self.offer("municipality", people.municipality_choices(reader(), first=worker.controller_codes))
        self.offer("service_language", people.language_choices(reader()))

    def clean_service_point(self) -> ServicePoint:
        return self.points[self.cleaned_data["service_point"]]

    def contact_fields(self) -> dict[str, Any]:
        """The arguments of contacts.actions.record_contact."""
        return {name: self.cleaned_data[name] for name in (*self.REQUIRED, *self.FURTHER)}


def initial_of_contact(item: Item, person: Person | None, worker: Worker) -> dict[str, Any]:
    """What the submission, or the client's own details, say about the contact."""
    point = next(iter(contacts.service_points(worker)), None)
    hidden = people_access.shielded([person] if person else [])
    return {
        "version": item.version,
        "topics": item.topics,
        "service_point": str(point.pk) if point else "",
        "channel": mapping.contact_channel(telling.told(item)),
        "municipality": people_access.place_of(person, hidden) if person else item.municipality,
        "service_language": answering.language(item),
        "interpreter": Interpreter.NONE.value,
    }


class AnswerForm(StepForm):
    """Where the answer goes, and which template it is; `key` makes the same page sent twice one message."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    address = forms.ChoiceField(label=gettext_lazy("Receiver"), widget=forms.RadioSelect)
    template = forms.ChoiceField(label=gettext_lazy("Template"))
    text = forms.CharField(
        label=gettext_lazy("Your answer"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
        help_text=gettext_lazy("Sent as you write it: nothing translates your words."),
    )

    def __init__(self, *args: Any, addresses: Iterable[answering.Address], channel: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.offer("address", [(each.code, each.shown) for each in addresses])
        templates = answering.templates_for(channel)
        self.offer("template", [(each.code, str(each.name)) for each in templates])
        if not any(each.has_free_text for each in templates):
            del self.fields["text"]

    def answer(self) -> dict[str, Any]:
        """The arguments of the action."""
        return {name: value for name, value in self.cleaned_data.items() if name in self.fields}
