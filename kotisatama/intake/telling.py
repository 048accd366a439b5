"""What a submission says now: the answers as they were sent, with what the person corrected since."""

from typing import Any
from uuid import UUID

from kotisatama.forms import queries as forms
from kotisatama.forms.structure import Definition
from kotisatama.intake import mapping
from kotisatama.intake.models import Correction, Item
from kotisatama.messages import queries as messages


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
    """The same under the names that `mapping` knows.

    That a message may be left was said of one number: of a number that was corrected since, nothing has been said.
    """
    found = mapping.told(form(item), answers(item))
    if not _speaks_of_the_number(item):
        found.pop("phone_safe", None)
    return found


def _speaks_of_the_number(item: Item) -> bool:
    speaks, number = True, _number(mapping.told(form(item), item.submission.answers))
    for correction in corrections(item):
        given = mapping.told(form(item), correction.answers)
        if "phone" in given:
            speaks, number = speaks and _number(given) == number, _number(given)
        speaks = speaks or "phone_safe" in given
    return speaks


def _number(told: mapping.Answers) -> str:
    written = mapping.text(told, "phone")
    return messages.normal_number(written) or written


def numbers(item: Item) -> list[tuple[str, bool]]:
    """Telephone numbers of the submission, and whether the person said that a message may be left there."""
    return [(value, safe) for kind, value, safe in mapping.channels(told(item)) if kind == "phone"]


def file_ids(correction: Correction) -> list[UUID]:
    """Keys of the files that came with a correction."""
    values = correction.answers.values()
    return [UUID(each["document"]) for each in values if isinstance(each, dict) and each.get("document")]
