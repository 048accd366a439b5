"""The outbox: what waits, what went, what failed."""

from uuid import UUID

from django.contrib import messages as notices
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kotisatama.audit import actions as audit
from kotisatama.kernel.errors import NotAllowed
from kotisatama.messages import access, actions, queries
from kotisatama.messages.forms import FilterForm
from kotisatama.staff.access import StaffRequest, requires
from kotisatama.staff.permissions import Permission

ROWS = 50


@requires(Permission.SEND_MESSAGES)
def outbox(request: StaffRequest) -> HttpResponse:
    """Messages, newest first."""
    form = FilterForm(request.GET, counts=queries.outbox_counts(request.user))
    page = Paginator(queries.outbox(request.user, **form.wanted()), ROWS).get_page(request.GET.get("page"))
    lines = queries.outbox_lines(page.object_list)
    audit.record("messages.listed", by=request.user, controllers=request.user.controller_codes, details=form.wanted())
    return render(request, "messages/outbox.html", {"filters": form, "page": page, "lines": lines})


@requires(Permission.SEND_MESSAGES)
def detail(request: StaffRequest, pk: UUID) -> HttpResponse:
    """One message with its text and what became of it."""
    message = get_object_or_404(access.visible_messages(request.user).select_related("created_by"), pk=pk)
    details = {"purpose": access.require_readable(request.user, message)}
    audit.record(
        "message.viewed", by=request.user, controllers=[message.controller_id], subject=message, details=details
    )
    return render(request, "messages/detail.html", {"message": message, "line": queries.line(message)})


@require_POST
@requires(Permission.SEND_MESSAGES)
def try_again(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Put a failed message back into the queue."""
    message = get_object_or_404(access.visible_messages(request.user), pk=pk)
    try:
        actions.try_again(message, by=request.user)
    except NotAllowed as reason:
        notices.warning(request, str(reason))
    else:
        notices.success(request, _("The message waits to be sent again."))
    return redirect("messages:detail", pk)
