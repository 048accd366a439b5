"""The browser's preview hides and shows what the server does, on the pages as they are drawn."""

import html.parser
import json
import random
import subprocess
from typing import Any

import pytest
from django.template.loader import render_to_string

from kotisatama.forms import filling, preview
from kotisatama.forms.structure import Definition
from kotisatama.forms.tests.test_filling import WHEN, form_of
from kotisatama.forms.tests.test_preview import SCRIPT, node_program
from kotisatama.forms.tests.test_xlsform import LABEL, question
from kotisatama.portal.questions import Reader

FORMS = 60

# As much of a document as the script touches.
RUNNER = """
const cases = JSON.parse(require("fs").readFileSync(0, "utf8"));
globalThis.addEventListener = () => {};
const told = cases.map(({ data, rows, wrappers }) => {
  const inputsOf = (one) => one.inputs.map((input) => ({ ...input, setAttribute: () => {} }));
  const all = wrappers.map((one) => ({
    dataset: { question: one.question }, hidden: null, kept: inputsOf(one),
    querySelectorAll() { return this.kept; }, querySelector: () => null,
  }));
  const lines = rows.map((row) => ({ dataset: { row }, hidden: null }));
  globalThis.document = {
    getElementById: () => ({ textContent: JSON.stringify(data) }),
    addEventListener: () => {},
    querySelectorAll: (what) => (what === "[data-row]" ? lines : []),
    querySelector: (what) => {
      const [, kind, key] = /\\[data-(question|row)="(.*)"\\]/.exec(what);
      return (kind === "row" ? lines : all).find((one) => one.dataset[kind] === key) || null;
    },
  };
  delete require.cache[require.resolve(process.argv[1])];
  require(process.argv[1]);
  return Object.fromEntries(all.map((one) => [one.dataset.question, one.hidden === null ? null : !one.hidden]));
});
console.log(JSON.stringify(told));
"""


