"""Inputs drawn at random for the importer, the expressions and the page handler, each from a seed."""

import copy
import json
import random
import zoneinfo
from collections.abc import Iterator
from typing import Any

from kotisatama.forms import expressions, filling
from kotisatama.forms.definition import Definition, compile_definition
from kotisatama.forms.expressions import Environment, ExpressionProblem, TooComplex
from kotisatama.forms.expressions.environment import LONGEST_VALUE
from kotisatama.forms.expressions.vectors import choices, document
from kotisatama.forms.xlsform import SHEETS, source_from_json
from tests.oracle import comparing, drawing

STEPS = 20_000
HELSINKI = zoneinfo.ZoneInfo("Europe/Helsinki")
PIECES = (
    *(
        "1",
        "2.5",
        ".",
        "..",
        "/",
        "//",
        "*",
        "+",
        "-",
        " and ",
        " or ",
        " div ",
        " mod ",
        "(",
        ")",
        "[",
        "]",
        ",",
        "=",
        "!=",
    ),
    *(
        "<",
        "<=",
        "|",
        "not(",
        "count(",
        "sum(",
        "current()",
        "instance('l')",
        "self::",
        "ancestor::",
        "node()",
        "position()",
    ),
    *(
        "'a'",
        '"b"',
        "${a}",
        "${r}",
        "${q}",
        "/data/a",
        "/data/r",
        "r[",
        "last()",
        "\x00",
        "é",
        "$",
        "'",
        "::",
        "@",
        "${",
        "}",
    ),
    *(
        "concat(",
        "join(",
        "substr(",
        "regex(",
        "round(",
        "pulldata('l', 'label', 'name', ",
        "indexed-repeat(${q}, ${r}, ",
    ),
    *(
        "format-date(",
        "date(",
        "translate(",
        "digest(",
        "if(",
        "coalesce(",
        "\ud800",
        "😀",
        "9" * 30,
        "1e9",
        "  ",
        "\n",
    ),
)
TEXTS = (
    *(
        "",
        " ",
        "0",
        "-0",
        "1e999",
        "9" * 400,
        "NaN",
        "Infinity",
        "-",
        ".",
        "true",
        "OK",
        "a b c",
        "a",
        "b",
        "x" * 10_000,
    ),
    *("2026-11-24", "9999-12-31", "0001-01-01", "0000-00-00", "2026-02-30", "9999-12-31T23:59:59.999999+14:00"),
    *("2026-11-24T12:30", "0001-01-01T00:00:00+14:00", "24:00", "12:61:61", "1.1.2026", "31.2.2026"),
    *("😀" * 50, "e\u0301", "\u202etxt.exe", "\x00", "\x1b[31m", "\ud800", "<script>alert(1)</script>", "=1+1", "${a}"),
    *(
        "'",
        '"',
        "\\",
        "%",
        "%Y%Q%",
        "٣",
        "۳٫۵",
        "−1",
        "٠١٢" * 30,
        "\n\r\n\t",
        "(",
        "[",
        "a" * 300 + "!",
        "../../etc/passwd",
    ),
)
PATTERNS = (
    "^(a+)+$",
    "[",
    "(?=a)",
    "\\p{L}+",
    "a{1000}{1000}",
    "(a|a)*",
    "\\1",
    "(?P<n>a)",
    "^$",
    "[[:alpha:]]",
    "\\C",
)


def mutated(draw: random.Random, text: str) -> str:
    """The text with a few pieces put in, taken out, doubled or moved."""
    for _ in range(draw.randint(1, 5)):
        at, to = sorted((draw.randint(0, len(text)), draw.randint(0, len(text))))
        text = draw.choice([
            text[:at] + draw.choice(PIECES) + text[at:], text[:at] + text[to:], text[:to] + text[at:],
            text[to:] + text[:at], text[:at] + draw.choice(TEXTS)[:50] + text[to:],
        ])[:4_100]  # fmt: skip
    return text


