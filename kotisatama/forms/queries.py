"""Reading forms, drafts and what was answered."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import CharField, QuerySet
from django.utils import formats, timezone
from django.utils.dateparse import parse_date
from django.utils.translation import override

from kotisatama.forms import paths, versions
from kotisatama.forms.answers import as_text, clock_text
from kotisatama.forms.building_queries import version_to_build as version_to_build
from kotisatama.forms.fields import fields_on
from kotisatama.forms.models import Agreement, Draft, DraftKey, Form, Submission, Version
from kotisatama.forms.structure import ASKED, FILES, Definition, Labels, Question, Section, definition_from_json
from kotisatama.forms.structure import text as label_text
from kotisatama.forms.xforms import published_versions as published_versions
from kotisatama.forms.xforms import table_csv as table_csv
from kotisatama.forms.xforms import version_begun as version_begun
from kotisatama.forms.xforms import xform as xform
from kotisatama.forms.xforms import xform_title as xform_title
from kotisatama.kernel.compiled import Compiled, Given
from kotisatama.translation import languages
from kotisatama.translation.queries import Localized

Answers = Mapping[str, Any]


@dataclass(frozen=True)
class AnswerRow:
    """One answered question: `reader` in the reader's language, `original` as the person saw or wrote it.

    `is_free_text` answers are the person's own words: both sides hold them as written.
    """

    name: str
    label: Localized
    reader: Localized
    original: Localized
    document_id: UUID | None
    is_free_text: bool


@dataclass(frozen=True)
class AnswerPage:
    """The answered questions of one page."""

    title: Localized
    rows: list[AnswerRow]


def published_version(code: str) -> Version | None:
    """The version that visitors fill in now; None for an unknown or unpublished form."""
    return Version.objects.filter(form__code=code, state=Version.State.PUBLISHED).select_related("form").first()


def listed_forms(language: str) -> list[tuple[str, Localized]]:
    """Code and title of each form that stands on the public start page, by title; only published ones."""
    found = Version.objects.filter(form__is_listed=True, state=Version.State.PUBLISHED).select_related("form")
    listed = [(each.form.code, title(each, language)) for each in found.defer("source", "attachments")]
    return sorted(listed, key=lambda each: each[1].text.casefold())


Drafts = TypeVar("Drafts", bound=QuerySet[Any])


def with_version(drafts: Drafts) -> Drafts:
    """The same with their versions and forms, without the versions' large JSON, which `definition` reads once."""
    return drafts.select_related("version__form").defer("version__source", "version__definition")


_definitions: dict[int, tuple[str, Definition]] = {}


def definition(version: Version) -> Definition:
    """The compiled form of a version, read from its JSON once a process (told apart by its hash)."""
    kept = _definitions.get(version.pk)
    if kept is None or kept[0] != version.sha256:
        kept = _definitions[version.pk] = (version.sha256, definition_from_json(version.definition))
    return kept[1]


def shown_definition(version: Version) -> Definition | None:
    """The compiled form of any version, also of a draft that was not checked yet; None when its rows make no form."""
    if version.definition:
        return definition(version)
    found, wrong = versions.problems(version)
    return None if wrong else found


def draft_of_form(holder: str, code: str) -> Draft | None:
    """The holder's latest draft of any version of the form: an answer stays with the version that it began in."""
    return _draft_of_form.first(holder=holder, code=code) if holder else None


_draft_of_form = Compiled(
    lambda: with_version(
        Draft.objects.filter(holder=Given("holder", CharField()), version__form__code=Given("code", CharField()))
    ).order_by("-updated_at")[:1]
)


def draft(draft_id: UUID) -> Draft | None:
    """A draft by its key, in the context of its own holder."""
    return with_version(Draft.objects.filter(pk=draft_id)).first()


def drafts_of(holder: str) -> list[Draft]:
    """All of the holder's drafts, the latest first."""
    return list(with_version(Draft.objects.filter(holder=holder)).order_by("-updated_at")) if holder else []


