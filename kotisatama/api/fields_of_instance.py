"""The answers of an instance as the web form would post them: page by page, under the names of its fields."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from kotisatama.api.errors import Refused
from kotisatama.api.xml_instance import TEMPLATE, Element
from kotisatama.forms.structure import FILES, MOMENTS, Definition, Question, Section

_OFFSET = re.compile(r"(Z|[+-][0-9]{2}(:?[0-9]{2})?)\Z")
# What a compiler adds to a form by itself.
_MADE = re.compile(r"generated_\w+\Z")


@dataclass
class Fields:
    """`posted` are fields by page, `files` the names of files by field, `moments` when the device was used."""

    posted: dict[str, dict[str, list[str]]]
    files: dict[str, str] = field(default_factory=dict)
    moments: dict[str, str] = field(default_factory=dict)


def fields_of(form: Definition, root: Element) -> Fields:
    """Walk the instance along the form; an element that the form does not know is refused, not lost."""
    walk = _Walk(form)
    walk.children(root, "")
    return walk.found


class _Walk:
    def __init__(self, form: Definition) -> None:
        self.form = form
        self.pages = {question.name: page.name for page in form.pages for question in page.questions()}
        self.counts = {f"{name}_count" for name, section in form.sections.items() if section.count is not None}
        self.found = Fields({page.name: {} for page in form.pages})

    def children(self, element: Element, prefix: str) -> None:
        """`prefix` is the rows around: what the names of fields begin with."""
        rows: dict[str, int] = {}
        for child in element.children:
            section, question = self.form.sections.get(child.name), self.form.questions.get(child.name)
            if section is not None and section.kind == "repeat":
                self.row(child, section, prefix, rows)
            elif section is not None:
                self.children(child, prefix)
            elif question is not None:
                self.answer(child, question, prefix)
            elif not self.is_made(child.name):
                sentence = _("The form has no question “%(name)s”. Fetch the form again. Nothing was received.")
                raise Refused(400, sentence % {"name": child.name[:100]})

    def is_made(self, name: str) -> bool:
        return name == "meta" or name in self.counts or bool(_MADE.match(name))

    def row(self, element: Element, repeat: Section, prefix: str, rows: dict[str, int]) -> None:
        """A row without answers is none, unless an expression counts the rows."""
        is_row = repeat.count is not None or any(self.answered(element))
        if TEMPLATE in element.attributes or not is_row:
            return
        place = rows[repeat.name] = rows.get(repeat.name, -1) + 1
        self.children(element, f"{prefix}{repeat.name}-{place}-")

    def answered(self, element: Element) -> Iterator[bool]:
        for child in element.children:
            question = self.form.questions.get(child.name)
            yield bool(question and question.is_asked and child.text)
            yield from self.answered(child)

    def answer(self, element: Element, question: Question, prefix: str) -> None:
        name, text = prefix + question.name, element.text
        if question.type in MOMENTS and not prefix:
            if _is_moment(question, text):
                self.found.moments[name] = text
        elif not question.is_asked:
            return
        elif question.type in FILES:
            if text:
                self.found.files[name] = text
        else:
            self.found.posted[self.pages[question.name]][name] = _typed(question, text)


def _is_moment(question: Question, text: str) -> bool:
    try:
        if question.type == "today":
            date.fromisoformat(text)
            return True
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def _typed(question: Question, text: str) -> list[str]:
    """The text as somebody would have typed it: XForms writes clocks with an offset, and several choices in a row."""
    if question.type == "select_multiple":
        return text.split()
    if question.type == "time":
        return [_OFFSET.sub("", text)]
    if question.type == "dateTime":
        return [_on_our_clock(text)]
    return [text]


def _on_our_clock(text: str) -> str:
    try:
        moment = datetime.fromisoformat(text)
        local = timezone.localtime(moment) if moment.tzinfo else moment
    except (ValueError, OverflowError):
        return text
    return local.strftime("%Y-%m-%dT%H:%M:%S")
