"""What a protected person sent in, hidden and taken back: the line of the inbox, the answers, the files' names."""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from kotisatama.documents import actions as documents
from kotisatama.forms import actions as forms
from kotisatama.forms import queries as form_queries
from kotisatama.forms.models import Submission
from kotisatama.intake import telling
from kotisatama.intake.models import Correction, ExpertQuestion, Item
from kotisatama.kernel import row_security
from kotisatama.network import queries as network
from kotisatama.people import actions as people
from kotisatama.people.models import Person
from kotisatama.people.registry import Part

ITEMS, CORRECTIONS, EXPERT_QUESTIONS = "intake_item", "intake_correction", "intake_expertquestion"
NO_PLACE = "secret"
# The files before the answers that name them: concealers are asked in the order in which they were added.
TABLES = (ITEMS, CORRECTIONS, EXPERT_QUESTIONS, documents.CONTENTS, documents.DOCUMENTS, forms.SUBMISSIONS)


def client_of(item: Item) -> Person | None:
    """Whose the submission is, for the service's own work: the client may be another controller's than the form."""
    with row_security.context(controllers=network.controllers_ever()):
        return Person.objects.filter(pk=item.person_id).first() if item.person_id else None


def hide_new(item: Item, *tables: str) -> None:
    """Seal what was just written in these tables about a protected client, whichever controller's."""
    with row_security.context(controllers=network.controllers_ever()):
        people.conceal(client_of(item), *tables)


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


def conceal_corrections(person: Person) -> Iterable[Part]:
    """The worker's sentences and the answers; which questions were asked stays, so that the person's link works."""
    found = Correction.objects.filter(item__person=person).select_for_update(of=("self",))
    return [_take_words(row, _without_words(row)) for row in found if row.answers or _sentences(row)]


def _sentences(row: Correction) -> str:
    return "".join(each["sentence"] for each in row.questions)


def _without_words(row: Correction) -> dict[str, Any]:
    names = [each["name"] for each in row.questions]
    return {"answers": {}} | (
        {"questions": [{"name": name, "sentence": ""} for name in names]} if _sentences(row) else {}
    )


def conceal_expert_questions(person: Person) -> Iterable[Part]:
    """What an expert was asked about the matter, and said."""
    found = ExpertQuestion.objects.filter(item__person=person).exclude(question="", reply="")
    return [_take_words(row, {"question": "", "reply": ""}) for row in found.select_for_update(of=("self",))]


def _take_words(row: Correction | ExpertQuestion, empty: Mapping[str, Any]) -> Part:
    said = {name: getattr(row, name) for name in empty if getattr(row, name)}
    for name in said:
        setattr(row, name, empty[name])
    row.save(update_fields=list(said))
    return Part(row.pk, row.controller_id, said)


def reveal_correction(row: uuid.UUID, said: Mapping[str, Any]) -> None:
    """Put the sentences and the answers back."""
    Correction.objects.filter(pk=row).update(**{name: said[name] for name in ("questions", "answers") if name in said})


def reveal_expert_question(row: uuid.UUID, said: Mapping[str, Any]) -> None:
    """Put back what was asked and said."""
    found = ExpertQuestion.objects.filter(pk=row)
    found.update(**{name: said[name] for name in ("question", "reply") if name in said})


def say_correction(row: uuid.UUID, said: Mapping[str, Any], reader: str) -> list[tuple[str, str]]:
    """What was asked of each question, and what was answered to it."""
    found = Correction.objects.select_related("item__submission__version").filter(pk=row).first()
    if found is None:
        return []
    form, submission = telling.form(found.item), found.item.submission
    asked = [
        (form_queries.localized(form.questions[each["name"]].labels, reader).text, each["sentence"])
        for each in said.get("questions", [])
        if each["sentence"] and each["name"] in form.questions
    ]
    return asked + forms.in_words(submission, said.get("answers", {}), reader)


def conceal_documents(person: Person) -> Iterable[Part]:
    """The names of the files that came with the forms."""
    return documents.conceal(_files(person))


def conceal_contents(person: Person) -> Iterable[Part]:
    """The files themselves."""
    return documents.conceal_contents(_files(person))


def _files(person: Person) -> list[uuid.UUID]:
    """Of the forms and of what was corrected in them; the answers are hidden after the files that they name."""
    found = [each for submission in _submissions(person) for each in form_queries.document_ids(submission)]
    return found + [each for row in Correction.objects.filter(item__person=person) for each in telling.file_ids(row)]


def conceal_answers(person: Person) -> Iterable[Part]:
    """The answers of every form that the person sent."""
    return forms.conceal(submission.pk for submission in _submissions(person))


def _submissions(person: Person) -> list[Submission]:
    items = Item.objects.filter(person=person).select_related("submission__version")
    return [item.submission for item in items]
