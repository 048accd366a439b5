"""Where an answer may go, in which language, and what it will say."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kotisatama.intake import mapping, telling
from kotisatama.intake.models import Item
from kotisatama.kernel.errors import NotAllowed
from kotisatama.messages import queries as messages
from kotisatama.messages.queries import Composed
from kotisatama.people import queries as people
from kotisatama.people.models import Person
from kotisatama.staff.models import Worker
from kotisatama.translation import languages

PROTECTED = "protected"


@dataclass(frozen=True)
class Address:
    """One way to answer: `channel` of messages, the address itself, and a code for the page's form.

    Of a protected person `value` is a code of people.safe_channels, and the page shows in words that the way is safe.
    """

    channel: str
    value: str
    source: str

    @property
    def code(self) -> str:
        return f"{self.channel}:{self.value}"

    @property
    def shown(self) -> str:
        """The address for the screen."""
        if self.source != PROTECTED:
            return self.value
        if self.channel == "sms":
            return _("The telephone that is safe (number not shown)")
        return _("The e-mail that is safe (address not shown)")


def addresses(item: Item, person: Person | None) -> list[Address]:
    """E-mail addresses, and telephones where a message may be left; those of the submission first, none twice.

    To a protected person only what the person called safe, and none of it in clear.
    """
    if person and person.is_protected:
        return _protected(person)
    given = [(*row, "submission") for row in mapping.channels(telling.told(item))]
    if person:
        rows = people.channels(person)
        given += [(row.kind, row.value, row.safe_to_leave_message, "register") for row in rows]
    unsafe = {messages.normal_number(value) for kind, value, safe, _from in given if kind == "phone" and not safe}
    found: dict[str, Address] = {}
    for kind, value, _safe, source in given:
        number = messages.normal_number(value) if kind == "phone" else ""
        if kind == "phone" and (not number or number in unsafe):
            continue
        address = Address("sms", number, source) if number else Address("email", value, source)
        found.setdefault(address.code.lower(), address)
    return list(found.values())


def safe_addresses(person: Person) -> list[Address]:
    """Where the client said that a message may be left, in a text message or an e-mail; no number that cannot get one.

    Of a protected person, as in `addresses`, codes of what the person called safe.
    """
    if person.is_protected:
        return _protected(person)
    found: dict[str, Address] = {}
    for row in people.channels(person):
        number = messages.normal_number(row.value) if row.kind == "phone" else ""
        if row.safe_to_leave_message and (number or row.kind == "email"):
            way = Address("sms", number, "register") if number else Address("email", row.value, "register")
            found.setdefault(way.code.lower(), way)
    return list(found.values())


def _protected(person: Person) -> list[Address]:
    safe = people.safe_channels(person)
    return [Address("sms" if each.kind == "phone" else "email", each.code, PROTECTED) for each in safe]


def address(item: Item, person: Person | None, code: str) -> Address | None:
    """The address of that code, if it is one of those offered."""
    return next((each for each in addresses(item, person) if each.code == code), None)


def language(item: Item) -> str:
    """The language that the person wishes to be served in, else the one in which the form was filled in."""
    wished = item.service_language
    return wished if wished in languages.all_languages() else item.submission.language


def own_parameters(item: Item, template: str, text: str) -> dict[str, str]:
    """The parameters that this submission gives: its reference, and for free text the worker's words."""
    parameters = {"reference": item.submission.reference}
    if messages.template(template).has_free_text:
        parameters["text"] = text
    return parameters


@dataclass(frozen=True)
class Preview:
    """The answer as it will leave, and the same for the worker to read."""

    sent: Composed
    read: Composed


def preview(item: Item, template: str, text: str, *, worker: Worker, reader: str) -> Preview:
    """Compose the template in the person's language and in the reader's. Raises NotAllowed."""
    own = own_parameters(item, template, text or "…")
    both = []
    for code in (language(item), reader):
        place: Mapping[str, str] = messages.place_parameters(worker.service_point, code)
        both.append(messages.compose(template, language=code, parameters={**place, **own}))
    return Preview(*both)


def shown(item: Item, template: str, text: str, *, worker: Worker) -> dict[str, object]:
    """What the page of an answer shows of it: `preview`, or `no_preview` with the sentence why there is none."""
    reader = (get_language() or "fi")[:2]
    wished = language(item)
    names: dict[str, object] = {"language_name": languages.name_in(wished, reader), "wished": wished, "reader": reader}
    try:
        return names | {"preview": preview(item, template, text, worker=worker, reader=reader)}
    except NotAllowed as reason:
        return names | {"no_preview": str(reason)}


def templates_for(channel: str) -> list[messages.Template]:
    """The templates of a channel. Raises NotAllowed when there is none."""
    found = messages.templates(channel)
    if not found:
        raise NotAllowed
    return found
