"""What a protected person sent in, hidden and taken back: the line of the inbox, the answers, the files' names."""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from kotisatama.documents import actions as documents
from kotisatama.forms import actions as forms
from kotisatama.forms import queries as form_queries
from kotisatama.forms.models import Submission
from kotisatama.intake.models import Item
from kotisatama.people.models import Person
from kotisatama.people.registry import Part

ITEMS = "intake_item"
NO_PLACE = "secret"
# The files before the answers that name them.
TABLES = (ITEMS, documents.CONTENTS, documents.DOCUMENTS, forms.SUBMISSIONS)


def conceal(person: Person) -> Iterable[Part]:
    """The municipality by which the inbox is filtered."""
    found = Item.objects.filter(person=person).exclude(municipality=NO_PLACE)
    return [_take(item) for item in found.select_for_update(of=("self",))]


def _take(item: Item) -> Part:
    said = {"municipality": item.municipality}
    item.municipality = NO_PLACE
    item.save(update_fields=["municipality"])
    return Part(item.pk, item.controller_id, said)


def reveal(row: uuid.UUID, said: Mapping[str, Any]) -> None:
    """Put the municipality back."""
    Item.objects.filter(pk=row).update(municipality=said["municipality"])


def conceal_documents(person: Person) -> Iterable[Part]:
    """The names of the files that came with the forms."""
    return documents.conceal(_files(person))


def conceal_contents(person: Person) -> Iterable[Part]:
    """The files themselves."""
    return documents.conceal_contents(_files(person))


def _files(person: Person) -> list[uuid.UUID]:
    return [each for submission in _submissions(person) for each in form_queries.document_ids(submission)]


def conceal_answers(person: Person) -> Iterable[Part]:
    """The answers of every form that the person sent."""
    return forms.conceal(submission.pk for submission in _submissions(person))


def _submissions(person: Person) -> list[Submission]:
    items = Item.objects.filter(person=person).select_related("submission__version")
    return [item.submission for item in items]
