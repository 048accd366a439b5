"""What a protected person answered in a form, hidden and taken back."""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from kotisatama.forms import queries
from kotisatama.forms.models import Submission
from kotisatama.people.registry import Part

SUBMISSIONS = "forms_submission"


def conceal(ids: Iterable[uuid.UUID]) -> list[Part]:
    """Hide all answers of these submissions: a street may stand in any of them. One without answers is hidden too."""
    found = Submission.objects.filter(pk__in=list(ids), is_concealed=False)
    return [_take(submission) for submission in found.select_for_update(of=("self",))]


def _take(submission: Submission) -> Part:
    said = {"answers": submission.answers, "calculated": submission.calculated}
    submission.answers, submission.calculated, submission.is_concealed = {}, {}, True
    submission.save(update_fields=["answers", "calculated", "is_concealed"])
    return Part(submission.pk, submission.controller_id, said)


def say_hidden(row: uuid.UUID, said: Mapping[str, Any], reader: str) -> list[tuple[str, str]]:
    """The hidden answers as the form's questions with what was answered."""
    submission = Submission.objects.select_related("version").filter(pk=row).first()
    return in_words(submission, said.get("answers", {}), reader) if submission else []


def in_words(submission: Submission, answers: Mapping[str, Any], reader: str) -> list[tuple[str, str]]:
    """Answers to questions of the submission's form, in the reader's language where they were chosen from a list."""
    form = queries.definition(submission.version)
    pages = queries.readable(form, answers, reader=reader, original=submission.language)
    return [(answer.label.text, answer.reader.text) for page in pages for answer in page.rows]


def reveal(row: uuid.UUID, said: Mapping[str, Any]) -> None:
    """Put the answers back."""
    found = Submission.objects.filter(pk=row)
    found.update(answers=said["answers"], calculated=said["calculated"], is_concealed=False)
