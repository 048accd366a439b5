"""What this app holds of persons."""

from collections.abc import Sequence
from uuid import UUID

from babel import Locale
from django.utils.translation import gettext_lazy as _

from kotisatama.people import identifying, queries, register_data
from kotisatama.people.models import (
    Channel,
    Consent,
    Identifier,
    Person,
    PersonName,
    Rectification,
    Restriction,
    SearchToken,
)
from kotisatama.privacy import registry
from kotisatama.privacy.registry import Clock, Datum, Ground, Holding, Kind, Record
from kotisatama.translation import languages

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
            fields=OF_THE_PERSON | dict.fromkeys(("text", "kind", "language"), Kind.IDENTITY),
            person="person",
            labels={"text": _("Name"), "language": _("Language")},
            words={"language": languages.name_in},
        ),
        Holding(
            model=Channel,
            label=_("How to reach"),
            ground=Ground.PUBLIC_TASK,
            retention=CLIENT,
            fields=OF_THE_PERSON
            | dict.fromkeys(("kind", "value", "language"), Kind.IDENTITY)
            | dict.fromkeys(("safe_to_leave_message", "safe_to_call"), Kind.CIRCUMSTANCES),
            person="person",
            labels={"kind": _("Kind"), "value": _("Telephone or e-mail address")},
        ),
        Holding(
            model=Identifier,
            label=_("Identifiers"),
            ground=Ground.PUBLIC_TASK,
            retention=CLIENT,
            fields=OF_THE_PERSON
            | dict.fromkeys(("kind", "issuing_country", "sealed"), Kind.IDENTITY)
            | {"blind_index": Kind.TECHNICAL},
            person="person",
            export=_identifiers,
            labels={"kind": _("Kind")},
        ),
        *_rights(),
        *register_data.holdings(),
        _persons(),
    )


def _persons() -> Holding:
    who = ("name", "date_of_birth", "birthday_is_placeholder", "citizenships", "municipality")
    life = (
        "is_protected",
        "gender",
        "mother_tongue",
        "service_languages",
        "ground_of_stay",
        "ground_ends_on",
        "moved_to_finland_on",
    )
    return Holding(
        model=Person,
        label=_("Client"),
        ground=Ground.PUBLIC_TASK,
        retention=CLIENT,
        fields=dict.fromkeys(who, Kind.IDENTITY)
        | dict.fromkeys(life, Kind.CIRCUMSTANCES)
        | dict.fromkeys(("id", "controller", "sort_key", "version"), Kind.TECHNICAL)
        | dict.fromkeys(("created_at", "archived_on"), Kind.CIRCUMSTANCES)
        | {"made_by": Kind.WORKER, "merged_into": Kind.LINK},
        goes_with=("merged_into",),
        clocks=(Clock(CLIENT, since="created_at", waits=True),),
        labels={
            "citizenships": _("Citizenships"),
            "service_languages": _("Languages"),
            "created_at": _("In the register since"),
        },
        words={
            "mother_tongue": languages.name_in,
            "service_languages": languages.name_in,
            "citizenships": _country,
            "municipality": _municipality,
        },
    )


def _country(code: str, language: str) -> str:
    return str(Locale.parse(language).territories.get(code, code))


def _municipality(code: str, language: str) -> str:
    return queries.municipality_names(language).get(code, code)


def _identifiers(keys: Sequence[UUID], language: str) -> list[Record]:
    found = Identifier.objects.filter(pk__in=keys)
    return [
        [
            Datum("kind", _("Kind"), row.kind, row.get_kind_display()),
            Datum("value", _("Identifier"), code := identifying.opened(row), code),
        ]
        for row in found
    ]


def _rights() -> tuple[Holding, ...]:
    """Consents, restrictions and requests: they tell what was allowed and asked, and go with the person."""
    made = {"made_by": Kind.WORKER, "made_at": Kind.TECHNICAL}
    consent = (
        "purpose",
        "recipient",
        "data_kinds",
        "basis",
        "text",
        "language",
        "given_on",
        "given_by_way",
        "until",
        "withdrawn_on",
        "withdrawn_by_way",
    )
    request = ("asked_on", "answer_by", "decision", "refusal", "decided_on")
    return (
        Holding(
            model=Consent,
            label=_("Consents and other grounds"),
            ground=Ground.LEGAL_DUTY,
            retention=CLIENT,
            fields=OF_THE_PERSON | dict.fromkeys(consent, Kind.CIRCUMSTANCES) | made | {"text_version": Kind.TECHNICAL},
            person="person",
            labels={
                "recipient": _("To whom"),
                "data_kinds": _("Data"),
                "text": _("What was shown"),
                "language": _("Language"),
                "given_on": _("Given on"),
                "given_by_way": _("How it was given"),
                "withdrawn_on": _("Withdrawn on"),
                "withdrawn_by_way": _("How it was withdrawn"),
            },
            words={"language": languages.name_in},
        ),
        Holding(
            model=Restriction,
            label=_("Restrictions"),
            ground=Ground.LEGAL_DUTY,
            retention=CLIENT,
            fields=OF_THE_PERSON | dict.fromkeys(("reason", "valid_from", "valid_to"), Kind.CIRCUMSTANCES) | made,
            person="person",
            labels={"valid_from": _("Valid from")},
        ),
        Holding(
            model=Rectification,
            label=_("Requests to put data right"),
            ground=Ground.LEGAL_DUTY,
            retention=CLIENT,
            fields=OF_THE_PERSON
            | dict.fromkeys(request, Kind.CIRCUMSTANCES)
            | made
            | {"what": Kind.FREE_TEXT, "decided_by": Kind.WORKER},
            person="person",
            labels={"answer_by": _("Answer by"), "decided_on": _("Decided on")},
        ),
    )
