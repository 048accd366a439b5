"""The rows of a person's form that hang on the person: names, channels. Written by the actions alone."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.utils.translation import gettext as _

from kotisatama.kernel.errors import NotAllowed
from kotisatama.people import names as spelling
from kotisatama.people import rules
from kotisatama.people.models import Channel, Person, PersonName
from kotisatama.translation import languages

NameRow = tuple[str, str]


class ChannelRow(NamedTuple):
    """A way to reach a person as forms and other apps give it; shorter tuples take what follows as it is here."""

    kind: str
    value: str
    safe_to_leave_message: bool = False
    safe_to_call: bool = True
    language: str = ""


def name_rows(person: Person, wanted: Iterable[str | NameRow], known: Sequence[NameRow] = ()) -> list[NameRow]:
    """(text, kind) of every name: the shown one official, then `wanted`, each text once.

    A text without a kind keeps the one that it has, and is a spelling when it is new.
    """
    kinds = dict(known)
    found: dict[str, str] = {person.name: PersonName.Kind.OFFICIAL.value}
    for each in wanted:
        text, kind = (each, "") if isinstance(each, str) else each
        text = text.strip()[:160]
        if text and text not in found:
            found[text] = PersonName.Kind(kind or _still(kinds.get(text, ""))).value
    return sorted(found.items())


def _still(kind: str) -> str:
    """A name that is not shown any more is not the official one."""
    return kind if kind and kind != PersonName.Kind.OFFICIAL else PersonName.Kind.SPELLING.value


def known_names(person: Person) -> list[NameRow]:
    """(text, kind) of the person's names, in the order of `name_rows`."""
    return sorted(person.names.values_list("text", "kind"))


def write_names(person: Person, rows: Sequence[NameRow]) -> None:
    """Replace the person's names."""
    spoken = [person.mother_tongue, *person.service_languages]
    person.names.all().delete()
    PersonName.objects.bulk_create(
        PersonName(
            controller_id=person.controller_id,
            person=person,
            text=text,
            kind=kind,
            language=spelling.language_of(text, spoken),
        )
        for text, kind in rows
    )


def channel_rows(wanted: Iterable[Sequence[object]], known: Sequence[ChannelRow] = ()) -> list[ChannelRow]:
    """Channels in their stored form, each once, the later flags winning; NotAllowed for what cannot be.

    A tuple of three (kind, value, safe to leave a message) leaves the further flags of a known channel as they are.
    """
    before = {(row.kind, row.value): row for row in known}
    found: dict[tuple[str, str], ChannelRow] = {}
    for each in wanted:
        given = ChannelRow(*each)  # type: ignore[arg-type]
        if not given.value.strip():
            continue
        key = (str(given.kind), rules.channel_value(given.kind, given.value))
        further = before[key][3:] if len(each) == 3 and key in before else given[3:]
        found[key] = ChannelRow(*key, bool(given.safe_to_leave_message), *further)
        if found[key].language and found[key].language not in languages.all_languages():
            raise NotAllowed(_("Choose a language from the list."))
    return sorted(found.values())


def known_channels(person: Person) -> list[ChannelRow]:
    """The person's channels, in the order of `channel_rows`."""
    return sorted(ChannelRow(*row) for row in person.channels.values_list(*ChannelRow._fields))


def write_channels(person: Person, rows: Sequence[ChannelRow]) -> None:
    """Replace the person's channels."""
    person.channels.all().delete()
    Channel.objects.bulk_create(
        Channel(controller_id=person.controller_id, person=person, **row._asdict()) for row in rows
    )
