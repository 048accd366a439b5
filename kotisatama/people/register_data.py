"""What hangs on a person beside names and channels: where and with whom they live, who may open, what was merged."""

from django.utils.translation import gettext_lazy as _

from kotisatama.people.models import (
    GroundPeriod,
    Household,
    HouseholdMember,
    ImportRow,
    ImportRun,
    LikelyPair,
    LooksLink,
    Merge,
    OldRecord,
    Opening,
    PersonChange,
    Relation,
    Residence,
    Sharing,
    UnusualLook,
)
from kotisatama.privacy.registry import Clock, Ground, Holding, Kind

CLIENT, TRAIL = "client", "trail"
OF_THE_PERSON = {"id": Kind.TECHNICAL, "controller": Kind.TECHNICAL, "person": Kind.LINK}
OWN = {"id": Kind.TECHNICAL, "controller": Kind.TECHNICAL}
PERIOD = {"valid_from": Kind.CIRCUMSTANCES, "valid_to": Kind.CIRCUMSTANCES}


def holdings() -> tuple[Holding, ...]:
    """Those that hang on others first."""
    return (*_life(), *_family(), *_access(), *_merging(), *_importing())


def _kinds(kind: Kind, *names: str) -> dict[str, Kind]:
    return dict.fromkeys(names, kind)


def _life() -> tuple[Holding, ...]:
    return (
        Holding(
            model=Residence,
            label=_("Residences"),
            ground=Ground.PUBLIC_TASK,
            retention=CLIENT,
            fields=OF_THE_PERSON
            | PERIOD
            | _kinds(Kind.IDENTITY, "kind", "municipality", "street_address", "postal_code", "post_office"),
            person="person",
            labels={"valid_from": _("Valid from"), "kind": _("Kind")},
        ),
        Holding(
            model=GroundPeriod,
            label=_("Grounds of stay"),
            ground=Ground.PUBLIC_TASK,
            retention=CLIENT,
            fields=OF_THE_PERSON | PERIOD | _kinds(Kind.CIRCUMSTANCES, "ground", "permit_type"),
            person="person",
            labels={"valid_from": _("Valid from")},
        ),
        Holding(
            model=PersonChange,
            label=_("What was known before each change"),
            ground=Ground.LEGAL_DUTY,
            retention=CLIENT,
            fields=OF_THE_PERSON
            | {"before": Kind.FREE_TEXT, "reason": Kind.FREE_TEXT, "worker": Kind.WORKER}
            | _kinds(Kind.TECHNICAL, "at", "version", "what"),
            person="person",
            is_shown=False,  # earlier values may tell of relatives; the page of the history is given by hand
        ),
    )


def _family() -> tuple[Holding, ...]:
    return (
        Holding(
            model=HouseholdMember,
            label=_("Households"),
            ground=Ground.PUBLIC_TASK,
            retention=CLIENT,
            fields=OF_THE_PERSON | PERIOD | {"household": Kind.LINK},
            person="person",
            is_shown=False,  # tells of others
        ),
        Holding(
            model=Household,
            label=_("Homes without names"),
            ground=Ground.PUBLIC_TASK,
            retention=CLIENT,
            fields=OWN,
            is_shown=False,
        ),
        Holding(
            model=Relation,
            label=_("Relations"),
            ground=Ground.PUBLIC_TASK,
            retention=CLIENT,
            fields=OWN
            | _kinds(Kind.LINK, "from_person", "to_person")
            | _kinds(Kind.CIRCUMSTANCES, "kind", "from_may_know", "to_may_know", "valid_to")
            | {"version": Kind.TECHNICAL},
            person="from_person",
            goes_with=("to_person",),
            is_shown=False,  # tells of others
        ),
    )


