"""Fields of the screens of an import."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kotisatama.people import queries
from kotisatama.people.importing import budgets, dates, fields, guessing, running, tables
from kotisatama.people.importing import mapping as mappings
from kotisatama.people.importing.mapping import BadMapping, ColumnMap
from kotisatama.people.importing.tables import Table
from kotisatama.people.models import ImportRun
from kotisatama.staff.models import Worker


class UploadForm(forms.Form):
    """A table of an old register, and its mapping when there is one already."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    file = forms.FileField(
        label=gettext_lazy("Table (.xlsx or CSV)"),
        error_messages={"required": gettext_lazy("Choose a file. It can have at most 10 MB.")},
    )
    mapping = forms.FileField(
        label=gettext_lazy("Mapping (YAML)"),
        required=False,
        help_text=gettext_lazy("Without one you choose on the next page which column is which field."),
    )
    controller = forms.ChoiceField(
        label=gettext_lazy("Municipality whose clients they become"),
        help_text=gettext_lazy("A client whose home municipality is one of yours becomes a client of that one."),
    )

    table: Table
    content: bytes

    def __init__(self, *args: Any, worker: Worker, **options: Any) -> None:
        super().__init__(*args, **options)
        self.worker = worker
        names = queries.municipality_names(worker.language)
        choices = [(code, names.get(code, code)) for code in worker.controller_codes]
        cast(forms.ChoiceField, self.fields["controller"]).choices = choices

    def clean_file(self) -> Any:
        """Read the table, in a child process; what is wrong is said with its row."""
        file = self.cleaned_data["file"]
        self.content = file.read(budgets.MOST_BYTES + 1)
        self.table = tables.read(self.content)
        if self.table.problems:
            raise forms.ValidationError([_sentence(each.row, each.message) for each in self.table.problems])
        return file

    def clean_mapping(self) -> ColumnMap | None:
        """Read the mapping; its problems are said with their lines."""
        file = self.cleaned_data["mapping"]
        if not file:
            return None
        try:
            mapping = mappings.read(file.read(mappings.MOST_BYTES + 1))
            running.check(mapping, running.as_worker(self.worker))
        except BadMapping as reason:
            raise forms.ValidationError(
                [_sentence(each.row, f"{each.column} {each.message}".strip()) for each in reason.problems]
            ) from reason
        return mapping

    def clean(self) -> dict[str, Any]:
        """A mapping may name another sheet than the first."""
        mapping = self.cleaned_data.get("mapping")
        if mapping and not self.errors and (mapping.sheet or mapping.separator):
            self.table = tables.read(self.content, sheet=mapping.sheet, separator=mapping.separator)
            for each in self.table.problems:
                self.add_error("file", _sentence(each.row, each.message))
        return self.cleaned_data

    def draft(self) -> dict[str, Any]:
        """The arguments of the action."""
        mapping = self.cleaned_data["mapping"]
        return {
            "table": self.table,
            "key": self.cleaned_data["key"],
            "controller": mapping.controller if mapping else self.cleaned_data["controller"],
            "file_name": self.cleaned_data["file"].name or "",
            "digest": running.file_hash(self.content),
            "mapping": mapping,
        }


def _sentence(row: int, message: str) -> str:
    return _("Row %(row)s: %(message)s") % {"row": row, "message": message} if row else message


class ColumnsForm(forms.Form):
    """Which column is which field: a choice for each heading, guessed by its words."""

    source = forms.CharField(
        label=gettext_lazy("Short name of the old register"),
        max_length=40,
        help_text=gettext_lazy("The same name next time, so that clients who were brought over are known again."),
    )
    dates = forms.MultipleChoiceField(
        label=gettext_lazy("How days are written"),
        choices=[(each, each) for each in dates.FORMATS],
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, sent: Any, *, run: ImportRun, table: Table) -> None:
        row = guessing.heading_row(table)
        self.run, self.sheet, self.row = run, table.sheet, row.number
        self.headings = [cell for cell in dict.fromkeys(row.cells) if cell]
        guessed = {f"column_{number}": guessing.guess(heading) for number, heading in enumerate(self.headings)}
        usual = {"source": run.source or "", "dates": list(dates.USUAL)} | guessed
        super().__init__(sent, initial=usual)
        choices = [("", _("Leave out")), (guessing.KEY, _("The old register's own number"))]
        choices += [(name, str(each.label)) for name, each in fields.table().items()]
        for number, heading in enumerate(self.headings):
            self.fields[f"column_{number}"] = forms.ChoiceField(label=heading[:80], choices=choices, required=False)

    def columns(self) -> list[forms.BoundField]:
        """The choices, for the page."""
        return [self[f"column_{number}"] for number in range(len(self.headings))]

    def mapping(self) -> ColumnMap:
        """What was chosen; BadMapping without a name."""
        given = self.cleaned_data
        chosen = {heading: given[f"column_{number}"] for number, heading in enumerate(self.headings)}
        made = guessing.to_mapping(
            chosen,
            source=given["source"].strip(),
            controller=self.run.controller_id,
            sheet=self.sheet,
            row=self.row,
            dates=tuple(given["dates"]),
        )
        return mappings.from_tree(mappings.to_tree(made))


class DecisionForm(forms.Form):
    """Who a row is: a new client, one of the candidates, or nobody to bring over."""

    NEW, LEAVE_OUT = "new", "leave_out"

    who = forms.ChoiceField(widget=forms.RadioSelect, label=gettext_lazy("Who is it?"))

    def __init__(self, *args: Any, people: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [*people, (self.NEW, _("Nobody of these: make a new client"))]
        choices.append((self.LEAVE_OUT, _("Do not bring this row over")))
        cast(forms.ChoiceField, self.fields["who"]).choices = choices


class DifferencesForm(forms.Form):
    """Which values of the file are taken over; none keeps what the register has."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    fields_taken = forms.MultipleChoiceField(
        label=gettext_lazy("Take these values over"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, differing: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        cast(forms.ChoiceField, self.fields["fields_taken"]).choices = differing
