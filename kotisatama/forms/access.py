"""Who may see submissions; drafts are seen by nobody but their holder (row security)."""

from django.db.models import QuerySet

from kotisatama.forms.models import Submission
from kotisatama.staff import access as staff
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Permission


def visible_submissions(viewer: Worker) -> QuerySet[Submission]:
    """Submissions to the controllers whose mandate the viewer's organisation holds."""
    if not staff.allows(viewer, Permission.SEE_INBOX):
        return Submission.objects.none()
    return Submission.objects.filter(controller__in=viewer.controller_codes)


def can_manage(worker: Worker) -> bool:
    """Whether the worker publishes forms and says how long their answers are kept."""
    return staff.allows(worker, Permission.MANAGE_FORMS)


def can_export(worker: Worker) -> bool:
    """Whether the worker may take submissions out of the service, of the controllers within the mandates."""
    return staff.allows(worker, Permission.EXPORT_SUBMISSIONS) and bool(worker.controller_codes)


def exportable_submissions(worker: Worker) -> QuerySet[Submission]:
    """The only door of exports."""
    return visible_submissions(worker) if can_export(worker) else Submission.objects.none()
