"""Statements that a person agreed to when sending: the text word by word, its language and its version are kept."""

from collections.abc import Mapping
from typing import Any

from kotisatama.forms import queries
from kotisatama.forms.models import Agreement, Submission
from kotisatama.forms.structure import Definition, Question


def keep(submission: Submission, form: Definition, answers: Mapping[str, Any]) -> None:
    """Insert a row for each statement among the submission's answers, inside its transaction."""
    rows = [
        _agreement(submission, each, str(answers[each.name]), purpose)
        for each in form.questions.values()
        if not each.repeat and each.name in answers and (purpose := queries.purpose_of(each)) is not None
    ]
    if rows:
        Agreement.objects.bulk_create(rows)


def _agreement(submission: Submission, question: Question, answer: str, purpose: str) -> Agreement:
    """The label and, under it, the hint: the summary page showed both, in this language or the first of its chain."""
    label = queries.localized(question.labels, submission.language)
    hint = queries.localized(question.hints, submission.language) if question.hints else None
    return Agreement(
        controller_id=submission.controller_id,
        submission=submission,
        version=submission.version,
        question=question.name,
        purpose=purpose[:60],
        text="\n\n".join(part for part in (label.text, hint.text if hint else "") if part),
        language=label.language,
        answer=answer[:120],
        at=submission.submitted_at,
    )
