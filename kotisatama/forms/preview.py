"""What the browser needs to preview one page: the same trees, and the answers of other pages that they read."""

from typing import Any

from kotisatama.forms.expressions import Tree, dependencies
from kotisatama.forms.instance import Evaluation
from kotisatama.forms.paths import Answers
from kotisatama.forms.structure import ROOT, Definition, Item, Question, Section, text


def preview_data(
    definition: Definition, page: Section | str, answers: Answers, evaluation: Evaluation, *, language: str = ""
) -> dict[str, Any]:
    """JSON for `<script type="application/json" id="form-preview">`.

    `items` are the page's sections and questions and the calculations that they need, each after what it depends on;
    `answers` are texts of other pages by name, rows of a repeat as a list; `around` tells the repeats around names that
    stand in one. Nothing of the other pages goes along unless an expression of this page reads it.
    """
    page = definition.page(page) if isinstance(page, str) else page
    parents = _parents(page, "")
    needed = _needed(definition, set(parents))
    environment = evaluation.environment
    around = definition.repeats_around
    calculations = {name for name in needed - set(around) if getattr(_named(definition, name), "calculation", None)}
    order = [name for name in definition.order if name in parents or name in calculations]
    return {
        "root": ROOT,
        "groups": [name for name, section in definition.sections.items() if section.kind != "repeat"],
        "today": environment.today.isoformat(),
        "now": environment.now.astimezone(environment.timezone).isoformat(timespec="milliseconds"),
        "items": [_item(definition, name, parents, evaluation, language) for name in order],
        "around": {name: list(around[name]) for name in sorted({*parents, *needed}) if name in around},
        "answers": _other_answers(definition, needed - set(parents) - calculations, evaluation),
    }


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
    else:
        trees.append(item.count)
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


def _item(
    definition: Definition, name: str, parents: dict[str, str], evaluation: Evaluation, language: str
) -> dict[str, Any]:
    """One item without what is empty: `in` is the section around it, `repeat` the repeats around it, as member-child.

    `text` is what a fixed value says that stands nowhere on the page.
    """
    item = _named(definition, name)
    content: dict[str, Any] = {
        "name": name,
        "in": parents.get(name, ""),
        "repeat": "-".join(definition.repeats_around.get(name, ())),
    }
    if isinstance(item, Section):
        content |= {"type": item.kind, "relevant": item.relevant}
    elif item is not None:
        message = text(item.constraint_messages, language)
        content |= {
            "type": item.type,
            "relevant": item.relevant,
            "required": item.required,
            "constraint": item.constraint,
            "message": message[0] if item.constraint and message[1] == language else "",
            "calculation": item.calculation,
            "text": _fixed(item, evaluation),
        }
    return {key: value for key, value in content.items() if value}


def _fixed(question: Question, evaluation: Evaluation) -> str:
    if question.is_seen or question.calculation:
        return ""
    return question.default if question.repeat else evaluation.nodes[question.name].text


def _other_answers(definition: Definition, names: set[str], evaluation: Evaluation) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in sorted(names):
        section = definition.sections.get(definition.repeats_around.get(name, (name,))[0])
        if section and section.kind == "repeat":
            found[section.name] = _rows(section, names, evaluation, "")
        elif name in definition.questions:
            found[name] = evaluation.nodes[name].text
    return found


def _rows(repeat: Section, names: set[str], evaluation: Evaluation, prefix: str) -> list[dict[str, Any]]:
    """The rows that count, each with the texts of these names and the rows inside it."""
    keys = [f"{prefix}{repeat.name}-{place}" for place in range(evaluation.rows.get(prefix + repeat.name, 0))]
    return [_row(repeat, names, evaluation, f"{key}-") for key in keys if evaluation.is_relevant(key)]


def _row(section: Section, names: set[str], evaluation: Evaluation, prefix: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for item in section.items:
        if isinstance(item, Question):
            if item.name in names:
                found[item.name] = evaluation.nodes[prefix + item.name].text
        elif item.kind == "repeat":
            if names & {item.name, *_parents(item, "")}:
                found[item.name] = _rows(item, names, evaluation, prefix)
        else:
            found |= _row(item, names, evaluation, prefix)
    return found
