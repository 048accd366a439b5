"""Receiving a submission, taking it, ending it: each under its lock, each with one audit line."""

from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from kotisatama.audit import actions as audit
from kotisatama.forms import actions as forms
from kotisatama.forms import queries as form_queries
from kotisatama.forms.models import Draft, Submission
from kotisatama.intake import access, inviting, mapping, routing, rules, sorting
from kotisatama.intake.agreeing import take_agreement
from kotisatama.intake.asking import ask_expert, reply, withdraw_question
from kotisatama.intake.correcting import (
    Asked,
    Delivery,
    ask_correction,
    find_correction,
    note_correction_viewed,
    take_correction,
    withdraw_correction,
)
from kotisatama.intake.deciding import decide, keep_files, make_members, settle_member
from kotisatama.intake.handling import answer, make_person, record_contact, tie
from kotisatama.intake.inviting import (
    begin_invitation,
    end_invitation,
    find_invitation,
    invite,
    note_invitation_opened,
)
from kotisatama.intake.locking import line, locked, save
from kotisatama.intake.models import Invitation, Item
from kotisatama.intake.ruling import add_rule, change_rule, move_rule, remove_rule, send_again
from kotisatama.kernel import row_security
from kotisatama.staff.models import Worker

REFERENCE_DRAWS = 3

__all__ = [
    "Asked",
    "Delivery",
    "add_rule",
    "answer",
    "ask_correction",
    "ask_expert",
    "begin_invitation",
    "change_rule",
    "claim",
    "decide",
    "end_invitation",
    "find_correction",
    "find_invitation",
    "finish",
    "invite",
    "keep_files",
    "make_members",
    "make_person",
    "move_rule",
    "note_correction_viewed",
    "note_invitation_opened",
    "receive_submission",
    "record_contact",
    "release",
    "remove_rule",
    "reopen",
    "reply",
    "send_again",
    "settle_member",
    "take_agreement",
    "take_correction",
    "take_in",
    "take_over",
    "tie",
    "withdraw_correction",
    "withdraw_question",
]


def take_in(draft: Draft | None, *, key: UUID, language: str) -> Submission | None:
    """Send a visitor's draft once: routed, submitted and put into the inbox in one transaction, which has locked it.

    The same key again gives the same submission; without a draft and without a known key None. Raises forms.Incomplete.
    The commit of the request's transaction is the receipt.
    """
    return _submit(draft, language=language) if draft else form_queries.submission_by_key(key)


def _submit(draft: Draft, *, language: str) -> Submission:
    """One savepoint around all; a reference that is taken (one in 10^11) is drawn again."""
    invitation = inviting.of_draft(draft)
    told = mapping.told(form_queries.definition(draft.version), draft.answers)
    controller = invitation.controller_id if invitation else routing.controller_of(told)
    for _attempt in range(REFERENCE_DRAWS):
        try:
            with row_security.context(controllers=[controller], holder=draft.holder):
                return _send(draft, invitation, controller=controller, language=language)
        except IntegrityError as clash:
            if "reference" not in str(clash):
                raise
    raise RuntimeError("no free reference")


def _send(draft: Draft, invitation: Invitation | None, *, controller: str, language: str) -> Submission:
    submission = forms.submit(draft, controller=controller, language=language)
    _put_into_inbox(submission)
    details = {"invitation": str(invitation.pk)} if invitation else {}
    if invitation:
        inviting.note_arrived(invitation, submission)
    audit.record("submission.received", by=None, controllers=[controller], subject=submission, details=details)
    return submission


def receive_submission(submission: Submission) -> Item:
    """Put a submission into the inbox; the same one twice is one line. Its controller's context must be set."""
    _put_into_inbox(submission)
    item = Item.objects.get(submission=submission)
    item.submission = submission
    return item


def _put_into_inbox(submission: Submission) -> None:
    answers = mapping.told(form_queries.definition(submission.version), submission.answers)
    item = Item(
        submission=submission,
        controller_id=submission.controller_id,
        received_at=submission.submitted_at,
        **sorting.columns(answers, submission.language),
    )
    place = routing.where(routing.rules_of(item.controller_id), routing.facts_of(item))
    item.team, item.service_point = place.team, place.service_point
    Item.objects.bulk_create([item], ignore_conflicts=True)


@transaction.atomic
def claim(item: Item, *, by: Worker) -> Item:
    """Take the submission; of two at once the second is told who has it. Raises NotAllowed."""
    item = locked(item, by=by)
    if access.has_taken(by, item):
        return item
    rules.check_claimable(item)
    item.state, item.claimed_by, item.claimed_at = Item.State.CLAIMED, by, timezone.now()
    save(item, "state", "claimed_by", "claimed_at")
    line("submission.claimed", item, by)
    return item


@transaction.atomic
def release(item: Item, *, version: int, by: Worker) -> Item:
    """Put the submission back into the queue; what was done stays done."""
    item = locked(item, by=by)
    if item.state == Item.State.NEW:
        return item
    rules.check_taken_by(item, by)
    rules.check_version(item, version)
    item.state, item.claimed_by, item.claimed_at = Item.State.NEW, None, None
    save(item, "state", "claimed_by", "claimed_at")
    line("submission.released", item, by)
    return item


@transaction.atomic
def take_over(item: Item, *, reason: str, version: int, by: Worker) -> Item:
    """Go on in the place of the worker who took it. `reason`: rules.TakeOverReason."""
    item = locked(item, by=by)
    if access.has_taken(by, item):
        return item
    rules.check_can_be_taken_over(item, by)
    rules.check_version(item, version)
    before = item.claimed_by_id
    item.claimed_by, item.claimed_at = by, timezone.now()
    save(item, "claimed_by", "claimed_at")
    line("submission.taken_over", item, by, reason=rules.TakeOverReason(reason).value, worker=before)
    return item


@transaction.atomic
def finish(item: Item, *, ending: str, version: int, by: Worker) -> Item:
    """Say that nothing more is to be done. `ending`: rules.Ending; `helped` only when the contact is recorded."""
    item = locked(item, by=by)
    if item.state == Item.State.DONE and item.claimed_by_id == by.pk:
        return item
    rules.check_taken_by(item, by)
    rules.check_version(item, version)
    rules.check_can_end(item, ending)
    item.state, item.done_at = Item.State.DONE, timezone.now()
    save(item, "state", "done_at")
    line("submission.finished", item, by, ending=ending)
    return item


@transaction.atomic
def reopen(item: Item, *, version: int, by: Worker) -> Item:
    """Undo the end; the worker who reopens it has it."""
    item = locked(item, by=by)
    if access.has_taken(by, item):
        return item
    rules.check_done(item)
    rules.check_version(item, version)
    item.state, item.done_at, item.claimed_by, item.claimed_at = Item.State.CLAIMED, None, by, timezone.now()
    save(item, "state", "done_at", "claimed_by", "claimed_at")
    line("submission.reopened", item, by)
    return item
