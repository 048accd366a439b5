"""Save and go on later: a code to write down, and the page where it is typed, on this device or another one."""

from uuid import UUID

from allauth.account.adapter import get_adapter
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.urls import reverse

from kotisatama.forms import actions as forms
from kotisatama.forms.models import DraftKey
from kotisatama.intake import actions as intake
from kotisatama.kernel.errors import NotAllowed
from kotisatama.portal import filling_in, form_pages, holder, invited_views
from kotisatama.portal.form_views import public_form
from kotisatama.web.templatetags.kotisatama import ErrorLink


def key_in(request: HttpRequest) -> UUID | None:
    """The key that the page was made with."""
    try:
        return UUID(request.POST.get("page:key", ""))
    except ValueError:
        return None


@login_not_required
@public_form
def later(request: HttpRequest, code: str) -> HttpResponse:
    """Say that all is saved; make a code with which the form is found elsewhere; close it elsewhere."""
    visit = filling_in.visit(code, 1, holder.enter(request))
    if visit.draft is None:
        return redirect("portal:form", code)
    if request.method != "POST":
        return render(request, "portal/form_later.html", form_pages.later(visit))
    if request.POST.get("do") == "close":
        forms.close_elsewhere(visit.draft, browser=visit.browser)
        return redirect("portal:form_later", code)
    key = key_in(request)
    if key is None:
        return HttpResponseBadRequest("page:key")
    made = forms.make_code(visit.draft, secret=holder.secret_of(request), key=key)
    address = request.build_absolute_uri(reverse("portal:go_on"))
    return render(request, "portal/form_later.html", form_pages.later(visit, made, address))


@login_not_required
@public_form
def go_on(request: HttpRequest) -> HttpResponse:
    """Where a code is typed: the person's own or a helper's. A wrong one and one of yesterday look alike."""
    if request.method == "POST" and "draft" in request.POST:
        return _choose(request)
    if request.method == "POST":
        return _open(request)
    context = {"unfinished": form_pages.unfinished(holder.enter(request)), "problems": [], "typed": ""}
    return render(request, "portal/form_go_on.html", context)


def _open(request: HttpRequest) -> HttpResponse:
    if intake.find_invitation(request.POST.get("code", "")[:60]):  # 31^16 of them: nobody comes upon one by trying
        return invited_views.entered(request.POST["code"][:60])
    browser, secret = holder.begin(request)
    helper, helpers_secret = holder.begin_helping(request)
    typed = request.POST.get("code", "")
    try:
        address = get_adapter().get_client_ip(request)
        key = forms.open_code(typed, browser=browser, helper=helper, address=str(address))
    except NotAllowed as reason:
        return _refuse(request, typed, str(reason), 429)
    if key is None:
        return _refuse(request, typed, form_pages.wrong_code(), 422)
    if key.kind == DraftKey.Kind.HELPER:
        response = redirect("portal:helping")
        holder.remember_helping(response, helpers_secret, seconds=form_pages.seconds_left(key))
        return response
    response = redirect(form_pages.after_code(key, browser))
    holder.remember(response, secret)
    return response


def _refuse(request: HttpRequest, typed: str, problem: str, status: int) -> HttpResponse:
    context = {"unfinished": [], "problems": [ErrorLink(problem, "code")], "typed": typed[:40]}
    return render(request, "portal/form_go_on.html", context, status=status)


def _choose(request: HttpRequest) -> HttpResponse:
    """Of several unfinished forms this is the one to go on with."""
    try:
        code = forms.choose_draft(UUID(request.POST["draft"]), browser=holder.enter(request))
    except ValueError:
        return HttpResponseBadRequest("draft")
    return redirect("portal:form", code) if code else redirect("portal:go_on")
