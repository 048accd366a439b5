"""The questions that a person is asked again: drawn with the form's own parts, and what was answered to them."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _

from kotisatama.documents import actions as documents
from kotisatama.forms import actions, filling
from kotisatama.forms import queries as forms
from kotisatama.forms.structure import FILES, Definition
from kotisatama.intake import queries as intake
from kotisatama.intake.models import Correction
from kotisatama.kernel.errors import NotAllowed
from kotisatama.portal import questions
from kotisatama.web.templatetags.kotisatama import ErrorLink


@dataclass(frozen=True)
class Asked:
    """One question, with what the worker wishes."""

    sentence: str
    field: questions.Field


@dataclass
class Given:
    """What was sent: the answers to the questions asked, and what is wrong with them."""

    answers: dict[str, Any]
    errors: dict[str, filling.FieldError]


def _form(correction: Correction) -> Definition:
    return forms.definition(correction.item.submission.version)


def _names(correction: Correction) -> list[str]:
    known = _form(correction).questions
    return [each["name"] for each in correction.questions if each["name"] in known]


def take(correction: Correction, request: HttpRequest, language: str) -> Given:
    """Read the page by the rules of the form's own version; a question without an answer stays as it was."""
    form, names = _form(correction), _names(correction)
    before = {name: value for name, value in intake.answers_of(correction.item).items() if name not in names}
    files, refused = _files(correction, request, names)
    given = Given({}, dict(refused))
    for section in form.pages:
        here = [question.name for question in section.questions() if question.name in names]
        if not here:
            continue
        data = {name: request.POST.getlist(name) for name in here if name in request.POST}
        kept = {name: file for name, file in files.items() if name in here}
        page = filling.clean_page(form, section, data, before, language=language, files=kept, **actions.this_moment())
        given.answers |= {name: page.answers[name] for name in here if name in page.answers}
        given.errors |= {
            name: error for name, error in page.errors.items() if name in here and error.code != "required"
        } | refused
    return given


def _files(
    correction: Correction, request: HttpRequest, names: list[str]
) -> tuple[dict[str, dict[str, Any]], dict[str, filling.FieldError]]:
    """Keep the files of the questions asked under the secret of the link."""
    asked = [name for name in names if _form(correction).questions[name].type in FILES]
    too_large = [name for name in documents.dropped_fields(request) if name in asked]
    kept: dict[str, dict[str, Any]] = {}
    refused = {name: filling.FieldError("file", documents.too_large()) for name in too_large}
    for name in asked:
        upload = request.FILES.get(name)
        if not upload:
            continue
        try:
            document = documents.keep_upload(upload, holder=correction.holder)
        except NotAllowed as reason:
            refused[name] = filling.FieldError("file", str(reason))
        else:
            kept[name] = {"document": str(document.pk), "name": document.name, "size": document.size}
    return kept, refused


def forget_files(correction: Correction, given: Given) -> None:
    """The page is shown again, and a file is not sent with it twice: it is asked for anew, and not kept meanwhile."""
    for name, value in [*given.answers.items()]:
        if isinstance(value, dict) and value.get("document"):
            documents.forget(UUID(value["document"]), holder=correction.holder)
            del given.answers[name]
            given.errors[name] = filling.FieldError("file", _("Choose the file again."))


def drawn(correction: Correction, language: str, given: Given | None = None) -> list[Asked]:
    """The questions with what was typed just now; earlier answers are not shown: whoever has the link sees this."""
    form, names = _form(correction), _names(correction)
    typed = given.answers if given else {}
    before = {name: value for name, value in intake.answers_of(correction.item).items() if name not in names}
    evaluation = filling.evaluate(form, before | typed, language=language, **actions.this_moment())
    reader = questions.Reader(form, typed, evaluation, language, given.errors if given else {})
    sentences = {each["name"]: each["sentence"] for each in correction.questions}
    return [
        Asked(
            sentences[name],
            replace(reader.field(form.questions[name], name, typed), relevant=True, required=True),
        )
        for name in names
    ]


def problems(asked: list[Asked], refusal: str = "") -> list[ErrorLink]:
    """The lines of the error summary."""
    fields = [each.field for each in asked if each.field.error]
    lines = [ErrorLink(questions.line(each.label.text, each.error.text), each.anchor) for each in fields if each.error]
    first = asked[0].field.anchor if asked else ""
    return [*([ErrorLink(refusal, first)] if refusal else []), *lines]


def unknown_code() -> str:
    """One sentence for every code that does not work."""
    return _("This code does not work. Check it, or ask us for a new one.")
