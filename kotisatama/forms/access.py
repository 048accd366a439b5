"""Who may see submissions and change forms; drafts of answers are seen by nobody but their holder (row security)."""

from django.db.models import QuerySet

from kotisatama.forms.models import Form, Submission, Version
from kotisatama.staff import access as staff
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Permission


def visible_submissions(viewer: Worker) -> QuerySet[Submission]:
    """Submissions to the controllers whose mandate the viewer's organisation holds."""
    if not staff.allows(viewer, Permission.SEE_INBOX):
        return Submission.objects.none()
    return Submission.objects.filter(controller__in=viewer.controller_codes)


def manages_forms(viewer: Worker) -> bool:
    """Whether the viewer makes and publishes forms."""
    return staff.allows(viewer, Permission.MANAGE_FORMS)


def visible_forms(viewer: Worker) -> QuerySet[Form]:
    """The only door to forms at the desk: they are the whole service's, for whoever manages them."""
    return Form.objects.all() if manages_forms(viewer) else Form.objects.none()


def visible_versions(viewer: Worker) -> QuerySet[Version]:
    """Versions with their forms and who changed them last."""
    versions = Version.objects.select_related("form", "changed_by")
    return versions if manages_forms(viewer) else versions.none()


def version_of(viewer: Worker, code: str, number: str) -> QuerySet[Version]:
    """The version of this number, or none: an address may hold whatever somebody typed."""
    found = at_address(code, number)
    return found if manages_forms(viewer) else found.none()


def at_address(code: str, number: str) -> QuerySet[Version]:
    """The same for pages whose own permission was asked for."""
    versions = Version.objects.select_related("form", "changed_by")
    return versions.none() if "\0" in code + number else versions.filter(form__code=code, number=number)


def can_export(worker: Worker) -> bool:
    """Whether the worker may take submissions out of the service, of the controllers within the mandates."""
    return staff.allows(worker, Permission.EXPORT_SUBMISSIONS) and bool(worker.controller_codes)


def exportable_submissions(worker: Worker) -> QuerySet[Submission]:
    """The only door of exports."""
    return visible_submissions(worker) if can_export(worker) else Submission.objects.none()
