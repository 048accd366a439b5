"""Who may see files; one whose name a non-disclosure hides (it is empty) opens to whoever may open what is hidden."""

from django.db.models import QuerySet

from kotisatama.documents.models import Document
from kotisatama.staff.access import allows
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Permission


def visible_documents(viewer: Worker) -> QuerySet[Document]:
    """The only door to files: those of the controllers whose submissions the worker may read."""
    if not allows(viewer, Permission.SEE_INBOX):
        return Document.objects.none()
    documents = Document.objects.filter(controller_id__in=viewer.controller_codes)
    return documents if allows(viewer, Permission.SEE_PROTECTED) else documents.exclude(name="")
