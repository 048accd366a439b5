"""One row of the workbook at a time: its cells, texts, expressions and options, and what is wrong with them."""

from collections.abc import Mapping, Sequence

from kotisatama.forms import columns, kinds, options, patterns
from kotisatama.forms.expressions import ExpressionProblem, Names, Tree, parse
from kotisatama.forms.expressions import patterns as written_patterns
from kotisatama.forms.structure import Labels
from kotisatama.forms.xlsform import Problem, Row, Source

_YES = {"yes": ["call", "true"], "true": ["call", "true"], "true()": ["call", "true"]}
_NO = frozenset({"", "no", "false", "false()"})


class RowReader:
    """Reads rows and collects problems. `known` are the names that expressions may point at, once they are all read."""

    def __init__(self, source: Source, tables: Mapping[str, Sequence[str]]) -> None:
        self.headings = columns.read_headings(source)
        self.problems: list[Problem] = list(self.headings.problems)
        self.known: set[str] = set()
        self.tables = tables
        self.table_columns = frozenset(column for found in tables.values() for column in found)

    def problem(self, sheet: str, row: Row | None, column: str, message: str, language: str = "") -> None:
        heading = self.headings.heading(sheet, column, language) if column else ""
        self.problems.append(Problem(sheet, row.number if row else 0, heading, message))

    def cell(self, sheet: str, row: Row, column: str) -> str:
        return row.get(self.headings.heading(sheet, column))

    def labels(self, sheet: str, row: Row, column: str) -> Labels:
        """The texts of one kind by language; a reference inside a text is refused."""
        found = {}
        for heading in columns.language_columns(self.headings, sheet, column):
            written = row.get(heading.text)
            if "${" in written:
                message = "An answer cannot be put into a text yet: take the reference out."
                self.problems.append(Problem(sheet, row.number, heading.text, message))
            if written and written != "-":
                found[heading.language] = written
        return found

    def require_label(self, sheet: str, row: Row, labels: Labels) -> None:
        if self.headings.default not in labels:
            name = self.headings.languages.get(self.headings.default, self.headings.default)
            message = f"The text in the default language ({name}) is missing."
            self.problem(sheet, row, "label", message, self.headings.default)

    def type_of(self, row: Row) -> str:
        return kinds.usual(self.cell("survey", row, "type"))

    def options(self, row: Row, kind: str) -> dict[str, str]:
        """Our own columns of the row; what is wrong with one is told at its heading."""
        found = {}
        for heading, column in columns.own_columns(self.headings):
            written = row.get(heading).lower()
            message = options.complaint(column, written, kind) if written else ""
            if message:
                self.problems.append(Problem("survey", row.number, heading, message))
            elif written:
                found[column] = written
        settled = options.settled(found)
        if settled.get("prefill") == "":
            message = "Say with maps_to from where, or write the target here."
            self.problem("survey", row, f"{options.PREFIX}::prefill", message)
        return settled

    def check_appearance(self, row: Row, type_name: str) -> None:
        message = kinds.appearance_complaint(self.cell("survey", row, "appearance"), type_name)
        if message:
            self.problem("survey", row, "appearance", message)

    def required(self, row: Row) -> Tree | None:
        written = self.cell("survey", row, "required").lower()
        if written in _NO:
            return None
        return _YES.get(written) or self.expression("survey", row, "required")

    def choice_filter(self, row: Row) -> Tree | None:
        further = frozenset(heading.column for heading in self.headings.sheets["choices"])
        further |= self.table_columns
        return self.expression(
            "survey", row, "choice_filter", Names(frozenset(self.known) | further, items=True, tables=self.tables)
        )

    def expression(self, sheet: str, row: Row, column: str, names: Names | None = None) -> Tree | None:
        """The tree of the cell, None when it is empty or wrong."""
        written = self.cell(sheet, row, column)
        if not written:
            return None
        try:
            tree = parse(written, names or Names(frozenset(self.known), tables=self.tables))
        except ExpressionProblem as problem:
            self.problem(sheet, row, column, str(problem))
            return None
        for pattern in written_patterns(tree):
            complaint = patterns.complaint(pattern)
            if complaint:
                self.problem(sheet, row, column, complaint)
        return tree
