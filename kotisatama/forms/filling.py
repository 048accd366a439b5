"""Filling in a form: the server's word on every page and again when it is sent.

Answers are a JSON value: `{question: value}`, a repeat is `{"member": [{"member_name": …}, …]}`, repeats inside repeats
lie in their rows, several choices are a list of names, dates are ISO texts, files `{"document": id, "name": …, "size":
…}`, a typed signature `{"typed": name}`. Fields are named as `forms/paths.py` tells: `member-0-member_name`. What does
not fit its question stays as the text that was typed until it is corrected.
"""

import dataclasses
import datetime
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Protocol, cast

from django.utils.functional import Promise

from kotisatama.forms import answers as values
from kotisatama.forms import expressions, paths
from kotisatama.forms.answers import FieldError, clock_text, is_typed
from kotisatama.forms.fields import Field, fields_on, row_count
from kotisatama.forms.instance import Evaluation, evaluate, item_node
from kotisatama.forms.paths import Answers, Path, holder, joined, question_name
from kotisatama.forms.posting import Posting
from kotisatama.forms.rows import as_many_rows, without_empty_rows
from kotisatama.forms.structure import (
    SELECTS,
    Choice,
    Definition,
    Question,
    Section,
    text,
)

__all__ = [
    "Answers", "Cleaned", "Complaint", "Evaluation", "Field", "FieldError", "Path", "check_all", "choices_for",
    "clean_page", "clock_text", "complaints", "evaluate", "fields_on", "holder", "initial_answers", "is_typed",
    "joined", "question_name", "row_count", "settled", "visible_pages",
]  # fmt: skip


class QueryData(Protocol):
    """What Django's QueryDict offers."""

    def getlist(self, key: str) -> list[str]: ...

    def keys(self) -> Collection[str]: ...


class Complaint(NamedTuple):
    """What is wrong when the form is sent: on which page and field, as a code and a sentence."""

    page: str
    field: str
    code: str
    message: str | Promise


class Cleaned(NamedTuple):
    """A page after it was posted.

    `answers` are to be kept whatever the errors. `errors` is empty when the page may be left. `newly_shown` are
    questions of this page that these answers brought up and that the person has not seen: show the page again.
    `rows_changed` is true when a row of a repeat was added or removed by its button: show it again, without errors.
    """

    answers: dict[str, Any]
    errors: dict[str, FieldError]
    newly_shown: tuple[str, ...] = ()
    rows_changed: bool = False


@dataclasses.dataclass(frozen=True)
class Moment:
    """When the form is filled in. `now` has a timezone."""

    today: datetime.date
    now: datetime.datetime
    timezone: datetime.tzinfo

    def evaluate(self, definition: Definition, answers: Answers, language: str) -> Evaluation:
        return evaluate(definition, answers, today=self.today, now=self.now, timezone=self.timezone, language=language)


def initial_answers(definition: Definition, *, today: datetime.date, now: datetime.datetime) -> dict[str, Any]:
    """What a new draft holds: defaults and the moment of its start."""
    found: dict[str, Any] = {}
    for question in definition.questions.values():
        if question.repeat:
            continue
        if question.type == "today":
            found[question.name] = today.isoformat()
        elif question.type == "start":
            found[question.name] = now.isoformat(timespec="seconds")
        elif question.default and question.is_asked:
            typed = question.default.split() if question.type == "select_multiple" else [question.default]
            allowed = [choice.name for choice in definition.choices.get(question.choices, ())]
            found[question.name] = values.read(question, typed, allowed, now.tzinfo or datetime.UTC).value
    if definition.has_counts:
        evaluation = evaluate(definition, found, today=today, now=now, timezone=now.tzinfo or datetime.UTC)
        as_many_rows(definition, found, evaluation)
    return found


