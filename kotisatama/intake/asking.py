"""Asking an expert about a submission, who sees it without identity, and the expert's reply."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from kotisatama.audit import actions as audit
from kotisatama.intake import access, concealing, rules
from kotisatama.intake.locking import line, save, taken
from kotisatama.intake.models import ExpertQuestion, Item
from kotisatama.staff.models import Worker


@transaction.atomic
def ask_expert(item: Item, *, key: UUID, expert: Worker, question: str, version: int, by: Worker) -> ExpertQuestion:
    """Let the expert read the submission without identity until the reply. The same `key` twice is the same question.

    Raises NotAllowed, ChangedMeanwhile.
    """
    item = taken(item, by=by)
    same = ExpertQuestion.objects.filter(pk=key, item=item).first()
    if same:
        return same
    rules.check_version(item, version)
    rules.check_expert(access.is_expert_for(expert, item))
    rules.check_not_protected(concealing.client_of(item))
    made = ExpertQuestion.objects.create(
        id=key,
        controller_id=item.controller_id,
        item=item,
        expert=expert,
        question=rules.checked_text(question),
        asked_by=by,
    )
    save(item)
    line("expert_question.asked", item, by, question=str(made.pk), expert=expert.pk)
    return made


@transaction.atomic
def reply(question: ExpertQuestion, *, text: str, by: Worker) -> ExpertQuestion:
    """Answer once; from then on the expert sees the question and the reply, and no more of the submission."""
    current = access.expert_questions(by).select_for_update(of=("self",)).filter(pk=question.pk).first()
    if current is None:
        raise PermissionDenied
    if current.replied_at:
        return current
    rules.check_question_open(current)
    current.reply, current.replied_at = rules.checked_text(text), timezone.now()
    current.save(update_fields=["reply", "replied_at"])
    item = Item.objects.get(pk=current.item_id)
    audit.record(
        "expert_question.replied",
        by=by,
        controllers=[current.controller_id],
        subject=item.submission,
        about=item.person_id,
        details={"question": str(current.pk)},
    )
    concealing.hide_new(item, concealing.EXPERT_QUESTIONS)
    return current


@transaction.atomic
def withdraw_question(question: ExpertQuestion, *, by: Worker) -> None:
    """The expert need not reply any more, and sees no more of the submission; a reply stays."""
    if not access.visible_items(by).filter(pk=question.item_id).exists():
        raise PermissionDenied
    current = ExpertQuestion.objects.select_for_update().get(pk=question.pk)
    if current.withdrawn_at is None and current.replied_at is None:
        current.withdrawn_at = timezone.now()
        current.save(update_fields=["withdrawn_at"])
        line("expert_question.withdrawn", current.item, by, question=str(current.pk))
