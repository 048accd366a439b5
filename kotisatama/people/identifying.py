"""Codes of authorities on a person: written sealed, shown masked, in full by asking, which leaves its own line."""

import uuid

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kotisatama.audit import actions as audit
from kotisatama.kernel import identifiers
from kotisatama.kernel.errors import NotAllowed
from kotisatama.people import access, history, identity_codes, living, rules, sealing
from kotisatama.people.models import Identifier, Person
from kotisatama.staff.models import Worker

LAST_SHOWN = 3


@transaction.atomic
def set_identifier(person: Person, *, kind: str, code: str, by: Worker, issuing_country: str = "") -> None:
    """Write a code of an authority; an empty one takes it away. The same again changes nothing."""
    current = living.locked(person, by)
    code = rules.identifier_value(kind, code) if code.strip() else ""
    before = code_of(current, kind, issuing_country)
    if code == before:
        return
    born = current.date_of_birth
    write(current, kind, code, issuing_country)
    kept = {"identifier": {"kind": str(kind), "country": issuing_country, "code": masked(kind, before)}}
    if current.date_of_birth != born:
        kept["date_of_birth"] = history.plain(born)
        current.version += 1
        current.save(update_fields=["version"])
    version = current.version if "date_of_birth" in kept else None
    history.keep(current, kept, by=by, what="identifier.changed", version=version)
    details = {"kind": str(kind)}
    audit.record("identifier.changed", by=by, controllers=[current.controller_id], subject=current, details=details)


def write(person: Person, kind: str, code: str, issuing_country: str = "") -> None:
    """Replace the person's code of a kind by a checked one, empty for none; within an action. Raises NotAllowed."""
    person.identifiers.filter(kind=kind, issuing_country=issuing_country).delete()
    if not code:
        return
    if kind == Identifier.Kind.HETU:
        _follow_birthday(person, code)
    if kind == Identifier.Kind.PASSPORT and not issuing_country:
        raise NotAllowed(_("Choose the country that issued the passport."))
    _insert(person, kind, code, issuing_country)


def _follow_birthday(person: Person, code: str) -> None:
    """The code tells the birthday when it is not certain, else both must tell the same."""
    rules.check_same_birthday(code, person.date_of_birth, is_placeholder=person.birthday_is_placeholder)
    if person.date_of_birth is None or person.birthday_is_placeholder:
        person.date_of_birth, person.birthday_is_placeholder = identity_codes.birthday(code), False
        person.save(update_fields=["date_of_birth", "birthday_is_placeholder"])


def _insert(person: Person, kind: str, code: str, issuing_country: str) -> None:
    taken = _("Another client already has this code. Search with it to find the client.")
    indexed = index_text(kind, code, issuing_country)
    # The unique constraint sees rows of one key only; while keys are being changed there are rows of two.
    known = Identifier.objects.filter(controller_id=person.controller_id, kind=kind)
    if known.filter(blind_index__in=sealing.blind_indexes(indexed)).exists():
        raise NotAllowed(taken)
    row = identifiers.new_id()
    try:
        with transaction.atomic():
            Identifier.objects.create(
                id=row,
                controller_id=person.controller_id,
                person=person,
                kind=kind,
                issuing_country=issuing_country,
                sealed=sealing.seal(code, row=row, controller=person.controller_id),
                blind_index=sealing.blind_index(indexed),
            )
    except IntegrityError as reason:
        raise NotAllowed(taken) from reason


def index_text(kind: str, code: str, issuing_country: str = "") -> str:
    """What the blind index is made of: a hetu alone (its form is nobody else's), other codes with what they are."""
    return code if kind == Identifier.Kind.HETU else f"{kind}:{issuing_country}:{code}"


def code_of(person: Person, kind: str, issuing_country: str = "") -> str:
    """The person's code of a kind in clear, empty for none; for actions, which write no line for it."""
    found = person.identifiers.filter(kind=kind, issuing_country=issuing_country).first()
    return opened(found) if found else ""


def opened(row: Identifier) -> str:
    """The code of a row in clear. Raises ValueError when the row was tampered with or its key is missing."""
    return sealing.unseal(row.sealed, row=row.pk, controller=row.controller_id)


def masked(kind: str, code: str) -> str:
    """The code with what identifies left out: the birthday of a hetu, the last three signs of others."""
    if kind == Identifier.Kind.HETU or not code:
        return identity_codes.masked(code)
    return "•" * (len(code) - LAST_SHOWN) + code[-LAST_SHOWN:]


@transaction.atomic
def show_identity_code(person: Person, *, by: Worker) -> str:
    """Return the person's identity code in full, empty when there is none; looking leaves its own line."""
    details = {"purpose": access.require_openable(by, person.pk)}
    audit.record(
        "person.identity_code_viewed", by=by, controllers=[person.controller_id], subject=person, details=details
    )
    return code_of(person, Identifier.Kind.HETU)


@transaction.atomic
def show_identifier(person: Person, identifier: uuid.UUID, *, by: Worker) -> str:
    """Return one of the person's codes in full, empty when it is gone; looking leaves its own line."""
    details = {"purpose": access.require_openable(by, person.pk)}
    found = person.identifiers.filter(pk=identifier).first()
    is_hetu = found is not None and found.kind == Identifier.Kind.HETU
    action = "person.identity_code_viewed" if is_hetu else "person.identifier_viewed"
    details |= {"kind": found.kind} if found else {}
    audit.record(action, by=by, controllers=[person.controller_id], subject=person, details=details)
    return opened(found) if found else ""
