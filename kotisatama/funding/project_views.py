"""Projects: the list, a project with its terms, plan and forecast, and the pages that change them."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kotisatama.audit import actions as audit
from kotisatama.funding import access, actions, claim_queries, project_forms, project_queries, use
from kotisatama.funding.models import Project
from kotisatama.kernel.errors import NotAllowed
from kotisatama.staff.access import StaffRequest, requires
from kotisatama.staff.permissions import Permission

page = require_http_methods(["GET", "HEAD", "POST"])


def opened(request: StaffRequest, project: int, action: str = "project.viewed", **details: Any) -> Project:
    """The project of the address, with the page's line in the trail; not found when the viewer may not see it."""
    found = get_object_or_404(access.visible_projects(request.user), pk=project)
    details = {"project": found.pk, **details}
    audit.record(action, by=request.user, controllers=request.user.controller_codes, details=details)
    return found


def kept(request: StaffRequest, project: int) -> Project:
    """The project of the address for whoever keeps it. Raises PermissionDenied for whoever only reads."""
    found = opened(request, project)
    access.require(request.user, found)
    return found


def tried(form: forms.Form, act: Callable[[], object]) -> bool:
    """Whether the action was done; else the form says why not."""
    if not form.is_valid():
        return False
    try:
        act()
    except NotAllowed as reason:
        form.add_error(None, str(reason))
        return False
    return True


@require_safe
@requires(Permission.SEE_FUNDING)
def listed(request: StaffRequest) -> HttpResponse:
    """Every project that the viewer sees."""
    audit.record("projects.listed", by=request.user, controllers=request.user.controller_codes)
    spent = project_queries.spent_by_project(request.user)
    found = [(each, spent.get(each.pk)) for each in project_queries.projects(request.user)]
    context = {"projects": found, "may_manage": access.can_manage_funding(request.user)}
    return render(request, "funding/projects.html", context)


@page
@requires(Permission.MANAGE_FUNDING)
def add(request: StaffRequest) -> HttpResponse:
    """A new project."""
    form = project_forms.NewProjectForm(request.POST or None, worker=request.user)
    made: list[Project] = []

    def act() -> None:
        given = form.cleaned_data
        fields = form.project_fields()
        made.append(
            actions.add_project(key=given["key"], controller=given["controller"], fields=fields, by=request.user)
        )

    if request.method == "POST" and tried(form, act):
        messages.success(request, _("The project is saved. Write the terms of its grant next."))
        return redirect("funding:project", made[0].pk)
    audit.record("projects.listed", by=request.user, controllers=request.user.controller_codes)
    return render(request, "funding/form.html", {"form": form, "title": _("New project")})


@require_safe
@requires(Permission.SEE_FUNDING)
def detail(request: StaffRequest, project: int) -> HttpResponse:
    """Terms, plan beside what was spent, forecast, claims."""
    found = opened(request, project)
    claims = list(claim_queries.claims(request.user, found))
    terms = project_queries.terms_of(found)
    cap, granted = (terms[-1].cap if terms else None), project_queries.granted(claims)
    names = project_forms.municipality_names()
    context = {
        "project": found,
        "terms": terms,
        "forecast": project_queries.forecast(found),
        "claims": claims,
        "granted": granted,
        "cap_left": None if cap is None else cap - granted,
        "commitments": project_queries.open_commitments(found).order_by("due_on"),
        "dates": project_queries.reporting_dates(found, claims),
        "partners": [(names.get(each.municipality_id, ""), each) for each in found.partners.order_by("-people")],
        "parts": use.agreed_percentages(found),
        "years": use.years(found),
        "may_manage": access.can_manage(request.user, found),
        "today": timezone.localdate(),
    }
    return render(request, "funding/project.html", context)


def _answer(request: StaffRequest, project: Project, form: forms.Form, title: str, text: str = "") -> HttpResponse:
    return render(request, "funding/form.html", {"form": form, "project": project, "title": title, "text": text})


