"""Forms and answers drawn at random from a seed: rows of XLSForm that use much of the supported subset together."""

import dataclasses
import datetime
import random
from collections.abc import Callable
from typing import Any

from kotisatama.forms.xlsform import SHEETS, Source, source_from_json

LABEL = "label::English (en)"
MESSAGE = "constraint_message::English (en)"
WORDS = ("", "a", "abc", "Hei", "xyz 1", "x", "äö", "10", "2.5", "a-b-c", " y ", "ما", "2026-01-05")
TODAY = datetime.date(2026, 11, 24)

# Functions that the browser's preview leaves to the server.
NOT_IN_THE_PREVIEW = frozenset({
    "indexed-repeat", "digest", "name", "decimal-time", "instance", "area", "pi", "log10", "sin", "substr", "substring",
    "substring-before", "substring-after", "translate", "pow", "sqrt", "normalize-space", "jr:choice-name", "checklist",
    "weighted-checklist", "boolean-from-string", "count-non-empty",
})  # fmt: skip

Cells = dict[str, str]
Answers = dict[str, Any]


@dataclasses.dataclass(frozen=True)
class Ref:
    """A question that expressions may read: its kind is number, text, date, one, many or tick."""

    name: str
    kind: str
    repeats: tuple[str, ...] = ()
    choices: str = ""


@dataclasses.dataclass(frozen=True)
class Drawn:
    """A form and answers to it, as texts by question; a repeat is a list of rows."""

    seed: int
    source: Source
    answers: Answers

    @property
    def rows(self) -> list[Cells]:
        return [dict(row.cells) for row in self.source.survey]