def _access() -> tuple[Holding, ...]:
    return (
        Holding(
            model=Opening,
            label=_("Openings without a relation"),
            ground=Ground.LEGAL_DUTY,
            retention=CLIENT,
            fields=OF_THE_PERSON
            | _kinds(Kind.TECHNICAL, "opened_at", "until", "review_by", "reviewed_at", "reason", "verdict")
            | _kinds(Kind.WORKER, "worker", "reviewed_by"),
            person="person",
            labels={"opened_at": _("Opened")},
        ),
        Holding(
            model=Sharing,
            label=_("Sharing with other municipalities"),
            ground=Ground.LEGAL_DUTY,
            retention=CLIENT,
            fields=OF_THE_PERSON
            | _kinds(Kind.CIRCUMSTANCES, "basis", "scope", "begins_on", "ends_on", "withdrawn_at", "to_controller")
            | _kinds(Kind.WORKER, "made_by", "withdrawn_by")
            | {"made_at": Kind.TECHNICAL},
            person="person",
            labels={"basis": _("Basis"), "scope": _("What is shared"), "to_controller": _("Municipality")},
        ),
        Holding(
            model=LooksLink,
            label=_("Links to the client's own view of looks"),
            ground=Ground.LEGAL_DUTY,
            retention=CLIENT,
            fields=OF_THE_PERSON
            | _kinds(Kind.TECHNICAL, "holder", "language", "made_at", "expires_at", "withdrawn_at")
            | {"made_by": Kind.WORKER},
            person="person",
            is_shown=False,
        ),
        Holding(
            model=UnusualLook,
            label=_("Unusual looks"),
            ground=Ground.LEGAL_DUTY,
            retention=TRAIL,
            fields=OF_THE_PERSON
            | _kinds(Kind.TECHNICAL, "day", "reason", "count", "usual", "state", "reviewed_at")
            | _kinds(Kind.WORKER, "worker", "reviewed_by"),
            person="person",
            clocks=(Clock(TRAIL, since="day"),),
            is_shown=False,
        ),
    )


def _merging() -> tuple[Holding, ...]:
    return (
        Holding(
            model=LikelyPair,
            label=_("Clients who may stand twice"),
            ground=Ground.PUBLIC_TASK,
            retention=CLIENT,
            fields=OWN
            | _kinds(Kind.LINK, "first", "second")
            | _kinds(Kind.TECHNICAL, "percent", "found_at", "told_apart_at")
            | {"told_apart_by": Kind.WORKER},
            person="first",
            goes_with=("second",),
            is_shown=False,
        ),
        Holding(
            model=Merge,
            label=_("Merges"),
            ground=Ground.PUBLIC_TASK,
            retention=CLIENT,
            fields=OWN
            | _kinds(Kind.LINK, "survivor", "gone")
            | _kinds(Kind.WORKER, "by", "undone_by")
            | _kinds(Kind.TECHNICAL, "at", "undone_at", "moved")
            | {"before": Kind.FREE_TEXT},
            person="survivor",
            goes_with=("gone",),
            is_shown=False,
        ),
    )


def _importing() -> tuple[Holding, ...]:
    return (
        Holding(
            model=ImportRow,
            label=_("Rows of an import"),
            ground=Ground.PUBLIC_TASK,
            retention=CLIENT,
            fields=OWN
            | _kinds(Kind.LINK, "run", "person", "record")
            | _kinds(Kind.TECHNICAL, "number", "outcome", "problems", "fields", "candidates", "decided_at")
            | {"sealed": Kind.IDENTITY, "decided_by": Kind.WORKER},
            goes_with=("run",),
            cuts=("person", "record"),
            is_shown=False,
        ),
        Holding(
            model=OldRecord,
            label=_("Records of an old register"),
            ground=Ground.PUBLIC_TASK,
            retention=CLIENT,
            fields=OF_THE_PERSON | _kinds(Kind.TECHNICAL, "source", "state", "content") | {"key": Kind.IDENTITY},
            person="person",
            is_shown=False,
        ),
        Holding(
            model=ImportRun,
            label=_("Imports"),
            ground=Ground.PUBLIC_TASK,
            retention=CLIENT,
            fields=OWN
            | _kinds(
                Kind.TECHNICAL, "source", "file_name", "file_hash", "mapping", "about", "state", "rows", "position"
            )
            | _kinds(Kind.TECHNICAL, "counts", "created_at", "ended_at")
            | {"content": Kind.IDENTITY, "by": Kind.WORKER},
            clocks=(Clock(CLIENT, since="created_at"),),
            is_shown=False,
        ),
    )
