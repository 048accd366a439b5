"""Drawn forms filled in by our server, by the browser's preview and by the reference engine, and what differs."""

import copy
import datetime
import itertools
import json
import math
import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from django.template import engines
from pyxform import xls2xform

from kotisatama.forms import answers as values
from kotisatama.forms import expressions, filling, preview, reference_compiler
from kotisatama.forms.definition import compile_definition
from kotisatama.forms.expressions import Node, Tree
from kotisatama.forms.expressions.references import calls
from kotisatama.forms.structure import Definition, Item, Question
from kotisatama.portal import questions
from tests import node_programs
from tests.oracle import drawing
from tests.oracle.drawing import TODAY, Answers, Drawn

HERE = Path(__file__).parent
ZONE = datetime.UTC
NOW = datetime.datetime(TODAY.year, TODAY.month, TODAY.day, 12, 30, tzinfo=ZONE)
WHEN: dict[str, Any] = {"today": TODAY, "now": NOW, "timezone": ZONE}
LANGUAGE = "en"
SCRIPT = Path(preview.__file__).parent / "static" / "forms" / "preview.js"
SECONDS = 900
PARTS = """{% for part in parts %}{% if part.instances is None %}
{% include 'portal/parts/question.html' with question=part only %}{% else %}
{% include 'portal/parts/repeat.html' with repeat=part only %}{% endif %}{% endfor %}"""


class Difference(NamedTuple):
    """Where another engine says something else than our server."""

    seed: int
    engine: str
    field: str
    about: str
    server: Any
    other: Any


@dataclass
class Filled:
    """A drawn form as our server fills it in."""

    drawn: Drawn
    definition: Definition
    xml: str
    texts: Answers
    answers: dict[str, Any]
    evaluation: filling.Evaluation
    faults: dict[str, str] = field(default_factory=dict)

    def question(self, name: str) -> Question | None:
        return self.definition.questions.get(name.rpartition("-")[2])


def fill(drawn: Drawn) -> Filled:
    """Compile the form and fill it in; the drawn form must be one that we accept."""
    compiled = compile_definition(drawn.source)
    assert not compiled.problems, (drawn.seed, compiled.problems[:3])
    assert compiled.definition is not None
    xml = xls2xform.convert(reference_compiler.sheets(drawn.source), form_name="data").xform
    texts = copy.deepcopy(drawn.answers)
    for _ in range(10):
        answers = _read(compiled.definition, texts)
        evaluation = filling.evaluate(compiled.definition, answers, **WHEN)
        if not _drop_unoffered(compiled.definition, evaluation, texts, ""):
            break
    complaints = filling.complaints(compiled.definition, answers, evaluation, LANGUAGE)
    faults = {complaint.field: complaint.code for complaint in complaints}
    return Filled(drawn, compiled.definition, xml, texts, answers, evaluation, faults)


def _read(definition: Definition, texts: Answers) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, text in texts.items():
        question = definition.questions.get(name)
        if question is None:
            found[name] = [_read(definition, row) for row in text]
        else:
            allowed = [choice.name for choice in definition.choices.get(question.choices, ())]
            typed = text.split() if question.type == "select_multiple" else [text]
            found[name] = values.read(question, typed, allowed, ZONE).value
    return {name: value for name, value in found.items() if value is not None}


def _drop_unoffered(definition: Definition, evaluation: filling.Evaluation, texts: Answers, prefix: str) -> bool:
    """Take choices back that their filter does not offer; the reference engine does so by itself."""
    changed = False
    for name, text in list(texts.items()):
        if isinstance(text, list):
            for at, row in enumerate(text):
                changed |= _drop_unoffered(definition, evaluation, row, f"{prefix}{name}-{at}-")
        elif definition.questions[name].choice_filter and prefix + name in evaluation.nodes:
            offered = {choice.name for choice in filling.choices_for(definition, prefix + name, evaluation)}
            kept = " ".join(word for word in text.split() if word in offered)
            changed |= kept != text
            texts[name] = kept
    return changed


class ReferenceEngine:
    """The reference engine in a process of its own: it fills a form in while we are at the next one."""

    def __init__(self, home: Path) -> None:
        script = home / "reference.mjs"
        self.process = subprocess.Popen(
            _command(script), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=home,
            env=node_programs.environment(TZ="UTC", NOW=NOW.isoformat()),
        )  # fmt: skip

    def put(self, form: Filled) -> None:
        assert self.process.stdin
        self.process.stdin.write(json.dumps({"xml": form.xml, "answers": form.texts}) + "\n")
        self.process.stdin.flush()

    def said(self) -> list[dict[str, Any]]:
        """What it made of all the forms, in order; the process ends."""
        written, _ = self.process.communicate(timeout=SECONDS)
        assert not self.process.returncode
        found: list[dict[str, Any]] = json.loads(written)
        return found


