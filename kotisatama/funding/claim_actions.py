"""Claims: drawn up, sent and then frozen, paid."""

import hashlib
import json
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kotisatama.funding import calculating, claim_queries
from kotisatama.funding.models import Claim, Cost, Project
from kotisatama.funding.project_actions import check_period, check_version, check_within, line, locked
from kotisatama.kernel.errors import NotAllowed
from kotisatama.staff.models import Worker


@transaction.atomic
def draw_up(project: Project, *, begins_on: date, ends_on: date, by: Worker) -> Claim:
    """A draft for a period; the same period again gives the same draft. Raises NotAllowed when periods overlap."""
    current = locked(project, by=by)
    known = current.claims.filter(begins_on=begins_on, ends_on=ends_on).first()
    if known:
        return known
    check_period(begins_on, ends_on)
    check_within(current, begins_on)
    check_within(current, ends_on)
    if not current.terms.exists():
        raise NotAllowed(_("Write the terms of the grant down first."))
    _check_free(current, begins_on, ends_on)
    draft = current.claims.filter(state=Claim.State.DRAFT).first()
    if draft:
        raise NotAllowed(
            _("Claim %(number)s is still a draft. Send it or throw it away first.") % {"number": draft.number}
        )
    latest = current.claims.order_by("-number").first()
    claim = Claim.objects.create(
        controller_id=current.controller_id,
        project=current,
        number=latest.number + 1 if latest else 1,
        begins_on=begins_on,
        ends_on=ends_on,
    )
    line("claim.drawn_up", current, by, claim=claim.number)
    return claim


def _check_free(project: Project, begins_on: date, ends_on: date) -> None:
    other = project.claims.filter(begins_on__lte=ends_on, ends_on__gte=begins_on).first()
    if other:
        raise NotAllowed(
            _("The period overlaps claim %(number)s, which is for %(begins)s–%(ends)s.")
            % {"number": other.number, "begins": f"{other.begins_on:%d.%m.%Y}", "ends": f"{other.ends_on:%d.%m.%Y}"}
        )


@transaction.atomic
def drop(claim: Claim, *, by: Worker) -> None:
    """Throw a draft away; gone already, nothing happens."""
    project = locked(claim.project, by=by)
    current = project.claims.filter(pk=claim.pk).first()
    if current is None:
        return
    if current.state != Claim.State.DRAFT:
        raise NotAllowed(_("A claim that was sent stays."))
    current.delete()
    line("claim.dropped", project, by, claim=claim.number)


@transaction.atomic
def send(claim: Claim, *, seen: str, on: date, by: Worker) -> Claim:
    """Freeze the claim as the page showed it and take its rows; sent already, nothing happens.

    `seen` is the fingerprint of the page's figures. Raises ChangedMeanwhile when the ledger has moved since.
    """
    project = locked(claim.project, by=by)
    current = Claim.objects.select_for_update().get(pk=claim.pk)
    if current.state != Claim.State.DRAFT:
        return current
    found = claim_queries.counted(current)
    if found.fingerprint != seen:
        check_version(1, 0)
    check_sendable(current, found, on=on)
    content = frozen(found)
    Cost.objects.filter(pk__in=[row.pk for row in found.rows]).update(claim=current)
    current.state, current.content, current.sha256 = Claim.State.SENT, content, fingerprint(content)
    current.grant, current.sent_on, current.sent_by = found.calculation.grant, on, by
    current.version += 1
    current.save()
    line("claim.sent", project, by, claim=current.number, sha256=current.sha256)
    return current


def check_sendable(claim: Claim, found: "claim_queries.Counted", *, on: date) -> None:
    """NotAllowed for a claim that asks for nothing, or whose period is not over."""
    if on <= claim.ends_on:
        raise NotAllowed(_("The period is not over yet."))
    if found.calculation.accepted <= 0:
        raise NotAllowed(_("There are no accepted costs to claim."))


def frozen(found: "claim_queries.Counted") -> dict[str, Any]:
    """The content of a sent claim."""
    return calculating.as_content(found.calculation, found.rows, found.terms)


def fingerprint(content: dict[str, Any]) -> str:
    """SHA-256 of the content in one fixed writing."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def note_payment(claim: Claim, *, on: date, amount: Decimal, by: Worker) -> Claim:
    """The funder has paid; the same payment again changes nothing."""
    project = locked(claim.project, by=by)
    current = Claim.objects.select_for_update().get(pk=claim.pk)
    if current.state == Claim.State.PAID and (current.paid_on, current.paid) == (on, amount):
        return current
    if current.state != Claim.State.SENT:
        raise NotAllowed(_("Only a claim that was sent and is not paid yet can be paid."))
    if current.sent_on and on < current.sent_on:
        raise NotAllowed(_("The payment cannot be older than the claim."))
    if amount <= 0:
        raise NotAllowed(_("A payment is more than zero."))
    if current.grant is not None and amount > current.grant:
        raise NotAllowed(_("The funder cannot pay more than was claimed. Check the sum."))
    current.state, current.paid_on, current.paid = Claim.State.PAID, on, amount
    current.version += 1
    current.save()
    line("claim.paid", project, by, claim=current.number)
    return current
