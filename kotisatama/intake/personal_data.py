"""What this app holds of persons."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from kotisatama.documents import registry as documents
from kotisatama.documents.models import Document
from kotisatama.forms import queries as forms
from kotisatama.intake import telling
from kotisatama.intake.models import Correction, Decision, ExpertQuestion, Invitation, Item, KeptFile
from kotisatama.privacy import registry
from kotisatama.privacy.registry import Clock, Datum, Ground, Holding, Kind, Record, Rows
from kotisatama.translation import languages

_STATES = ("id", "controller")


def declare() -> None:
    """A line of the inbox goes with its submission; the submission goes when the line's person goes."""
    _declare_what_hangs_on_an_item()
    _declare_invitations()
    told = ("municipality", "service_language", "topics", "is_urgent", "received_at")
    states = ("id", "controller", "state", "claimed_at", "answered_at", "done_at", "version", "corrected_at")
    registry.declare(
        Holding(
            model=Item,
            label=_("Lines of the inbox"),
            ground=Ground.PUBLIC_TASK,
            retention="submission",
            fields=dict.fromkeys(told, Kind.CIRCUMSTANCES)
            | dict.fromkeys(states, Kind.TECHNICAL)
            | dict.fromkeys(("submission", "person", "contact", "case"), Kind.LINK)
            | dict.fromkeys(("claimed_by", "team", "service_point"), Kind.WORKER),
            person="person",
            goes_with=("submission",),
            draws=("submission",),
            cuts=("case",),
            activity=("received_at",),
            is_shown=False,
        )
    )


def _declare_what_hangs_on_an_item() -> None:
    """Decisions, corrections and questions to experts end with their line of the inbox; a kept file with its person."""
    registry.declare(
        Holding(
            model=Decision,
            label=_("Decisions on what a form said"),
            ground=Ground.PUBLIC_TASK,
            retention="submission",
            fields=dict.fromkeys((*_STATES, "field", "way", "decided_at"), Kind.TECHNICAL)
            | dict.fromkeys(("item", "person", "relative"), Kind.LINK)
            | {"decided_by": Kind.WORKER},
            person="person",
            goes_with=("item", "relative"),
            is_shown=False,
        ),
        Holding(
            model=KeptFile,
            label=_("Files kept with a client"),
            ground=Ground.PUBLIC_TASK,
            retention="case",
            fields=dict.fromkeys((*_STATES, "kept_at"), Kind.TECHNICAL)
            | dict.fromkeys(("document", "item", "person", "case"), Kind.LINK)
            | {"kept_by": Kind.WORKER},
            person="person",
            goes_with=("document",),
            draws=("document",),
            cuts=("item", "case"),
            activity=("kept_at",),
            is_shown=False,
        ),
        Holding(
            model=Correction,
            label=_("Corrections to forms sent in"),
            ground=Ground.PUBLIC_TASK,
            retention="submission",
            fields=dict.fromkeys((*_STATES, "expires_at", "withdrawn_at"), Kind.TECHNICAL)
            | dict.fromkeys(("language", "asked_at", "answered_at"), Kind.CIRCUMSTANCES)
            | dict.fromkeys(("questions", "answers"), Kind.FREE_TEXT)
            | dict.fromkeys(("item", "holder"), Kind.LINK)
            | {"asked_by": Kind.WORKER},
            goes_with=("item",),
            brings=_files,
            export=_corrections,
        ),
        Holding(
            model=ExpertQuestion,
            label=_("Questions to experts without identity"),
            ground=Ground.PUBLIC_TASK,
            retention="submission",
            fields=dict.fromkeys((*_STATES, "withdrawn_at"), Kind.TECHNICAL)
            | dict.fromkeys(("asked_at", "replied_at"), Kind.CIRCUMSTANCES)
            | dict.fromkeys(("question", "reply"), Kind.FREE_TEXT)
            | {"item": Kind.LINK, "expert": Kind.WORKER, "asked_by": Kind.WORKER},
            goes_with=("item",),
            labels={"question": _("Question"), "reply": _("Reply"), "asked_at": _("Asked"), "replied_at": _("Replied")},
        ),
    )


def _declare_invitations() -> None:
    """A form sent to a client: kept as long as what comes back, and ends with it; the code itself is nowhere."""
    states = ("closed_at", "begun_at", "withdrawn_at", "wrong", "targets", "expires_at")
    registry.declare(
        Holding(
            model=Invitation,
            label=_("Forms sent to a client to fill in"),
            ground=Ground.PUBLIC_TASK,
            retention="submission",
            fields=dict.fromkeys((*_STATES, *states, "form"), Kind.TECHNICAL)
            | dict.fromkeys(("language", "way", "made_at", "opened_at", "arrived_at"), Kind.CIRCUMSTANCES)
            | dict.fromkeys(("person", "submission", "holder"), Kind.LINK)
            | {"made_by": Kind.WORKER},
            person="person",
            goes_with=("submission",),
            clocks=(Clock("submission", since="made_at"),),
            labels={
                "made_at": _("Sent"),
                "way": _("How the person gets the link"),
                "language": _("Language"),
                "opened_at": _("Opened"),
                "arrived_at": _("Arrived"),
            },
            words={"language": languages.name_in},
        )
    )


def _files(keys: Sequence[UUID]) -> Rows:
    found = [each for row in Correction.objects.filter(pk__in=keys) for each in telling.file_ids(row)]
    return {Document: documents.not_kept(found)}


def _corrections(keys: Sequence[UUID], language: str) -> list[Record]:
    """Each correction: when it was asked and given, what the worker asked, and the answers as they were given."""
    found = []
    rows = Correction.objects.filter(pk__in=keys).select_related("item__submission__version").order_by("asked_at")
    for row in rows:
        form = forms.definition(row.item.submission.version)
        answered = forms.readable(form, row.answers, reader=language, original=row.language)
        record = [Datum("asked_at", _("Asked"), row.asked_at.isoformat(), row.asked_at.isoformat())]
        record += [Datum(each["name"], _("Question"), each["sentence"], each["sentence"]) for each in row.questions]
        record += [
            Datum(each.name, each.label.text, _plain(row.answers.get(each.name)), each.original.text)
            for page in answered
            for each in page.rows
        ]
        found.append(record)
    return found


def _plain(value: Any) -> Any:
    return value.get("name", "") if isinstance(value, dict) else value
