"""Fields of a person's screens."""

from collections.abc import Mapping
from typing import Any, cast

from babel import Locale
from django import forms
from django.http import QueryDict
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from kotisatama.kernel import identifiers
from kotisatama.kernel.errors import NotAllowed
from kotisatama.people import identity_codes, queries, rules
from kotisatama.people.editing import FieldsChangedMeanwhile
from kotisatama.people.models import Channel, Gender, GroundOfStay, Person, PersonName
from kotisatama.staff.models import Worker
from kotisatama.web.widgets import TypeAhead, TypeAheadMany

NOTHING = ("", "–")
ALSO_SENT = frozenset({"csrfmiddlewaretoken", "none_of_these"})
MOST_SPELLINGS = 6
SPELLINGS = frozenset({PersonName.Kind.SPELLING, PersonName.Kind.OFFICIAL})


def reader() -> str:
    """The language that the page is read in."""
    return (get_language() or "fi")[:2]


def country_choices(language: str) -> list[tuple[str, str]]:
    """(two-letter code, name) of every country, by name."""
    territories = Locale.parse(language).territories
    named = [(code, name) for code, name in territories.items() if len(code) == 2 and code.isalpha()]
    return sorted(named, key=lambda each: each[1])


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d.%m.%Y"],
    )


class PersonForm(forms.Form):
    """Everything of a person; only the name is required."""

    PLAIN = (
        "name",
        "date_of_birth",
        "birthday_is_placeholder",
        "gender",
        "citizenships",
        "mother_tongue",
        "municipality",
        "ground_of_stay",
        "ground_ends_on",
        "moved_to_finland_on",
    )

    name = forms.CharField(label=gettext_lazy("Name"), max_length=160)
    spellings = forms.CharField(
        label=gettext_lazy("The name in other spellings and letters"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        help_text=gettext_lazy("One on each line."),
    )
    earlier_names = forms.CharField(
        label=gettext_lazy("Earlier names"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        help_text=gettext_lazy("One on each line."),
    )
    called = forms.CharField(
        label=gettext_lazy("Called"),
        required=False,
        max_length=160,
        help_text=gettext_lazy("How the person wants to be addressed, when it is not the name."),
    )
    date_of_birth = _day(gettext_lazy("Date of birth"))
    birthday_is_placeholder = forms.BooleanField(label=gettext_lazy("Only the year is certain"), required=False)
    gender = forms.ChoiceField(label=gettext_lazy("Gender"), choices=Gender.choices, required=False)
    service_language = forms.ChoiceField(label=gettext_lazy("Service language"), widget=TypeAhead, required=False)
    further_languages = forms.MultipleChoiceField(
        label=gettext_lazy("Other service languages"), widget=TypeAheadMany, required=False
    )
    mother_tongue = forms.ChoiceField(label=gettext_lazy("Mother tongue"), widget=TypeAhead, required=False)
    citizenships = forms.MultipleChoiceField(label=gettext_lazy("Citizenships"), widget=TypeAheadMany, required=False)
    municipality = forms.ChoiceField(label=gettext_lazy("Municipality"), widget=TypeAhead)
    ground_of_stay = forms.ChoiceField(
        label=gettext_lazy("Ground of stay"), choices=GroundOfStay.choices, required=False
    )
    ground_ends_on = _day(gettext_lazy("Ground of stay ends"))
    moved_to_finland_on = _day(gettext_lazy("Moved to Finland"))
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
    email_is_safe = forms.BooleanField(label=gettext_lazy("A message may be sent to this address"), required=False)
    hetu = forms.CharField(
        label=gettext_lazy("Personal identity code"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "ltr", "spellcheck": "false"}),
        help_text=gettext_lazy("Never required for guidance."),
    )

    def __init__(self, *args: Any, worker: Worker, **options: Any) -> None:
        super().__init__(*args, **options)
        languages = queries.language_choices(reader())
        self._offer("municipality", queries.municipality_choices(reader(), first=worker.controller_codes))
        self._offer("service_language", [NOTHING, *languages])
        self._offer("further_languages", languages)
        self._offer("mother_tongue", [NOTHING, *languages])
        self._offer("citizenships", country_choices(reader()))

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        cast(forms.ChoiceField, self.fields[name]).choices = choices

    def clean_spellings(self) -> list[str]:
        """The lines, each once, none longer than a name may be."""
        return self._lines("spellings")

    def clean_earlier_names(self) -> list[str]:
        return self._lines("earlier_names")

    def _lines(self, name: str) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data[name].splitlines()]
        found = list(dict.fromkeys(line for line in lines if line))
        if len(found) > MOST_SPELLINGS or any(len(line) > 160 for line in found):
            raise forms.ValidationError(_("At most six spellings, each on a line of its own."))
        return found

    def clean_gender(self) -> str:
        return self.cleaned_data["gender"] or Gender.UNKNOWN.value

    def clean_ground_of_stay(self) -> str:
        return self.cleaned_data["ground_of_stay"] or GroundOfStay.UNKNOWN.value

    def clean_date_of_birth(self) -> Any:
        self._say(rules.check_birthday, self.cleaned_data["date_of_birth"])
        return self.cleaned_data["date_of_birth"]

    def clean_phone(self) -> str:
        typed = self.cleaned_data["phone"]
        return self._say(rules.channel_value, Channel.Kind.PHONE, typed) if typed else ""

    def clean_email(self) -> str:
        typed = self.cleaned_data["email"]
        return self._say(rules.channel_value, Channel.Kind.EMAIL, typed) if typed else ""

    def clean_hetu(self) -> str:
        typed = self.cleaned_data["hetu"]
        return self._say(identity_codes.check, typed) if typed else ""

    @staticmethod
    def _say(rule: Any, *values: Any) -> Any:
        """A rule's sentence becomes the field's."""
        try:
            return rule(*values)
        except NotAllowed as reason:
            raise forms.ValidationError(str(reason)) from reason

    def clean(self) -> dict[str, Any]:
        """Refuse what the page did not ask; a field that is not known cannot be meant."""
        for name in sorted(set(self.data) - set(self.fields) - ALSO_SENT):
            self.add_error(None, _("This page does not know the field “%(name)s”.") % {"name": name[:60]})
        return self.cleaned_data

    def names(self) -> list[tuple[str, str]]:
        """(name, kind) of every further name; a called or earlier name is no spelling as well."""
        given = self.cleaned_data
        called = [given["called"].strip()] if given["called"].strip() else []
        of_kind = [("called", called), ("earlier", given["earlier_names"]), ("spelling", given["spellings"])]
        return [(text, kind) for kind, texts in of_kind for text in texts]

    def channels(self) -> list[tuple[str, str, bool]]:
        """The rows of (kind, value, safe) that were filled in."""
        given = self.cleaned_data
        rows = [("phone", given["phone"], given["phone_is_safe"]), ("email", given["email"], given["email_is_safe"])]
        return [row for row in rows if row[1]]

    def person_fields(self) -> dict[str, Any]:
        """The arguments of the actions that this form holds, the identity code apart."""
        given = self.cleaned_data
        first = [given["service_language"]] if given["service_language"] else []
        languages = list(dict.fromkeys([*first, *given["further_languages"]]))
        plain = {name: given[name] for name in self.PLAIN}
        return plain | {
            "names": self.names(),
            "service_languages": languages,
            "channels": self.channels(),
        }


