"""What this app holds of persons."""

from django.utils.translation import gettext_lazy as _

from kotisatama.people.models import Channel, Identifier, Person, PersonName, SearchToken
from kotisatama.privacy import registry
from kotisatama.privacy.registry import Clock, Ground, Holding, Kind

CLIENT = "client"
OF_THE_PERSON = {"id": Kind.TECHNICAL, "controller": Kind.TECHNICAL, "person": Kind.LINK}


def declare() -> None:
    """A person is kept until so long after the last activity; what hangs on the person goes in the same moment."""
    registry.declare(
        Holding(
            model=SearchToken,
            label=_("What the client is found by"),
            ground=Ground.PUBLIC_TASK,
            retention=CLIENT,
            fields=OF_THE_PERSON | {"kind": Kind.TECHNICAL, "token": Kind.IDENTITY},
            person="person",
            is_shown=False,
        ),
        Holding(
            model=PersonName,
            label=_("Spellings of the name"),
            ground=Ground.PUBLIC_TASK,
            retention=CLIENT,
            fields=OF_THE_PERSON | {"text": Kind.IDENTITY, "language": Kind.IDENTITY},
            person="person",
            labels={"text": _("Name"), "language": _("Language")},
        ),
        Holding(
            model=Channel,
            label=_("How to reach"),
            ground=Ground.PUBLIC_TASK,
            retention=CLIENT,
            fields=OF_THE_PERSON
            | {"kind": Kind.IDENTITY, "value": Kind.IDENTITY, "safe_to_leave_message": Kind.CIRCUMSTANCES},
            person="person",
            labels={"kind": _("Kind"), "value": _("Telephone or e-mail address")},
        ),
        Holding(
            model=Identifier,
            label=_("Identifiers"),
            ground=Ground.PUBLIC_TASK,
            retention=CLIENT,
            fields=OF_THE_PERSON | {"kind": Kind.IDENTITY, "sealed": Kind.IDENTITY, "blind_index": Kind.TECHNICAL},
            person="person",
            labels={"kind": _("Kind")},
        ),
        _persons(),
    )


def _persons() -> Holding:
    who = ("name", "date_of_birth", "birthday_is_placeholder", "citizenships", "municipality")
    life = ("gender", "mother_tongue", "service_languages", "ground_of_stay", "ground_ends_on", "moved_to_finland_on")
    return Holding(
        model=Person,
        label=_("Client"),
        ground=Ground.PUBLIC_TASK,
        retention=CLIENT,
        fields=dict.fromkeys(who, Kind.IDENTITY)
        | dict.fromkeys(life, Kind.CIRCUMSTANCES)
        | dict.fromkeys(("id", "controller", "sort_key", "version"), Kind.TECHNICAL)
        | {"created_at": Kind.CIRCUMSTANCES},
        clocks=(Clock(CLIENT, since="created_at", waits=True),),
        labels={
            "citizenships": _("Citizenships"),
            "service_languages": _("Languages"),
            "created_at": _("In the register since"),
        },
    )
