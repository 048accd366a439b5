"""Which column of the old register is which field of ours: a YAML file, or what the screen's drop-downs gave.

Every scalar is read as text (in YAML 1.1 `NO`, the code of Norway, would be false), aliases are refused, and a key that
stands twice is an error. docs/how-to/import-clients.md explains the file.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml
from django.utils.translation import gettext as _

from kotisatama.people.importing import dates, fields
from kotisatama.people.importing.tables import Problem

MOST_BYTES = 200_000
DEEPEST = 6
SHEET = "mapping"  # where the problems of the mapping are said to be
EMPTY = ("-", "–", "—", "?", "n/a", "null", "none", "ei tiedossa", "ei tietoa", "ei ole", "saknas", "okänd", "unknown")
TOP = {"source", "controller", "sheet", "separator", "heading_row", "key", "dates", "empty", "fields"}
PARTS = {"column", "columns", "values", "default", "other", "constant", "split"}
SEPARATORS = {";": ";", ",": ",", "tab": "\t", "\t": "\t"}


class BadMapping(Exception):
    """The mapping cannot be used; `problems` say where."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__(" ".join(problem.message for problem in self.problems))


@dataclass(frozen=True)
class Cells:
    """Where a field comes from: columns joined with a space (or one by one for a list), or the same text for all.

    `values` translate what a cell says, `default` stands for an empty cell, `other` for what is not understood.
    """

    columns: tuple[str, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    default: str = ""
    other: str | None = None
    constant: str = ""
    split: str = ""


@dataclass(frozen=True)
class ColumnMap:
    """The whole mapping. `source` names the old register, `key` the column with its own number of a person."""

    fields: Mapping[str, Cells]
    source: str
    controller: str
    key: str = ""
    sheet: str = ""
    separator: str = ""
    heading_row: int = 0
    dates: tuple[str, ...] = dates.USUAL
    empty: tuple[str, ...] = EMPTY

    @property
    def columns(self) -> list[str]:
        """Headings that the table must have, each once."""
        named = [self.key, *(column for source in self.fields.values() for column in source.columns)]
        return list(dict.fromkeys(filter(None, named)))


def plain(text: str) -> str:
    """A heading or a value as it is compared: one space, no capitals."""
    return " ".join(text.split()).casefold()


def read(content: bytes | str) -> ColumnMap:
    """Read a mapping file; BadMapping says what is wrong, with lines."""
    size = len(content)
    if size > MOST_BYTES:
        raise BadMapping([Problem(SHEET, 0, "", _("The mapping is too large."))])
    try:
        node = yaml.compose(content, Loader=_Loader)
        lines: dict[str, int] = {}
        tree = _tree(node, "", lines) if node else {}
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as reason:
        mark = getattr(reason, "problem_mark", None)
        what = getattr(reason, "problem", None) or _("it is not a YAML file")
        raise BadMapping(
            [
                Problem(
                    SHEET, mark.line + 1 if mark else 0, "", _("The mapping cannot be read: %(what)s.") % {"what": what}
                )
            ]
        ) from reason
    return from_tree(tree, lines)


class _Loader(yaml.SafeLoader):
    """Composes only: no object is ever made from a tag."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.MarkedYAMLError(problem="an alias (*) stands here", problem_mark=mark)
        return super().compose_node(parent, index)


def _tree(node: Any, path: str, lines: dict[str, int]) -> Any:
    """Texts, lists and dictionaries; the line of each path on the way."""
    lines.setdefault(path, node.start_mark.line + 1)
    if path.count(".") > DEEPEST:
        raise yaml.MarkedYAMLError(problem="it is nested too deeply", problem_mark=node.start_mark)
    if isinstance(node, yaml.SequenceNode):
        return [_tree(each, path, {}) for each in node.value]
    if not isinstance(node, yaml.MappingNode):
        return str(node.value)
    found: dict[str, Any] = {}
    for key, value in node.value:
        if str(key.value) in found:
            raise yaml.MarkedYAMLError(problem=f"“{key.value}” stands twice", problem_mark=key.start_mark)
        inner = f"{path}.{key.value}".strip(".")
        lines[inner] = key.start_mark.line + 1
        found[str(key.value)] = _tree(value, inner, lines)
    return found


def from_tree(tree: Any, lines: Mapping[str, int] | None = None) -> ColumnMap:
    """The mapping of plain texts, lists and dictionaries; BadMapping when something in it cannot be."""
    check = _Check(lines or {})
    found = check.mapping(tree)
    if check.problems:
        raise BadMapping(check.problems)
    return found


def to_tree(mapping: ColumnMap) -> dict[str, Any]:
    """What `from_tree` reads; only what was said."""
    tree: dict[str, Any] = {"source": mapping.source, "controller": mapping.controller}
    usual = ColumnMap({}, "", "")
    for name in ("key", "sheet", "separator", "heading_row", "dates", "empty"):
        if getattr(mapping, name) != getattr(usual, name):
            value = getattr(mapping, name)
            tree[name] = list(value) if isinstance(value, tuple) else str(value)
    if "separator" in tree and tree["separator"] == "\t":
        tree["separator"] = "tab"
    tree["fields"] = {name: _source_tree(source) for name, source in mapping.fields.items()}
    return tree


def _source_tree(source: Cells) -> Any:
    given: dict[str, Any] = {"columns": list(source.columns)} if source.columns else {}
    given |= {name: getattr(source, name) for name in ("default", "constant", "split") if getattr(source, name)}
    if source.other is not None:
        given["other"] = source.other
    return given | ({"values": dict(source.values)} if source.values else {})


def to_yaml(mapping: ColumnMap) -> str:
    """The mapping as a file that may be kept and used again."""
    return yaml.safe_dump(to_tree(mapping), allow_unicode=True, sort_keys=False, default_flow_style=False)


class _Check:
    """Collects every problem instead of stopping at the first."""

    def __init__(self, lines: Mapping[str, int]) -> None:
        self.lines = lines
        self.problems: list[Problem] = []

    def say(self, path: str, message: str) -> None:
        self.problems.append(Problem(SHEET, self.lines.get(path, 0), path, message))

    def mapping(self, tree: Any) -> ColumnMap:
        if not isinstance(tree, dict):
            self.say("", _("The mapping is a list of names with values, such as “source: maire”."))
            return ColumnMap({}, "", "")
        for name in sorted(set(tree) - TOP):
            self.say(name, _("The mapping has no part “%(name)s”.") % {"name": name[:60]})
        sources = self._fields(tree.get("fields"))
        if "name" not in sources:
            self.say("fields", _("The mapping must say where the name stands."))
        return ColumnMap(
            fields=sources,
            source=self._text(tree, "source", needed=_("Name the old register, such as “source: maire”."))[:40],
            controller=self._text(tree, "controller", needed=_("Name the controller by its code, such as “167”.")),
            key=self._text(tree, "key"),
            sheet=self._text(tree, "sheet"),
            separator=self._chosen(tree, "separator", SEPARATORS),
            heading_row=self._number(tree, "heading_row"),
            dates=self._dates(tree),
            empty=tuple(plain(each) for each in self._texts(tree, "empty", EMPTY)),
        )

    def _text(self, tree: Mapping[str, Any], name: str, *, needed: str = "", path: str = "") -> str:
        value = tree.get(name, "")
        if not isinstance(value, str):
            self.say(path or name, _("One text is expected here."))
            return ""
        if needed and not value.strip():
            self.say(path or name, needed)
        return value.strip() if name != "split" else value

    def _texts(
        self, tree: Mapping[str, Any], name: str, usual: tuple[str, ...] = (), path: str = ""
    ) -> tuple[str, ...]:
        value = tree.get(name, list(usual))
        found = [value] if isinstance(value, str) else value
        if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
            self.say(path or name, _("A list of texts is expected here."))
            return usual
        return tuple(each.strip() for each in found if each.strip())

    def _chosen(self, tree: Mapping[str, Any], name: str, known: Mapping[str, str]) -> str:
        value = str(tree.get(name, ""))
        if value and value not in known:
            self.say(name, _("One of these is expected here: %(known)s.") % {"known": " ".join(sorted(known)).strip()})
        return known.get(value, "")

    def _number(self, tree: Mapping[str, Any], name: str) -> int:
        value = str(tree.get(name, "0"))
        if not (value.isascii() and value.isdigit() and int(value) < 100):
            self.say(name, _("The number of a row is expected here."))
            return 0
        return int(value)

    def _dates(self, tree: Mapping[str, Any]) -> tuple[str, ...]:
        found = self._texts(tree, "dates", dates.USUAL)
        for each in found:
            if each not in dates.FORMATS:
                known = ", ".join(dates.FORMATS)
                self.say(
                    "dates",
                    _("The date format “%(given)s” is not known. There are: %(known)s.")
                    % {"given": each[:40], "known": known},
                )
        return tuple(each for each in found if each in dates.FORMATS)

    def _fields(self, tree: Any) -> dict[str, Cells]:
        if not isinstance(tree, dict):
            return {}
        known = fields.table()
        found = {}
        for name, given in tree.items():
            if name in known:
                found[name] = self._source(f"fields.{name}", name, given)
            else:
                names = ", ".join(known)
                self.say(
                    f"fields.{name}",
                    _("There is no field “%(name)s”. There are: %(known)s.") % {"name": name[:60], "known": names},
                )
        return found

    def _source(self, path: str, name: str, given: Any) -> Cells:
        if isinstance(given, (str, list)):
            given = {"columns": given}
        if not isinstance(given, dict):
            self.say(path, _("A column, or columns and values, are expected here."))
            return Cells()
        for part in sorted(set(given) - PARTS):
            self.say(f"{path}.{part}", _("The mapping has no part “%(name)s”.") % {"name": part[:60]})
        columns = self._texts(given, "columns", path=path) + self._texts(given, "column", path=path)
        constant = self._text(given, "constant", path=path)
        if bool(columns) == bool(constant):
            self.say(path, _("Name either columns or a constant."))
        return Cells(
            columns=columns,
            values=self._values(path, given.get("values", {})),
            default=self._text(given, "default", path=path),
            other=self._text(given, "other", path=path) if "other" in given else None,
            constant=constant,
            split=self._text(given, "split", path=path),
        )

    def _values(self, path: str, given: Any) -> dict[str, str]:
        if not isinstance(given, dict) or not all(isinstance(value, str) for value in given.values()):
            self.say(f"{path}.values", _("Pairs of a cell's text and our value are expected here."))
            return {}
        return {plain(cell): value.strip() for cell, value in given.items()}
