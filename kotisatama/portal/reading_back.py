"""What a page says about answers beside asking for them: the summary, two answers to one question, what is known."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from kotisatama.forms import filling, merging, queries
from kotisatama.forms.models import Who
from kotisatama.forms.structure import Definition
from kotisatama.portal import questions
from kotisatama.portal.filling_in import Visit, evaluate
from kotisatama.translation.queries import Localized


@dataclass(frozen=True)
class CheckPage:
    """The answers of one page on the summary, each with the way to change it."""

    title: Localized
    number: int
    rows: list["CheckRow"]


@dataclass(frozen=True)
class CheckRow:
    """One question of the summary; an unanswered one says so. `text` is the rest of a statement to agree to."""

    label: Localized
    original: Localized
    anchor: str
    check_id: str
    who: str
    text: Localized | None
    can_change: bool

    @property
    def is_helpers(self) -> bool:
        return self.who == Who.HELPER


def summary(visit: Visit) -> list[CheckPage]:
    """Every question that is asked with these answers, page by page."""
    evaluation = evaluate(visit)
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
    is_statement = queries.purpose_of(each.question) is not None and each.question.hints
    return CheckRow(
        label=label,
        original=row.original if row else Localized("", ""),
        anchor=questions.anchor(visit.form, each),
        check_id=f"check-{each.name}",
        who=visit.draft.filled_by.get(each.name, "") if visit.draft else "",
        text=queries.localized(each.question.hints, visit.language) if is_statement else None,
        can_change=not (visit.draft and each.name in visit.draft.verified),
    )


@dataclass(frozen=True)
class Said:
    """One question with an answer, or two that differ."""

    name: str
    label: Localized
    here: str
    elsewhere: str = ""


def in_two_places(visit: Visit) -> list[Said]:
    """Questions of the page that were answered here and elsewhere meanwhile, with both answers as texts."""
    return [
        Said(name, _label(visit, name), _text(visit, name, both.here), _text(visit, name, both.elsewhere))
        for name, both in visit.both.items()
    ]


def known(visit: Visit) -> list[Said]:
    """Answers of the page that stand in the register: for reading."""
    verified = visit.draft.verified if visit.draft and not visit.is_helping else []
    on_page = {each.name for each in visit.page.questions()}
    return [
        Said(name, _label(visit, name), _text(visit, name, visit.answers.get(name)))
        for name in verified
        if name in on_page
    ]


def _label(visit: Visit, name: str) -> Localized:
    item = visit.form.questions.get(name) or visit.form.sections[name]
    return queries.localized(item.labels, visit.language)


def _text(visit: Visit, name: str, value: Any) -> str:
    return answer_text(visit.form, {name: value}, visit.language)


def answer_text(form: Definition, answers: Mapping[str, Any], language: str) -> str:
    """All of these answers in words, a line each."""
    pages = queries.readable(form, answers, reader=language, original=language)
    return "\n".join(row.original.text for page in pages for row in page.rows)


def seen(visit: Visit) -> str:
    """The page's hidden field: marks of the answers that it shows."""
    kept = visit.answers | {name: both.elsewhere for name, both in visit.both.items()}
    return merging.seen(kept, merging.units(visit.section), visit.both)


def unshared(form: Definition) -> Collection[str]:
    """What no helper sees: questions that the form keeps to the person, and whole repeats with such a question."""
    return {form.unit_of(name) for name in queries.said_no(form, "shared")}
