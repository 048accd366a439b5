"""What a protected person answered in a form, hidden and taken back."""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

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


def reveal(row: uuid.UUID, said: Mapping[str, Any]) -> None:
    """Put the answers back."""
    found = Submission.objects.filter(pk=row)
    found.update(answers=said["answers"], calculated=said["calculated"], is_concealed=False)