def choices_for(definition: Definition, field: str, evaluation: Evaluation) -> list[Choice]:
    """The choices that the field offers with these answers."""
    question = definition.questions[question_name(field)]
    choices = list(definition.choices.get(question.choices, ()))
    node, tree = evaluation.nodes.get(field), question.choice_filter
    if tree is None or node is None:
        return choices
    items = [item_node(choice, "") for choice in choices]
    kept = {id(item) for item in expressions.offered(tree, items, evaluation.environment, node)}
    return [choice for choice, item in zip(choices, items, strict=True) if id(item) in kept]


def visible_pages(definition: Definition, evaluation: Evaluation) -> list[Section]:
    """The pages on which something is to be seen with these answers."""
    seen = {question_name(field) for field, relevant in evaluation.relevant.items() if relevant}
    return [
        page
        for page in definition.pages
        if any(question.is_seen and question.name in seen for question in page.questions())
    ]


def clean_page(
    definition: Definition,
    page: Section | str,
    data: QueryData | Mapping[str, Sequence[str] | str],
    answers: Answers,
    *,
    today: datetime.date,
    now: datetime.datetime,
    timezone: datetime.tzinfo,
    language: str = "",
    files: Mapping[str, Mapping[str, Any]] | None = None,
    ignore: Collection[str] = (),
) -> Cleaned:
    """Merge what was posted for one page into the answers, and say what is wrong with it.

    `files` are stored documents by field name; `letter-remove` takes a file away; `member-add` and `member-remove`
    (with the row's number) are the buttons of a repeat. `ignore` names fields of the page frame.
    """
    page = definition.page(page) if isinstance(page, str) else page
    moment = Moment(today, now, timezone)
    before = moment.evaluate(definition, answers, language)
    posting = Posting(definition, page, _lists(data, ignore), dict(files or {}), before, timezone)
    posting.merge(answers)
    if not posting.rows_changed:
        without_empty_rows(page, posting.answers, keep={name.partition("-")[0] for name in posting.errors})
    try:
        after = moment.evaluate(definition, posting.answers, language)
        as_many_rows(definition, posting.answers, after)
        errors = _page_errors(definition, page, posting.answers, after, language) | posting.errors
    except expressions.TooComplex:
        longest = max(posting.data, key=lambda name: sum(map(len, posting.data[name])), default=page.name)
        return Cleaned(dict(answers), {longest[:100]: values.error("too_complex")})
    if posting.rows_changed:
        return Cleaned(posting.answers, {}, rows_changed=True)
    _keep_calculated(definition, posting.answers, after)
    return Cleaned(posting.answers, errors, tuple(_newly_shown(page, posting, before, after)))


def _lists(data: QueryData | Mapping[str, Sequence[str] | str], ignore: Collection[str]) -> dict[str, list[str]]:
    if hasattr(data, "getlist"):
        query = cast(QueryData, data)
        found = {key: list(query.getlist(key)) for key in query.keys()}  # noqa: SIM118 - a QueryDict
    else:
        found = {key: [value] if isinstance(value, str) else list(value) for key, value in data.items()}
    return {key: value for key, value in found.items() if key not in ignore and key != "csrfmiddlewaretoken"}


def _keep_calculated(definition: Definition, answers: dict[str, Any], evaluation: Evaluation) -> None:
    """Calculations are kept where they stand: once() reads its earlier value, others are replaced."""
    for field, value in evaluation.values.items():
        place = paths.parse(field)
        row = holder(answers, place.path) if place else None
        if row is None:
            continue
        name = question_name(field)
        row.pop(name, None)
        if value:
            row[name] = value


def _newly_shown(page: Section, posting: Posting, before: Evaluation, after: Evaluation) -> Iterator[str]:
    for field in fields_on(page, posting.answers, after):
        if after.is_relevant(field.name) and not before.is_relevant(field.name) and field.name not in posting.data:
            yield field.name


def _page_errors(
    definition: Definition, page: Section, answers: Answers, evaluation: Evaluation, language: str
) -> dict[str, FieldError]:
    found = {}
    for field in fields_on(page, answers, evaluation):
        error = _field_error(definition, field, answers, evaluation, language)
        if error:
            found[field.name] = error
    return found


