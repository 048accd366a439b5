"""Asking a person to correct some answers, by a secret link or a code on paper, and taking what was corrected."""

import hashlib
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid5

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from kotisatama.audit import actions as audit
from kotisatama.documents import actions as documents
from kotisatama.intake import access, answering, concealing, handling, rules, sorting, telling
from kotisatama.intake.locking import line, save, taken
from kotisatama.intake.models import Correction, Item
from kotisatama.kernel import identifiers, row_security
from kotisatama.kernel.errors import NotAllowed
from kotisatama.messages import actions as messages
from kotisatama.messages import queries as message_queries
from kotisatama.staff.models import Worker
from kotisatama.translation import languages

DAYS = timedelta(days=14)
GROUPS, LETTERS = 4, 4
TEMPLATES = {"email": "correction.email", "sms": "correction.sms"}


@dataclass(frozen=True)
class Asked:
    """A question asked again, with the worker's sentence to the person."""

    name: str
    sentence: str


@dataclass(frozen=True)
class Delivery:
    """How the link reaches the person: `address` is a code of answering.addresses, empty for paper.

    `link_to` makes the whole address of a code.
    """

    address: str
    link_to: Callable[[str], str]


def new_code() -> str:
    """A code such as `K7QF-29XM-4HTB-W3RD`: 31^16 possibilities, to be typed from paper or to stand in a link."""
    alphabet = identifiers.REFERENCE_ALPHABET
    groups = ("".join(secrets.choice(alphabet) for _ in range(LETTERS)) for _ in range(GROUPS))
    return "-".join(groups)


def plain_code(typed: str) -> str:
    """The code as it was made, from what was typed: any case, spaces for hyphens or none."""
    letters = "".join(sign for sign in typed.upper() if sign.isascii() and sign.isalnum())[: GROUPS * LETTERS]
    return "-".join(letters[start : start + LETTERS] for start in range(0, len(letters), LETTERS))


def _hash(code: str) -> str:
    return hashlib.sha256(f"correction:{code}".encode()).hexdigest()


def page_language(item: Item) -> str:
    """The language of the page that the person sees: the first of the wished one's chain that the pages have."""
    known = {code for code, _name in settings.LANGUAGES}
    wished = answering.language(item)
    return next((code for code in (wished, *languages.chain(wished)) if code in known), "en")


@transaction.atomic
def ask_correction(
    item: Item, *, key: UUID, asked: Sequence[Asked], delivery: Delivery, version: int, by: Worker
) -> tuple[Correction, str]:
    """Ask some questions again; returns the correction with its code, which is not kept anywhere.

    The same `key` twice is the same correction: a link that was sent goes on working and its code is empty here, for
    paper there is a new code, since whoever sends the page again has lost the first one.
    What was asked earlier and not answered is withdrawn. Raises NotAllowed, ChangedMeanwhile.
    """
    item = taken(item, by=by)
    same = Correction.objects.select_for_update().filter(pk=key, item=item).first()
    if same:
        return _again(same, delivery, item, by)
    code = new_code()
    rules.check_version(item, version)
    rules.check_asked([each.name for each in asked], askable(item))
    rules.check_sentences([each.sentence for each in asked])
    now = timezone.now()
    item.corrections.filter(answered_at=None, withdrawn_at=None).update(withdrawn_at=now)
    correction = Correction.objects.create(
        id=key,
        controller_id=item.controller_id,
        item=item,
        holder=_hash(code),
        language=page_language(item),
        questions=[{"name": each.name, "sentence": each.sentence.strip()} for each in asked],
        asked_by=by,
        asked_at=now,
        expires_at=now + DAYS,
    )
    if delivery.address:
        _send(item, correction, delivery, code, by=by)
    save(item)
    concealing.hide_new(item, concealing.CORRECTIONS)
    names = [each.name for each in asked]
    line("correction.asked", item, by, correction=str(correction.pk), questions=names, sent=bool(delivery.address))
    return correction, code


