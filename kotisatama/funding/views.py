"""The first page of money: projects, and the municipalities' shares."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kotisatama.funding import access
from kotisatama.staff.access import StaffRequest, requires
from kotisatama.staff.permissions import Permission


@require_safe
@requires(Permission.SEE_FUNDING)
def start(request: StaffRequest) -> HttpResponse:
    """Where everything about money begins."""
    return render(request, "funding/start.html", {"may_manage": access.can_manage_funding(request.user)})