def by_preview(forms: Sequence[Filled], home: Path) -> Iterator[tuple[dict[str, Any], list[str | None]]]:
    """What the browser's script makes of all pages and all trees, in one process: by form."""
    pages = [[_page(form, page) for page in _pages(form)] for form in forms]
    trees = [_trees(form) for form in forms]
    given = {"script": str(SCRIPT), "pages": list(itertools.chain(*pages)), "trees": trees}
    found = _node(home / "preview.mjs", given)
    shown = iter(found["pages"])
    for own, texts in zip(pages, found["trees"], strict=True):
        merged: dict[str, Any] = {}
        for _ in own:
            merged |= next(shown)
        yield merged, texts


def _node(script: Path, given: Any) -> Any:
    done = subprocess.run(
        _command(script), input=json.dumps(given), capture_output=True, text=True, timeout=SECONDS, cwd=script.parent,
        env=node_programs.environment(TZ="UTC"),
    )  # fmt: skip
    assert not done.returncode, done.stderr[-2_000:]
    return json.loads(done.stdout)


def _command(script: Path) -> list[str]:
    return [*node_programs.node(), "--max-semi-space-size=64", str(script)]


def _pages(form: Filled) -> list[Any]:
    return filling.visible_pages(form.definition, form.evaluation)


def _page(form: Filled, page: Any) -> dict[str, Any]:
    """The page as it is drawn, but with everything shown: the script has to hide what is not asked."""
    reader = questions.Reader(form.definition, form.answers, form.evaluation, LANGUAGE, {})
    drawn = engines["django"].from_string(PARTS).render({"parts": list(reader.parts(page))})
    data = preview.preview_data(form.definition, page, form.answers, form.evaluation, language=LANGUAGE)
    constrained = {
        each.name
        for each in filling.fields_on(page, form.answers)
        if each.question.constraint and form.evaluation.is_relevant(each.name) and f'name="{each.name}"' in drawn
    }
    html = drawn.replace(" hidden>", ">").replace(" disabled>", ">")
    return {"data": data, "html": html, "touched": sorted(constrained)}


def _trees(form: Filled) -> dict[str, Any]:
    """The tree of nodes, and every calculation at every node that it belongs to."""
    environment = form.evaluation.environment
    asked = [[tree, place] for _, tree, place in calculations(form)]
    return {
        "document": plain(environment.document),
        "today": TODAY.isoformat(),
        "now": NOW.isoformat(timespec="milliseconds"),
        "groups": [],
        "around": {name: list(rows) for name, rows in form.definition.repeats_around.items()},
        "asked": asked,
    }


def plain(node: Node) -> dict[str, Any]:
    children = [plain(child) for child in node.children]
    return {"name": node.name, "text": node.text, "repeated": node.repeated, "children": children}


def calculations(form: Filled) -> list[tuple[str, Tree, list[int]]]:
    """The calculations that count, by field, with the way to their node."""
    found = []
    for name in form.evaluation.values:
        question, node = form.question(name), form.evaluation.nodes[name]
        if question and question.calculation and form.evaluation.is_relevant(name):
            found.append((name, question.calculation, _way(node)))
    return found


def _way(node: Node) -> list[int]:
    way = []
    while node.parent:
        way.append(next(at for at, child in enumerate(node.parent.children) if child is node))
        node = node.parent
    return way[::-1]


def differences(form: Filled, reference: Mapping[str, Any]) -> Iterator[Difference]:
    """Where the reference engine says something else."""
    if "" in reference:
        yield Difference(form.drawn.seed, "reference", "", "failed", None, reference[""])
        return
    evaluation = form.evaluation
    for name, said in reference.items():
        if "relevant" not in said or name.endswith("_count"):  # pyxform adds a question for each repeat_count
            continue
        ours = {"relevant": evaluation.is_relevant(name)}
        theirs = {"relevant": said["relevant"]}
        question = form.question(name)
        if question and ours["relevant"] and said["relevant"]:
            ours |= _ours(form, name, question)
            theirs |= {key: said[key] for key in ours if key in said}
        yield from (
            Difference(form.drawn.seed, "reference", name, about, ours[about], theirs.get(about))
            for about in ours
            if not same(ours[about], theirs.get(about))
        )


def _ours(form: Filled, name: str, question: Question) -> dict[str, Any]:
    found: dict[str, Any] = {"value": form.evaluation.nodes[name].text}
    if question.is_asked:
        found |= {"required": form.evaluation.is_required(name), "fault": form.faults.get(name, "")}
    if question.choices:
        found["choices"] = [choice.name for choice in filling.choices_for(form.definition, name, form.evaluation)]
    return found


