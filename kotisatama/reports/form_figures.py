"""Figures of a form's questions as they may be shown: small counts hidden, with whatever would give them away.

A year at a time and no other period: years do not overlap, so that no two of them can be subtracted.
"""

import statistics
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.translation import gettext as _

from kotisatama.forms import queries as forms
from kotisatama.forms.models import Form
from kotisatama.forms.structure import Definition, Question
from kotisatama.reports import access, line_suppression, queries
from kotisatama.reports.form_counting import MAIN, Tally, tally
from kotisatama.reports.line_suppression import NONE, Marks
from kotisatama.reports.queries import Figure
from kotisatama.reports.sheet import HIDDEN
from kotisatama.reports.suppression import Mark
from kotisatama.staff.models import Worker
from kotisatama.translation.queries import Localized
from kotisatama.web import charts

MIDDLE_FROM, QUARTERS_FROM = 2, 4  # a median stands for so many times the threshold on its two sides, quartiles on four


def written(figure: Figure) -> str:
    """A count as text; a hidden one is a dash."""
    return HIDDEN if figure.value is None else str(figure.value)


@dataclass(frozen=True)
class Row:
    """One choice, or those who gave no answer (code empty)."""

    code: str
    label: Localized
    figure: Figure

    @property
    def text(self) -> str:
        """The count as the page and the file write it."""
        return written(self.figure)


@dataclass(frozen=True)
class QuestionFigures:
    """One question: counts of choices, or of answers; numbers have their middle. Nothing at all when withheld."""

    question: Question
    label: Localized
    rows: list[Row]
    middle: tuple[float, ...] = ()
    is_withheld: bool = False

    @property
    def has_hidden(self) -> bool:
        return self.is_withheld or any(row.figure.is_hidden for row in self.rows)


@dataclass(frozen=True)
class FormFigures:
    """A form's year. `total` is hidden together with everything when it is small."""

    form: Form
    year: int
    least: int
    total: Figure
    months: list[tuple[int, Figure]] = field(default_factory=list)
    questions: list[QuestionFigures] = field(default_factory=list)

    @property
    def has_hidden(self) -> bool:
        months = any(figure.is_hidden for _month, figure in self.months)
        return self.total.is_hidden or months or any(each.has_hidden for each in self.questions)


def figures(viewer: Worker, form: Form, *, year: int, reader: str) -> FormFigures:
    """The figures of a form's year over the viewer's controllers. Three queries."""
    definitions = {version.pk: forms.definition(version) for version in forms.sent_versions(form)}
    begins, ends = queries.bounds(year)
    controllers = access.counted_controllers(viewer)
    sent = forms.told(form.code, controllers, begins=begins, ends=ends)
    left_out = forms.uncounted(form)
    counted = tally(sent, definitions, left_out)
    least = queries.threshold(year)
    number = counted.groups[MAIN]
    if 0 < number < least:
        return FormFigures(form, year, least, Figure(None, Mark.SMALL))
    asked = _asked(definitions, left_out)
    return FormFigures(
        form,
        year,
        least,
        Figure(number),
        _months(counted, least),
        [_question(each, origin, counted, least, reader) for each, origin in asked] if number else [],
    )


def years() -> list[int]:
    """Years that may be asked for: this one and the four before."""
    now = timezone.localdate().year
    return list(range(now, now - 5, -1))


def _asked(definitions: Mapping[int, Definition], left_out: frozenset[str]) -> list[tuple[Question, Definition]]:
    """Every question of any version, once, in the order of the latest version that asks it."""
    found: dict[str, tuple[Question, Definition]] = {}
    for form in definitions.values():
        for question in form.questions.values():
            if question.is_asked and question.name not in left_out:
                found.setdefault(question.name, (question, form))
    return list(found.values())


def _months(counted: Tally, least: int) -> list[tuple[int, Figure]]:
    counts = {str(month): counted.months[month] for month in range(1, 13)}
    marks = line_suppression.protect_parts(counts, least=least)
    if marks is None:
        return []
    return [(month, _figure(counts[str(month)], marks, str(month))) for month in range(1, 13)]


def _figure(count: int, marks: Marks, name: str) -> Figure:
    return Figure(None, marks[name]) if name in marks else Figure(count)


def _question(question: Question, form: Definition, counted: Tally, least: int, reader: str) -> QuestionFigures:
    label, asked = forms.localized(question.labels, reader), _persons(question, counted, least)
    nobody = asked - counted.answered[question.name]
    counts = {NONE: nobody} | dict(_choices(question, form, counted))
    if question.type == "select_multiple":
        marks = line_suppression.protect_choices(counts, persons=asked, least=least)
    else:
        marks = line_suppression.protect_parts(counts, least=least)
    if marks is None or 0 < asked < least:
        return QuestionFigures(question, label, [], is_withheld=True)
    words = {choice.name: forms.localized(choice.labels, reader) for choice in form.choices.get(question.choices, ())}
    words |= {NONE: Localized(_("No answer"), reader), ANSWERED: Localized(_("Answered"), reader)}
    rows = [
        Row(name, words.get(name, Localized(name, "")), _figure(count, marks, name)) for name, count in counts.items()
    ]
    return QuestionFigures(question, label, [*rows[1:], rows[0]], _middle(counted.numbers[question.name], least))


def _persons(question: Question, counted: Tally, least: int) -> int:
    """How many were asked. Few who were not asked count as asked: subtracted from all, their number would be told."""
    asked, askable = counted.asked[question.name], counted.askable(question.name)
    return askable if 0 < askable - asked < least else asked


ANSWERED = "answered"


def _choices(question: Question, form: Definition, counted: Tally) -> Iterator[tuple[str, int]]:
    """Counts by choice in the order of the form, then those of older versions; of other questions just how many."""
    if not question.choices:
        yield ANSWERED, counted.answered[question.name]
        return
    chosen = counted.chosen[question.name]
    names = [choice.name for choice in form.choices[question.choices]]
    for name in dict.fromkeys([*names, *sorted(chosen)]):
        yield name, chosen[name]


def _middle(numbers: list[float], least: int) -> tuple[float, ...]:
    """The median of enough numbers; of still more the quartiles around it."""
    if len(numbers) < MIDDLE_FROM * least:
        return ()
    if len(numbers) < QUARTERS_FROM * least:
        return (statistics.median(numbers),)
    return tuple(round(each, 2) for each in statistics.quantiles(numbers, n=4, method="inclusive"))


def chart(figures: QuestionFigures) -> charts.Chart | None:
    """The choices as bars; hidden ones drawn as hidden."""
    if figures.is_withheld or not figures.question.choices:
        return None
    values = [charts.Value(row.label.text, row.figure.value, row.text) for row in figures.rows]
    note = _("The table beside it has the same numbers.")
    return charts.rows(f"chart-{figures.question.name}", figures.label.text, note, values)
