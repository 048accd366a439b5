"""Making and changing persons; each leaves one audit line."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kotisatama.audit import actions as audit
from kotisatama.kernel import identifiers
from kotisatama.kernel.errors import NotAllowed
from kotisatama.people import access, identity_codes, protecting, rules, tokens
from kotisatama.people import names as spelling
from kotisatama.people.models import Channel, Identifier, Person, PersonName
from kotisatama.people.protecting import (
    change_protected,
    conceal,
    concealed_content,
    end_protection,
    renew_protection,
    reseal_protections,
    set_protection,
)
from kotisatama.people.protection_reading import open_protected
from kotisatama.staff.models import Worker

__all__ = [
    "change_person",
    "change_protected",
    "conceal",
    "concealed_content",
    "end_protection",
    "make_person",
    "open_protected",
    "renew_protection",
    "reseal_protections",
    "set_protection",
    "show_identity_code",
]

# Fields that `change_person` takes as they are; names, channels and hetu have rows of their own.
PLAIN_FIELDS = frozenset(
    {
        "name",
        "date_of_birth",
        "birthday_is_placeholder",
        "gender",
        "citizenships",
        "mother_tongue",
        "service_languages",
        "municipality",
        "ground_of_stay",
        "ground_ends_on",
        "moved_to_finland_on",
    }
)

ChannelRow = tuple[str, str, bool]


@transaction.atomic
def make_person(
    *,
    controller: str,
    name: str,
    by: Worker,
    names: Iterable[str] = (),
    date_of_birth: date | None = None,
    birthday_is_placeholder: bool = False,
    gender: str = "unknown",
    citizenships: Sequence[str] = (),
    mother_tongue: str = "",
    service_languages: Sequence[str] = (),
    municipality: str = "unknown",
    ground_of_stay: str = "unknown",
    channels: Iterable[ChannelRow] = (),
    hetu: str = "",
    key: uuid.UUID | None = None,
    **further: Any,
) -> Person:
    """Make a client of a controller; only a name is needed.

    `names` are further spellings, `channels` rows of (kind, value, safe to leave a message). `key` becomes the id:
    the same key twice is the same person. `further`: `ground_ends_on`, `moved_to_finland_on`. NotAllowed for values
    that cannot be.
    """
    if not access.can_make_people(by, controller):
        raise PermissionDenied
    made = access.visible_people(by).filter(pk=key).first() if key else None
    if made:
        return made
    fields = {
        "name": name.strip(),
        "date_of_birth": date_of_birth,
        "birthday_is_placeholder": birthday_is_placeholder,
        "gender": gender,
        "citizenships": list(citizenships),
        "mother_tongue": mother_tongue,
        "service_languages": list(service_languages),
        "municipality": municipality,
        "ground_of_stay": ground_of_stay,
        **further,
    }
    person = Person(id=key or identifiers.new_id(), controller_id=controller)
    _set(person, fields)
    _insert(person)
    _write_parts(person, {"names": names, "channels": channels, "hetu": hetu})
    audit.record("person.made", by=by, controllers=[controller], subject=person)
    return person


@transaction.atomic
def change_person(person: Person, *, version: int, by: Worker, **fields: Any) -> Person:
    """Change the given fields, `names`, `channels` and `hetu` among them (an empty hetu takes the code away).

    `version` is that of the page that was opened: ChangedMeanwhile when somebody saved since.
    """
    current = Person.objects.select_for_update().get(pk=person.pk)
    if not access.can_change(by, current):
        raise PermissionDenied
    rules.check_unchanged(current, version=version)
    parts: dict[str, Any] = {name: fields.pop(name) for name in ("names", "channels", "hetu") if name in fields}
    protecting.divert(current, fields, parts)
    changed = sorted(name for name, value in fields.items() if getattr(current, name) != value)
    _set(current, fields)
    current.version += 1
    current.save()
    _write_parts(current, parts)
    details = {"fields": [*changed, *sorted(parts)]}
    audit.record("person.changed", by=by, controllers=[current.controller_id], subject=current, details=details)
    return current


def _set(person: Person, fields: Mapping[str, Any]) -> None:
    unknown = set(fields) - PLAIN_FIELDS
    if unknown:
        raise TypeError(f"a person has no {sorted(unknown)}")
    for name, value in fields.items():
        setattr(person, name, value)
    if not person.name:
        raise NotAllowed(_("Write a name."))
    rules.check_birthday(person.date_of_birth)
    person.sort_key = spelling.sort_key(person.name)


def _insert(person: Person) -> None:
    try:
        with transaction.atomic():
            person.save(force_insert=True)
    except IntegrityError as reason:  # The key is that of a row which does not exist for this worker.
        raise NotAllowed(_("This page was used before. Open it again.")) from reason


def _write_parts(person: Person, parts: Mapping[str, Any]) -> None:
    """Replace the rows that hang on the person, then the tokens by which it is found."""
    if "names" in parts or not person.names.filter(text=person.name).exists():
        _write_names(person, parts["names"] if "names" in parts else [each.text for each in person.names.all()])
    if "channels" in parts:
        _write_channels(person, parts["channels"])
    if "hetu" in parts:
        _write_identity_code(person, parts["hetu"])
    tokens.renew(person)


def _write_names(person: Person, further: Iterable[str]) -> None:
    texts = list(dict.fromkeys(text for text in (person.name, *(each.strip() for each in further)) if text))
    spoken = [person.mother_tongue, *person.service_languages]
    person.names.all().delete()
    PersonName.objects.bulk_create(
        PersonName(
            controller_id=person.controller_id,
            person=person,
            text=text[:160],
            language=spelling.language_of(text, spoken),
        )
        for text in texts
    )


def _write_channels(person: Person, channels: Iterable[ChannelRow]) -> None:
    rows = {(kind, rules.channel_value(kind, value)): safe for kind, value, safe in channels if value.strip()}
    person.channels.all().delete()
    Channel.objects.bulk_create(
        Channel(
            controller_id=person.controller_id, person=person, kind=kind, value=value, safe_to_leave_message=bool(safe)
        )
        for (kind, value), safe in rows.items()
    )


def _write_identity_code(person: Person, typed: str) -> None:
    person.identifiers.filter(kind=Identifier.Kind.HETU).delete()
    if not typed.strip():
        return
    code = identity_codes.check(typed)
    rules.check_same_birthday(code, person.date_of_birth, is_placeholder=person.birthday_is_placeholder)
    if person.date_of_birth is None or person.birthday_is_placeholder:
        person.date_of_birth, person.birthday_is_placeholder = identity_codes.birthday(code), False
        person.save(update_fields=["date_of_birth", "birthday_is_placeholder"])
    row = identifiers.new_id()
    try:
        with transaction.atomic():
            Identifier.objects.create(
                id=row,
                controller_id=person.controller_id,
                person=person,
                kind=Identifier.Kind.HETU,
                sealed=identity_codes.seal(code, row=row, controller=person.controller_id),
                blind_index=identity_codes.blind_index(code),
            )
    except IntegrityError as reason:
        raise NotAllowed(
            _("Another client already has this identity code. Search with it to find the client.")
        ) from reason


@transaction.atomic
def show_identity_code(person: Person, *, by: Worker) -> str:
    """Return the person's identity code in full, empty when there is none; looking leaves its own line."""
    if not access.visible_people(by).filter(pk=person.pk).exists():
        raise PermissionDenied
    audit.record("person.identity_code_viewed", by=by, controllers=[person.controller_id], subject=person)
    found = person.identifiers.filter(kind=Identifier.Kind.HETU).first()
    if not found:
        return ""
    return identity_codes.unseal(found.sealed, row=found.pk, controller=found.controller_id)