class Expressions:
    """Expressions from a grammar and changed ones, over an instance whose texts change."""

    def __init__(self, seed: int, vectors: dict[str, Any]) -> None:
        self.draw = random.Random(seed)
        self.known = [expression for expression, _ in vectors["vectors"]]
        self.vectors = vectors
        kinds = ("number", "text", "date", "one", "many", "tick")
        refs = [drawing.Ref(name, kind) for name, kind in zip(("n", "a", "d", "pick", "m", "e"), kinds, strict=True)]
        self.grammar = drawing.Expressions(self.draw, [*refs, drawing.Ref("q", "number", ("r",))], ())
        self.place = self._place()

    def _place(self) -> Environment:
        lists = {name: choices(items) for name, items in self.vectors["secondary_instances"].items()}
        zone = self.draw.choice([comparing.ZONE, HELSINKI])
        return Environment(document(self.vectors["instance"]), drawing.TODAY, comparing.NOW, zone, lists)

    def expression(self) -> str:
        draw = self.draw
        way = draw.random()
        if way < 0.3:
            return mutated(draw, draw.choice(self.known))
        if way < 0.5:
            return draw.choice([self.grammar.number, self.grammar.text, self.grammar.truth])(draw.randint(1, 4))
        if way < 0.7:
            return mutated(draw, self.grammar.truth(2))
        if way < 0.75:
            return f"regex({draw.choice(TEXTS)!r}, '{draw.choice(PATTERNS)}')"
        return "".join(draw.choice(PIECES) for _ in range(draw.randint(1, 25)))

    def once(self) -> None:
        """One input: a value or a problem, and nothing else."""
        written = self.expression()
        try:
            tree = expressions.parse(written)
        except ExpressionProblem as problem:
            assert 1 <= problem.column <= len(written) + 1  # noqa: PT017 - either a tree or this
            return
        self._change_a_text()
        node = self.draw.choice(list(self.place.document.walk()))
        self.place.budget = expressions.Budget(STEPS)
        try:
            assert len(expressions.string(tree, self.place, node).encode()) <= 4 * LONGEST_VALUE
            expressions.boolean(tree, self.place, node)
        except TooComplex:
            pass
        expressions.dependencies(tree)
        assert json.loads(json.dumps(tree)) == tree

    def _change_a_text(self) -> None:
        leaves = [node for node in self.place.document.walk() if not node.children]
        self.draw.choice(leaves).text = self.draw.choice(TEXTS).encode(errors="replace").decode()


def drawn_definitions(count: int) -> list[Definition]:
    """Forms to post to, one of them with calculations that double a text."""
    found = [compile_definition(drawing.drawn(seed).source).definition for seed in range(count)]
    found.append(compile_definition(doubling()).definition)
    return [definition for definition in found if definition]


def doubling() -> Any:
    """A form in which each calculation is twice as long as the one before."""
    rows = [{"type": "text", "name": "c0", drawing.LABEL: "A"}]
    rows += [
        {"type": "calculate", "name": f"c{number}", "calculation": f"concat(${{c{number - 1}}}, ${{c{number - 1}}})"}
        for number in range(1, 40)
    ]
    return drawing.source(rows, [], [{}])