class Drawn(html.parser.HTMLParser):
    """The rows and wrappers of a page, each wrapper with its inputs."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.rows: list[str] = []
        self.wrappers: list[dict[str, Any]] = []
        self.select: dict[str, Any] = {}
        self.area: dict[str, Any] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if "data-row" in given:
            self.rows.append(given["data-row"])
        if "data-question" in given:
            self.wrappers.append({"question": given["data-question"], "inputs": []})
        if tag in ("input", "select", "textarea"):
            made = {"type": given.get("type", tag), "value": given.get("value", ""), "checked": "checked" in given}
            self.wrappers[-1]["inputs"].append(made)
            self.select = made if tag == "select" else {}
        if tag == "option" and "selected" in given:
            self.select["value"] = given["value"]


def drawn(form: Definition, page: str, answers: dict[str, Any]) -> tuple[dict[str, Any], dict[str, bool]]:
    """What the script is given, and what the server says about each wrapper of the page."""
    evaluation = filling.evaluate(form, answers, **WHEN)
    reader = Reader(form, answers, evaluation, "fi", {})
    written = "".join(
        render_to_string("portal/parts/question.html", {"question": part})
        if part.instances is None
        else render_to_string("portal/parts/repeat.html", {"repeat": part})
        for part in reader.parts(form.page(page))
    )
    found = Drawn(written)
    data = preview.preview_data(form, page, answers, evaluation, language="fi")
    said = {one["question"]: evaluation.is_relevant(one["question"]) for one in found.wrappers}
    return {"data": data, "rows": found.rows, "wrappers": found.wrappers}, said


def in_browser(cases: list[dict[str, Any]]) -> list[dict[str, bool | None]]:
    child = subprocess.run(
        [*node_program(), "-e", RUNNER, str(SCRIPT)],
        input=json.dumps(cases), capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert child.returncode == 0, child.stderr
    shown: list[dict[str, bool | None]] = json.loads(child.stdout)
    return shown


YES_NO = [{"list_name": "l", "name": name, LABEL: name} for name in ("yes", "no")]


def nested_form() -> Definition:
    """A family with children, each with schools; conditions that read across rows, groups and pages."""
    return form_of(
        question("p1", "begin_group"), question("many", "integer"), question("mode", "select_one l or_other"),
        {"type": "end_group"},
        question("p2", "begin_group"),
        question("member", "begin_repeat"), question("who"), question("adult", "select_one l", appearance="minimal"),
        question("work", relevant="${adult} = 'yes'"),
        question("g", "begin_group", relevant="${adult} = 'no'"), question("school"),
        question("child", "begin_repeat", relevant="${who} != 'nobody'"), question("age", "integer"),
        question("toy", relevant="${age} < 3 and ${who} != ''"),
        question("next_age", "calculate", calculation="${age} + 1"), question("reads", relevant="${next_age} > 6"),
        {"type": "end_repeat"},
        question("busy", relevant="count(${child}) > 1"), question("sum_ages", "calculate", calculation="sum(${age})"),
        question("older", relevant="${sum_ages} >= 10"),
        {"type": "end_group"}, {"type": "end_repeat"},
        question("crowd", relevant="count(${member}) > 1"), question("total", "calculate", calculation="sum(${age})"),
        question("all_old", relevant="${total} > 12 or ${mode} = 'other'"),
        question("turn", "begin_repeat", repeat_count="${many}"), question("when", "time"),
        question("late", relevant="${when} = '14:00:00'"), {"type": "end_repeat"},
        {"type": "end_group"},
        question("p3", "begin_group"), question("any_age", relevant="sum(${sum_ages}) > 4"),
        question("day", "date"), question("recent", relevant="${day} > '2026-01-01'"),
        question("moment", "dateTime"), question("later", relevant="${moment} > '2026-07-01T10:00:00'"),
        question("signed", "image", appearance="signature"), question("thanks", relevant="${signed} = 'Amal'"),
        question("fixed", "hidden", default="campaign"), question("ours", relevant="${fixed} = 'campaign'"),
        {"type": "end_group"},
        choices=YES_NO,
    )  # fmt: skip


def some_answers(luck: random.Random) -> dict[str, Any]:
    def children() -> list[dict[str, Any]]:
        return [{"age": luck.choice([1, 5, 9, "old"])} for _ in range(luck.randint(0, 3))]

    def member() -> dict[str, Any]:
        row = {"who": luck.choice(["", "Amal", "nobody"]), "adult": luck.choice(["yes", "no"]), "child": children()}
        return {name: value for name, value in row.items() if value or luck.random() < 0.2}

    return {
        "many": luck.choice([0, 1, 3, "x"]), "mode": luck.choice(["yes", "other"]),
        "member": [member() for _ in range(luck.randint(0, 3))],
        "turn": [{"when": luck.choice(["09:30:00", "14:00:00", "noon"])} for _ in range(3)],
        "day": luck.choice(["2025-12-31", "2026-05-05", "31.2.2026"]), "signed": luck.choice([None, {"typed": "Amal"}]),
        "moment": luck.choice([None, "2026-07-01T09:30:00+03:00", "2026-07-01T10:30:00+03:00"]),
    }  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2])
def test_rows_inside_rows_are_shown_as_the_server_shows_them(seed: int) -> None:
    luck, form = random.Random(seed), nested_form()
    asked = [(answers, page) for answers in (some_answers(luck) for _ in range(FORMS)) for page in ("p1", "p2", "p3")]
    cases = [drawn(form, page, answers) for answers, page in asked]
    for (answers, page), (_, said), shown in zip(asked, cases, in_browser([case for case, _ in cases]), strict=True):
        differing = {key: (said[key], shown[key]) for key in said if said[key] != shown[key]}
        if not any(key.startswith("turn-") for key in said):
            differing.pop("turn", None)  # without a row there is nothing to show: the script leaves it hidden
        assert differing == {}, (page, answers)
    seen = [filling.question_name(key) for _, said in cases for key, relevant in said.items() if relevant]
    asked_names = [filling.question_name(key) for _, said in cases for key in said]
    for name in ("mode_other", "toy", "reads", "busy", "older", "late", "all_old", "any_age", "later", "thanks"):
        assert 0 < seen.count(name) < asked_names.count(name), name
