"""Pages about workers: the main user's, and each worker's own."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kotisatama.kernel.errors import NotAllowed
from kotisatama.staff import access, actions, forms, queries, sessions
from kotisatama.staff.access import StaffRequest
from kotisatama.staff.permissions import Permission

PAGE_SIZE = 50


def closed(request: HttpRequest) -> HttpResponse:
    """An address of allauth that we do not have."""
    raise Http404


@access.requires(Permission.MANAGE_WORKERS)
def workers(request: StaffRequest) -> HttpResponse:
    """The list, with filters in the address."""
    form = forms.FindWorkersForm(request.GET, viewer=request.user)
    found = form.cleaned_data if form.is_valid() else {}
    organisation = found.get("organisation")
    chosen = queries.workers(
        request.user,
        text=found.get("text", ""),
        role=found.get("role", ""),
        organisation_id=organisation.pk if organisation else None,
        active=None if found.get("former") else True,
    )
    page = Paginator(chosen, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "staff/workers.html", {"page": page, "find": form})


@access.requires(Permission.MANAGE_WORKERS)
def new_worker(request: StaffRequest) -> HttpResponse:
    """Make an account."""
    initial = {"organisation": request.user.organisation_id, "language": request.user.language}
    form = forms.NewWorkerForm(request.POST or None, viewer=request.user, initial=initial)
    if form.is_valid():
        try:
            worker = actions.create_worker(**form.cleaned_data, by=request.user, origin=sessions.origin(request))
        except NotAllowed as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("The account was made. A link for the password is on its way by e-mail."))
            return redirect("staff:worker", worker.pk)
    return render(request, "staff/new_worker.html", {"form": form})


@access.requires(Permission.MANAGE_WORKERS)
def worker(request: StaffRequest, pk: int) -> HttpResponse:
    """One account: its roles, place and state."""
    account = get_object_or_404(access.visible_workers(request.user), pk=pk)
    form = forms.ChangeWorkerForm(request.POST or None, worker=account, viewer=request.user)
    if form.is_valid():
        try:
            actions.change_worker(account, **form.cleaned_data, by=request.user)
        except NotAllowed as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("The account was saved."))
            return redirect("staff:workers")
    context = {
        "form": form,
        "account": account,
        "sign_ins": queries.latest_sign_ins(account),
        "has_second_factor": queries.has_second_factor(account),
    }
    return render(request, "staff/worker.html", context)


@require_POST
@access.requires(Permission.MANAGE_WORKERS)
def send_link(request: StaffRequest, pk: int) -> HttpResponse:
    """Send the worker a link for a new password."""
    account = get_object_or_404(access.visible_workers(request.user), pk=pk)
    actions.send_password_link(account, by=request.user, origin=sessions.origin(request))
    messages.success(request, _("A link for a new password is on its way by e-mail."))
    return redirect("staff:worker", account.pk)


@require_POST
@access.requires(Permission.MANAGE_WORKERS)
def remove_second_factors(request: StaffRequest, pk: int) -> HttpResponse:
    """For a worker whose telephone is lost."""
    account = get_object_or_404(access.visible_workers(request.user), pk=pk)
    actions.remove_second_factors(account, by=request.user)
    messages.success(request, _("The second factor was removed. The worker sets up a new one at the next sign-in."))
    return redirect("staff:worker", account.pk)


def profile(request: StaffRequest) -> HttpResponse:
    """A worker's own settings."""
    form = forms.ProfileForm(request.POST or None, worker=request.user)
    if form.is_valid():
        try:
            worker = actions.change_profile(request.user, **form.cleaned_data)
        except NotAllowed as reason:
            form.add_error(None, str(reason))
        else:
            with translation.override(worker.language):
                messages.success(request, _("Your settings were saved."))
            return redirect("staff:profile")
    context = {
        "form": form,
        "sign_ins": queries.latest_sign_ins(request.user),
        "has_second_factor": queries.has_second_factor(request.user),
    }
    return render(request, "staff/profile.html", context)
