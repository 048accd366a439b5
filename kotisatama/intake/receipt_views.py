"""The receipt of a submission, for a worker who gives it to the person on paper."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from kotisatama.audit import actions as audit
from kotisatama.forms import actions as form_actions
from kotisatama.intake import access, forms, queries
from kotisatama.staff.access import StaffRequest, requires
from kotisatama.staff.permissions import Permission


@require_GET
@requires(Permission.SEE_INBOX)
def pdf(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The same file as the person gets, with the worker's language beside; noted as a look at the submission."""
    item = get_object_or_404(queries.opened(request.user), pk=pk)
    details = {"purpose": access.require_readable(request.user, item), "page": "receipt"}
    submission = item.submission
    audit.record(
        "submission.viewed", by=request.user, controllers=[item.controller_id], subject=submission, details=details
    )
    return form_actions.receipt_file(submission, beside=forms.reader())
