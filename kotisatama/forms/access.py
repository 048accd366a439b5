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
