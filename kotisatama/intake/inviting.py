"""Sending a form to a known client: by a link or a code on paper, with a second question before anything shows."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import timedelta
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction
from django.db.models import CharField
from django.utils import timezone
from django.utils.translation import gettext as _

from kotisatama.audit import actions as audit
from kotisatama.forms import actions as forms
from kotisatama.forms import queries as form_queries
from kotisatama.forms.models import Draft, Submission
from kotisatama.intake import access, answering, invitation_rules, prefilling
from kotisatama.intake.correcting import Delivery, new_code, plain_code
from kotisatama.intake.models import Invitation
from kotisatama.kernel import row_security
from kotisatama.kernel.compiled import Compiled, Given
from kotisatama.kernel.errors import NotAllowed
from kotisatama.messages import actions as messages
from kotisatama.messages import queries as message_queries
from kotisatama.people import access as people_access
from kotisatama.people import actions as people
from kotisatama.people.models import Person
from kotisatama.people.registry import Part
from kotisatama.staff.models import Worker

INVITATIONS = "intake_invitation"
DAYS = timedelta(days=14)
MOST_WRONG = 5
TEMPLATES = {"email": "invitation.email", "sms": "invitation.sms"}


def _hash(code: str) -> str:
    return hashlib.sha256(f"invitation:{code}".encode()).hexdigest()


@transaction.atomic
def invite(
    person: Person, *, key: UUID, form: str, language: str, targets: Iterable[str], delivery: Delivery, by: Worker
) -> tuple[Invitation, str]:
    """Send a published form to a client; returns the invitation with its code, which is not kept anywhere.

    The same `key` twice is the same invitation: a link that was sent goes on working and its code is empty here, for
    paper there is a new code, since whoever sends the page again has lost the first one. A link to the same form that
    nobody has begun ends. Raises NotAllowed, PermissionDenied.
    """
    access.require_inviting(by, person)
    same = Invitation.objects.select_for_update().filter(pk=key, person=person).first()
    if same:
        return _again(same, delivery, by)
    people_access.require_current(person)
    people.check_not_restricted(person)
    invitation_rules.check_can_be_asked(person)
    version = form_queries.published_version(form)
    invitation_rules.check_form(version)
    assert version is not None
    known = prefilling.known_to(form_queries.definition(version), person, "en")
    chosen = [each.target for each in known if each.target in set(targets)]
    now, code = timezone.now(), new_code()
    Invitation.objects.filter(
        person=person, form=version.form, begun_at=None, withdrawn_at=None, closed_at=None, expires_at__gt=now
    ).update(withdrawn_at=now)
    invitation = Invitation(
        id=key,
        controller_id=person.controller_id,
        person=person,
        form=version.form,
        holder=_hash(code),
        language=language,
        way=delivery.address.partition(":")[0] or Invitation.Way.PAPER,
        targets=chosen,
        made_by=by,
        made_at=now,
        expires_at=now + DAYS,
    )
    _insert(invitation)
    _send(invitation, delivery, code, by=by)
    _line("invitation.made", invitation, by, form=form, way=invitation.way, targets=sorted(chosen))
    return invitation, code


def _insert(invitation: Invitation) -> None:
    try:
        with transaction.atomic():
            invitation.save(force_insert=True)
    except IntegrityError as reason:  # The key is that of a row which does not exist for this worker.
        raise NotAllowed(_("This page was used before. Open it again.")) from reason


def _again(same: Invitation, delivery: Delivery, by: Worker) -> tuple[Invitation, str]:
    if delivery.address and message_queries.by_key(by, _mail_key(same)):
        return same, ""
    if same.begun_at or not same.is_open:
        raise NotAllowed(_("This page was used before. Open it again."))
    code = new_code()
    same.holder = _hash(code)
    same.save(update_fields=["holder"])
    _send(same, delivery, code, by=by)
    _line("invitation.renewed", same, by, way=same.way)
    return same, code


def _mail_key(invitation: Invitation) -> UUID:
    """The key of the message that carries the code of now: one code is sent once."""
    return uuid5(invitation.pk, invitation.holder)


def _send(invitation: Invitation, delivery: Delivery, code: str, *, by: Worker) -> None:
    if not delivery.address:
        return
    chosen = next((each for each in answering.safe_addresses(invitation.person) if each.code == delivery.address), None)
    invitation_rules.check_address(chosen is not None)
    assert chosen is not None
    messages.queue_message(
        key=_mail_key(invitation),
        controller=invitation.controller_id,
        channel=chosen.channel,
        address=chosen.value,
        language=invitation.language,
        template=TEMPLATES[chosen.channel],
        parameters={"link": delivery.link_to(code)},
        by=by,
        person=invitation.person,
    )


@transaction.atomic
def end_invitation(invitation: Invitation, *, by: Worker) -> None:
    """End the link at once, and remove what was begun with it and not sent; again changes nothing."""
    access.require_inviting(by, invitation.person)
    current = Invitation.objects.select_for_update(of=("self",)).select_related("person").get(pk=invitation.pk)
    if current.withdrawn_at or current.arrived_at:
        return
    current.withdrawn_at = timezone.now()
    current.save(update_fields=["withdrawn_at"])
    with row_security.context(controllers=[current.controller_id], holder=current.holder):
        forms.forget_drafts(current.holder)
    _line("invitation.ended", current, by)


def find_invitation(typed: str) -> Invitation | None:
    """For a visitor: what a code opens, with its controller's and its draft's rows for the rest of the transaction.

    None, and no rows, for a code that is unknown, ended, closed, too old or used, and for a client who is archived or
    whose data rests: they all look alike.
    """
    holder = _hash(plain_code(typed)) if typed else ""
    row_security.set_context(holder=holder)
    found = Invitation.objects.filter(
        holder=holder, withdrawn_at=None, closed_at=None, arrived_at=None, expires_at__gt=timezone.now()
    ).first()
    if found is None:
        return None
    row_security.set_context(controllers=[found.controller_id], holder=holder)
    found = Invitation.objects.select_related("person", "form").get(pk=found.pk)
    if invitation_rules.leads_somewhere(found):
        return found
    row_security.set_context(holder=holder)
    return None


def note_invitation_opened(invitation: Invitation) -> None:
    """The line of the page that asks the second question; the first look is kept as a state."""
    if invitation.opened_at is None:
        invitation.opened_at = timezone.now()
        invitation.save(update_fields=["opened_at"])
    _line("invitation.viewed", invitation, None)


@transaction.atomic
def begin_invitation(invitation: Invitation, *, year: str, browser: str, language: str, address: str) -> Draft | None:
    """Open the form to this browser when the year of birth is right; None when it is wrong. Raises TooManyTries.

    After MOST_WRONG wrong answers the link is closed for good. What was begun goes on; else the draft begins with what
    the register knows now and the worker has chosen.
    """
    forms.check_tries(address)
    current = Invitation.objects.select_for_update(of=("self",)).select_related("person", "form").get(pk=invitation.pk)
    if not current.is_open or not current.person.date_of_birth:
        return None
    if year.strip() != str(current.person.date_of_birth.year):
        _count_wrong(current, address)
        return None
    draft = form_queries.draft_of_form(current.holder, current.form.code) or _begin(current, language)
    forms.open_to(draft, browser=browser)
    current.opened_at, current.begun_at = current.opened_at or timezone.now(), current.begun_at or timezone.now()
    current.save(update_fields=["opened_at", "begun_at"])
    _line("invitation.begun", current, None)
    return draft


def _count_wrong(invitation: Invitation, address: str) -> None:
    forms.count_try(address)
    invitation.wrong += 1
    if invitation.wrong >= MOST_WRONG:
        invitation.closed_at = timezone.now()
    invitation.save(update_fields=["wrong", "closed_at"])
    _line("invitation.mistaken", invitation, None, wrong=invitation.wrong)


def _begin(invitation: Invitation, language: str) -> Draft:
    version = form_queries.published_version(invitation.form.code)
    invitation_rules.check_form(version)
    assert version is not None
    known = prefilling.known_to(form_queries.definition(version), invitation.person, language)
    answers, verified = prefilling.by_target(known, invitation.targets)
    return forms.begin_prefilled(
        holder=invitation.holder, version=version, language=language, known=answers, verified=verified
    )


_of_holder = Compiled(lambda: Invitation.objects.filter(holder=Given("holder", CharField()), arrived_at=None)[:1])


def of_draft(draft: Draft) -> Invitation | None:
    """The invitation that a draft was begun with, in the context of the draft's holder."""
    return _of_holder.first(holder=draft.holder)


def note_arrived(invitation: Invitation, submission: Submission) -> None:
    """The form came; whose it is, a worker says who takes it. Part of a larger step, without a line."""
    Invitation.objects.filter(pk=invitation.pk).update(submission=submission, arrived_at=timezone.now())


def conceal(person: Person) -> list[Part]:
    """Take out of forms that are being filled in what a non-disclosure hides from now on; nothing is kept of it."""
    for invitation in Invitation.objects.filter(person=person, begun_at__isnull=False, arrived_at=None):
        with row_security.context(controllers=[invitation.controller_id], holder=invitation.holder):
            forms.take_back(invitation.holder, prefilling.HIDDEN)
    return []


def reveal(_row: UUID, _said: Mapping[str, object]) -> None:
    """Nothing was kept: what a form is filled in with is read anew."""


def _line(action: str, invitation: Invitation, by: Worker | None, **details: object) -> None:
    audit.record(
        action,
        by=by,
        controllers=[invitation.controller_id],
        subject=invitation,
        about=invitation.person_id,
        details={"invitation": str(invitation.pk), **details},
    )
