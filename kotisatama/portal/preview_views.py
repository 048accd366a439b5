"""A version of a form as a visitor meets it, for whoever makes forms: nothing that is typed here is kept."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import translation
from django.views.decorators.http import require_safe

from kotisatama.forms import access, actions, filling, preview, queries
from kotisatama.portal import questions
from kotisatama.staff.access import StaffRequest, requires
from kotisatama.staff.permissions import Permission


@require_safe
@requires(Permission.MANAGE_FORMS)
def form_look(request: StaffRequest, code: str, number: str) -> HttpResponse:
    """One page of the form with the answers that it begins with; `page` counts all pages from 1."""
    version = get_object_or_404(access.version_of(request.user, code, number))
    form, language = queries.shown_definition(version), translation.get_language() or "fi"
    if form is None or not form.pages:
        return render(request, "portal/form_look.html", {"version": version})
    asked = request.GET.get("page", "")
    place = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 5 else 1
    if not 1 <= place <= len(form.pages):
        raise Http404(asked)
    moment = actions.this_moment()
    section, answers = form.pages[place - 1], filling.initial_answers(form, today=moment["today"], now=moment["now"])
    evaluation = filling.evaluate(form, answers, language=language, **moment)
    context = {
        "version": version,
        "title": queries.localized(section.labels, language),
        "parts": list(questions.Reader(form, answers, evaluation, language, {}).parts(section)),
        "preview": preview.preview_data(form, section, answers, evaluation, language=language),
    }
    return render(request, "portal/form_look.html", context | {"place": place, "total": len(form.pages)})
