"""What this app holds of persons."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kotisatama.contacts import erasing, queries
from kotisatama.contacts.models import Change, Contact
from kotisatama.people import queries as people
from kotisatama.privacy import registry
from kotisatama.privacy.registry import Clock, Ground, Holding, Kind
from kotisatama.translation import languages

NOTE = "contact_note"
COUNTED = (
    "at",
    "service_point",
    "channel",
    "municipality",
    "service_language",
    "topics",
    "interpreter",
    "age_band",
    "gender",
    "citizenship",
    "mother_tongue",
    "ground_of_stay",
    "time_in_finland",
    "duration",
    "outcome",
    "by_association",
    "out_of_hours",
    "funding_line",
    "counted_as",
)


def declare() -> None:
    """A contact outlives its person as a counted fact; its free text goes earlier, on a clock of its own."""
    registry.declare(
        Holding(
            model=Change,
            label=_("Corrections of contacts"),
            ground=Ground.PUBLIC_TASK,
            retention=NOTE,
            fields={
                "id": Kind.TECHNICAL,
                "controller": Kind.TECHNICAL,
                "contact": Kind.LINK,
                "at": Kind.TECHNICAL,
                "worker": Kind.WORKER,
                "reason": Kind.FREE_TEXT,
                "before": Kind.FREE_TEXT,
            },
            goes_with=("contact",),
            clocks=(Clock(NOTE, since="at"),),
            is_shown=False,
        ),
        _contacts(),
    )


def _contacts() -> Holding:
    return Holding(
        model=Contact,
        label=_("Contacts"),
        ground=Ground.PUBLIC_TASK,
        retention="client",
        fields=dict.fromkeys(COUNTED, Kind.COUNTED)
        | dict.fromkeys(("id", "controller", "key", "created_at", "version"), Kind.TECHNICAL)
        | dict.fromkeys(("note", "referred_to"), Kind.FREE_TEXT)
        | {"person": Kind.LINK, "submission": Kind.LINK, "worker": Kind.WORKER},
        person="person",
        draws=("submission",),
        cuts=("submission",),
        activity=("at",),
        clocks=(
            Clock(
                NOTE,
                since="at",
                end=erasing.erase_free_text,
                left=~Q(note="") | ~Q(referred_to=""),
                fields=("note", "referred_to"),
            ),
        ),
        erase=erasing.forget_persons,
        labels={"topics": _("Topics"), "service_point": _("Place"), "by_association": _("Association")},
        words={
            "topics": lambda code, language: str(queries.topic_names(language).get(code, code)),
            "municipality": lambda code, language: people.municipality_names(language).get(code, code),
            "service_language": languages.name_in,
        },
    )
