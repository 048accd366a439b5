"""A visitor's way through a form: which page, what was typed, where to go next."""

import dataclasses
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import Http404, HttpRequest
from django.utils import translation
from django.utils.translation import gettext as _

from kotisatama.documents import actions as documents
from kotisatama.forms import actions, filling, merging, preview, queries
from kotisatama.forms.models import Draft, DraftKey, Version, Who
from kotisatama.forms.structure import FILES, Definition, Question, Section
from kotisatama.kernel.errors import NotAllowed
from kotisatama.portal import questions

FRAME = "page:"  # what the page frame posts: no question's name has a colon


class Gone(Exception):
    """The answers that the page shows were sent or removed meanwhile, here or elsewhere."""


@dataclass
class Visit:
    """One request for one page of a form, with the visitor's answers so far.

    `holder` is the draft's, `browser` the visitor's own: they differ where a code led here. `section` is the page as
    far as it is to be filled in here; `by` is who fills it in. `both` are answers that were changed here and elsewhere.
    """

    code: str
    version: Version
    form: Definition
    browser: str
    draft: Draft | None
    index: int
    section: Section
    language: str
    answers: dict[str, Any]
    by: str = Who.PERSON
    key: DraftKey | None = None
    errors: dict[str, filling.FieldError] = field(default_factory=dict)
    newly_shown: tuple[str, ...] = ()
    rows_changed: bool = False
    both: dict[str, merging.Both] = field(default_factory=dict)

    @property
    def holder(self) -> str:
        """Under whom draft and files are kept."""
        return self.draft.holder if self.draft else self.browser

    @property
    def page(self) -> Section:
        """The whole page; `index` is its place among all pages of the form, from 1: what stands in its address."""
        return self.form.pages[self.index - 1]

    @property
    def is_helping(self) -> bool:
        return self.by == Who.HELPER


def visit(code: str, number: int, browser: str, draft: Draft | None = None) -> Visit:
    """The form, the visitor's draft in the version that it began in, and the page; raises Http404.

    `draft` is the visitor's one when it was found already.
    """
    draft = draft or actions.enter_draft(browser, code)
    version = draft.version if draft else queries.published_version(code)
    if version is None:
        raise Http404(code)
    form = queries.definition(version)
    if not 1 <= number <= len(form.pages):
        raise Http404(f"{code}: page {number}")
    moment = actions.this_moment()
    answers = draft.answers if draft else filling.initial_answers(form, today=moment["today"], now=moment["now"])
    section = without(form.pages[number - 1], draft.verified if draft else ())
    return Visit(code, version, form, browser, draft, number, section, current_language(), answers)


def current_language() -> str:
    return translation.get_language() or "fi"


def without(section: Section, names: Collection[str]) -> Section:
    """The section without these questions and repeats."""
    if not names:
        return section
    items = tuple(
        each if isinstance(each, Question) else without(each, names)
        for each in section.items
        if each.name not in names or (isinstance(each, Section) and each.kind != "repeat")
    )
    return dataclasses.replace(section, items=items)


def take(visit: Visit, request: HttpRequest) -> None:
    """Merge what was posted into the answers as they are now: files, errors, changes made elsewhere; save the draft.

    Raises Gone rather than begin anew, or write into another draft, with what the page showed.
    """
    if visit.draft:
        visit.draft = actions.lock_draft(visit.draft)
    shown = request.POST.get("page:draft", "")
    if shown and (visit.draft is None or shown != str(visit.draft.pk)):
        raise Gone
    if visit.draft:
        visit.answers = visit.draft.answers
    files, refused = _files(visit, request)
    cleaned = filling.clean_page(
        visit.form,
        visit.section,
        request.POST,
        visit.answers,
        language=visit.language,
        files=files,
        ignore=[name for name in request.POST if name.startswith(FRAME)],
        **actions.this_moment(),
    )
    merged = _merged(visit, cleaned.answers, request)
    visit.rows_changed, visit.newly_shown, visit.both = cleaned.rows_changed, cleaned.newly_shown, merged.both
    errors = {name: error for name, error in cleaned.errors.items() if name not in cleaned.newly_shown} | refused
    visit.errors = {name: error for name, error in errors.items() if name.partition("-")[0] not in merged.kept}
    visit.draft = actions.keep_draft(
        holder=visit.holder,
        version=visit.version,
        language=visit.language,
        answers=merged.answers,
        page=visit.index,
        by=visit.by,
    )
    visit.draft.version = visit.version
    visit.answers = merged.answers | {name: both.here for name, both in merged.both.items()}


def _merged(visit: Visit, posted: dict[str, Any], request: HttpRequest) -> merging.Merged:
    names = merging.units(visit.section)
    return merging.merge(
        visit.answers,
        posted,
        names,
        marks=merging.read_seen(request.POST.get("page:seen", "")),
        chosen={name: request.POST.get(f"page:keep-{name}", "") for name in names},
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
    """The page as its template shows it. A helper's page has no preview: it would carry answers of other pages."""
    evaluation = evaluate(visit)
    reader = questions.Reader(
        visit.form, visit.answers, evaluation, visit.language, visit.errors, frozenset(visit.newly_shown)
    )
    asked = filling.visible_pages(visit.form, evaluation)
    parts = list(reader.parts(visit.section))
    shown = {} if visit.is_helping else _preview(visit, evaluation)
    return questions.Page(
        form_code=visit.code,
        title=queries.localized(visit.page.labels, visit.language),
        number=asked.index(visit.page) + 1 if visit.page in asked else visit.index,
        total=max(len(asked), 1),
        parts=parts,
        problems=questions.links(parts, visit.errors),
        preview=shown,
        brought=bool(visit.newly_shown),
        changing=changing,
    )


def _preview(visit: Visit, evaluation: filling.Evaluation) -> dict[str, Any]:
    return preview.preview_data(visit.form, visit.section, visit.answers, evaluation, language=visit.language)


def evaluate(visit: Visit) -> filling.Evaluation:
    """What follows from the answers, now."""
    return filling.evaluate(visit.form, visit.answers, language=visit.language, **actions.this_moment())


def neighbour(visit: Visit, *, step: int, among: Collection[str] = ()) -> int | None:
    """The number of the next (1) or previous (-1) page that is asked with these answers; None past the ends.

    `among` names the pages to choose from; empty: all.
    """
    pages = [each for each in filling.visible_pages(visit.form, evaluate(visit)) if not among or each.name in among]
    asked = [visit.form.pages.index(page) + 1 for page in pages]
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