def _field_error(
    definition: Definition, field: Field, answers: Answers, evaluation: Evaluation, language: str
) -> FieldError | None:
    """What is wrong with the field's answer; nothing is when the field is not asked with these answers."""
    if not evaluation.is_relevant(field.name):
        return None
    question = field.question
    row = holder(answers, field.path) or {}
    value = row.get(question.name)
    if value in (None, "", []):
        return _required_error(question, language) if evaluation.is_required(field.name) else None
    allowed = choices_for(definition, field.name, evaluation) if question.type in SELECTS else []
    problem = values.problem(question, value, [choice.name for choice in allowed])
    if problem:
        return problem
    return None if _holds(field, row, evaluation) else _constraint_error(question, language)


def _holds(field: Field, row: dict[str, Any], evaluation: Evaluation) -> bool:
    """Does the constraint hold? A text may hold with its digits written as 0–9; then it is kept like that."""
    tree, node = field.question.constraint, evaluation.nodes[field.name]
    if tree is None or expressions.boolean(tree, evaluation.environment, node):
        return True
    plain = values.normal_digits(node.text)
    if field.question.type != "text" or plain == node.text:
        return False
    node.text, typed = plain, node.text
    if expressions.boolean(tree, evaluation.environment, node):
        row[field.question.name] = plain
        return True
    node.text = typed
    return False


def _required_error(question: Question, language: str) -> FieldError:
    own = _own_words(question.required_messages, language)
    general = values.error("acknowledge" if question.type == "acknowledge" else "required")
    return FieldError("required", own or general.message)


def _constraint_error(question: Question, language: str) -> FieldError:
    general = values.error("constraint")
    return FieldError("constraint", _own_words(question.constraint_messages, language) or general.message)


def _own_words(labels: Mapping[str, str], language: str) -> str:
    """The form's sentence when it has one in this language; a sentence in another language helps nobody."""
    found, code = text(labels, language)
    return found if code in (language, language.partition("-")[0]) else ""


def check_all(
    definition: Definition,
    answers: Answers,
    *,
    today: datetime.date,
    now: datetime.datetime,
    timezone: datetime.tzinfo,
    language: str = "",
) -> list[Complaint]:
    """Everything that keeps the form from being sent, in the order of its pages."""
    evaluation = Moment(today, now, timezone).evaluate(definition, answers, language)
    return complaints(definition, answers, evaluation, language)


def complaints(definition: Definition, answers: Answers, evaluation: Evaluation, language: str) -> list[Complaint]:
    """The same for answers that were evaluated already."""
    return [
        Complaint(page.name, field, error.code, error.message)
        for page in visible_pages(definition, evaluation)
        for field, error in _page_errors(definition, page, answers, evaluation, language).items()
    ]


def settled(definition: Definition, answers: Answers, evaluation: Evaluation) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a submission keeps: answers to questions that are asked with these answers, and calculated values apart.

    Values inside a repeat stand under their field names among the calculated ones.
    """
    kept: dict[str, Any] = {}
    for page in definition.pages:
        for field in fields_on(page, answers, evaluation):
            value = (holder(answers, field.path) or {}).get(field.question.name)
            if value not in (None, "", []) and evaluation.is_relevant(field.name):
                _row(kept, field.path)[field.question.name] = value
    for question in definition.questions.values():
        if question.type in ("start", "today") and question.name in answers:
            kept[question.name] = answers[question.name]
        elif question.type == "end" and not question.repeat:
            kept[question.name] = evaluation.nodes[question.name].text
    return kept, {name: value for name, value in evaluation.values.items() if evaluation.is_relevant(name) and value}


def _row(kept: dict[str, Any], path: Path) -> dict[str, Any]:
    """The row among what is kept; rows before it are made, empty ones, so that each keeps its number."""
    found = kept
    for repeat, place in path:
        rows: list[dict[str, Any]] = found.setdefault(repeat, [])
        rows.extend({} for _ in range(place + 1 - len(rows)))
        found = rows[place]
    return found