class Expressions:
    """Expressions over the questions that stand before, by the kind of their value."""

    def __init__(self, draw: random.Random, refs: list[Ref], inside: tuple[str, ...], *, plain: bool = False) -> None:
        self.draw = draw
        self.plain = plain  # only what the preview knows
        self.here = [ref for ref in refs if ref.repeats == inside[: len(ref.repeats)]]
        self.rows = [ref for ref in refs if ref.repeats and ref.repeats != inside[: len(ref.repeats)]]
        self.inside = inside

    def ref(self, *kinds: str) -> str:
        """${name} of such a question, or nothing."""
        found = [ref for ref in self.here if ref.kind in kinds]
        return f"${{{self.draw.choice(found).name}}}" if found else ""

    def one_of(self, *ways: Callable[[], str]) -> str:
        """The first of the ways, tried in random order, that gives something."""
        for way in self.draw.sample(ways, len(ways)):
            found = way()
            if found and not (self.plain and any(f"{name}(" in found for name in NOT_IN_THE_PREVIEW)):
                return found
        return ""

    def number(self, depth: int = 2) -> str:
        literal = str(self.draw.choice([0, 1, 2, 3, 5, 10, 18, "2.5", "0.1"]))
        if depth == 0:
            return self.draw.choice([self.ref("number") or literal, literal])
        inner, draw = depth - 1, self.draw
        return self.one_of(
            lambda: self.ref("number"),
            lambda: f"({self.number(inner)} {draw.choice('+-*')} {self.number(inner)})",
            lambda: f"{draw.choice(['round', 'int', 'floor', 'ceiling', 'abs'])}({self.number(inner)})",
            lambda: f"round({self.number(inner)} div {draw.choice([2, 3, 4])}, 2)",
            lambda: f"({self.number(inner)} mod {draw.choice([2, 3, 7])})",
            lambda: f"if({self.truth(inner)}, {self.number(inner)}, {self.number(inner)})",
            lambda: f"coalesce({self.number(inner)}, {draw.choice([0, 7])})",
            lambda: f"string-length({self.text(inner)})",
            lambda: self.wrapped("count-selected(@)", "many"),
            lambda: self.wrapped("number(@)", "text"),
            lambda: self.wrapped("decimal-date-time(@)", "date"),
            lambda: self.wrapped("int((today() - date(@)) div 365.25)", "date"),
            lambda: f"min({self.number(inner)}, {self.number(inner)}, 4)",
            lambda: f"max({self.number(inner)}, {self.number(inner)})",
            lambda: f"pow({self.number(inner)}, 2)",
            self.of_rows,
            lambda: "position(..)" if self.inside else "",
        )

    def of_rows(self) -> str:
        """Something about all rows of a repeat that this is not in."""
        found = [ref for ref in self.rows if len(ref.repeats) == 1 + len(self.inside)]
        if not found:
            return ""
        ref = self.draw.choice(found)
        ways = [f"count(${{{ref.repeats[-1]}}})", f"count-non-empty(${{{ref.name}}})"]
        if ref.kind == "number":
            ways += [f"{self.draw.choice(['sum', 'max', 'min'])}(${{{ref.name}}})"] * 3
            ways += [f"count(${{{ref.repeats[-1]}}}[{ref.name} > 3])"] if not self.inside else []
        return self.draw.choice(ways)

    def wrapped(self, pattern: str, *kinds: str) -> str:
        found = self.ref(*kinds)
        return pattern.replace("@", found) if found else ""

    def text(self, depth: int = 2) -> str:
        draw, literal = self.draw, f"'{self.draw.choice(WORDS)}'"
        if depth == 0:
            return draw.choice([self.ref("text", "one") or literal, literal])
        inner = depth - 1
        return self.one_of(
            lambda: self.ref("text", "one", "many", "date", "tick"),
            lambda: f"concat({self.text(inner)}, {literal}, {self.draw.choice([self.text, self.number])(inner)})",
            lambda: f"substr({self.text(inner)}, {draw.randint(0, 3)}, {draw.randint(0, 5)})",
            lambda: f"substring({self.text(inner)}, {draw.randint(0, 3)}, {draw.randint(0, 5)})",
            lambda: f"substring-{draw.choice(['before', 'after'])}({self.text(inner)}, '-')",
            lambda: f"translate({self.text(inner)}, 'abc', 'AB')",
            lambda: f"normalize-space({self.text(inner)})",
            lambda: f"if({self.truth(inner)}, {self.text(inner)}, {self.text(inner)})",
            lambda: f"coalesce({self.text(inner)}, {self.text(inner)})",
            lambda: f"string({self.number(inner)})",
            lambda: self.wrapped(f"selected-at(@, {draw.randint(0, 2)})", "many"),
            lambda: self.wrapped(f"format-date(@, '{draw.choice(['%Y', '%e.%n.%Y', '%d/%m/%y', '%b %y'])}')", "date"),
            self.choice_name,
            self.joined,
            lambda: f"digest({self.text(inner)}, '{draw.choice(['MD5', 'SHA-1', 'SHA-256'])}', 'hex')",
        )

    def choice_name(self) -> str:
        found = self.ref("one")
        return f"jr:choice-name({found}, '{found}')" if found and not self.inside else ""

    def joined(self) -> str:
        found = [ref for ref in self.rows if len(ref.repeats) == 1 and not self.inside]
        if not found:
            return ""
        ref = self.draw.choice(found)
        indexed = f"indexed-repeat(${{{ref.name}}}, ${{{ref.repeats[0]}}}, {self.draw.choice([1, 2])})"
        return self.draw.choice([f"join(', ', ${{{ref.name}}})", indexed])

    def date(self) -> str:
        ways = ["today()", f"date('202{self.draw.randint(0, 9)}-0{self.draw.randint(1, 9)}-15')"]
        return self.draw.choice([*ways, self.ref("date") or ways[0], f"date({ways[1]} + {self.draw.randint(1, 40)})"])

    def truth(self, depth: int = 2) -> str:
        draw = self.draw
        compare = draw.choice(["=", "!=", "<", "<=", ">", ">="])
        if depth == 0:
            return self.one_of(
                lambda: self.wrapped(f"@ {compare} {draw.randint(0, 6)}", "number"),
                lambda: self.wrapped(
                    f"@ {draw.choice(['=', '!='])} '{draw.choice(['a', 'b', 'c', ''])}'", "one", "text"
                ),
                lambda: self.wrapped(f"selected(@, '{draw.choice('abc')}')", "many", "one"),
                lambda: self.wrapped("@ = 'OK'", "tick"),
                lambda: draw.choice(["true()", "1 = 1", "false()"]),
            )
        inner = depth - 1
        return self.one_of(
            lambda: self.truth(0),
            lambda: f"({self.truth(inner)} {draw.choice(['and', 'or'])} {self.truth(inner)})",
            lambda: f"not({self.truth(inner)})",
            lambda: f"{self.number(inner)} {compare} {self.number(inner)}",
            lambda: self.wrapped(f"@ {draw.choice(['<', '>='])} {self.date()}", "date"),
            lambda: f"{self.text(inner)} {draw.choice(['=', '!='])} {self.text(inner)}",
            lambda: (
                f"{draw.choice(['contains', 'starts-with', 'ends-with'])}({self.text(inner)}, '{draw.choice('abx')}')"
            ),
            lambda: self.wrapped(f"regex(@, '{draw.choice(['^[a-z]+$', '[0-9]{2}', '^H', 'a|b'])}')", "text"),
            lambda: f"checklist(1, {draw.choice([1, 2, -1])}, {self.truth(0)}, {self.truth(0)})",
            lambda: f"weighted-checklist(2, -1, {self.truth(0)}, 1, {self.truth(0)}, 2)",
            lambda: self.wrapped("string-length(@) > 0", "text", "one", "date"),
            lambda: f"boolean({self.number(inner)})",
            lambda: f"boolean-from-string({self.text(inner)})",
        )

    def constraint(self, kind: str) -> str:
        draw = self.draw
        fixed = {
            "number": [f". > {draw.randint(0, 4)}", f". >= 0 and . < {draw.randint(3, 60)}"],
            "text": [f"string-length(.) < {draw.randint(2, 9)}", "regex(., '^[A-Za-z ]*$')", "not(contains(., '-'))"],
            "date": [". <= today()", ". > '2020-06-01'"],
            "one": [". != 'b'"],
            "many": ["count-selected(.) <= 2", "not(selected(., 'a') and count-selected(.) > 1)"],
            "tick": [". = 'OK'"],
        }[kind]
        return draw.choice([*fixed, f"{fixed[0]} or {self.truth(1)}"])