class Rows:
    """Workbooks as rows, changed at random, for the compiler."""

    def __init__(self, seed: int, contact_form: dict[str, Any]) -> None:
        self.draw = random.Random(seed)
        self.contents = [contact_form, *(drawing.drawn(at).source.to_json() for at in range(20))]

    def once(self) -> None:
        """One input: a form or problems, each on a sheet."""
        content = copy.deepcopy(self.draw.choices(self.contents, [1, *[2] * 20])[0])
        for _ in range(self.draw.randint(1, 6)):
            self.change(content)
        compiled = compile_definition(source_from_json(content))
        assert compiled.problems or compiled.definition
        assert all(problem.sheet in (*SHEETS, "workbook") for problem in compiled.problems)
        if compiled.definition and not compiled.problems:
            json.dumps(compiled.definition.to_json())

    def change(self, content: dict[str, Any]) -> None:
        draw, sheet = self.draw, content[self.draw.choices(SHEETS, [6, 2, 1])[0]]
        rows, columns = sheet["rows"], sheet["columns"]
        if not rows:
            return
        row = draw.choice(rows)
        way = draw.randint(0, 7)
        if way <= 3 and columns:
            row[1][draw.choice(columns)] = self.cell(row[1])
        elif way == 4:
            rows.remove(row)
        elif way == 5:
            rows.insert(draw.randint(0, len(rows)), copy.deepcopy(row))
        elif way == 6:
            draw.shuffle(rows)
        else:
            columns.append(mutated(draw, draw.choice([*columns, "calculation", "repeat_count", "label::(xx)"]))[:60])

    def cell(self, cells: dict[str, str]) -> str:
        draw = self.draw
        written = draw.choice(["", *cells.values()])
        return draw.choice(
            [mutated(draw, written), draw.choice(TEXTS), draw.choice(PIECES), "".join(draw.choices(PIECES, k=9))]
        )


class Pages:
    """What a browser, or something else, may post for a page."""

    def __init__(self, seed: int, definitions: list[Definition]) -> None:
        self.draw = random.Random(seed)
        self.definitions = definitions
        self.answers: dict[int, dict[str, Any]] = {}

    def posted(self, definition: Definition, page: Any, answers: dict[str, Any]) -> dict[str, list[str]]:
        draw = self.draw
        names = [field.name for field in filling.fields_on(page, answers)]
        repeats = [section.name for section in page.sections() if section.kind == "repeat"]
        names += [f"{repeat}-{command}" for repeat in repeats for command in ("add", "remove", "9999-add")]
        names += [
            f"{repeat}-{row}-{name}" for repeat in repeats for row in (0, 7, 19, 20, 10_000, "٣") for name in names[:1]
        ]
        found = {name: self.values(definition, name) for name in names if draw.random() < 0.7}
        for _ in range(draw.choice([0, 0, 1, 3])):
            found[mutated(draw, draw.choice([*names, "x"]))] = [draw.choice(TEXTS)]
        return found

    def values(self, definition: Definition, name: str) -> list[str]:
        draw, question = self.draw, definition.questions.get(name.rpartition("-")[2])
        names = [choice.name for choice in definition.choices.get(question.choices, ())] if question else []
        count = draw.choice([0, 1, 1, 1, 1, 2, 5])
        return [draw.choice([draw.choice(TEXTS), draw.choice(names or ["1"]), "3", "OK"]) for _ in range(count)]

    def once(self) -> None:
        """One posted page: answers that can be kept, and errors that can be shown."""
        draw, at = self.draw, self.draw.randrange(len(self.definitions))
        definition, page = self.definitions[at], draw.choice(self.definitions[at].pages)
        answers = self.answers.get(at, {}) if draw.random() < 0.9 else {}
        data = self.posted(definition, page, answers)
        files = {name: {"document": "1", "name": "a", "size": 1} for name in data if draw.random() < 0.03}
        cleaned = filling.clean_page(definition, page, data, answers, files=files, language="en", **comparing.WHEN)
        json.dumps(cleaned.answers).encode()
        assert "\\u0000" not in json.dumps(cleaned.answers)
        json.dumps(cleaned.answers, ensure_ascii=False).encode()
        assert all(str(error.message) and len(name) <= 100 for name, error in cleaned.errors.items())
        filling.check_all(definition, cleaned.answers, language="en", **comparing.WHEN)
        self.answers[at] = cleaned.answers


def damaged(draw: random.Random, workbook: bytes) -> Iterator[bytes]:
    """The workbook with bytes changed, cut off, or nothing of it."""
    while True:
        content = bytearray(workbook)
        for _ in range(draw.choice([1, 10, 200])):
            content[draw.randrange(len(content))] = draw.randrange(256)
        yield draw.choice(
            [bytes(content), bytes(content[: draw.randrange(len(content))]), draw.randbytes(300), b"PK\x03\x04"]
        )
