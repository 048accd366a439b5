"""Opening a client's record: by a relation, or for a reason that a lead looks at afterwards."""

import uuid
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils import timezone

from kotisatama.audit import actions as audit
from kotisatama.kernel import workdays
from kotisatama.people import access, opening_access, opening_rules, tasks
from kotisatama.people.models import Opening, Person
from kotisatama.staff.models import Worker


def open_person(pk: uuid.UUID, *, by: Worker, **details: Any) -> Person:
    """The client for a page, with the line that tells why the worker may open it.

    Raises Http404 for a client who does not exist for the worker, AskFirst when the page that asks for a reason comes
    first.
    """
    purpose = access.require_openable(by, pk)
    person = get_object_or_404(access.visible_people(by), pk=pk)
    details = {"purpose": purpose, **details}
    audit.record("person.viewed", by=by, controllers=[person.controller_id], subject=person, details=details)
    return person


@transaction.atomic
def open_without_relation(person: Person, *, reason: str, by: Worker, link: str) -> Opening:
    """Open the record for some hours; the controller's leads are told at once. `link` leads to their list.

    Whoever has it open already keeps that opening. NotAllowed while an earlier one waits too long for its review.
    """
    current = access.visible_people(by).select_for_update().filter(pk=person.pk).first()
    if current is None:
        raise PermissionDenied
    running = opening_access.running(by).filter(person=current).first()
    if running:
        return running
    opening_rules.check_may_open(by)
    now = timezone.now()
    opening = Opening.objects.create(
        controller_id=current.controller_id,
        person=current,
        worker=by,
        reason=Opening.Reason(reason),
        opened_at=now,
        until=now + timedelta(hours=settings.OPENING_HOURS),
        review_by=workdays.after(timezone.localdate(now), settings.OPENING_REVIEW_WORKDAYS),
    )
    details = {"reason": opening.reason, "opening": str(opening.pk), "until": opening.until.isoformat()}
    audit.record(
        "person.opened_without_relation",
        by=by,
        controllers=[current.controller_id],
        subject=current,
        details=details,
    )
    leads = opening_access.reviewers(current.controller_id, besides=by).values_list("pk", flat=True)
    tasks.defer_letters(list(leads), link=link)
    return opening


@transaction.atomic
def review_opening(opening: Opening, *, verdict: str, by: Worker) -> Opening:
    """Say whether the opening was right; the same verdict of the same lead twice is one."""
    current = Opening.objects.select_for_update(of=("self",)).select_related("person").get(pk=opening.pk)
    if not opening_access.can_review(by, current):
        raise PermissionDenied
    if current.reviewed_by_id == by.pk and current.verdict == verdict:
        return current
    opening_rules.check_not_reviewed(current)
    current.verdict, current.reviewed_by, current.reviewed_at = Opening.Verdict(verdict), by, timezone.now()
    current.save(update_fields=["verdict", "reviewed_by", "reviewed_at"])
    details = {"verdict": current.verdict, "opening": str(current.pk), "worker": current.worker_id}
    audit.record(
        "person.opening_reviewed", by=by, controllers=[current.controller_id], subject=current.person, details=details
    )
    return current
