"""A visitor's way through a form: which page, what was typed, where to go next."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import Http404, HttpRequest
from django.utils import translation
from django.utils.translation import gettext as _

from kotisatama.documents import actions as documents
from kotisatama.forms import actions, filling, preview, queries
from kotisatama.forms.models import Draft, Version
from kotisatama.forms.structure import FILES, Definition, Section
from kotisatama.kernel.errors import NotAllowed
from kotisatama.portal import questions
from kotisatama.translation.queries import Localized

FRAME_FIELDS = frozenset({"page:go", "page:language", "page:key"})


@dataclass
class Visit:
    """One request for one page of a form, with the visitor's answers so far."""

    code: str
    version: Version
    form: Definition
    holder: str
    draft: Draft | None
    section: Section
    language: str
    answers: dict[str, Any]
    errors: dict[str, filling.FieldError] = field(default_factory=dict)
    newly_shown: tuple[str, ...] = ()
    rows_changed: bool = False

    @property
    def index(self) -> int:
        """The page's place among all pages of the form, from 1: what stands in its address."""
        return self.form.pages.index(self.section) + 1


def visit(code: str, number: int, holder: str) -> Visit:
    """The form, the visitor's draft in the version that it began in, and the page; raises Http404."""
    draft = queries.draft_of_form(holder, code)
    version = draft.version if draft else queries.published_version(code)
    if version is None:
        raise Http404(code)
    form = queries.definition(version)
    if not 1 <= number <= len(form.pages):
        raise Http404(f"{code}: page {number}")
    moment = actions.this_moment()
    answers = draft.answers if draft else filling.initial_answers(form, today=moment["today"], now=moment["now"])
    language = translation.get_language() or "fi"
    return Visit(code, version, form, holder, draft, form.pages[number - 1], language, answers)


def take(visit: Visit, request: HttpRequest) -> None:
    """Merge what was posted into the visit: answers, files, errors; save the draft."""
    files, refused = _files(visit, request)
    cleaned = filling.clean_page(
        visit.form,
        visit.section,
        request.POST,
        visit.answers,
        language=visit.language,
        files=files,
        ignore=FRAME_FIELDS,
        **actions.this_moment(),
    )
    visit.answers, visit.rows_changed = cleaned.answers, cleaned.rows_changed
    visit.newly_shown = cleaned.newly_shown
    shown_before = {name: error for name, error in cleaned.errors.items() if name not in cleaned.newly_shown}
    visit.errors = shown_before | refused
    visit.draft = actions.keep_draft(
        holder=visit.holder,
        version=visit.version,
        language=visit.language,
        answers=visit.answers,
        page=max(visit.index, visit.draft.page if visit.draft else 0),
    )


def _files(visit: Visit, request: HttpRequest) -> tuple[dict[str, dict[str, Any]], dict[str, filling.FieldError]]:
    """Keep the files of the page's questions; a file that is refused leaves the answer as it was."""
    asked = {each.name for each in filling.fields_on(visit.section, visit.answers) if each.question.type in FILES}
    kept: dict[str, dict[str, Any]] = {}
    refused = {
        name: filling.FieldError("file", documents.too_large())
        for name in documents.dropped_fields(request)
        if name in asked
    }
    for name, upload in request.FILES.items():
        if name not in asked or not upload or isinstance(upload, list):
            refused[name] = filling.FieldError("unknown", _("The form has no such field."))
            continue
        try:
            document = documents.keep_upload(upload, holder=visit.holder)
        except NotAllowed as reason:
            refused[name] = filling.FieldError("file", str(reason))
        else:
            kept[name] = {"document": str(document.pk), "name": document.name, "size": document.size}
    return kept, refused


def drawn(visit: Visit, *, changing: bool) -> questions.Page:
    """The page as its template shows it."""
    evaluation = filling.evaluate(visit.form, visit.answers, language=visit.language, **actions.this_moment())
    reader = questions.Reader(
        visit.form, visit.answers, evaluation, visit.language, visit.errors, frozenset(visit.newly_shown)
    )
    asked = filling.visible_pages(visit.form, evaluation)
    parts = list(reader.parts(visit.section))
    return questions.Page(
        form_code=visit.code,
        title=queries.localized(visit.section.labels, visit.language),
        number=asked.index(visit.section) + 1 if visit.section in asked else visit.index,
        total=max(len(asked), 1),
        parts=parts,
        problems=questions.links(parts, visit.errors),
        preview=preview.preview_data(visit.form, visit.section, visit.answers, evaluation, language=visit.language),
        brought=bool(visit.newly_shown),
        changing=changing,
    )


def neighbour(visit: Visit, *, step: int) -> int | None:
    """The number of the next (1) or previous (-1) page that is asked with these answers; None past the ends."""
    evaluation = filling.evaluate(visit.form, visit.answers, language=visit.language, **actions.this_moment())
    asked = [visit.form.pages.index(page) + 1 for page in filling.visible_pages(visit.form, evaluation)]
    beyond = [number for number in asked if (number - visit.index) * step > 0]
    return min(beyond, key=lambda number: abs(number - visit.index)) if beyond else None


def prefill(visit: Visit, wishes: Mapping[str, str]) -> None:
    """Choose on the first page what the address asks for (`?topics=letters`); nothing is saved yet."""
    if visit.draft:
        return
    for question in visit.section.questions():
        wish = wishes.get(question.name)
        if question.choices and wish in {choice.name for choice in visit.form.choices[question.choices]}:
            visit.answers[question.name] = [wish] if question.type == "select_multiple" else wish


@dataclass(frozen=True)
class CheckPage:
    """The answers of one page on the summary, each with the way to change it."""

    title: Localized
    number: int
    rows: list["CheckRow"]


@dataclass(frozen=True)
class CheckRow:
    """One question of the summary; an unanswered one says so."""

    label: Localized
    original: Localized
    anchor: str
    check_id: str


def summary(visit: Visit) -> list[CheckPage]:
    """Every question that is asked with these answers, page by page."""
    evaluation = filling.evaluate(visit.form, visit.answers, language=visit.language, **actions.this_moment())
    answered = {
        row.name: row
        for page in queries.readable(visit.form, visit.answers, reader=visit.language, original=visit.language)
        for row in page.rows
    }
    pages = []
    for page in filling.visible_pages(visit.form, evaluation):
        rows = [
            _check_row(visit, each, answered)
            for each in filling.fields_on(page, visit.answers)
            if evaluation.is_relevant(each.name)
        ]
        title = queries.localized(page.labels, visit.language)
        pages.append(CheckPage(title, visit.form.pages.index(page) + 1, rows))
    return pages


def _check_row(visit: Visit, each: filling.Field, answered: Mapping[str, queries.AnswerRow]) -> CheckRow:
    row = answered.get(each.answer_name)
    label = row.label if row else queries.localized(each.question.labels, visit.language)
    return CheckRow(
        label,
        row.original if row else Localized("", ""),
        questions.anchor(visit.form, each),
        f"check-{each.name}",
    )