def same(ours: Any, theirs: Any) -> bool:
    """Equal, or the same number written in another way; the last digit of a power is that of the machine."""
    if ours == theirs:
        return True
    try:
        numbers = isinstance(ours, str) and isinstance(theirs, str)
        return numbers and math.isclose(float(ours), float(theirs), rel_tol=1e-14)
    except ValueError:
        return False


def preview_differences(form: Filled, shown: Mapping[str, Any], texts: Sequence[str | None]) -> Iterator[Difference]:
    """Where the browser's preview says something else; what it leaves to the server is no difference."""
    left = left_to_the_server(form)
    for name, said in shown.items():
        # A repeat without a row stays as the server drew it: rows come and go only there.
        if name.rpartition("-")[2] not in left and form.evaluation.rows.get(name) != 0:
            yield from _preview_of_field(form, name, said, left)
    for (name, tree, _), text in zip(calculations(form), texts, strict=True):
        ours = form.evaluation.nodes[name].text
        if text is not None and "once" not in calls(tree) and not same(ours, text):
            yield Difference(form.drawn.seed, "preview", name, "value", ours, text)


def _preview_of_field(form: Filled, name: str, said: Mapping[str, Any], left: set[str]) -> Iterator[Difference]:
    seed, evaluation, question = form.drawn.seed, form.evaluation, form.question(name)
    relevant = evaluation.is_relevant(name)
    if said["hidden"] is relevant:
        yield Difference(seed, "preview", name, "relevant", relevant, not said["hidden"])
    if not (relevant and question and question.is_asked):
        return
    required = str(evaluation.is_required(name)).lower()
    if said["required"] not in (None, required):
        yield Difference(seed, "preview", name, "required", required, said["required"])
    fault = form.faults.get(name, "")
    known = question.constraint and f"constraint:{question.name}" not in left
    if known and (fault == "constraint") != bool(said["message"]):
        yield Difference(seed, "preview", name, "fault", fault, said["message"])


def left_to_the_server(form: Filled) -> set[str]:
    """Questions and sections whose visibility the preview cannot know, and `constraint:name` for constraints."""
    definition = form.definition
    # The script knows no rows but those of questions, so that it cannot calculate in them.
    left = {question.name for question in definition.questions.values() if question.calculation and question.repeat}
    around = _around(definition)
    for name in definition.order:
        item = definition.sections.get(name) or definition.questions[name]
        trees = [item.relevant, item.calculation, item.required] if isinstance(item, Question) else [item.relevant]
        if around.get(name, "") in left or any(_is_left(tree, left) for tree in trees if tree):
            left.add(name)
    return left | {
        f"constraint:{question.name}"
        for question in definition.questions.values()
        if question.constraint and _is_left(question.constraint, left)
    }


def _is_left(tree: Tree, left: set[str]) -> bool:
    names_of_days = "format-date" in calls(tree) and "%b" in json.dumps(tree)
    return bool(names_of_days or calls(tree) & drawing.NOT_IN_THE_PREVIEW or expressions.dependencies(tree) & left)


def _around(definition: Definition) -> dict[str, str]:
    """The section right around each question and section."""
    return {
        item.name: section.name for page in definition.pages for section in page.sections() for item in section.items
    }


# What may differ, and why; docs/how-to/forms-expressions.md says the same to form authors.
EXCEPTIONS = {
    "row": "A row of a repeat that is not asked does not exist for expressions: it is not counted, summed or joined",
    "failed": "The reference engine gives up",
}


def explained(form: Filled, difference: Difference) -> str:
    """The key of the exception that the difference falls under; empty when there is none."""
    if difference.about == "failed" and "runUpdates" in str(difference.other):
        return "failed"
    if difference.engine == "reference" and difference.field.rpartition("-")[2] in _after_unasked_rows(form):
        return "row"
    return ""


def _after_unasked_rows(form: Filled) -> set[str]:
    """Everything that depends on a repeat with a row that is not asked."""
    evaluation, definition = form.evaluation, form.definition
    repeats = [name for name, section in definition.sections.items() if section.kind == "repeat"]
    found = {
        name for name in repeats for field in evaluation.nodes
        if re.search(rf"(^|-){name}-[0-9]+$", field) and not evaluation.is_relevant(field)
    }  # fmt: skip
    found |= {question.name for name in found for question in definition.sections[name].questions()}
    around = _around(definition)
    for name in [*definition.order, *definition.order]:
        item = definition.sections.get(name) or definition.questions[name]
        if around.get(name, "") in found or any(expressions.dependencies(tree) & found for tree in _all_trees(item)):
            found.add(name)
    return found


def _all_trees(item: Item) -> list[Tree]:
    trees = [item.relevant]
    if isinstance(item, Question):
        trees += [item.calculation, item.required, item.constraint, item.choice_filter]
    return [tree for tree in trees if tree]
