"""What a submission proposes for its client's record: each thing that was told beside what the register has."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from babel import Locale
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import formats
from django.utils.dateparse import parse_date
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kotisatama.intake import mapping, telling
from kotisatama.intake.mapping import Answers
from kotisatama.intake.models import Decision, Item
from kotisatama.messages import queries as messages
from kotisatama.people import access as people_access
from kotisatama.people import queries as people
from kotisatama.people.actions import ChannelRow
from kotisatama.people.models import Channel, Gender, GroundOfStay, Person
from kotisatama.translation import languages

Way = Decision.Way
# The register's word where the form has another one.
TOLD_AS = {"person.service_languages": "service_language"}


@dataclass(frozen=True)
class Register:
    """What the register has of the client. `codes` are every code that words can be given for."""

    person: Person
    names: list[str]
    channels: list[Channel]
    reader: str
    municipalities: Mapping[str, str]

    def values(self, kind: str) -> list[str]:
        """The client's channels of one kind."""
        return [row.value for row in self.channels if row.kind == kind]


@dataclass(frozen=True)
class Field:
    """One thing that a form can tell of the client.

    `given` are the values as the register would hold them, empty when nothing was told; with `is_understood` false the
    answer fits no value. `known` are the register's values, `words` says one.
    """

    code: str
    label: str | Promise
    given: Callable[[Answers], list[str]]
    known: Callable[[Register], list[str]]
    words: Callable[[str, Register], str] = lambda value, _register: value
    is_understood: Callable[[str, Register], bool] = lambda _value, _register: True
    may_keep_both: bool = False
    tells_place: bool = False

    @property
    def told_as(self) -> str:
        """The name under which `mapping` knows the answer."""
        return TOLD_AS.get(self.code, self.code.removeprefix("person."))


def _text(name: str) -> Callable[[Answers], list[str]]:
    return lambda told: [value] if (value := mapping.text(told, name)) else []


def _codes(name: str) -> Callable[[Answers], list[str]]:
    return lambda told: mapping.codes(told, name)


def _one(name: str) -> Callable[[Register], list[str]]:
    """The client's own field, empty when it is not known."""

    def known(register: Register) -> list[str]:
        value = getattr(register.person, name)
        value = value.isoformat() if isinstance(value, date) else value
        return [value] if value not in (None, "", "unknown") else []

    return known


def _municipality(told: Answers) -> list[str]:
    code = mapping.municipality(told)
    return [code] if code not in ("unknown", "secret") else []


def _phone(told: Answers) -> list[str]:
    written = mapping.text(told, "phone")
    return [messages.normal_number(written) or written] if written else []


def _day(value: str, _register: Register) -> str:
    day = parse_date(value) if _is_day(value, _register) else None
    return formats.date_format(day, "SHORT_DATE_FORMAT") if day else value


def _is_day(value: str, _register: Register) -> bool:
    try:
        return parse_date(value) is not None
    except ValueError:
        return False


def _is_email(value: str, _register: Register) -> bool:
    try:
        validate_email(value)
    except ValidationError:
        return False
    return True


def _language(code: str, _register: Register) -> str:
    return languages.own_name(code) if code in languages.all_languages() else code


def _is_language(code: str, _register: Register) -> bool:
    return code in languages.all_languages()


def _country(code: str, register: Register) -> str:
    return str(Locale.parse(register.reader).territories.get(code, code))


def _is_country(code: str, register: Register) -> bool:
    return len(code) == 2 and code in Locale.parse(register.reader).territories


FIELDS: dict[str, Field] = {
    field.code: field
    for field in (
        Field("person.name", _("Name"), _text("name"), lambda register: register.names, may_keep_both=True),
        Field(
            "person.date_of_birth",
            _("Date of birth"),
            _text("date_of_birth"),
            _one("date_of_birth"),
            _day,
            _is_day,
        ),
        Field(
            "person.phone",
            _("Telephone"),
            _phone,
            lambda register: register.values("phone"),
            is_understood=lambda value, _register: bool(messages.normal_number(value)),
            may_keep_both=True,
            tells_place=True,
        ),
        Field(
            "person.email",
            _("E-mail"),
            lambda told: [each.lower() for each in _text("email")(told)],
            lambda register: register.values("email"),
            is_understood=_is_email,
            may_keep_both=True,
            tells_place=True,
        ),
        Field(
            "person.municipality",
            _("Municipality"),
            _municipality,
            _one("municipality"),
            lambda code, register: register.municipalities.get(code, code),
            lambda code, register: code in register.municipalities,
            tells_place=True,
        ),
        Field(
            "person.service_languages",
            _("Service language"),
            lambda told: [code for code in mapping.codes(told, "service_language") if code != "other"],
            lambda register: register.person.service_languages,
            _language,
            _is_language,
            may_keep_both=True,
        ),
        Field(
            "person.mother_tongue",
            _("Mother tongue"),
            lambda told: mapping.codes(told, "mother_tongue")[:1],
            _one("mother_tongue"),
            _language,
            _is_language,
        ),
        Field(
            "person.citizenships",
            _("Citizenship"),
            lambda told: [code.upper() for code in mapping.codes(told, "citizenships")],
            lambda register: register.person.citizenships,
            _country,
            _is_country,
            may_keep_both=True,
        ),
        Field(
            "person.gender",
            _("Gender"),
            lambda told: mapping.codes(told, "gender")[:1],
            _one("gender"),
            lambda code, _register: str(dict(Gender.choices).get(code, code)),
            lambda code, _register: code in Gender.values,
        ),
        Field(
            "person.ground_of_stay",
            _("Ground of stay"),
            lambda told: mapping.codes(told, "ground_of_stay")[:1],
            _one("ground_of_stay"),
            lambda code, _register: str(dict(GroundOfStay.choices).get(code, code)),
            lambda code, _register: code in GroundOfStay.values,
        ),
        Field(
            "person.moved_to_finland_on",
            _("Moved to Finland"),
            _text("moved_to_finland_on"),
            _one("moved_to_finland_on"),
            _day,
            _is_day,
        ),
    )
}


