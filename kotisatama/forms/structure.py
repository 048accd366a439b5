"""A compiled form: pages, questions, lists and expression trees. Frozen, and JSON both ways."""

import dataclasses
import functools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kotisatama.forms.expressions import Tree

Labels = Mapping[str, str]  # text by BCP 47 language code
Options = Mapping[str, str]  # our own columns by the part behind `kotisatama::`, see forms/options.py

ROOT = "data"
MOST_ROWS_IN_REPEAT = 20

SELECTS = frozenset({"select_one", "select_multiple"})
FILES = frozenset({"file", "image"})
MOMENTS = frozenset({"start", "end", "today"})
UNSEEN = MOMENTS | {"calculate", "hidden"}
ASKED = SELECTS | FILES | {"text", "integer", "decimal", "date", "time", "dateTime", "acknowledge"}


@dataclasses.dataclass(frozen=True)
class Choice:
    """One choice of a list; `columns` are further columns of the choices sheet, for filters."""

    name: str
    labels: Labels
    columns: Mapping[str, str]


@dataclasses.dataclass(frozen=True)
class Question:
    """A question, note or calculation.

    `choices` is the name of its list, `repeat` of the innermost repeat that it stands in.
    """

    name: str
    type: str
    labels: Labels
    hints: Labels
    appearance: str
    required: Tree | None
    required_messages: Labels
    relevant: Tree | None
    constraint: Tree | None
    constraint_messages: Labels
    calculation: Tree | None
    choices: str
    choice_filter: Tree | None
    default: str
    repeat: str
    row: int
    options: Options = dataclasses.field(default_factory=dict)

    @property
    def is_asked(self) -> bool:
        """Does a person answer it?"""
        return self.type in ASKED

    @property
    def is_signature(self) -> bool:
        """Is it a name written by hand, drawn (a file) or typed?"""
        return self.type == "image" and "signature" in self.appearance.split()

    @property
    def is_seen(self) -> bool:
        """Does it stand on a page? A note does, a calculation does not."""
        return self.type not in UNSEEN


@dataclasses.dataclass(frozen=True)
class Section:
    """A page, a group on a page or a repeat; `kind` says which. A page made for one loose question is `loose`.

    `count` is how many rows a repeat has, where an expression says so.
    """

    name: str
    kind: str
    labels: Labels
    relevant: Tree | None
    items: tuple["Item", ...]
    loose: bool
    row: int
    options: Options = dataclasses.field(default_factory=dict)
    count: Tree | None = None

    @property
    def most_rows(self) -> int:
        """How many rows the repeat may have."""
        return int(self.options.get("most_rows", MOST_ROWS_IN_REPEAT))

    def questions(self) -> Iterator[Question]:
        """All questions inside, also those in groups and repeats."""
        for item in self.items:
            if isinstance(item, Section):
                yield from item.questions()
            else:
                yield item

    def sections(self) -> Iterator["Section"]:
        """This section and all sections inside."""
        yield self
        for item in self.items:
            if isinstance(item, Section):
                yield from item.sections()


Item = Question | Section


@dataclasses.dataclass(frozen=True)
class Definition:
    """A form to be filled in. `order` names sections and questions so that each comes after what it depends on."""

    form_id: str
    title: str
    version: str
    default_language: str
    languages: tuple[str, ...]
    language_names: Mapping[str, str]
    pages: tuple[Section, ...]
    background: tuple[Question, ...]
    choices: Mapping[str, tuple[Choice, ...]]
    order: tuple[str, ...]
    instance_name: Tree | None
    titles: Labels = dataclasses.field(default_factory=dict)

    @functools.cached_property
    def questions(self) -> dict[str, Question]:
        """Every question by name, in the order of the form, those outside the pages last."""
        found = {question.name: question for page in self.pages for question in page.questions()}
        return found | {question.name: question for question in self.background}

    @functools.cached_property
    def sections(self) -> dict[str, Section]:
        """Every page, group and repeat by name; pages made for one loose question are not there."""
        sections = (section for page in self.pages for section in page.sections())
        return {section.name: section for section in sections if not section.loose}

    @functools.cached_property
    def items(self) -> tuple[Item, ...]:
        """Sections and questions in the order of dependence."""
        return tuple(self.sections.get(name) or self.questions[name] for name in self.order)

    @functools.cached_property
    def repeats_around(self) -> dict[str, tuple[str, ...]]:
        """The repeats around each section and question inside one, outermost first."""
        found: dict[str, tuple[str, ...]] = {}
        for page in self.pages:
            _note_repeats(page, (), found)
        return found

    def unit_of(self, name: str) -> str:
        """Under which name an answer lies: the outermost repeat around it, else the question itself."""
        return self.repeats_around.get(name, (name,))[0]

    @functools.cached_property
    def has_counts(self) -> bool:
        """Does any repeat take the number of its rows from an expression?"""
        return any(section.count for section in self.sections.values())

    def page(self, name: str) -> Section:
        """The page of this name; raises KeyError."""
        return {page.name: page for page in self.pages}[name]

    def page_of(self, question: str) -> Section | None:
        """The page on which the question stands."""
        for page in self.pages:
            if any(inside.name == question for inside in page.questions()):
                return page
        return None

    def to_json(self) -> dict[str, Any]:
        return dataclasses.asdict(self)


def _note_repeats(section: Section, around: tuple[str, ...], found: dict[str, tuple[str, ...]]) -> None:
    inside = (*around, section.name) if section.kind == "repeat" else around
    for item in section.items:
        if inside:
            found[item.name] = inside
        if isinstance(item, Section):
            _note_repeats(item, inside, found)


def definition_from_json(content: Mapping[str, Any]) -> Definition:
    """The definition that `Definition.to_json` wrote."""
    lists = {name: tuple(Choice(**choice) for choice in choices) for name, choices in content["choices"].items()}
    rest = {
        "pages": tuple(_section(page) for page in content["pages"]),
        "background": tuple(Question(**question) for question in content["background"]),
        "choices": lists,
        "languages": tuple(content["languages"]),
        "order": tuple(content["order"]),
    }
    return Definition(**{**content, **rest})


def _section(content: Mapping[str, Any]) -> Section:
    items = tuple(_section(item) if "items" in item else Question(**item) for item in content["items"])
    return Section(**{**content, "items": items})


def text(labels: Labels, language: str, chain: Sequence[str] = ()) -> tuple[str, str]:
    """The text and the language it is in: the language itself, its base (pt for pt-BR), the chain, whatever there is.

    A missing text is ("", language).
    """
    for code in (language, language.partition("-")[0], *chain, *labels):
        if labels.get(code, "") not in ("", "-"):
            return labels[code], code
    return "", language
