"""The page of one submission: the answers for the reader, who it may be, and what was done about it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.utils import formats
from django.utils.translation import gettext as _

from kotisatama.audit import actions as audit
from kotisatama.cases import queries as cases
from kotisatama.documents import queries as documents
from kotisatama.documents.models import Document
from kotisatama.forms import queries as forms
from kotisatama.forms.models import Who
from kotisatama.forms.queries import AnswerPage, AnswerRow
from kotisatama.intake import access, mapping, telling
from kotisatama.intake.models import Correction, Invitation, Item
from kotisatama.messages import queries as messages
from kotisatama.people import access as people_access
from kotisatama.people import queries as people
from kotisatama.people.models import Channel, Person
from kotisatama.staff.models import Worker
from kotisatama.translation import languages
from kotisatama.translation.queries import Localized

INVITED = "invited"


@dataclass(frozen=True)
class Answer:
    """One answer: `is_own_words` were written in a language that nobody has translated for the reader."""

    row: AnswerRow
    document: Document | None
    is_picture: bool
    is_own_words: bool
    was_answered: bool = True
    written_by: str = ""
    corrections: tuple["Corrected", ...] = ()

    @property
    def is_same(self) -> bool:
        """Whether the reader's words are the original's too."""
        return self.row.reader.text == self.row.original.text


@dataclass(frozen=True)
class Corrected:
    """What the person gave later in place of an answer, and when."""

    answer: Answer
    at: datetime


@dataclass(frozen=True)
class Page:
    """The answers of one page of the form."""

    title: Localized
    answers: list[Answer]


def note_opened(item: Item, viewer: Worker) -> None:
    """The line of a submission's page, when the viewer may read it; raises as access.require_readable does."""
    details = {"purpose": access.require_readable(viewer, item)}
    audit.record(
        "submission.viewed", by=viewer, controllers=[item.controller_id], subject=item.submission, details=details
    )


def answers(item: Item, viewer: Worker, reader: str) -> list[Page]:
    """Every answer in the reader's language beside the original, with what the person corrected; files with theirs.

    Two queries, three unless the corrections were prefetched.
    """
    submission = item.submission
    form, corrections = telling.form(item), telling.corrections(item)
    sent = _rows(forms.readable(form, submission.answers, reader=reader, original=submission.language))
    later = [
        (each, _rows(forms.readable(form, each.answers, reader=reader, original=each.language))) for each in corrections
    ]
    ids = [row.document_id for rows in (sent, *(rows for _each, rows in later)) for row in rows.values()]
    files = documents.by_id(viewer, [each for each in ids if each])
    latest = telling.answers(item)
    merged = forms.readable(form, latest, reader=reader, original=submission.language)
    given = {name: _later(name, later, files, reader) for name in {name for _each, rows in later for name in rows}}
    who, foreign = forms.who_wrote(submission), submission.language != reader
    return [
        Page(
            page.title,
            [
                replace(_both(row, sent, given, files, foreign), written_by=_writer(who.get(row.name, "")))
                for row in page.rows
            ],
        )
        for page in merged
    ]


def _writer(who: str) -> str:
    """Who wrote an answer when it was not the person, in the reader's words."""
    return str(Who(who).label) if who in (Who.HELPER, Who.PREFILL) else ""


def _rows(pages: Iterable[AnswerPage]) -> dict[str, AnswerRow]:
    return {row.name: row for page in pages for row in page.rows}


def _later(
    name: str, later: list[tuple[Correction, dict[str, AnswerRow]]], files: dict[UUID, Document], reader: str
) -> tuple[Corrected, ...]:
    """What was given to one question later, the earliest first."""
    return tuple(
        Corrected(_answer(rows[name], files, each.language != reader), each.answered_at)
        for each, rows in later
        if name in rows and each.answered_at
    )


def _both(
    row: AnswerRow,
    sent: dict[str, AnswerRow],
    given: dict[str, tuple[Corrected, ...]],
    files: dict[UUID, Document],
    foreign: bool,
) -> Answer:
    """The answer as it was sent first, and what came in its place."""
    first = _answer(sent.get(row.name, row), files, foreign)
    return replace(first, was_answered=row.name in sent, corrections=given.get(row.name, ()))


def _answer(row: AnswerRow, files: dict[UUID, Document], foreign: bool) -> Answer:
    document = files.get(row.document_id) if row.document_id else None
    is_prose = row.is_free_text and row.name.partition("-")[0] not in mapping.NOT_PROSE
    picture = document is not None and documents.is_picture(document)
    return Answer(row, document, picture, is_prose and foreign)


