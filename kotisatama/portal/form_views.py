"""The newcomer's form: one group of questions a page, a summary, a receipt. Nothing here needs a script."""

from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.urls import reverse, translate_url
from django.views.decorators.http import require_http_methods, require_safe

from kotisatama.forms import actions as forms
from kotisatama.forms import queries
from kotisatama.intake import actions as intake
from kotisatama.portal import filling_in, form_pages, holder, pages, questions
from kotisatama.portal.filling_in import Visit
from kotisatama.web.templatetags.kotisatama import ErrorLink

public_form = require_http_methods(["GET", "HEAD", "POST"])

# Buttons that save the page and lead elsewhere.
LEAVING = {"later": "portal:form_later", "helper": "portal:form_helper"}


@login_not_required
@public_form
def page(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Show one page of the form, or take what was typed and go on."""
    if request.method == "POST":
        return _take(request, code, number)
    visit = filling_in.visit(code, number, holder.enter(request))
    if number > 1 and visit.draft is None:
        return redirect("portal:form", code)
    filling_in.prefill(visit, request.GET)
    return _show(request, visit)


def _take(request: HttpRequest, code: str, number: int) -> HttpResponse:
    mine, secret = holder.begin(request)
    visit = filling_in.visit(code, number, mine)
    try:
        filling_in.take(visit, request)
    except filling_in.Gone:
        return redirect("portal:form_gone", code)
    target = _next_address(request, visit)
    response = redirect(target) if target else _show(request, visit)
    holder.remember(response, secret)
    return response


def _next_address(request: HttpRequest, visit: Visit) -> str:
    """Where the pressed button leads; empty when the page has to be shown again."""
    here = reverse("portal:form_page", args=[visit.code, visit.index])
    if visit.both:
        return ""
    if language := request.POST.get("page:language"):
        return translate_url(here, language)
    if visit.rows_changed:
        return here
    if request.POST.get("page:go") == "back":
        previous = filling_in.neighbour(visit, step=-1)
        return reverse("portal:form_page", args=[visit.code, previous]) if previous else here
    return _onwards(request, visit)


def _onwards(request: HttpRequest, visit: Visit) -> str:
    go = request.POST.get("page:go", "")
    if go in LEAVING:
        return reverse(LEAVING[go], args=[visit.code])
    if visit.errors or visit.newly_shown:
        return ""
    following = filling_in.neighbour(visit, step=1)
    if following is None or "change" in request.GET:
        return reverse("portal:form_check", args=[visit.code])
    return reverse("portal:form_page", args=[visit.code, following])


def _show(request: HttpRequest, visit: Visit) -> HttpResponse:
    drawn = filling_in.drawn(visit, changing="change" in request.GET)
    status = 409 if visit.both else 422 if drawn.problems else 200
    return render(request, "portal/form_page.html", form_pages.page(visit, drawn), status=status)


@login_not_required
@public_form
def check(request: HttpRequest, code: str) -> HttpResponse:
    """Read everything back before it is sent; send it once."""
    mine = holder.enter(request)
    if request.method == "POST":
        return _leave_check(request, code, mine)
    visit = filling_in.visit(code, 1, mine)
    if visit.draft is None:
        return redirect("portal:form", code)
    return _show_check(request, visit, [])


def _leave_check(request: HttpRequest, code: str, browser: str) -> HttpResponse:
    if language := request.POST.get("page:language"):
        return redirect(translate_url(request.path, language))
    if request.POST.get("page:go") == "back":
        return redirect("portal:form_page", code, len(filling_in.visit(code, 1, browser).form.pages))
    if request.POST.get("page:go") in LEAVING:
        return redirect(LEAVING[request.POST["page:go"]], code)
    try:
        key = UUID(request.POST.get("page:key", ""))
    except ValueError:
        return HttpResponseBadRequest("page:key")
    return _send(request, code, browser, key)


def _send(request: HttpRequest, code: str, browser: str, key: UUID) -> HttpResponse:
    """Send what the person has read: when an answer was changed elsewhere meanwhile, show them all again."""
    draft = forms.lock_to_send(browser, code, key)
    if draft and request.POST.get("page:revision", str(draft.revision)) != str(draft.revision):
        return _show_check(request, filling_in.visit(code, 1, browser, draft), [], is_changed=True)
    if draft:
        forms.say_sender(draft, browser=browser)
    try:
        submission = intake.take_in(draft, key=key, language=filling_in.current_language())
    except forms.Incomplete as incomplete:
        visit = filling_in.visit(code, 1, browser, draft)
        if draft:
            forms.note_failed(draft)
        return _show_check(request, visit, _links(visit, incomplete))
    if submission is None:
        return redirect("portal:form_gone", code)
    return redirect("portal:form_receipt", code, submission.reference)


def _links(visit: Visit, incomplete: forms.Incomplete) -> list[ErrorLink]:
    """Each missing answer as a link to its place on this page, where it can be changed."""
    found = []
    for each in incomplete.problems:
        question = visit.form.questions.get(each.field.rpartition("-")[2])
        label = queries.localized(question.labels, visit.language).text if question else each.field
        found.append(ErrorLink(questions.line(label, each.message), f"check-{each.field}"))
    return found


def _show_check(
    request: HttpRequest, visit: Visit, problems: list[ErrorLink], *, is_changed: bool = False
) -> HttpResponse:
    context = form_pages.check(visit, problems) | {"is_changed": is_changed}
    status = 409 if is_changed else 422 if problems else 200
    return render(request, "portal/form_check.html", context, status=status)


@login_not_required
@require_safe
def receipt(request: HttpRequest, code: str, reference: str) -> HttpResponse:
    """The reference and what happens next; only for the browser that sent it."""
    submission = queries.submission_of_holder(holder.enter(request), reference)
    if submission is None or submission.version.form.code != code:
        raise Http404(reference)
    context = pages.start() | form_pages.receipt(submission)
    return render(request, "portal/form_receipt.html", context)


@login_not_required
@public_form
def forget(request: HttpRequest, code: str) -> HttpResponse:
    """On a shared phone: remove what was not sent, and the secret that leads to it and to receipts.

    `what=here` leaves the answers to who has their code or has them open elsewhere.
    """
    mine = holder.enter(request)
    if request.method != "POST":
        return render(request, "portal/form_forget.html", form_pages.forgetting(mine, code))
    if request.POST.get("what") == "here":
        forms.forget_here(mine)
    else:
        forms.forget_everywhere(mine, code)
    response = redirect("portal:start")
    holder.forget(response)
    return response


@login_not_required
@require_safe
def gone(request: HttpRequest, code: str) -> HttpResponse:
    """The answers that a page showed are not here any more: nothing begins anew by itself."""
    return render(request, "portal/form_gone.html", {"code": code}, status=410)
