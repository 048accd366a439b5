"""What this app holds of persons."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kotisatama.documents.models import Content, Document
from kotisatama.privacy import registry
from kotisatama.privacy.registry import Clock, Ground, Holding, Kind


def declare() -> None:
    """A file goes with the form that brought it; one that was never sent in ends by itself."""
    registry.declare(
        Holding(
            model=Content,
            label=_("Contents of files"),
            ground=Ground.PUBLIC_TASK,
            retention="submission",
            fields={
                "document": Kind.LINK,
                "controller": Kind.TECHNICAL,
                "holder": Kind.LINK,
                "data": Kind.FREE_TEXT,
            },
            goes_with=("document",),
            is_shown=False,
        ),
        Holding(
            model=Document,
            label=_("Files"),
            ground=Ground.PUBLIC_TASK,
            retention="submission",
            fields={
                "id": Kind.TECHNICAL,
                "controller": Kind.TECHNICAL,
                "holder": Kind.LINK,
                "name": Kind.FREE_TEXT,
                "media_type": Kind.CIRCUMSTANCES,
                "size": Kind.TECHNICAL,
                "sha256": Kind.TECHNICAL,
                "created_at": Kind.CIRCUMSTANCES,
                "scan": Kind.TECHNICAL,
                "scanned_sha256": Kind.TECHNICAL,
                "scan_found": Kind.TECHNICAL,
                "scan_tried_at": Kind.TECHNICAL,
            },
            clocks=(Clock("upload", since="created_at", left=Q(controller__isnull=True), unowned=True),),
            labels={"name": _("Name"), "media_type": _("Kind"), "created_at": _("Sent")},
        ),
    )
