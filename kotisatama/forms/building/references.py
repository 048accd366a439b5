"""Who reads whom: names of questions in the expressions and texts of rows, found and rewritten."""

import re
from collections.abc import Collection, Iterator

from kotisatama.forms.building import outline
from kotisatama.forms.building.book import EXPRESSIONS, TEXTS, YES, Book, Line, Sheet, column_of
from kotisatama.forms.expressions import ExpressionProblem, Names, dependencies, lexer, parse

_REFERENCE = re.compile(r"\$\{\s*([^{}]*?)\s*\}")
_PLAIN_ANSWERS = YES | {"", "no", "false", "false()"}
_NOBODY = "nobody-has-this-name"  # a hyphen cannot stand in a question's name


def is_expression(column: str, written: str) -> bool:
    """Whether a cell of this column holds an expression; `required` may be a plain yes or no."""
    return column in (*EXPRESSIONS, "instance_name") and written.lower() not in _PLAIN_ANSWERS


def names_in(column: str, written: str) -> frozenset[str]:
    """The names of questions that a cell reads."""
    found = frozenset(match[1] for match in _REFERENCE.finditer(written))
    if not is_expression(column, written) or column == "choice_filter":  # there plain names are columns of choices
        return found
    try:
        return found | dependencies(parse(written))
    except ExpressionProblem:
        return found


def renamed(column: str, written: str, old: str, new: str) -> str:
    """The cell with the question's new name instead of its old one."""
    changed = written
    if is_expression(column, written) and old in written:
        for at in reversed(list(_plain_places(column, written, old))):
            changed = changed[:at] + new + changed[at + len(old) :]
    return _REFERENCE.sub(lambda match: f"${{{new}}}" if match[1] == old else match[0], changed)


def _plain_places(column: str, written: str, name: str) -> Iterator[int]:
    """Where the name stands without ${} and means a question, not a column of a list."""
    try:
        tokens = lexer.tokens(written)
    except ExpressionProblem:
        return
    for token in tokens:
        at = token.column - 1
        if token.kind == "name" and token.text == name and _means_a_question(column, written, name, at):
            yield at


def _means_a_question(column: str, written: str, name: str, at: int) -> bool:
    """The parser checks plain names that mean questions: with a name that nobody has here, it complains right here."""
    known = frozenset({name}) | names_in("", written) | _all_names(written)
    trial = written[:at] + _NOBODY + written[at + len(name) :]
    names = Names(known, items=column == "choice_filter")
    try:
        parse(written, names)
    except ExpressionProblem:
        return False
    try:
        parse(trial, names)
    except ExpressionProblem as problem:
        return problem.column == at + 1
    return False


def _all_names(written: str) -> frozenset[str]:
    return frozenset(token.text for token in lexer.tokens(written) if token.kind == "name")


def readers(book: Book, names: Collection[str], besides: Collection[int] = ()) -> list[str]:
    """Names of the rows that read any of these questions, without the lines (by identity) of `besides`."""
    found = []
    for line in book.survey.lines:
        if id(line) in besides:
            continue
        if any(names_in(column_of(heading), text) & set(names) for heading, text in _read_cells(line)):
            found.append(book.cell("survey", line, "name"))
    for line in book.settings.lines:
        if any(names_in(column_of(heading), text) & set(names) for heading, text in line.cells.items()):
            found.append("instance_name")
    return found


def _read_cells(line: Line) -> Iterator[tuple[str, str]]:
    for heading, text in line.cells.items():
        if column_of(heading) in (*EXPRESSIONS, *TEXTS, "default"):
            yield heading, text


def rename_everywhere(book: Book, old: str, new: str, lines: Collection[Line] | None = None) -> None:
    """Rewrite each reference to the question, in the whole form or in some lines of the survey."""
    places: list[Line] = list(book.survey.lines if lines is None else lines)
    for line in places:
        for heading, text in list(_read_cells(line)):
            line.cells[heading] = renamed(column_of(heading), text, old, new)
    if lines is None:
        _rename_in(book.settings, old, new, ("instance_name",))
        _rename_in(book.choices, old, new, ("label",))


def _rename_in(sheet: Sheet, old: str, new: str, kinds: Collection[str]) -> None:
    for line in sheet.lines:
        for heading, text in line.cells.items():
            if column_of(heading) in kinds:
                line.cells[heading] = renamed(column_of(heading), text, old, new)


def lists_used(book: Book) -> dict[str, list[str]]:
    """Names of the questions that choose from each list, by the name of the list."""
    found: dict[str, list[str]] = {}
    for line in book.survey.lines:
        _kind, name = outline.divided(book.cell("survey", line, "type"))
        if name:
            found.setdefault(name.split()[0], []).append(book.cell("survey", line, "name"))
    return found


def values_written(column: str, written: str) -> tuple[frozenset[str], frozenset[str]]:
    """The names that an expression reads and the texts that are written out in it."""
    if not is_expression(column, written):
        return frozenset(), frozenset()
    try:
        texts = frozenset(
            word for token in lexer.tokens(written) if token.kind == "string" for word in token.text.split()
        )
    except ExpressionProblem:
        return frozenset(), frozenset()
    return names_in(column, written), texts
