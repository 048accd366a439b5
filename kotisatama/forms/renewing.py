"""Moving a draft to the version that is published now: what goes along, what would be lost, what is new."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kotisatama.documents import actions as documents
from kotisatama.forms import filling, merging, queries
from kotisatama.forms.models import Draft, Version, Who
from kotisatama.forms.moments import this_moment
from kotisatama.forms.structure import SELECTS, Definition, Question
from kotisatama.kernel.errors import ChangedMeanwhile, NotAllowed


@dataclass(frozen=True)
class Move:
    """`answers` in the new version; names of questions whose answer would be `lost`, and those that are `new`."""

    version: Version
    answers: dict[str, Any]
    lost: list[str]
    new: list[str]


def plan_move(draft: Draft) -> Move | None:
    """What moving to the version published now would do; None when there is no newer one. Nothing is saved."""
    newer = queries.published_version(draft.version.form.code)
    if newer is None or newer.pk == draft.version_id:
        return None
    old, new = queries.definition(draft.version), queries.definition(newer)
    moment = this_moment()
    answers = filling.initial_answers(new, today=moment["today"], now=moment["now"])
    answers |= dict(_carried(old, new, draft.answers))
    lost = [name for name in _answered(old, draft.answers) if not _is_whole(draft.answers, answers, name)]
    fresh = [each.name for each in new.questions.values() if each.is_asked and each.name not in old.questions]
    return Move(newer, answers, lost, fresh)


def _answered(form: Definition, answers: dict[str, Any]) -> Iterator[str]:
    """Names of answered questions and repeats, in the order of the form."""
    names = dict.fromkeys(form.unit_of(each.name) for each in form.questions.values() if each.is_asked)
    return (name for name in names if merging.digest(answers.get(name)) != merging.EMPTY)


def _is_whole(before: dict[str, Any], after: dict[str, Any], name: str) -> bool:
    return merging.digest(before.get(name)) == merging.digest(after.get(name))


def _carried(old: Definition, new: Definition, answers: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Answers whose question is there with the same name, type and place; of choices, those still on the list."""
    for name, value in answers.items():
        if name in old.sections:
            rows = [dict(_carried(old, new, row)) for row in value] if name in new.sections else []
            if any(rows):
                yield name, rows
        elif _fits(old.questions.get(name), new.questions.get(name)):
            kept = _still_offered(new, new.questions[name], value)
            if kept not in (None, "", []):
                yield name, kept


def _fits(before: Question | None, after: Question | None) -> bool:
    if before is None or after is None:
        return False
    return (before.type, before.repeat) == (after.type, after.repeat)


def _still_offered(form: Definition, question: Question, value: Any) -> Any:
    if question.type not in SELECTS:
        return value
    offered = {choice.name for choice in form.choices.get(question.choices, ())}
    if isinstance(value, list):
        return [each for each in value if each in offered]
    return value if value in offered else None


@transaction.atomic
def move_draft(draft: Draft, *, to: int, revision: int) -> Draft:
    """Go on in the version published now, which is version `to`. Files of lost answers are removed.

    Raises ChangedMeanwhile when the answers or the published version are others than the person was shown.
    """
    drafts = queries.with_version(Draft.objects.select_for_update(of=("self",)))
    current = drafts.filter(pk=draft.pk).order_by().first()
    if current is None or current.version_id == to:
        return draft
    move = plan_move(current)
    if move is None or move.version.pk != to or current.revision != revision:
        raise ChangedMeanwhile(_("This was changed meanwhile. Look at it again."))
    if Draft.objects.filter(holder=current.holder, version=move.version).exists():
        raise NotAllowed(_("You have begun the new form already. Both are kept."))
    _drop_files(current, move)
    form = queries.definition(move.version)
    current.filled_by = merging.who_wrote(form, current.answers, move.answers, current.filled_by, Who.PERSON)
    current.version, current.answers, current.revision = move.version, move.answers, current.revision + 1
    current.verified = [name for name in current.verified if name in move.answers]
    current.page, current.declined = 1, None
    current.save()
    current.keys.exclude(pages=[]).delete()  # pages of the old version: helpers are asked anew
    return current


def _drop_files(draft: Draft, move: Move) -> None:
    before = queries.files_in(queries.definition(draft.version), draft.answers)
    kept = set(queries.files_in(queries.definition(move.version), move.answers))
    for document_id in before:
        if document_id not in kept:
            documents.forget(document_id, holder=draft.holder)


@transaction.atomic
def stay_in_version(draft: Draft, *, instead_of: int) -> None:
    """Do not offer this newer version again; the answers stay with theirs until they are sent or end."""
    newer = queries.published_version(draft.version.form.code)
    if newer and newer.pk == instead_of:
        Draft.objects.filter(pk=draft.pk).update(declined=newer)