def candidates(item: Item, viewer: Worker, reader: str, text: str = "") -> list[people.FoundRow]:
    """Clients who may have sent it, the likeliest first; with `text` those whom the worker searches for."""
    given = telling.told(item)
    if text.strip():
        return people.rows(viewer, people.search(viewer, text, limit=5), reader)
    found = people.candidates(
        viewer,
        name=mapping.text(given, "name"),
        born_on=mapping.date_of_birth(given),
        channels=[(kind, value) for kind, value, _safe in mapping.channels(given)],
    )
    invited = invited_person(item, viewer)
    if invited:
        found = [people.Found(invited, 1.0, INVITED), *(each for each in found if each.person.pk != invited.pk)]
    return people.rows(viewer, found, reader)


def invited_person(item: Item, viewer: Worker) -> Person | None:
    """The client to whom the form was sent, by a link that only opens with the year of birth; nobody else's proof."""
    invitation = Invitation.objects.filter(submission=item.submission_id).first()
    return people_access.visible_people(viewer).filter(pk=invitation.person_id).first() if invitation else None


def person(item: Item, viewer: Worker) -> Person | None:
    """The client to whom the submission is tied."""
    return people_access.visible_people(viewer).filter(pk=item.person_id).first() if item.person_id else None


@dataclass(frozen=True)
class Compared:
    """One detail as the submission and as the register have it; `adds` names the field that takes it over."""

    label: str
    given: str
    registered: list[str]
    is_same: bool
    adds: str = ""


def note_compared(person: Person, viewer: Worker) -> bool:
    """The line of a page that shows a client beside a submission; whether it may show the whole record."""
    purpose = people_access.purpose_of(viewer, person.pk) or ""
    action, details = "person.viewed" if purpose else "person.found", {"page": "compare", "purpose": purpose}
    audit.record(action, by=viewer, controllers=[person.controller_id], subject=person, details=details)
    return bool(purpose)


def comparison(item: Item, person: Person, reader: str, *, whole: bool) -> list[Compared]:
    """What the submission says beside what the register knows; unless `whole`, no more of it than a search shows.

    Three queries.
    """
    told, row = telling.told(item), people.row(person, reader) if whole else people.card(person)
    born, known = mapping.date_of_birth(told), person.date_of_birth
    spellings = list(dict.fromkeys([person.name, *(name.text for name in person.names.all())]))
    municipalities = people.municipality_names(reader)
    spoken = [languages.own_name(item.service_language)] if item.service_language in languages.all_languages() else []
    return [
        _compared(_("Name"), mapping.text(told, "name"), spellings, "adds_name"),
        _compared(_("Date of birth"), _day(born), [_day(known) if whole else str(known.year)] if known else []),
        _compared(_("Municipality"), municipalities.get(item.municipality, ""), [row.municipality]),
        _compared(_("Language"), "".join(spoken), [name for _code, name in row.languages]),
        *_compared_channels(told, people.channels(person) if whole else []),
    ]


def _day(day: date | None) -> str:
    return formats.date_format(day, "SHORT_DATE_FORMAT") if day else ""


def _compared(label: str, given: str, registered: Iterable[str], adds: str = "") -> Compared:
    known = [each for each in registered if each]
    is_same = bool(given) and given.casefold() in {each.casefold() for each in known}
    return Compared(label, given, known, is_same, adds if given and not is_same else "")


def _compared_channels(told: mapping.Answers, rows: Sequence[Channel]) -> list[Compared]:
    phone = mapping.text(told, "phone")
    phones = [row.value for row in rows if row.kind == "phone"]
    emails = [row.value for row in rows if row.kind == "email"]
    number = messages.normal_number(phone) or phone
    return [
        _compared(_("Telephone"), number, [messages.normal_number(each) or each for each in phones], "adds_phone"),
        _compared(_("E-mail"), mapping.text(told, "email"), emails, "adds_email"),
    ]


def additions(item: Item, given: dict[str, object]) -> tuple[list[str], list[tuple[str, str, bool]]]:
    """The names and the channels of the submission that the boxes of the comparing page chose."""
    told = telling.told(item)
    names = [mapping.text(told, "name")] if given["adds_name"] else []
    channels = [row for row in mapping.channels(told) if given[f"adds_{row[0]}"]]
    return names, channels


def open_case(person: Person | None) -> object:
    """The client's open case, so that no second one is offered."""
    return cases.open_case_of(person) if person else None


def sent_messages(item: Item, viewer: Worker) -> list[messages.Line]:
    """What was answered, newest first."""
    return messages.of_submission(viewer, item.submission)


def language_names(item: Item, reader: str) -> dict[str, str]:
    """In which language the form was filled in and which one is wished for, in the reader's words."""
    wished = item.service_language
    return {
        "written": languages.name_in(item.submission.language, reader),
        "wished": languages.name_in(wished, reader) if wished in languages.all_languages() else _("Another language"),
    }