@dataclass(frozen=True)
class Ways:
    """Who can reach a draft now beside the browser that began it."""

    code: DraftKey | None
    browsers: list[DraftKey]
    helper: DraftKey | None

    @property
    def is_elsewhere(self) -> bool:
        """Whether the draft can be opened when this browser forgets it."""
        return bool(self.code or self.browsers)


def ways(draft: Draft) -> Ways:
    """The keys of a draft that open something now. One query."""
    keys = list(DraftKey.objects.filter(draft=draft, expires_at__gt=timezone.now()).order_by("made_at"))
    by_kind = {each.kind: each for each in keys}
    helper = by_kind.get(DraftKey.Kind.HELPER) or by_kind.get(DraftKey.Kind.HELPER_CODE)
    return Ways(by_kind.get(DraftKey.Kind.CODE), [each for each in keys if each.kind == DraftKey.Kind.BROWSER], helper)


def newer_version(draft: Draft) -> Version | None:
    """The version published now, when the draft is of one that was retired and the person has not said no to it."""
    if draft.version.state != Version.State.RETIRED:
        return None
    newer = published_version(draft.version.form.code)
    return newer if newer and newer.pk != draft.declined_id else None


def submission_of_holder(holder: str, reference: str) -> Submission | None:
    """A visitor's own submission, for the receipt."""
    submissions = Submission.objects.filter(holder=holder, reference=reference).select_related("version__form")
    return submissions.first() if holder else None


def submission_by_key(key: UUID) -> Submission | None:
    """The submission that this key has become already."""
    return Submission.objects.filter(key=key).select_related("version__form").first()


def files_in(form: Definition, answers: Answers) -> list[UUID]:
    """Ids of the files among the answers."""
    fields = (each for page in form.pages for each in fields_on(page, answers) if each.question.type in FILES)
    values = ((paths.holder(answers, each.path) or {}).get(each.question.name) for each in fields)
    return [UUID(value["document"]) for value in values if isinstance(value, dict) and value.get("document")]


def document_ids(submission: Submission) -> list[UUID]:
    """Ids of the files that came with a submission."""
    return files_in(definition(submission.version), submission.answers) if submission.answers else []


def option(question: Question, name: str) -> str:
    """What the form says in its column `kotisatama::<name>` of the question; empty when nothing."""
    options: Mapping[str, str] = getattr(question, "options", None) or {}
    return str(options.get(name, "") or "").strip()


def purpose_of(question: Question) -> str | None:
    """What the question asks consent for; empty for a statement to tick without a purpose; None for any other."""
    purpose = option(question, "consent")
    return purpose if purpose or question.type == "acknowledge" else None


def localized(labels: Labels, language: str) -> Localized:
    """A text of the form in the first language of the chain that has one."""
    base = language.partition("-")[0]  # ar-SY falls back as ar does
    chain = languages.chain(language if language in languages.all_languages() else base)
    value, code = label_text(labels, language, chain)
    return Localized(value, code)


def readable_answers(submission: Submission, language: str) -> list[AnswerPage]:
    """A submission's answers, page by page, in the reader's language beside the person's own."""
    form = definition(submission.version)
    return readable(form, submission.answers, reader=language, original=submission.language)


def who_wrote(submission: Submission) -> dict[str, str]:
    """Who wrote each answer (`Who`), by the name that `readable` gives it."""
    form = definition(submission.version)
    fields = (each for page in form.pages for each in fields_on(page, submission.answers))
    return {each.answer_name: who for each in fields if (who := submission.filled_by.get(each.name))}


def agreements(submission: Submission) -> list[Agreement]:
    """The statements that the person agreed to, word by word, in the order of sending."""
    return list(submission.agreements.order_by("at", "question"))


def readable(form: Definition, answers: Answers, *, reader: str, original: str) -> list[AnswerPage]:
    """Answered questions only, page by page, repeats numbered."""
    pages = []
    for page in form.pages:
        rows = [row for item in page.items for row in _rows(form, item, answers, reader, original)]
        if rows:
            pages.append(AnswerPage(localized(page.labels, reader), rows))
    return pages


