"""The data protection officer's pages: what would go, by which rules, what is held, what has gone."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kotisatama.audit import actions as audit
from kotisatama.kernel.errors import NotAllowed
from kotisatama.privacy import access, actions, forms, queries
from kotisatama.staff.access import StaffRequest, requires
from kotisatama.staff.permissions import Permission


@require_safe
@requires(Permission.MANAGE_PRIVACY)
def retention(request: StaffRequest) -> HttpResponse:
    """A dry run for today or another day, the rules, the holds and what has gone lately."""
    access.require_managing(request.user)
    today = timezone.localdate()
    form = forms.DayForm(request.GET or None)
    on = (form.is_valid() and form.cleaned_data["on"]) or today
    details = {"on": on.isoformat()}
    audit.record("retention.viewed", by=request.user, controllers=request.user.controller_codes, details=details)
    context = {
        "form": form,
        "on": on,
        "is_today": on == today,
        "due": queries.due_rows(request.user, on=on, reader=get_language() or "fi"),
        "rules": queries.rules(on=today),
        "holds": queries.holds_in_force(request.user, on=today),
        "erased": queries.erased_lately(request.user),
    }
    return render(request, "privacy/retention.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.MANAGE_PRIVACY)
def change_period(request: StaffRequest) -> HttpResponse:
    """Change how long data of one class is kept, from a day on."""
    access.require_managing(request.user)
    form = forms.PeriodForm(request.POST or None, initial={"code": request.GET.get("class", "")})
    if form.is_valid():
        try:
            actions.change_period(by=request.user, **form.cleaned_data)
        except NotAllowed as reason:
            form.add_error("valid_from", str(reason))
        else:
            messages.success(request, _("The new period is saved."))
            return redirect("privacy:retention")
    return render(request, "privacy/period.html", {"form": form})


@require_POST
@requires(Permission.MANAGE_PRIVACY)
def release(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """End a hold."""
    actions.release(get_object_or_404(access.visible_holds(request.user), pk=pk), by=request.user)
    messages.success(request, _("The hold has ended."))
    return redirect("privacy:retention")
