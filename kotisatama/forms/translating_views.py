"""Translators' pages: forms, languages, texts side by side, files out and in."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kotisatama.forms import translating, translating_files, translating_importing, translating_pages
from kotisatama.forms import translating_queries as queries
from kotisatama.forms.columns import UNDETERMINED
from kotisatama.forms.models import Version
from kotisatama.forms.translating_forms import AcceptForm, LanguageForm, UploadForm
from kotisatama.forms.translating_queries import Sheet
from kotisatama.forms.translating_states import State, shares_of
from kotisatama.forms.translating_texts import texts_of
from kotisatama.kernel.errors import NotAllowed
from kotisatama.staff.access import StaffRequest, requires
from kotisatama.staff.permissions import Permission
from kotisatama.translation.languages import own_name


def _version(code: str, number: str) -> Version:
    version = queries.version_of(code, number)
    if version is None:
        raise Http404
    return version


def _sheet(code: str, number: str, language: str) -> Sheet:
    """The texts in a language that they can be translated into; else the page is not there."""
    sheet = queries.sheet(_version(code, number), language)
    if sheet is None or sheet.default in (language, UNDETERMINED):
        raise Http404
    return sheet


@require_GET
@requires(Permission.TRANSLATE_FORMS)
def forms(request: StaffRequest) -> HttpResponse:
    """Every form with its languages."""
    return render(request, "forms/translating/forms.html", {"works": queries.works()})


@require_GET
@requires(Permission.TRANSLATE_FORMS)
def languages(request: StaffRequest, code: str, number: str) -> HttpResponse:
    """How far each language of a version is, and the way to another one."""
    version = _version(code, number)
    texts = texts_of(version.source)
    further = LanguageForm(codes=queries.further_languages(texts.languages), reader=get_language() or "en")
    if chosen := request.GET.get("language", ""):
        return redirect("forms:texts", code, number, _sheet(code, number, chosen).language)
    shares = shares_of([version])[version.pk]
    context = {"version": version, "shares": shares, "default": texts.default, "further": further}
    context |= {
        "default_name": own_name(texts.default),
        "is_undetermined": texts.default == UNDETERMINED,
        "states": list(State),
    }
    return render(request, "forms/translating/languages.html", context)


@require_POST
@requires(Permission.TRANSLATE_FORMS)
def begin(request: StaffRequest, code: str, number: str) -> HttpResponse:
    """A version whose words can be changed: the open one of the form, else a new one."""
    version = translating.begin_from(_version(code, number), by=request.user)
    language = str(request.POST.get("language", ""))
    if queries.sheet(version, language) is None:
        return redirect("forms:languages", code, version.number)
    return redirect("forms:texts", code, version.number, language)


@require_http_methods(["GET", "POST"])
@requires(Permission.TRANSLATE_FORMS)
def texts(request: StaffRequest, code: str, number: str, language: str) -> HttpResponse:
    """Source and target side by side."""
    sheet = _sheet(code, number, language)
    if request.method == "POST":
        shown = translating_pages.sent(sheet, request.GET, request.POST, by=request.user)
        if shown.told:
            messages.success(request, shown.told)
            return redirect(request.get_full_path())
    else:
        shown = translating_pages.drawn(sheet, request.GET)
    context = {"sheet": sheet, "version": sheet.version, "shown": shown, "page": shown.page}
    return render(request, "forms/translating/texts.html", context | {"problems": shown.problems})


@require_GET
@requires(Permission.TRANSLATE_FORMS)
def export_texts(_request: StaffRequest, code: str, number: str, language: str, kind: str) -> HttpResponse:
    """The texts of a language as a file."""
    if kind not in translating_files.WRITERS:
        raise Http404
    writer, content_type = translating_files.WRITERS[kind]
    answer = HttpResponse(writer(_sheet(code, number, language)), content_type=content_type)
    name = f"{code}-{slugify(number)}-{language}.{kind}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@require_http_methods(["GET", "POST"])
@requires(Permission.TRANSLATE_FORMS)
def import_texts(request: StaffRequest, code: str, number: str, language: str) -> HttpResponse:
    """Send a file, and see what it would change."""
    sheet = _sheet(code, number, language)
    form = UploadForm(request.POST or None, request.FILES or None)
    context: dict[str, object] = {"sheet": sheet, "version": sheet.version, "form": form}
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        proposal = translating_importing.proposal(sheet, file.read(), name=file.name)
        accept = AcceptForm(initial={"changes": proposal.to_json()})
        context |= {"proposal": proposal, "accept": accept, "problems": proposal.links()}
    return render(request, "forms/translating/import.html", context)


@require_POST
@requires(Permission.TRANSLATE_FORMS)
def accept_texts(request: StaffRequest, code: str, number: str, language: str) -> HttpResponse:
    """Take over what the page before has shown."""
    sheet = _sheet(code, number, language)
    form = AcceptForm(request.POST)
    if form.is_valid():
        try:
            saved = translating.save_texts(sheet.version, language=language, changes=form.chosen(), by=request.user)
        except NotAllowed as reason:
            messages.error(request, str(reason))
        else:
            for level, sentence in translating_importing.told(sheet, saved):
                messages.add_message(request, level, sentence)
            return redirect("forms:texts", code, number, language)
    else:
        messages.error(request, _("Send the file again."))
    return redirect("forms:import_texts", code, number, language)