TYPES = {"number": ("integer", "decimal"), "text": ("text",), "date": ("date",), "tick": ("acknowledge",)}


class _Form:
    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed)
        self.plain = seed % 2 == 1
        self.survey: list[Cells] = []
        self.refs: list[Ref] = []
        self.lists = {name: self.draw.randint(3, 5) for name in ("l0", "l1")}
        self.others: set[str] = set()

    def name(self, letter: str) -> str:
        return f"{letter}{len(self.survey)}"

    def add(self, **cells: str) -> str:
        self.survey.append({key: value for key, value in cells.items() if value})
        return cells.get("name", "")

    def expressions(self, inside: tuple[str, ...]) -> Expressions:
        return Expressions(self.draw, self.refs, inside, plain=self.plain)

    def maybe(self, share: float, way: Callable[[], str]) -> str:
        return way() if self.draw.random() < share else ""

    def page(self) -> None:
        self.add(type="begin_group", name=self.name("p"), relevant=self.relevant(0.2, ()), **{LABEL: "A page"})
        self.question(())
        self.items(self.draw.randint(2, 5), ())
        if self.draw.random() < 0.3:
            self.group(())
        if self.draw.random() < 0.4:
            self.repeat(())
        self.add(type="end_group")

    def relevant(self, share: float, inside: tuple[str, ...]) -> str:
        return self.maybe(share, self.expressions(inside).truth)

    def items(self, count: int, inside: tuple[str, ...]) -> None:
        for _ in range(count):
            self.draw.choice([self.question, self.question, self.question, self.calculation, self.note])(inside)

    def group(self, inside: tuple[str, ...]) -> None:
        self.add(type="begin_group", name=self.name("g"), relevant=self.relevant(0.6, inside), **{LABEL: "A group"})
        self.items(self.draw.randint(1, 3), inside)
        self.add(type="end_group")

    def repeat(self, inside: tuple[str, ...]) -> None:
        count = ""
        if self.draw.random() < 0.25:
            count = self.draw.choice(["2", self.expressions(inside).ref("number") or "3"])
        name = self.name("r")
        relevant = self.relevant(0.3, inside)
        self.add(type="begin_repeat", name=name, relevant=relevant, repeat_count=count, **{LABEL: "Rows"})
        self.items(self.draw.randint(2, 4), (*inside, name))
        if not inside and self.draw.random() < 0.4:
            self.repeat((name,))
        self.add(type="end_repeat")

    def question(self, inside: tuple[str, ...]) -> None:
        kind = self.draw.choice(["number", "number", "text", "text", "date", "one", "one", "many", "tick"])
        place, name = self.expressions(inside), self.name(kind[0])
        required = self.draw.choice(["", "", "yes", place.truth(1) if self.draw.random() < 0.4 else ""])
        cells = {"required": required, "relevant": self.relevant(0.5, inside), LABEL: "A question"}
        if self.draw.random() < 0.4:
            cells |= {"constraint": place.constraint(kind), MESSAGE: "It does not fit"}
        choices = ""
        if kind in ("one", "many"):
            choices = self.draw.choice(sorted(self.lists))
            written = f"select_{'one' if kind == 'one' else 'multiple'} {choices}"
            cells["choice_filter"] = self.maybe(0.5, lambda: self.filter(place))
            if not cells["choice_filter"] and self.draw.random() < 0.2:
                written = f"{written} or_other"
        else:
            written = self.draw.choice(TYPES[kind])
        self.add(type=written, name=name, **cells)
        self.refs.append(Ref(name, kind, inside, choices))

    def filter(self, place: Expressions) -> str:
        draw, text = self.draw, place.ref("one", "text")
        ways = ["g = 'x'", "name != 'b'", f"{place.truth(0)} or g = 'y'", "position() <= 2"]
        ways += [f"name != {text}", f"g = if({text} = 'a', 'x', 'y')"] if text else []
        many = place.ref("many")
        ways += [f"not(selected({many}, name))"] if many else []
        return draw.choice(ways)

    def calculation(self, inside: tuple[str, ...]) -> None:
        place, kind = self.expressions(inside), self.draw.choice(["number", "text"])
        written = place.number() if kind == "number" else place.text()
        if kind == "text" and self.draw.random() < 0.1:
            written = f"once({place.text(0)})"
        name = self.add(type="calculate", name=self.name("c"), calculation=written, relevant=self.relevant(0.2, inside))
        self.refs.append(Ref(name, kind, inside))

    def note(self, inside: tuple[str, ...]) -> None:
        self.add(type="note", name=self.name("note"), relevant=self.relevant(0.7, inside), **{LABEL: "A note"})

    def answers(self) -> Answers:
        """Answers row by row: opened repeats lie around the question."""
        return self._answers(0, len(self.survey))

    def _answers(self, start: int, end: int) -> Answers:
        found: Answers = {}
        at = start
        while at < end:
            cells = self.survey[at]
            if cells["type"] == "begin_repeat":
                close = self._close(at)
                rows = self.draw.choice([0, 1, 1, 2, 3])
                found[cells["name"]] = [self._answers(at + 1, close) for _ in range(rows)]
                at = close
            elif value := self.answer(cells):
                found[cells["name"]] = value
            at += 1
        return found

    def _close(self, at: int) -> int:
        depth = 0
        for place in range(at, len(self.survey)):
            depth += {"begin_repeat": 1, "end_repeat": -1}.get(self.survey[place]["type"], 0)
            if depth == 0:
                return place
        return len(self.survey)

    def answer(self, cells: Cells) -> str:
        draw, (kind, *rest) = self.draw, cells["type"].split()
        if kind not in ("integer", "decimal", "text", "date", "acknowledge", "select_one", "select_multiple"):
            return ""
        if draw.random() < 0.2:
            return ""
        names = "abcde"[: self.lists[rest[0]]] if rest else ""
        values: dict[str, Callable[[], str]] = {
            "integer": lambda: str(draw.choice([0, 1, 2, 3, 4, 5, 17, 40, -3])),
            "decimal": lambda: draw.choice(["0.5", "2.25", "-1.5", "10.125"]),
            "text": lambda: draw.choice(WORDS).strip(),
            "date": lambda: (TODAY + datetime.timedelta(days=draw.randint(-3_000, 400))).isoformat(),
            "acknowledge": lambda: "OK",
            "select_one": lambda: draw.choice(names),
            "select_multiple": lambda: " ".join(name for name in names if draw.random() < 0.5),
        }
        return values[kind]()


def drawn(seed: int) -> Drawn:
    """The form of the seed, the same every time."""
    form = _Form(seed)
    for _ in range(form.draw.choice([1, 1, 2])):
        form.page()
    form.calculation(())
    choices = [
        {"list_name": name, "name": "abcde"[place], LABEL: "ABCDE"[place] * 3, "g": "xyxyx"[place]}
        for name, count in form.lists.items()
        for place in range(count)
    ]
    settings = [{"form_title": "Drawn", "form_id": f"drawn{seed}", "version": "1"}]
    return Drawn(seed, source(form.survey, choices, settings), form.answers())


def source(*sheets: list[Cells]) -> Source:
    """The sheets survey, choices and settings, each as its rows."""
    content: dict[str, Any] = {"name": "drawn"}
    for name, rows in zip(SHEETS, sheets, strict=True):
        columns = list(dict.fromkeys(heading for row in rows for heading in row))
        content[name] = {"columns": columns, "rows": [[number, row] for number, row in enumerate(rows, 2)]}
    return source_from_json(content)
