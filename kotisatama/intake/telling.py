"""What a submission says now: the answers as they were sent, with what the person corrected since."""

from typing import Any
from uuid import UUID

from kotisatama.forms import queries as forms
from kotisatama.forms.structure import Definition
from kotisatama.intake import mapping
from kotisatama.intake.models import Correction, Item


def corrections(item: Item) -> list[Correction]:
    """What was asked again and answered, the earliest first. A query, unless it was prefetched."""
    return [each for each in item.corrections.all() if each.answered_at]


def answers(item: Item) -> dict[str, Any]:
    """The answers by question, the latest word on each."""
    found = dict(item.submission.answers)
    for correction in corrections(item):
        found |= correction.answers
    return found


def form(item: Item) -> Definition:
    """The form as it was when the submission was sent."""
    return forms.definition(item.submission.version)


def told(item: Item) -> dict[str, Any]:
    """The same under the names that `mapping` knows."""
    return mapping.told(form(item), answers(item))


def file_ids(correction: Correction) -> list[UUID]:
    """Keys of the files that came with a correction."""
    values = correction.answers.values()
    return [UUID(each["document"]) for each in values if isinstance(each, dict) and each.get("document")]