@page
@requires(Permission.MANAGE_FUNDING)
def edit(request: StaffRequest, project: int) -> HttpResponse:
    """Name, funder and period."""
    found = kept(request, project)
    initial = {name: getattr(found, name) for name in (*actions.PROJECT_FIELDS, "version")}
    form = project_forms.ProjectForm(request.POST or None, initial=initial)

    def act() -> None:
        version = form.cleaned_data["version"]
        actions.change_project(found, fields=form.project_fields(), version=version, by=request.user)

    if tried(form, act):
        messages.success(request, _("The project is saved."))
        return redirect("funding:project", found.pk)
    return _answer(request, found, form, _("Change the project"))


@page
@requires(Permission.MANAGE_FUNDING)
def add_terms(request: StaffRequest, project: int) -> HttpResponse:
    """The funder's terms from a day on."""
    found = kept(request, project)
    form = project_forms.TermsForm(request.POST or None, initial=project_forms.initial_terms(found))

    def act() -> None:
        actions.add_terms(found, fields=form.terms_fields(), flat_rates=form.flat_rates(), by=request.user)

    if tried(form, act):
        messages.success(request, _("The terms are saved."))
        return redirect("funding:project", found.pk)
    text = _("Terms are never changed. When the funder decides anew, write later terms.")
    return _answer(request, found, form, _("Terms of the grant"), text)


@page
@requires(Permission.MANAGE_FUNDING)
def budget(request: StaffRequest, project: int) -> HttpResponse:
    """The plan by kind of cost."""
    found = kept(request, project)
    initial = {"version": found.version} | dict(found.budget.values_list("kind", "amount"))
    form = project_forms.BudgetForm(request.POST or None, initial=initial)

    def act() -> None:
        version = form.cleaned_data["version"]
        actions.set_budget(found, amounts=form.amounts(), version=version, by=request.user)

    if tried(form, act):
        messages.success(request, _("The plan is saved."))
        return redirect("funding:project", found.pk)
    return _answer(request, found, form, _("Plan"), _("How much the whole project may cost, by kind of cost."))


@page
@requires(Permission.MANAGE_FUNDING)
def partners(request: StaffRequest, project: int) -> HttpResponse:
    """The municipalities that pay what the grant leaves."""
    found = kept(request, project)
    known = list(found.partners.all())
    initial = {"version": found.version, "source": known[0].source if known else ""}
    initial |= {f"people_{each.municipality_id}": each.people for each in known}
    codes = dict.fromkeys([*request.user.controller_codes, *(each.municipality_id for each in known)])
    form = project_forms.PartnersForm(request.POST or None, initial=initial, municipalities=codes)

    def act() -> None:
        given = form.cleaned_data
        people, source, version = form.people(), given["source"], given["version"]
        actions.set_partners(found, people=people, source=source, version=version, by=request.user)

    if tried(form, act):
        messages.success(request, _("The municipalities are saved."))
        return redirect("funding:project", found.pk)
    return _answer(
        request, found, form, _("Municipalities that pay"), _("Leave a municipality empty that does not pay.")
    )


@page
@requires(Permission.MANAGE_FUNDING)
def commit(request: StaffRequest, project: int) -> HttpResponse:
    """A cost that is agreed and not yet paid."""
    found = kept(request, project)
    form = project_forms.CommitmentForm(request.POST or None)

    def act() -> None:
        key = form.cleaned_data["key"]
        actions.add_commitment(found, key=key, fields=form.commitment_fields(), by=request.user)

    if tried(form, act):
        messages.success(request, _("The commitment is saved."))
        return redirect("funding:project", found.pk)
    text = _("Only what comes beside the usual months: the forecast adds it to the average of the last months.")
    return _answer(request, found, form, _("Agreed and not yet paid"), text)


@require_POST
@requires(Permission.MANAGE_FUNDING)
def uncommit(request: StaffRequest, project: int, commitment: int) -> HttpResponse:
    """Take a commitment away."""
    found = kept(request, project)
    actions.remove_commitment(found, commitment, by=request.user)
    return redirect("funding:project", found.pk)


@page
@requires(Permission.MANAGE_FUNDING)
def add_date(request: StaffRequest, project: int) -> HttpResponse:
    """A day until which a claim is due."""
    found = kept(request, project)
    form = project_forms.ReportingDateForm(request.POST or None)
    if tried(form, lambda: actions.add_reporting_date(found, **form.cleaned_data, by=request.user)):
        messages.success(request, _("The reporting date is saved."))
        return redirect("funding:project", found.pk)
    return _answer(request, found, form, _("Reporting date"))
