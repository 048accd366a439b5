"""The client's own view of looks: a link that a counsellor gives; and looks that somebody should ask about."""

import hashlib
import secrets
import uuid
from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kotisatama.audit import actions as audit
from kotisatama.kernel import row_security
from kotisatama.kernel.errors import NotAllowed
from kotisatama.people import access
from kotisatama.people.models import LooksLink, LooksSetting, Person, UnusualLook
from kotisatama.staff import access as staff
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Permission


def _hash(secret: str) -> str:
    return hashlib.sha256(f"looks:{secret}".encode()).hexdigest()


@transaction.atomic
def make_looks_link(person: Person, *, key: uuid.UUID, language: str, by: Worker) -> tuple[LooksLink, str]:
    """Make a link to the client's own view of looks; returns it with its secret, which is not kept anywhere.

    The same `key` twice is the same link with a new secret: whoever sends the page again has lost the first.
    """
    if not access.can_open(by, person):
        raise PermissionDenied
    secret, now = secrets.token_urlsafe(24), timezone.now()
    same = LooksLink.objects.select_for_update().filter(pk=key).first()
    if same:
        if same.person_id != person.pk or same.withdrawn_at or same.expires_at <= now:
            raise NotAllowed(_("This page was used before. Open it again."))
        same.holder = _hash(secret)
        same.save(update_fields=["holder"])
        audit.record("looks_link.renewed", by=by, controllers=[same.controller_id], subject=same)
        return same, secret
    link = LooksLink(
        id=key,
        controller_id=person.controller_id,
        person=person,
        holder=_hash(secret),
        language=language,
        made_by=by,
        made_at=now,
        expires_at=now + timedelta(days=settings.LOOKS_LINK_DAYS),
    )
    try:
        with transaction.atomic():
            link.save(force_insert=True)
    except IntegrityError as reason:  # The key is that of a row which does not exist for this worker.
        raise NotAllowed(_("This page was used before. Open it again.")) from reason
    audit.record("looks_link.made", by=by, controllers=[link.controller_id], subject=link)
    return link, secret


@transaction.atomic
def withdraw_looks_link(link: LooksLink, *, by: Worker) -> None:
    """End a link at once; ending it again changes nothing."""
    if not access.visible_people(by).filter(pk=link.person_id).exists():
        raise PermissionDenied
    current = LooksLink.objects.select_for_update().get(pk=link.pk)
    if current.withdrawn_at is None:
        current.withdrawn_at = timezone.now()
        current.save(update_fields=["withdrawn_at"])
        audit.record("looks_link.withdrawn", by=by, controllers=[current.controller_id], subject=current)


def open_looks_link(secret: str) -> LooksLink | None:
    """For a visitor: the link of this secret while it works, and its controller's rows for the rest of the transaction.

    None, and no rows, for a secret that is unknown, withdrawn or too old: the three look alike.
    """
    row_security.set_context(holder=_hash(secret) if secret else "")
    link = LooksLink.objects.filter(
        holder=_hash(secret), withdrawn_at__isnull=True, expires_at__gt=timezone.now()
    ).first()
    if link:
        row_security.set_context(controllers=[link.controller_id])
    return link


@transaction.atomic
def show_worker_names(controller: str, *, shows: bool, by: Worker) -> None:
    """Say whether this controller's clients see the names of the workers who looked at their data."""
    if not staff.allows(by, Permission.MANAGE_REGION) or controller not in by.controller_codes:
        raise PermissionDenied
    setting, _is_new = LooksSetting.objects.select_for_update().get_or_create(controller_id=controller)
    if setting.shows_worker_name != shows:
        setting.shows_worker_name = shows
        setting.save()
        audit.record("looks_setting.changed", by=by, controllers=[controller], details={"shows_worker_name": shows})


def note_unusual_looks(looks: Iterable[UnusualLook]) -> int:
    """Add what a job found; what is noted already stays as it is. How many were new."""
    rows = list(looks)
    before = UnusualLook.objects.count()
    UnusualLook.objects.bulk_create(rows, ignore_conflicts=True)
    return UnusualLook.objects.count() - before


@transaction.atomic
def review_unusual_look(look: UnusualLook, *, state: str, by: Worker) -> UnusualLook:
    """Note that the data protection officer has asked; the last word counts."""
    if not staff.allows(by, Permission.READ_AUDIT):
        raise PermissionDenied
    current = UnusualLook.objects.select_for_update().get(pk=look.pk)
    if current.state != UnusualLook.State(state):
        current.state, current.reviewed_by, current.reviewed_at = UnusualLook.State(state), by, timezone.now()
        current.save(update_fields=["state", "reviewed_by", "reviewed_at"])
        details = {"state": current.state}
        audit.record(
            "unusual_look.reviewed", by=by, controllers=[current.controller_id], subject=current, details=details
        )
    return current
