"""The ledger: adding, changing and correcting costs. What a claim has taken is corrected by another row."""

import uuid
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kotisatama.funding.amounts import CENT
from kotisatama.funding.models import Cost, CostKind, Project
from kotisatama.funding.project_actions import check_version, check_within, line, locked
from kotisatama.kernel.errors import NotAllowed
from kotisatama.staff.models import Worker

FIELDS = ("kind", "on", "amount", "text", "who", "hours", "hourly_cost", "funding_line", "voucher", "line")


@transaction.atomic
def add_cost(
    project: Project, *, key: uuid.UUID, fields: Mapping[str, Any], by: Worker, corrects: Cost | None = None
) -> Cost:
    """Add a row; the same key again gives the same one. `fields` are FIELDS."""
    current = locked(project, by=by)
    known = Cost.objects.filter(key=key, project=current).first()
    if known:
        return known
    check_row(current, fields)
    if corrects:
        check_correction(corrects, fields["amount"])
    check_voucher(current, fields["voucher"], fields["line"])
    cost = Cost.objects.create(
        controller_id=current.controller_id, project=current, key=key, corrects=corrects, made_by=by, **fields
    )
    line("cost.corrected" if corrects else "cost.added", current, by, cost=cost.pk)
    return cost


@transaction.atomic
def change_cost(cost: Cost, *, fields: Mapping[str, Any], version: int, by: Worker) -> Cost:
    """Change a row that no claim has taken; the same again changes nothing. Raises ChangedMeanwhile, NotAllowed."""
    project = locked(cost.project, by=by)
    current = Cost.objects.select_for_update().get(pk=cost.pk)
    if all(getattr(current, name) == fields[name] for name in FIELDS):
        return current
    check_changeable(current)
    check_version(current.version, version)
    check_row(project, fields)
    if current.corrects:
        check_correction(current.corrects, fields["amount"], apart_from=current.pk)
    if (fields["voucher"], fields["line"]) != (current.voucher, current.line):
        check_voucher(project, fields["voucher"], fields["line"])
    for name in FIELDS:
        setattr(current, name, fields[name])
    current.version += 1
    current.save()
    line("cost.changed", project, by, cost=current.pk)
    return current


@transaction.atomic
def remove_cost(cost: Cost, *, by: Worker) -> None:
    """Take a row away that no claim has taken and that was typed here; gone already, nothing happens."""
    project = locked(cost.project, by=by)
    current = Cost.objects.select_for_update().filter(pk=cost.pk).first()
    if current is None:
        return
    check_changeable(current)
    if current.corrections.exists():
        raise NotAllowed(_("Another row corrects this one. Take the correction away first."))
    current.delete()
    line("cost.removed", project, by, cost=cost.pk)


def check_changeable(cost: Cost) -> None:
    """NotAllowed for a row that a claim has taken, or that stands in a file of the accounting."""
    if cost.claim_id:
        raise NotAllowed(_("A claim has taken this row: it stays as it is. Correct it with another row."))
    if cost.file_id:
        raise NotAllowed(_("This row stands in the accounting. Correct it there, or with another row here."))


def check_row(project: Project, fields: Mapping[str, Any]) -> None:
    """What a row has to be beside its fields: a day within the project, an amount, hours that give the amount."""
    if fields["amount"] == 0:
        raise NotAllowed(_("A cost of zero is no cost."))
    check_within(project, fields["on"])
    hours, price = fields["hours"], fields["hourly_cost"]
    if (hours is None) != (price is None):
        raise NotAllowed(_("Give hours and the cost of an hour, or neither."))
    if fields["kind"] == CostKind.SALARY and hours is None:
        raise NotAllowed(_("A salary says how many hours it is for, and what an hour costs."))
    if hours is not None and abs(hours * price - fields["amount"]) > CENT:
        raise NotAllowed(
            _("%(hours)s hours at %(price)s € make %(sum)s €, not %(amount)s €.")
            % {"hours": hours, "price": price, "sum": (hours * price).quantize(CENT), "amount": fields["amount"]}
        )


def check_correction(corrected: Cost, amount: Decimal, *, apart_from: int = 0) -> None:
    """NotAllowed when the corrections would take more away than the row had."""
    others = corrected.corrections.exclude(pk=apart_from).values_list("amount", flat=True)
    left = corrected.amount + sum(others) + amount
    if left * corrected.amount < 0:
        raise NotAllowed(_("The corrections would take more away than the row has."))


def check_voucher(project: Project, voucher: str, line_number: int) -> None:
    """NotAllowed when the voucher's line is in the ledger already."""
    if Cost.objects.filter(project=project, voucher=voucher, line=line_number).exists():
        raise NotAllowed(
            _("Voucher %(voucher)s, line %(line)s is in the ledger already.")
            % {"voucher": voucher, "line": line_number}
        )
