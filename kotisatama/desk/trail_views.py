"""Who looked at what: the data protection officer's search and unusual looks, everybody's own trail."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kotisatama.audit import actions as audit
from kotisatama.audit import queries as lines
from kotisatama.desk import trail
from kotisatama.desk.trail_forms import ReviewForm, StateForm, TrailForm
from kotisatama.network import access as network
from kotisatama.people import actions as people
from kotisatama.people import queries as people_queries
from kotisatama.staff.access import StaffRequest, requires
from kotisatama.staff.permissions import Permission

ROWS_ON_A_PAGE = 50
MOST_ROWS_IN_A_FILE = 50_000


@require_safe
@requires(Permission.READ_AUDIT)
def search(request: StaffRequest) -> HttpResponse:
    """Lines of the officer's municipalities, narrowed by the filters; the latest first."""
    form = TrailForm(request.GET, viewer=request.user)
    wanted = form.wanted()
    page = Paginator(lines.found(wanted), ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    _note("trail.searched", request, form, wanted)
    context = {"form": form, "wanted": wanted, "page": page, "rows": trail.rows(page.object_list)}
    return render(request, "desk/trail.html", context)


@require_safe
@requires(Permission.READ_AUDIT)
def export(request: StaffRequest) -> HttpResponse:
    """The same lines as a file, fifty thousand at most: for more, narrow the days."""
    form = TrailForm(request.GET, viewer=request.user)
    wanted = form.wanted()
    _note("trail.exported", request, form, wanted)
    content = trail.as_csv(lines.found(wanted)[:MOST_ROWS_IN_A_FILE])
    headers = {"Content-Disposition": f'attachment; filename="trail-{wanted.since}-{wanted.until}.csv"'}
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=headers)


def _note(action: str, request: StaffRequest, form: TrailForm, wanted: lines.Wanted) -> None:
    person = next(iter(wanted.person_ids or ()), None)
    details = {"since": str(wanted.since), "until": str(wanted.until), "filters": form.filters()}
    audit.record(action, by=request.user, controllers=request.user.controller_codes, about=person, details=details)


@require_safe
def own(request: StaffRequest) -> HttpResponse:
    """What the worker did, as the officer and the clients can see it."""
    page = Paginator(lines.lines_of_worker(request.user.pk), ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    if request.user.controller_codes:  # Without a mandate there are no lines, and nobody to write one for.
        audit.record("own_trail.listed", by=request.user, controllers=request.user.controller_codes)
    return render(request, "desk/own_trail.html", {"page": page, "rows": trail.rows(page.object_list)})


@require_safe
@requires(Permission.READ_AUDIT)
def unusual(request: StaffRequest) -> HttpResponse:
    """Looks that somebody should ask about, those not reviewed first."""
    form = StateForm(request.GET or {"state": "open"})
    state = form.cleaned_data["state"] if form.is_valid() else ""
    found = people_queries.unusual_looks(request.user, state=state)
    page = Paginator(found, ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    audit.record("unusual_looks.listed", by=request.user, controllers=request.user.controller_codes)
    return render(request, "desk/unusual.html", {"form": form, "page": page})


@require_POST
@requires(Permission.READ_AUDIT)
def review(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Note what came out."""
    form = ReviewForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest()
    look = get_object_or_404(people_queries.unusual_looks(request.user), pk=pk)
    people.review_unusual_look(look, state=form.cleaned_data["state"], by=request.user)
    messages.success(request, _("The review is saved."))
    return redirect("desk:unusual")


@require_http_methods(["GET", "HEAD", "POST"])
@network.managers_only
def names(request: StaffRequest) -> HttpResponse:
    """Whether a municipality's clients see who looked by name."""
    controllers = list(network.visible_controllers(request.user))
    if request.method == "POST":
        for each in controllers:
            people.show_worker_names(each.pk, shows=each.pk in request.POST.getlist("shows"), by=request.user)
        messages.success(request, _("The change is saved."))
        return redirect("desk:names")
    shown = people_queries.controllers_that_show_names([each.pk for each in controllers])
    return render(request, "desk/names.html", {"controllers": [(each, each.pk in shown) for each in controllers]})