@dataclass(frozen=True)
class Proposal:
    """One thing that was told beside what is known; `ways` are what may be decided, `last` is what was decided."""

    field: Field
    values: list[str]
    given: list[str]
    registered: list[str]
    is_same: bool
    is_understood: bool
    last: Decision | None

    @property
    def ways(self) -> list[str]:
        """What may be decided of it; nothing when the register says the same already."""
        if self.is_same:
            return []
        if not self.is_understood:
            return [Way.REJECT.value]
        both = [Way.KEEP_BOTH.value] if self.field.may_keep_both and self.registered else []
        return [Way.ACCEPT.value, *both, Way.REJECT.value]

    @property
    def is_open(self) -> bool:
        """Whether nobody has decided yet and there is something to decide."""
        return bool(self.ways) and self.last is None


def register_of(person: Person, reader: str) -> Register:
    """What the register has. Three queries."""
    spellings = [name.text for name in person.names.all()]
    names = list(dict.fromkeys([person.name, *spellings]))
    return Register(person, names, people.channels(person), reader, people.municipality_names(reader))


def proposals(item: Item, person: Person, reader: str) -> list[Proposal]:
    """Everything that was told of the client. Where the place is hidden, nothing that would tell it is shown."""
    told, register = telling.told(item), register_of(person, reader)
    hides = people_access.is_shielded(person)
    decided = latest(item)
    shown = [field for field in FIELDS.values() if not (hides and field.tells_place)]
    return [_proposal(field, given, register, decided) for field in shown if (given := field.given(told))]


def _proposal(field: Field, given: list[str], register: Register, decided: Mapping[str, Decision]) -> Proposal:
    known = field.known(register)
    plain = {each.casefold() for each in known}
    return Proposal(
        field=field,
        values=given,
        given=[field.words(each, register) for each in given],
        registered=[field.words(each, register) for each in known],
        is_same=all(each.casefold() in plain for each in given),
        is_understood=all(field.is_understood(each, register) for each in given),
        last=decided.get(field.code),
    )


def latest(item: Item) -> dict[str, Decision]:
    """The latest decision on each field; what was decided before the person corrected that very answer is open again.

    Two queries, three for a submission that was corrected.
    """
    found: dict[str, Decision] = {}
    again = _corrected(item)
    for decision in item.decisions.select_related("decided_by", "relative"):
        corrected_at = again.get(decision.field)
        if corrected_at is None or decision.decided_at > corrected_at:
            found[decision.field] = decision
        else:
            found.pop(decision.field, None)
    return found


def _corrected(item: Item) -> dict[str, Any]:
    """When each field was last corrected by the person."""
    if item.corrected_at is None:
        return {}
    codes = {field.told_as: code for code, field in FIELDS.items()}
    form = telling.form(item)
    found: dict[str, Any] = {}
    for correction in telling.corrections(item):
        for name in correction.answers:
            question = form.questions.get(name)
            if question and (code := codes.get(mapping.name_of(form, question))):
                found[code] = correction.answered_at
    return found


def changes(
    chosen: Mapping[str, str], offered: Sequence[Proposal], register: Register, told: Answers
) -> dict[str, Any]:
    """The fields of people.actions.change_person that take over what was chosen; nothing for what was left out."""
    found: dict[str, Any] = {}
    for each in offered:
        way = chosen.get(each.field.code)
        if way in (Way.ACCEPT, Way.KEEP_BOTH):
            _take(found, each, register, told, keeps=way == Way.KEEP_BOTH)
    return found


def _take(found: dict[str, Any], each: Proposal, register: Register, told: Answers, *, keeps: bool) -> None:
    name = each.field.code.removeprefix("person.")
    if name == "name":
        found |= {"names": [*register.names, each.values[0]]}
        found |= {} if keeps else {"name": each.values[0][:160]}
    elif name in Channel.Kind.values:
        rows = found.get("channels") or [_row(row) for row in register.channels]
        kept = rows if keeps else [row for row in rows if row[0] != name]
        safe = name == "phone" and mapping.phone_is_safe(told)
        found["channels"] = [*kept, (name, each.values[0], safe)]
    elif name in ("service_languages", "citizenships"):
        known = list(getattr(register.person, name)) if keeps else []
        found[name] = list(dict.fromkeys([*known, *each.values]))
    elif name in ("date_of_birth", "moved_to_finland_on"):
        found[name] = parse_date(each.values[0])
        found |= {"birthday_is_placeholder": False} if name == "date_of_birth" else {}
    else:
        found[name] = each.values[0]


def _row(channel: Channel) -> ChannelRow:
    return ChannelRow(
        channel.kind, channel.value, channel.safe_to_leave_message, channel.safe_to_call, channel.language
    )