def _again(same: Correction, delivery: Delivery, item: Item, by: Worker) -> tuple[Correction, str]:
    if delivery.address and message_queries.by_key(by, _mail_key(same)):
        return same, ""
    rules.check_open(same)
    code = new_code()
    same.holder = _hash(code)
    same.save(update_fields=["holder"])
    if delivery.address:
        _send(item, same, delivery, code, by=by)
    line("correction.renewed", item, by, correction=str(same.pk), sent=bool(delivery.address))
    return same, code


def _mail_key(correction: Correction) -> UUID:
    """The key of the message that carries the code of now: one code is sent once."""
    return uuid5(correction.pk, correction.holder)


def _send(item: Item, correction: Correction, delivery: Delivery, code: str, *, by: Worker) -> None:
    person = handling.person_of(item, by=by)
    chosen = answering.address(item, person, delivery.address)
    rules.check_address(chosen is not None)
    assert chosen is not None
    messages.queue_message(
        key=_mail_key(correction),
        controller=item.controller_id,
        channel=chosen.channel,
        address=chosen.value,
        language=answering.language(item),
        template=TEMPLATES[chosen.channel],
        parameters={"reference": item.submission.reference, "link": delivery.link_to(code)},
        by=by,
        person=person,
        submission=item.submission,
        numbers=telling.numbers(item),
    )


def askable(item: Item) -> list[str]:
    """Names of the questions that can be asked again: those outside repeats."""
    return [each.name for each in telling.form(item).questions.values() if each.is_asked and not each.repeat]


@transaction.atomic
def withdraw_correction(correction: Correction, *, by: Worker) -> None:
    """End the link at once; one that has ended stays as it is."""
    if not access.visible_items(by).filter(pk=correction.item_id).exists():
        raise PermissionDenied
    current = Correction.objects.select_for_update().get(pk=correction.pk)
    if current.withdrawn_at is None and current.answered_at is None:
        current.withdrawn_at = timezone.now()
        current.save(update_fields=["withdrawn_at"])
        line("correction.withdrawn", current.item, by, correction=str(current.pk))


def find_correction(code: str) -> Correction | None:
    """For a visitor: what a code asks, with its controller's rows for the rest of the transaction.

    None, and no rows, for a code that is unknown, withdrawn or too old: they look alike. One that was answered is
    found, so that the page sent twice is told the same.
    """
    holder = _hash(plain_code(code)) if code else ""
    row_security.set_context(holder=holder)
    found = Correction.objects.filter(holder=holder, withdrawn_at=None, expires_at__gt=timezone.now()).first()
    if found is None:
        return None
    row_security.set_context(controllers=[found.controller_id], holder=holder)
    return Correction.objects.select_related("item__submission__version__form").get(pk=found.pk)


def note_correction_viewed(correction: Correction) -> None:
    """The line of the page on which the person answers."""
    _line("correction.viewed", correction)


def _line(action: str, correction: Correction, **details: Any) -> None:
    item = correction.item
    audit.record(
        action,
        by=None,
        controllers=[correction.controller_id],
        subject=item.submission,
        about=item.person_id,
        details={"correction": str(correction.pk), **details},
    )


@transaction.atomic
def take_correction(correction: Correction, answers: dict[str, Any]) -> None:
    """Keep what the person gave, once; what was sent first stays in the submission. The inbox shows it again.

    Raises NotAllowed when nothing was answered.
    """
    item = Item.objects.select_for_update().get(pk=correction.item_id)
    current = Correction.objects.select_for_update().get(pk=correction.pk)
    if current.answered_at:
        return
    rules.check_open(current)
    asked = {each["name"] for each in current.questions}
    given = {name: value for name, value in answers.items() if name in asked and value not in (None, "", [])}
    if not given:
        raise NotAllowed(rules.nothing_answered())
    current.answers, current.answered_at = given, timezone.now()
    current.save(update_fields=["answers", "answered_at"])
    if files := telling.file_ids(current):
        documents.hand_over(files, holder=current.holder, controller=current.controller_id)
    item.corrected_at = current.answered_at
    save(item, "corrected_at", *sorting.follow(item, given))
    concealing.hide_new(item, *concealing.TABLES)
    _line("correction.received", current, questions=sorted(given))


def language_name(item: Item) -> str:
    """The language of the person's page, named in itself."""
    return languages.own_name(page_language(item))