def _rows(
    form: Definition, item: Question | Section, answers: Answers, reader: str, original: str, rows: tuple[int, ...] = ()
) -> list[AnswerRow]:
    """`rows` are the numbers, from 1, of the rows of repeats around the item."""
    if isinstance(item, Question):
        value = answers.get(item.name)
        if item.type not in ASKED or value in (None, "", []):
            return []
        return [_row(form, item, value, rows, reader, original)]
    if item.kind != "repeat":
        return [row for inner in item.items for row in _rows(form, inner, answers, reader, original, rows)]
    return [
        row
        for number, instance in enumerate(paths.rows_of(answers, item.name), start=1)
        for inner in item.items
        for row in _rows(form, inner, instance, reader, original, (*rows, number))
    ]


def _row(
    form: Definition, question: Question, value: Any, rows: tuple[int, ...], reader: str, original: str
) -> AnswerRow:
    label = localized(question.labels, reader)
    if rows:
        label = Localized(f"{label.text} ({'.'.join(map(str, rows))})", label.language)
    document = UUID(value["document"]) if question.type in FILES and "document" in value else None
    return AnswerRow(
        name="-".join([question.name, *map(str, rows)]),
        label=label,
        reader=_answer(form, question, value, reader),
        original=_answer(form, question, value, original, written_in=original),
        document_id=document,
        is_free_text=question.type == "text",
    )


def _answer(form: Definition, question: Question, value: Any, language: str, written_in: str = "") -> Localized:
    if question.choices:
        names = value if isinstance(value, list) else [value]
        chosen = [choice for choice in form.choices[question.choices] if choice.name in names]
        texts = [localized(choice.labels, language) for choice in chosen]
        return Localized(", ".join(text.text for text in texts), texts[0].language if texts else language)
    if question.type in FILES:
        return Localized(as_text(question, value), "")
    if question.type == "acknowledge":
        return Localized("✓", "")
    if question.type == "date" and (day := parse_date(str(value))):
        with override(language):
            return Localized(formats.date_format(day, "SHORT_DATE_FORMAT"), language)
    if question.type in ("time", "dateTime"):
        return Localized(clock_text(str(value)), "")
    return Localized(str(value), written_in if question.type == "text" else "")


def title(version: Version, language: str) -> Localized:
    """The form's own name in the first language of the chain that has one."""
    form = definition(version)
    return localized(form.titles or {form.default_language: form.title}, language)


def forms() -> QuerySet[Form]:
    """Every form, by title."""
    return Form.objects.order_by("title", "code")


@dataclass(frozen=True)
class Told:
    """One submission as figures read it: when, by which version, what."""

    at: datetime
    version: int
    answers: Answers


def told(code: str, controllers: Iterable[str], *, begins: datetime, ends: datetime) -> Iterator[Told]:
    """A form's submissions to these controllers for counting; needs their context of row security. One query."""
    found = Submission.objects.filter(version__form__code=code, controller__in=list(controllers))
    rows: Any = found.filter(submitted_at__gte=begins, submitted_at__lt=ends).order_by()
    for row in rows.values_list("submitted_at", "version_id", "answers").iterator(chunk_size=500):
        yield Told(*row)


def sent_versions(form: Form) -> list[Version]:
    """Versions that submissions may have, the latest first."""
    sent = Version.objects.filter(form=form, published_at__isnull=False).defer("source", "attachments")
    return list(sent.order_by("-published_at"))


def said_no(form: Definition, column: str) -> set[str]:
    """Questions of which the form says `no` in this column of ours, or of which a section around them does."""
    found = {each.name for each in form.questions.values() if option(each, column).lower() in ("no", "false")}
    for section in form.sections.values():
        if section.options.get(column, "").lower() in ("no", "false"):
            found |= {question.name for question in section.questions()}
    return found


def uncounted(form: Form) -> frozenset[str]:
    """Questions that some version keeps out of statistics."""
    return frozenset(name for each in sent_versions(form) for name in said_no(definition(each), "statistics"))
