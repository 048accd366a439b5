"""What this app holds of persons."""

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from kotisatama.documents import registry as documents
from kotisatama.documents.models import Document
from kotisatama.forms import clocks, queries
from kotisatama.forms.models import Agreement, CodeAttempt, Draft, DraftKey, Submission
from kotisatama.privacy import queries as privacy
from kotisatama.privacy import registry
from kotisatama.privacy.registry import Clock, Datum, Ground, Holding, Kind, Record, Rows
from kotisatama.translation import languages


def declare() -> None:
    """A form that was sent in takes its files along; a draft ends by itself."""
    registry.declare(
        *_of_drafts(),
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
                "revision": Kind.TECHNICAL,
                "filled_by": Kind.TECHNICAL,
                "verified": Kind.TECHNICAL,
                "declined": Kind.TECHNICAL,
                "sender": Kind.LINK,
                "submission_key": Kind.TECHNICAL,
                "created_at": Kind.TECHNICAL,
                "updated_at": Kind.TECHNICAL,
                "failed_at": Kind.TECHNICAL,
            },
            clocks=(Clock("draft", since="updated_at", unowned=True, sooner=clocks.drafts_due),),
            is_shown=False,
        ),
        _agreements(),
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
                "filled_by": Kind.TECHNICAL,
                "submitted_at": Kind.CIRCUMSTANCES,
                "anonymised_at": Kind.TECHNICAL,
                "is_concealed": Kind.TECHNICAL,
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
                    left=clocks.TELLS_OF_SOMEBODY,
                    end=clocks.anonymise,
                ),
            ),
            export=_answers,
            labels={"reference": _("Reference"), "language": _("Language"), "submitted_at": _("Sent")},
            words={"language": languages.name_in},
        ),
    )


def _of_drafts() -> tuple[Holding, ...]:
    """A key goes with its draft or on its own day; tries at codes are forgotten within the hour."""
    keys = Holding(
        model=DraftKey,
        label=_("Codes that open unfinished forms"),
        ground=Ground.CONSENT,
        retention="draft",
        fields=dict.fromkeys(("id", "form", "kind", "pages", "made_at", "expires_at", "opened_at"), Kind.TECHNICAL)
        | {"holder": Kind.LINK, "bearer": Kind.LINK, "draft": Kind.LINK},
        goes_with=("draft",),
        clocks=(Clock("draft", since="made_at", unowned=True),),
        is_shown=False,
    )
    tries = Holding(
        model=CodeAttempt,
        label=_("Codes that opened nothing"),
        ground=Ground.PUBLIC_TASK,
        retention="draft",
        fields={"id": Kind.TECHNICAL, "key": Kind.TECHNICAL, "at": Kind.TECHNICAL},
        is_shown=False,
    )
    return keys, tries


def _agreements() -> Holding:
    return Holding(
        model=Agreement,
        label=_("Statements agreed to in a form"),
        ground=Ground.PUBLIC_TASK,
        retention="submission",
        fields={
            "id": Kind.TECHNICAL,
            "controller": Kind.TECHNICAL,
            "submission": Kind.LINK,
            "version": Kind.TECHNICAL,
            "question": Kind.TECHNICAL,
            "purpose": Kind.CIRCUMSTANCES,
            "text": Kind.CIRCUMSTANCES,
            "language": Kind.CIRCUMSTANCES,
            "answer": Kind.CIRCUMSTANCES,
            "at": Kind.CIRCUMSTANCES,
        },
        goes_with=("submission",),
        labels={"text": _("Statement"), "answer": _("Answer"), "at": _("Sent"), "language": _("Language")},
        words={"language": languages.name_in},
    )


def _files(keys: Sequence[UUID]) -> Rows:
    found = Submission.objects.filter(pk__in=keys).select_related("version")
    named = (queries.files_in(queries.definition(each.version), each.answers) for each in found)
    return {Document: documents.not_kept([key for keys in named for key in keys])}


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