class NewPersonForm(PersonForm):
    """A person who is about to be made; `key` makes the same page sent twice one person."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    next = forms.CharField(widget=forms.HiddenInput, required=False)


class ChangePersonForm(PersonForm):
    """A person who is changed, from the version that the page showed; the identity code is kept unless one is typed."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    shown_phone = forms.CharField(widget=forms.HiddenInput, required=False)
    shown_email = forms.CharField(widget=forms.HiddenInput, required=False)
    hetu_is_removed = forms.BooleanField(label=gettext_lazy("Take the identity code away"), required=False)

    def changes(self, person: Person) -> dict[str, Any]:
        """The arguments of the action: `hetu` only when one was typed or taken away, and channels not shown here."""
        fields = self.person_fields()
        fields["channels"] = [*fields["channels"], *self._other_channels(person)]
        if self.cleaned_data["hetu"]:
            return fields | {"hetu": self.cleaned_data["hetu"]}
        return fields | ({"hetu": ""} if self.cleaned_data["hetu_is_removed"] else {})

    def _other_channels(self, person: Person) -> list[tuple[str, str, bool]]:
        """The person's further channels: this page shows one telephone and one address."""
        shown = initial_channels(person)
        here = {(kind, self.data.get(f"shown_{kind}", channel.value)) for kind, channel in shown.items()}
        rows = [(row.kind, row.value, row.safe_to_leave_message) for row in person.channels.all()]
        return [row for row in rows if row[:2] not in here]


