"""A helper fills in with the person: the person shares pages by a code; the helper never sends."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.urls import reverse, translate_url
from django.views.decorators.http import require_POST, require_safe

from kotisatama.forms import actions as forms
from kotisatama.forms.models import DraftKey
from kotisatama.kernel.errors import NotAllowed
from kotisatama.portal import filling_in, form_pages, helping, holder
from kotisatama.portal.filling_in import Visit
from kotisatama.portal.form_views import public_form
from kotisatama.portal.later_views import key_in


@login_not_required
@public_form
def helper(request: HttpRequest, code: str) -> HttpResponse:
    """The person's side: choose the pages to share, get the helper's code, end the helping."""
    visit = filling_in.visit(code, 1, holder.enter(request))
    if visit.draft is None:
        return redirect("portal:form", code)
    if request.method != "POST":
        return render(request, "portal/form_helper.html", form_pages.helper(visit))
    if request.POST.get("do") == "end":
        forms.end_helping(visit.draft)
        return redirect("portal:form_helper", code)
    key, pages = key_in(request), request.POST.getlist("pages")
    if key is None:
        return HttpResponseBadRequest("page:key")
    try:
        made = forms.make_helper_code(visit.draft, secret=holder.secret_of(request), key=key, pages=pages)
    except NotAllowed as reason:
        return render(request, "portal/form_helper.html", form_pages.helper(visit, problem=str(reason)), status=422)
    return render(request, "portal/form_helper.html", form_pages.helper(visit, made))


@login_not_required
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """The helper's side: which form, which pages, until when."""
    found = forms.enter_as_helper(holder.helper(request))
    if found is None:
        return render(request, "portal/form_helping_closed.html", status=410)
    return render(request, "portal/form_helping.html", helping.overview(*found))


@login_not_required
@public_form
def page(request: HttpRequest, number: int) -> HttpResponse:
    """One shared page; what the helper writes is marked as the helper's."""
    found = forms.enter_as_helper(holder.helper(request))
    if found is None:
        return render(request, "portal/form_helping_closed.html", status=410)
    visit = helping.visit(*found, number)
    if visit is None:
        raise Http404(str(number))
    if request.method == "POST":
        try:
            filling_in.take(visit, request)
        except filling_in.Gone:
            return redirect("portal:helping")
        if target := _next_address(request, visit):
            return redirect(target)
    drawn = filling_in.drawn(visit, changing=False)
    status = 409 if visit.both else 422 if drawn.problems else 200
    return render(request, "portal/form_helping_page.html", helping.page(visit, drawn, found[0]), status=status)


def _next_address(request: HttpRequest, visit: Visit) -> str:
    """Where the helper's button leads; empty when the page has to be shown again."""
    here = reverse("portal:helping_page", args=[visit.index])
    if visit.both:
        return ""
    if language := request.POST.get("page:language"):
        return translate_url(here, language)
    if visit.rows_changed:
        return here
    if request.POST.get("page:go") != "back" and (visit.errors or visit.newly_shown):
        return ""
    step = -1 if request.POST.get("page:go") == "back" else 1
    number = filling_in.neighbour(visit, step=step, among=visit.key.pages if visit.key else ())
    return reverse("portal:helping_page", args=[number]) if number else reverse("portal:helping")


@login_not_required
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """The helper has finished: this browser opens the form no more."""
    forms.leave_drafts(holder.helper(request), DraftKey.Kind.HELPER)
    response = redirect("portal:start")
    holder.stop_helping(response)
    return response
