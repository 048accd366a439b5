"""What this app holds of persons."""

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from kotisatama.documents.models import Document
from kotisatama.forms import queries
from kotisatama.forms.models import Draft, Submission
from kotisatama.privacy import registry
from kotisatama.privacy.registry import Clock, Ground, Holding, Kind, Rows


def declare() -> None:
    """A form that was sent in takes its files along; a draft ends by itself."""
    registry.declare(
        Holding(
            model=Draft,
            label=_("Unfinished forms"),
            ground=Ground.CONSENT,
            retention="draft",
            fields={
                "id": Kind.TECHNICAL,
                "holder": Kind.LINK,
                "version": Kind.TECHNICAL,
                "language": Kind.CIRCUMSTANCES,
                "answers": Kind.FREE_TEXT,
                "page": Kind.TECHNICAL,
                "submission_key": Kind.TECHNICAL,
                "created_at": Kind.TECHNICAL,
                "updated_at": Kind.TECHNICAL,
            },
            clocks=(Clock("draft", since="updated_at", unowned=True),),
            is_shown=False,
        ),
        Holding(
            model=Submission,
            label=_("Forms sent in"),
            ground=Ground.PUBLIC_TASK,
            retention="submission",
            fields={
                "id": Kind.TECHNICAL,
                "controller": Kind.TECHNICAL,
                "holder": Kind.LINK,
                "key": Kind.TECHNICAL,
                "reference": Kind.IDENTITY,
                "version": Kind.TECHNICAL,
                "language": Kind.CIRCUMSTANCES,
                "answers": Kind.FREE_TEXT,
                "calculated": Kind.FREE_TEXT,
                "submitted_at": Kind.CIRCUMSTANCES,
            },
            brings=_files,
            clocks=(Clock("submission", since="submitted_at"),),
            labels={
                "reference": _("Reference"),
                "language": _("Language"),
                "answers": _("Answers"),
                "submitted_at": _("Sent"),
            },
        ),
    )


def _files(keys: Sequence[UUID]) -> Rows:
    found = Submission.objects.filter(pk__in=keys).select_related("version")
    named = (queries.files_in(queries.definition(each.version), each.answers) for each in found)
    return {Document: [key for keys in named for key in keys]}
