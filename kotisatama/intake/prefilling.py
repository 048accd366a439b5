"""What the register knows of a client that a form may be filled in with, and which of it the client may not change."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from kotisatama.forms import queries as forms
from kotisatama.forms.structure import Definition, Question
from kotisatama.people import access as people_access
from kotisatama.people import queries as people
from kotisatama.people.models import GroundOfStay, Identifier, Person, Residence
from kotisatama.translation.queries import Localized

# What says where somebody is or how to reach them: nothing of it leaves for a client with a non-disclosure.
HIDDEN = frozenset({"person.municipality", "person.phone", "person.email"})
# What an authority vouches for once the register has the identity code.
BY_IDENTITY_CODE = frozenset({"person.name", "person.date_of_birth", "person.sex", "person.citizenship"})
LABELS = {
    "person.name": _("Name"),
    "person.date_of_birth": _("Date of birth"),
    "person.sex": _("Gender"),
    "person.citizenship": _("Citizenship"),
    "person.mother_tongue": _("Mother tongue"),
    "person.service_language": _("Language"),
    "person.municipality": _("Municipality"),
    "person.phone": _("Telephone"),
    "person.email": _("E-mail"),
    "person.ground_of_stay": _("Ground of stay"),
    "person.arrived": _("Moved to Finland"),
}


@dataclass(frozen=True)
class Known:
    """One answer from the register: `answer` as the form keeps it, `shown` for the worker."""

    target: str
    label: Localized
    answer: Any
    shown: str
    is_verified: bool


def known_to(form: Definition, person: Person, reader: str) -> list[Known]:
    """What can be filled in for this client, in the order of the form; the first question of each target counts."""
    values, verified = _values(person), _verified(person)
    found: dict[str, Known] = {}
    for question in form.questions.values():
        target = "" if question.repeat else forms.option(question, "prefill")
        answer = _answer(form, question, values.get(target, []))
        if target in LABELS and target not in found and answer not in (None, "", []):
            shown = _shown(form, question, answer, reader)
            label = forms.localized(question.labels, reader)
            found[target] = Known(target, label, answer, shown, target in verified)
    return list(found.values())


def can_ask_who(person: Person) -> bool:
    """Whether there is a year of birth to ask for before anything is shown."""
    return person.date_of_birth is not None


def _values(person: Person) -> dict[str, list[str]]:
    """What the register knows by target; nothing that a non-disclosure hides, of the person or of somebody close."""
    born = None if person.birthday_is_placeholder else person.date_of_birth
    found = {
        "person.name": [person.name],
        "person.date_of_birth": [born.isoformat() if born else ""],
        "person.sex": [person.gender if person.gender != "unknown" else ""],
        "person.citizenship": list(person.citizenships),
        "person.mother_tongue": [person.mother_tongue],
        "person.service_language": person.service_languages[:1],
        "person.ground_of_stay": [person.ground_of_stay if person.ground_of_stay != GroundOfStay.UNKNOWN else ""],
        "person.arrived": [person.moved_to_finland_on.isoformat() if person.moved_to_finland_on else ""],
    }
    if people_access.whereabouts_are_open(person):
        found |= {"person.municipality": [person.municipality], **_ways(person)}
    return {target: [each for each in values if each] for target, values in found.items()}


def _ways(person: Person) -> dict[str, list[str]]:
    """The number and the address at which a message is safe: the others may be read by somebody else."""
    safe = [row for row in people.channels(person) if row.safe_to_leave_message]
    return {f"person.{kind}": [row.value for row in safe if row.kind == kind][:1] for kind in ("phone", "email")}


def _verified(person: Person) -> set[str]:
    """The targets that an authority vouches for: by the identity code, and a registered municipality."""
    has_code = person.identifiers.filter(kind=Identifier.Kind.HETU).exists()
    registered = person.residences.filter(
        kind=Residence.Kind.REGISTERED, municipality=person.municipality, valid_to__isnull=True
    )
    return {*(BY_IDENTITY_CODE if has_code else ()), *(["person.municipality"] if registered.exists() else [])}


def _answer(form: Definition, question: Question, values: list[str]) -> Any:
    """The values as an answer to this question; None where its type or its choices do not have them."""
    offered = {choice.name for choice in form.choices.get(question.choices, ())}
    takes: dict[str, Callable[[list[str]], Any]] = {
        "text": lambda given: given[0],
        "date": lambda given: given[0],
        "select_one": lambda given: given[0] if len(given) == 1 and given[0] in offered else None,
        "select_multiple": lambda given: given if set(given) <= offered else None,
    }
    take = takes.get(question.type)
    return take(values) if take and values else None


def _shown(form: Definition, question: Question, answer: Any, reader: str) -> str:
    pages = forms.readable(form, {question.name: answer}, reader=reader, original=reader)
    return next((row.reader.text for page in pages for row in page.rows), str(answer))


def by_target(found: Iterable[Known], targets: Iterable[str]) -> tuple[Mapping[str, Any], list[str]]:
    """(answers by target, targets that the client may not change) of those that the worker chose."""
    chosen = [each for each in found if each.target in set(targets)]
    return {each.target: each.answer for each in chosen}, [each.target for each in chosen if each.is_verified]
