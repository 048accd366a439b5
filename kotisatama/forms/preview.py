"""What the browser needs to preview one page: the same trees, and the answers of other pages that they read."""

from collections.abc import Collection
from typing import Any

from kotisatama.forms.expressions import Tree, dependencies
from kotisatama.forms.instance import Answers, Evaluation, rows_of
from kotisatama.forms.structure import ROOT, Definition, Item, Question, Section, text


def preview_data(
    definition: Definition, page: Section | str, answers: Answers, evaluation: Evaluation, *, language: str = ""
) -> dict[str, Any]:
    """JSON for `<script type="application/json" id="form-preview">`.

    `items` are the page's sections and questions and the calculations that they need, each after what it depends on;
    `answers` are texts of other pages by name, rows of a repeat as a list. Nothing of the other pages goes along unless
    an expression of this page reads it.
    """
    page = definition.page(page) if isinstance(page, str) else page
    parents = _parents(page, "")
    needed = _needed(definition, set(parents))
    environment = evaluation.environment
    calculations = {name for name in needed if _is_calculated_here(definition, name, parents)}
    order = [name for name in definition.order if name in parents or name in calculations]
    return {
        "root": ROOT,
        "groups": [name for name, section in definition.sections.items() if section.kind != "repeat"],
        "today": environment.today.isoformat(),
        "now": environment.now.astimezone(environment.timezone).isoformat(timespec="milliseconds"),
        "items": [_item(definition, name, parents, language) for name in order],
        "answers": _other_answers(definition, needed - set(parents) - calculations, answers, evaluation),
    }


def _is_calculated_here(definition: Definition, name: str, parents: Collection[str]) -> bool:
    """A calculation that the page needs; in a row of another page it is a text that goes along."""
    question = definition.questions.get(name)
    return bool(question and question.calculation and (not question.repeat or name in parents))


def _parents(section: Section, outer: str) -> dict[str, str]:
    """Everything in the section by name, with the name of the section right around it ("" outside)."""
    found = {} if section.loose else {section.name: outer}
    around = "" if section.loose else section.name
    for item in section.items:
        found |= _parents(item, around) if isinstance(item, Section) else {item.name: around}
    return found


def _named(definition: Definition, name: str) -> Item | None:
    return definition.sections.get(name) or definition.questions.get(name)


def _trees(item: Item) -> list[Tree]:
    trees = [item.relevant]
    if isinstance(item, Question):
        trees += [item.constraint, item.calculation, item.required]
    return [tree for tree in trees if tree]


def _needed(definition: Definition, names: set[str]) -> set[str]:
    """All names that the trees of these read; of other pages' items only calculations are followed further."""
    needed: set[str] = set()
    waiting = list(names)
    while waiting:
        item = _named(definition, waiting.pop())
        if item is None or not (item.name in names or (isinstance(item, Question) and item.calculation)):
            continue
        found = {name for tree in _trees(item) for name in dependencies(tree)} - needed
        needed |= found
        waiting.extend(found)
    return needed


def _item(definition: Definition, name: str, parents: dict[str, str], language: str) -> dict[str, Any]:
    """One item without what is empty: `in` is the section around it, `repeat` the repeat that it stands in."""
    item = _named(definition, name)
    content: dict[str, Any] = {"name": name, "in": parents.get(name, "")}
    if isinstance(item, Section):
        content |= {"type": item.kind, "relevant": item.relevant}
    elif item is not None:
        message = text(item.constraint_messages, language)
        content |= {
            "type": item.type,
            "repeat": item.repeat,
            "relevant": item.relevant,
            "required": item.required,
            "constraint": item.constraint,
            "message": message[0] if item.constraint and message[1] == language else "",
            "calculation": item.calculation,
        }
    return {key: value for key, value in content.items() if value}


def _other_answers(definition: Definition, names: set[str], answers: Answers, evaluation: Evaluation) -> dict[str, Any]:
    found: dict[str, Any] = {}
    around = {question.repeat for name in names if (question := definition.questions.get(name)) and question.repeat}
    for name in sorted(names | around):
        question = definition.questions.get(name)
        section = definition.sections.get(name)
        if question and not question.repeat:
            found[name] = evaluation.nodes[name].text
        elif section and section.kind == "repeat":
            found[name] = _rows(section, names, answers, evaluation) if evaluation.is_relevant(name) else []
    return found


def _rows(repeat: Section, names: set[str], answers: Answers, evaluation: Evaluation) -> list[dict[str, str]]:
    """The rows that count, with what is calculated in them and without what is not asked."""
    wanted = [question.name for question in repeat.questions() if question.name in names]
    keys = [f"{repeat.name}-{place}" for place in range(max(1, len(rows_of(answers, repeat.name))))]
    return [
        {name: evaluation.nodes[f"{key}-{name}"].text for name in wanted} for key in keys if evaluation.is_relevant(key)
    ]
