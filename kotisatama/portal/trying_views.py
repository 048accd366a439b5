"""The test run of a form, at the desk's address and in the newcomer's frame."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.http import require_http_methods

from kotisatama.forms import queries as forms
from kotisatama.forms.building import trial
from kotisatama.portal import trying
from kotisatama.staff import access as staff
from kotisatama.staff.access import StaffRequest
from kotisatama.staff.permissions import Permission
from kotisatama.translation import languages


@staff.requires(Permission.MANAGE_FORMS)
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: StaffRequest, code: str, number: str) -> HttpResponse:
    """One page as a visitor sees it in a language of the form, with the reasons of what is hidden below."""
    version, reader = forms.version_to_build(code, number), translation.get_language() or "fi"
    form = trial.definition(version)
    if form is None:
        return redirect("building:form", code, number)
    wished = request.POST.get("page:language") or request.GET.get("language", "")
    run = trying.run(version, form, request.POST, wished=wished)
    if request.method == "POST" and request.POST.get("page:state"):
        trying.take(run, request.POST, request.FILES)
    context = {
        "run": run, "version": version, "reader": reader, "way": languages.direction(reader),
        "why": trying.why(run, reader),
        "languages": [(each, languages.own_name(each)) for each in form.languages],
        "outcome": trying.outcome(run, reader) if run.is_over else None,
    }  # fmt: skip
    with translation.override(run.language if translation.check_for_language(run.language) else reader):
        return render(request, "portal/try.html", context | {"page": trying.drawn(run)})
