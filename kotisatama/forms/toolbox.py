"""The toolbox: rows to begin a form with."""

import functools
import pathlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kotisatama.forms import columns, workbench, xlsform
from kotisatama.forms.models import Version
from kotisatama.staff.models import Worker
from kotisatama.translation import languages

PACKAGED = pathlib.Path(__file__).parent / "definitions"
TRANSLATED = ("label", "hint", "required_message", "constraint_message")


@dataclass(frozen=True)
class Template:
    """A packaged form to begin from, by its code."""

    code: str
    title: str | Promise
    text: str | Promise
    rows: Callable[[], Mapping[str, Any]]


def texts_in(name: str, codes: Sequence[str]) -> list[str]:
    """One heading for each language: `label::suomi (fi)`."""
    return [f"{name}::{languages.own_name(code)} ({code})" for code in codes]


def nothing(*, title: str, codes: Sequence[str]) -> dict[str, Any]:
    """The sheets of a form that asks nothing yet, with the columns of its languages; the first is the default one."""
    texts = [heading for name in TRANSLATED for heading in texts_in(name, codes)]
    first = f"{languages.own_name(codes[0])} ({codes[0]})"
    settings = {"form_title": title, "default_language": first}
    survey = ["type", "name", *texts, "required", "relevant", "constraint", "calculation", "appearance", "default"]
    return {
        "name": "form",
        "survey": {"columns": [*survey, "choice_filter"], "rows": []},
        "choices": {"columns": ["list_name", "name", *texts_in("label", codes)], "rows": []},
        "settings": {"columns": ["form_title", "form_id", "version", "default_language"], "rows": [[2, settings]]},
    }


@functools.cache
def _packaged(file_name: str) -> Mapping[str, Any]:
    return xlsform.read_workbook(PACKAGED / file_name).to_json()


def _template(code: str, title: str | Promise, text: str | Promise) -> Template:
    return Template(code, title, text, functools.partial(_packaged, f"{code}.xlsx"))


TEMPLATES = (
    _template("yhteydenotto", _("Request for contact"), _("Topic, way to be reached, letters as pictures.")),
    _template(
        "alkuhaastattelu", _("Initial interview"), _("The beginning of an assessment, part by part as the act has it.")
    ),
    _template(
        "arviointipyynto", _("Request for an assessment"), _("Who asks for an assessment of competence, and why.")
    ),
    _template("asumisneuvonta", _("Housing counselling"), _("Home, rent, neighbours, moving.")),
    _template(
        "vertaisohjaajan-hakemus", _("Peer supporter's application"), _("Languages, times, experience of a volunteer.")
    ),
    _template("vertaistuki-toive", _("Wish for a peer supporter"), _("With what, in which language, when.")),
    _template(
        "tyonantajan-ja-tyontekijan-kysymys",
        _("Question of an employer or a labour migrant"),
        _("Work, permit, moving with the family."),
    ),
    _template("palaute", _("Feedback"), _("Without a name; what went well and what did not.")),
    _template(
        "suostumus-tietojen-jakamiseen",
        _("Consent to share information"),
        _("What may be told to whom, and until when."),
    ),
)


def template(code: str) -> Template | None:
    """The packaged form of this code."""
    return next((each for each in TEMPLATES if each.code == code), None)


def adapted(rows: Mapping[str, Any], *, title: str, codes: Sequence[str]) -> dict[str, Any]:
    """The same rows under another title, in just these languages; texts that are missing stay empty.

    The old title goes in every language: the form is another one now.
    """
    headings = columns.read_headings(xlsform.source_from_json(rows))
    sheets = {sheet: _in_languages(rows[sheet], headings.sheets[sheet], codes) for sheet in ("survey", "choices")}
    place, first = rows["settings"]["rows"][0] if rows["settings"]["rows"] else (2, {})
    said = {headings.heading("settings", "form_title"): title}
    if headings.default not in codes:
        said[headings.heading("settings", "default_language")] = f"{languages.own_name(codes[0])} ({codes[0]})"
    old = {each.text for each in headings.sheets["settings"] if each.column == columns.TITLE}
    written = [heading for heading in rows["settings"]["columns"] if heading not in old]
    kept = {heading: text for heading, text in first.items() if heading not in old}
    settings = {
        "columns": [*written, *(heading for heading in said if heading not in written)],
        "rows": [[place, {**kept, **said}], *rows["settings"]["rows"][1:]],
    }
    return {**rows, **sheets, "settings": settings}


def _in_languages(
    sheet: Mapping[str, Any], headings: Sequence[columns.Heading], codes: Sequence[str]
) -> dict[str, Any]:
    """One sheet: columns of other languages go away, those of new languages stand after the last of their kind."""
    dropped = {each.text for each in headings if each.language and each.language not in codes}
    found = [heading for heading in sheet["columns"] if heading not in dropped]
    for kind in dict.fromkeys(each.column for each in headings if each.language):
        spoken = {each.language for each in headings if each.column == kind}
        last = max(
            (found.index(each.text) + 1 for each in headings if each.text in found and each.column == kind),
            default=len(found),
        )
        found[last:last] = texts_in(kind, [code for code in codes if code not in spoken])
    rows = [
        [number, {key: text for key, text in cells.items() if key not in dropped}] for number, cells in sheet["rows"]
    ]
    return {"columns": found, "rows": rows}


def begin(*, origin: str, title: str, code: str, codes: Sequence[str], by: Worker) -> Version:
    """A new form from `toolbox:<code>`, `form:<code>` (its newest version) or nothing. Raises NotAllowed."""
    rows, tables = _rows_of(origin, title=title, codes=codes)
    return workbench.begin_form(code=code, title=title, rows=rows, attachments=tables, by=by)


def _rows_of(choice: str, *, title: str, codes: Sequence[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Rows and tables to begin with: `toolbox:<code>`, `form:<code>` (its newest version), else an empty form."""
    kind, _separator, code = choice.partition(":")
    if kind == "toolbox" and (found := template(code)):
        return adapted(found.rows(), title=title, codes=codes), {}
    if kind == "form" and (newest := Version.objects.filter(form__code=code).order_by("imported_at", "pk").last()):
        return adapted(newest.source, title=title, codes=codes), newest.attachments
    return nothing(title=title, codes=codes), {}
