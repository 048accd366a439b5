"""The page of a translator: some of the texts, as they are or as they were sent in."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.core.paginator import Page, Paginator
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kotisatama.forms import translating
from kotisatama.forms.translating_forms import FilterForm, TextForm
from kotisatama.forms.translating_queries import Line, Sheet, matching
from kotisatama.forms.translating_texts import digest
from kotisatama.forms.translating_words import what_it_is
from kotisatama.kernel.errors import NotAllowed
from kotisatama.staff.models import Worker
from kotisatama.web.templatetags.kotisatama import ErrorLink

ON_A_PAGE = 25


@dataclass
class TextsPage:
    """`texts` are bound when they were sent in; `problems` then say why they were not all saved."""

    filter: FilterForm
    page: Page[Line]
    texts: list[TextForm]
    problems: list[ErrorLink] = field(default_factory=list)
    told: str = ""


def drawn(sheet: Sheet, query: QueryDict) -> TextsPage:
    """The texts that the query asks for, as they are."""
    filtered = FilterForm(query, counts=sheet.counts)
    page = Paginator(matching(sheet.lines, **filtered.chosen()), ON_A_PAGE).get_page(query.get("page"))
    texts = [_form(sheet, line, place) for place, line in enumerate(page)]
    return TextsPage(filtered, page, texts)


def sent(sheet: Sheet, query: QueryDict, posted: QueryDict, *, by: Worker) -> TextsPage:
    """Save the texts that were sent; `told` says what was saved when nothing stands in the way."""
    page = drawn(sheet, query)
    data, lines = posted.copy(), sheet.by_key()
    places = [place for place in range(ON_A_PAGE) if f"t{place}-key" in data]
    page.texts = [
        _form(sheet, lines[str(data[f"t{place}-key"])], place, data)
        for place in places
        if str(data[f"t{place}-key"]) in lines
    ]
    gone = [str(data.get(f"t{place}-target", "")) for place in places if str(data[f"t{place}-key"]) not in lines]
    page.problems = [
        ErrorLink(_("A text is not in the form any more. What you wrote for it: “%(words)s”") % {"words": words}, "")
        for words in gone
    ]
    if all([text.is_valid() for text in page.texts]):
        _save(sheet, page, data, by)
    page.problems += [
        ErrorLink(f"{what_it_is(text.line)}: {error}", str(text["target"].id_for_label))
        for text in page.texts
        for error in text.errors.get("target", [])
    ]
    return page


def _form(sheet: Sheet, line: Line, place: int, data: QueryDict | None = None) -> TextForm:
    return TextForm(data, prefix=f"t{place}", line=line, language=sheet.language, is_open=sheet.is_open)


def _save(sheet: Sheet, page: TextsPage, data: QueryDict, by: Worker) -> None:
    changes = [change for text in page.texts if (change := text.change())]
    try:
        saved = translating.save_texts(sheet.version, language=sheet.language, changes=changes, by=by)
    except NotAllowed as reason:
        page.problems.append(ErrorLink(str(reason), ""))
        return
    _tell(page, data, saved.refused, saved.meanwhile)
    if not page.problems and not saved.refused:
        told = ngettext("%(count)d text was saved.", "%(count)d texts were saved.", saved.count)
        page.told = told % {"count": saved.count} if saved.count else _("Nothing was changed.")


def _tell(page: TextsPage, data: QueryDict, refused: Mapping[str, list[str]], meanwhile: Mapping[str, str]) -> None:
    """Put beside each text what stands in its way; sent again as it is, it takes the place of the others' words."""
    for text in page.texts:
        key = text.line.text.key
        if key in refused:
            text.add_error("target", refused[key])
        if key in meanwhile:
            text.meanwhile = meanwhile[key]
            data[f"{text.prefix}-seen"] = digest(meanwhile[key])
            data[f"{text.prefix}-source"] = text.line.source_digest
