"""The form was renewed while the person filled it in: moving to the new one is offered, and shown before it is done."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render

from kotisatama.forms import actions as forms
from kotisatama.forms.models import Draft
from kotisatama.kernel.errors import NotAllowed
from kotisatama.portal import filling_in, holder, renewing
from kotisatama.portal.form_views import public_form
from kotisatama.web.templatetags.kotisatama import ErrorLink


@login_not_required
@public_form
def renewed(request: HttpRequest, code: str) -> HttpResponse:
    """What would go along, what would be lost, what is new; take the new form, or stay with this one."""
    visit = filling_in.visit(code, 1, holder.enter(request))
    draft = visit.draft
    context = renewing.offer(visit, draft) if draft else None
    if draft is None or context is None:
        return redirect("portal:form", code)
    if request.method != "POST":
        return render(request, "portal/form_renewed.html", context)
    try:
        return _decide(request, draft, code)
    except NotAllowed as reason:
        return render(
            request, "portal/form_renewed.html", context | {"problems": [ErrorLink(str(reason), "")]}, status=409
        )


def _decide(request: HttpRequest, draft: Draft, code: str) -> HttpResponse:
    try:
        version, revision = int(request.POST["page:version"]), int(request.POST["page:revision"])
    except (KeyError, ValueError):
        return HttpResponseBadRequest("page:version")
    if request.POST.get("do") == "stay":
        forms.stay_in_version(draft, instead_of=version)
        return redirect("portal:form_page", code, max(draft.page, 1))
    forms.move_draft(draft, to=version, revision=revision)
    return redirect("portal:form", code)