def initial_of_new(worker: Worker, given: Mapping[str, str]) -> dict[str, Any]:
    """What a new page shows: a key of its own, the worker's municipality, and what a search had typed."""
    point = worker.service_point
    return {
        "key": identifiers.new_id(),
        "name": given.get("name", "")[:160],
        "municipality": point.municipality_id if point else "unknown",
        "next": given.get("next", ""),
    }


def initial_channels(person: Person) -> dict[str, Channel]:
    """The telephone and the address that the page shows, by kind: the first of several."""
    found = person.channels.filter(kind__in=[Channel.Kind.PHONE, Channel.Kind.EMAIL]).order_by("-value")
    return {channel.kind: channel for channel in found}


def initial_of(person: Person) -> dict[str, Any]:
    """What the page of a person shows for changing; four queries without prefetched rows."""
    by_kind = initial_channels(person)
    phone, email = by_kind.get(Channel.Kind.PHONE), by_kind.get(Channel.Kind.EMAIL)
    languages, names = person.service_languages, [name for name in person.names.all() if name.text != person.name]
    called = [name.text for name in names if name.kind == PersonName.Kind.CALLED]
    return {name: getattr(person, name) for name in PersonForm.PLAIN} | {
        "spellings": "\n".join(sorted(name.text for name in names if name.kind in SPELLINGS)),
        "earlier_names": "\n".join(sorted(name.text for name in names if name.kind == PersonName.Kind.EARLIER)),
        "called": called[0] if called else "",
        "service_language": languages[0] if languages else "",
        "further_languages": languages[1:],
        "phone": phone.value if phone else "",
        "phone_is_safe": bool(phone and phone.safe_to_leave_message),
        "email": email.value if email else "",
        "email_is_safe": bool(email and email.safe_to_leave_message),
        "shown_phone": phone.value if phone else "",
        "shown_email": email.value if email else "",
        "version": person.version,
    }


# Which fields of the page write a field of the register that has another name.
PAGE_FIELDS: dict[str, tuple[str, ...]] = {
    "names": ("spellings", "earlier_names", "called"),
    "service_languages": ("service_language", "further_languages"),
    "channel.phone": ("phone", "phone_is_safe", "shown_phone"),
    "channel.email": ("email", "email_is_safe", "shown_email"),
    "hetu": ("hetu", "hetu_is_removed"),
}


def after_clash(
    form: ChangePersonForm, person: Person, *, worker: Worker, clash: FieldsChangedMeanwhile
) -> ChangePersonForm:
    """The same page again: what this page changed as typed, the rest as it is saved now, both beside what clashes.

    Its version is the one saved now: saving again overwrites knowingly.
    """
    person.refresh_from_db()
    now, sent = initial_of(person), cast(QueryDict, form.data).copy()
    mine = {each for name in clash.mine for each in PAGE_FIELDS.get(name, (name,))} - {"shown_phone", "shown_email"}
    for name in set(now) - mine:
        _put(sent, name, now[name])
    again = ChangePersonForm(sent, initial=now, worker=worker)
    again.add_error(None, str(clash))
    for name in [each for field in clash.clashes for each in PAGE_FIELDS.get(field, (field,))]:
        if name in again.fields and not again.fields[name].widget.is_hidden and name in again.changed_data:
            again.add_error(name, _("Saved meanwhile: %(value)s") % {"value": _saved_value(again[name])})
    return again


def _put(sent: QueryDict, name: str, value: Any) -> None:
    """Write a value into what a page sent, as a browser would have sent it."""
    if isinstance(value, list):
        sent.setlist(name, value)
    elif value is False or value is None:
        sent.pop(name, None)
    else:
        sent[name] = "on" if value is True else str(value)


def _saved_value(field: forms.BoundField) -> str:
    """What a field holds in the database, in the words of its choices."""
    choices = dict(getattr(field.field, "choices", ()))
    saved = field.initial if isinstance(field.initial, list) else [field.initial]
    shown = (_("Yes") if each is True else _("No") if each is False else choices.get(each, each) for each in saved)
    return ", ".join(str(each) for each in shown if each not in (None, "")) or "–"
