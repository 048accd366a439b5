"""What this app holds of persons."""

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from kotisatama.documents.models import Document
from kotisatama.forms import clocks, queries
from kotisatama.forms.models import Draft, Submission
from kotisatama.privacy import queries as privacy
from kotisatama.privacy import registry
from kotisatama.privacy.registry import Clock, Datum, Ground, Holding, Kind, Record, Rows
from kotisatama.translation import languages


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
                "failed_at": Kind.TECHNICAL,
            },
            clocks=(Clock("draft", since="updated_at", unowned=True, sooner=clocks.drafts_due),),
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
                "anonymised_at": Kind.TECHNICAL,
            },
            brings=_files,
            clocks=(
                Clock("submission", since="submitted_at", sooner=clocks.submissions_due),
                Clock(
                    "submission",
                    since="submitted_at",
                    name="anonymised",
                    sooner=clocks.submissions_to_anonymise,
                    only_sooner=True,
                    keeps_row=True,
                    left=clocks.SAYS_SOMETHING,
                    end=clocks.anonymise,
                ),
            ),
            export=_answers,
            labels={"reference": _("Reference"), "language": _("Language"), "submitted_at": _("Sent")},
            words={"language": languages.name_in},
        ),
    )


def _files(keys: Sequence[UUID]) -> Rows:
    found = Submission.objects.filter(pk__in=keys).select_related("version")
    named = (queries.files_in(queries.definition(each.version), each.answers) for each in found)
    return {Document: [key for keys in named for key in keys]}


def _answers(keys: Sequence[UUID], language: str) -> list[Record]:
    """Each form: when and in which language, then every question with the answer as it was given."""
    holding = registry.holding(Submission._meta.label_lower)
    found = []
    for submission in Submission.objects.filter(pk__in=keys).select_related("version").order_by("submitted_at"):
        head = privacy.record(holding, submission, language, without=("answers", "calculated"))
        pages = queries.readable_answers(submission, language)
        answers = [
            Datum(row.name, row.label.text, submission.answers.get(row.name), row.original.text)
            for page in pages
            for row in page.rows
        ]
        found.append([*head, *answers])
    return found
