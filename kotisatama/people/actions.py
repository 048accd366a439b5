"""Making and changing persons; each leaves one audit line. All actions of persons stand here by name."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kotisatama.audit import actions as audit
from kotisatama.kernel import identifiers
from kotisatama.kernel.errors import NotAllowed
from kotisatama.people import access, identifying, living, parts, rules, tasks, tokens
from kotisatama.people.concealing import conceal, concealed_content, drop_concealed
from kotisatama.people.consents import Shown, give_consent, withdraw_consent
from kotisatama.people.editing import FieldsChangedMeanwhile, change_person, set_plain
from kotisatama.people.family import change_relation, leave_household, live_together, relate, remove_relation
from kotisatama.people.identifying import set_identifier, show_identifier, show_identity_code
from kotisatama.people.living import change_period, record_ground, record_residence, remove_period
from kotisatama.people.looks import (
    make_looks_link,
    note_unusual_looks,
    open_looks_link,
    review_unusual_look,
    show_worker_names,
    withdraw_looks_link,
)
from kotisatama.people.models import Identifier, Person
from kotisatama.people.opening import open_person, open_without_relation, review_opening
from kotisatama.people.parts import ChannelRow, NameRow
from kotisatama.people.protecting import (
    change_protected,
    end_protection,
    renew_protection,
    reseal_protections,
    set_protection,
)
from kotisatama.people.protection_reading import open_protected
from kotisatama.people.rights import (
    ask_rectification,
    decide_rectification,
    export_person,
    lift_restriction,
    restrict,
)
from kotisatama.people.rules import check_not_restricted
from kotisatama.people.sharing import share_person, withdraw_sharing
from kotisatama.staff.models import Worker

__all__ = [
    "ChannelRow",
    "FieldsChangedMeanwhile",
    "Shown",
    "ask_rectification",
    "change_period",
    "change_person",
    "change_protected",
    "change_relation",
    "check_not_restricted",
    "conceal",
    "concealed_content",
    "decide_rectification",
    "drop_concealed",
    "end_protection",
    "export_person",
    "give_consent",
    "leave_household",
    "lift_restriction",
    "live_together",
    "make_looks_link",
    "make_person",
    "note_unusual_looks",
    "open_looks_link",
    "open_person",
    "open_protected",
    "open_without_relation",
    "record_ground",
    "record_residence",
    "relate",
    "remove_period",
    "remove_relation",
    "renew_protection",
    "reseal_protections",
    "restrict",
    "review_opening",
    "review_unusual_look",
    "set_identifier",
    "set_protection",
    "share_person",
    "show_identifier",
    "show_identity_code",
    "show_worker_names",
    "withdraw_consent",
    "withdraw_looks_link",
    "withdraw_sharing",
]


@transaction.atomic
def make_person(
    *,
    controller: str,
    name: str,
    by: Worker,
    names: Iterable[str | NameRow] = (),
    date_of_birth: date | None = None,
    birthday_is_placeholder: bool = False,
    gender: str = "unknown",
    citizenships: Sequence[str] = (),
    mother_tongue: str = "",
    service_languages: Sequence[str] = (),
    municipality: str = "unknown",
    ground_of_stay: str = "unknown",
    channels: Iterable[Sequence[object]] = (),
    hetu: str = "",
    key: uuid.UUID | None = None,
    **further: Any,
) -> Person:
    """Make a client of a controller; only a name is needed.

    `names` are further spellings, or (name, kind); `channels` rows of (kind, value, safe to leave a message), further
    as in ChannelRow. `key` becomes the id: the same key twice is the same person. `further`: `ground_ends_on`,
    `moved_to_finland_on`. NotAllowed for values that cannot be.
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
    person = Person(id=key or identifiers.new_id(), controller_id=controller, made_by=by)
    set_plain(person, fields)
    _insert(person)
    living.follow_form(person, set(fields))
    parts.write_names(person, parts.name_rows(person, names))
    parts.write_channels(person, parts.channel_rows(channels))
    if hetu.strip():
        identifying.write(person, Identifier.Kind.HETU, rules.identifier_value(Identifier.Kind.HETU, hetu))
    tokens.renew(person)
    audit.record("person.made", by=by, controllers=[controller], subject=person)
    tasks.look_for_duplicates.defer(person_id=str(person.pk), controller=controller)
    return person


def _insert(person: Person) -> None:
    try:
        with transaction.atomic():
            person.save(force_insert=True)
    except IntegrityError as reason:  # The key is that of a row which does not exist for this worker.
        raise NotAllowed(_("This page was used before. Open it again.")) from reason
