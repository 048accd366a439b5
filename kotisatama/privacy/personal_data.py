"""What this app holds; and what the apps below it hold, which cannot declare it themselves."""

from django.utils.translation import gettext_lazy as _

from kotisatama.audit.models import Line
from kotisatama.privacy import registry
from kotisatama.privacy.models import Hold, LastActivity, Tombstone
from kotisatama.privacy.registry import Ground, Holding, Kind
from kotisatama.staff.models import SignInAttempt, SignInEvent, Worker


def declare() -> None:
    """Workers and the trail are no client's data: no clock here ends them, docs/personal-data.md says who does."""
    registry.declare(
        Holding(
            model=Hold,
            label=_("Holds on deletion"),
            ground=Ground.LEGAL_DUTY,
            retention="trail",
            fields={
                "id": Kind.TECHNICAL,
                "controller": Kind.TECHNICAL,
                "subject_id": Kind.LINK,
                "reason": Kind.CIRCUMSTANCES,
                "until": Kind.CIRCUMSTANCES,
                "made_at": Kind.TECHNICAL,
                "made_by": Kind.WORKER,
                "released_on": Kind.TECHNICAL,
            },
        ),
        Holding(
            model=LastActivity,
            label=_("Last days of rows that ended before their client"),
            ground=Ground.LEGAL_DUTY,
            retention="client",
            fields={"controller": Kind.TECHNICAL, "subject_id": Kind.LINK, "on": Kind.CIRCUMSTANCES},
            is_shown=False,
        ),
        Holding(
            model=Tombstone,
            label=_("What was erased"),
            ground=Ground.LEGAL_DUTY,
            retention="trail",
            fields={
                "id": Kind.TECHNICAL,
                "controller": Kind.TECHNICAL,
                "what": Kind.TECHNICAL,
                "subject_id": Kind.LINK,
                "retention": Kind.TECHNICAL,
                "erased_on": Kind.TECHNICAL,
                "written_at": Kind.TECHNICAL,
            },
        ),
        Holding(
            model=Line,
            label=_("Who looked and who changed"),
            ground=Ground.LEGAL_DUTY,
            retention="trail",
            fields={
                "id": Kind.TECHNICAL,
                "at": Kind.TECHNICAL,
                "worker_id": Kind.WORKER,
                "organisation_id": Kind.WORKER,
                "action": Kind.CIRCUMSTANCES,
                "controllers": Kind.TECHNICAL,
                "subject_type": Kind.TECHNICAL,
                "person_id": Kind.LINK,
                "epoch": Kind.TECHNICAL,
                "txid": Kind.TECHNICAL,
                "mac": Kind.TECHNICAL,
                "subject_id": Kind.LINK,
                "details": Kind.TECHNICAL,
            },
        ),
        _workers(),
        Holding(
            model=SignInEvent,
            label=_("Workers' sign-ins"),
            ground=Ground.EMPLOYMENT,
            retention="worker",
            fields={
                "id": Kind.TECHNICAL,
                "worker": Kind.WORKER,
                "at": Kind.WORKER,
                "ok": Kind.WORKER,
                "method": Kind.WORKER,
            },
        ),
        Holding(
            model=SignInAttempt,
            label=_("Failed sign-ins"),
            ground=Ground.EMPLOYMENT,
            retention="worker",
            fields={"id": Kind.TECHNICAL, "key": Kind.TECHNICAL, "at": Kind.TECHNICAL},
        ),
    )


def _workers() -> Holding:
    whose = ("email", "name", "organisation", "team", "service_point", "roles", "language", "is_active", "last_login")
    return Holding(
        model=Worker,
        label=_("Workers"),
        ground=Ground.EMPLOYMENT,
        retention="worker",
        fields=dict.fromkeys(whose, Kind.WORKER)
        | {"id": Kind.TECHNICAL, "password": Kind.TECHNICAL, "version": Kind.TECHNICAL},
    )
