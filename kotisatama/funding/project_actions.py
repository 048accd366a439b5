"""Making and changing projects: their terms, plan, commitments, reporting dates and partners."""

import uuid
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kotisatama.audit import actions as audit
from kotisatama.funding import access
from kotisatama.funding.models import (
    BudgetLine,
    Claim,
    Commitment,
    Cost,
    FlatRate,
    GrantTerms,
    Partner,
    Project,
    ReportingDate,
)
from kotisatama.kernel.errors import ChangedMeanwhile, NotAllowed
from kotisatama.staff.models import Worker

FIELDS = ("name", "funder", "decision", "funding_line", "begins_on", "ends_on")


def line(action: str, project: Project, by: Worker, **details: Any) -> None:
    """One line of the trail about a project: codes and numbers only."""
    audit.record(action, by=by, controllers=[project.controller_id], details={"project": project.pk, **details})


def locked(project: Project, *, by: Worker) -> Project:
    """The project for this transaction alone. Raises PermissionDenied for whoever does not keep it."""
    access.require(by, project)
    return Project.objects.select_for_update().get(pk=project.pk)


@transaction.atomic
def add_project(*, key: uuid.UUID, controller: str, fields: Mapping[str, Any], by: Worker) -> Project:
    """Make a project; the same key again gives the same one. `fields` are FIELDS."""
    access.require_managing(by)
    known = Project.objects.filter(key=key).first()
    if known:
        return known
    project = Project(key=key, controller_id=controller, **fields)
    access.require(by, project)
    check_period(fields["begins_on"], fields["ends_on"])
    project.save()
    line("project.added", project, by)
    return project


@transaction.atomic
def change_project(project: Project, *, fields: Mapping[str, Any], version: int, by: Worker) -> Project:
    """Change name, funder or period; the same again changes nothing. Raises ChangedMeanwhile."""
    current = locked(project, by=by)
    if all(getattr(current, name) == fields[name] for name in FIELDS):
        return current
    check_version(current.version, version)
    check_period(fields["begins_on"], fields["ends_on"])
    _check_holds(current, fields["begins_on"], fields["ends_on"])
    for name in FIELDS:
        setattr(current, name, fields[name])
    current.version += 1
    current.save()
    line("project.changed", current, by)
    return current


def check_period(begins_on: date, ends_on: date) -> None:
    """NotAllowed when it ends before it begins."""
    if ends_on < begins_on:
        raise NotAllowed(_("The period ends before it begins."))


def check_version(current: int, shown: int) -> None:
    """ChangedMeanwhile when somebody saved after the page was shown."""
    if current != shown:
        raise ChangedMeanwhile(_("Somebody changed this meanwhile. Nothing was overwritten: open the page again."))


def _check_holds(project: Project, begins_on: date, ends_on: date) -> None:
    claims = Claim.objects.filter(project=project)
    if claims.filter(begins_on__lt=begins_on).exists() or claims.filter(ends_on__gt=ends_on).exists():
        raise NotAllowed(_("A claim reaches outside of this period."))
    costs = Cost.objects.filter(project=project)
    if costs.filter(on__lt=begins_on).exists() or costs.filter(on__gt=ends_on).exists():
        raise NotAllowed(_("Costs in the ledger lie outside of this period."))


@transaction.atomic
def add_terms(
    project: Project, *, fields: Mapping[str, Any], flat_rates: Mapping[str, Decimal], by: Worker
) -> GrantTerms:
    """Terms from a day on; the same day with the same terms again changes nothing."""
    current = locked(project, by=by)
    known = current.terms.filter(valid_from=fields["valid_from"]).first()
    if known:
        rates = {each.kind: each.percent for each in known.flat_rates.all()}
        if rates == dict(flat_rates) and all(getattr(known, name) == value for name, value in fields.items()):
            return known
        raise NotAllowed(_("There are terms from this day already. Terms are never changed: give a later day."))
    _check_after_sent(current, fields["valid_from"])
    terms = GrantTerms.objects.create(project=current, **fields)
    FlatRate.objects.bulk_create(
        FlatRate(terms=terms, kind=kind, percent=percent) for kind, percent in flat_rates.items()
    )
    line("project.terms_added", current, by, terms=terms.pk)
    return terms


def _check_after_sent(project: Project, valid_from: date) -> None:
    sent = Claim.objects.filter(project=project).exclude(state=Claim.State.DRAFT)
    if sent.filter(ends_on__gte=valid_from).exists():
        raise NotAllowed(_("A claim was sent for a time after this day. Terms begin after the last sent claim."))


@transaction.atomic
def set_budget(project: Project, *, amounts: Mapping[str, Decimal | None], version: int, by: Worker) -> None:
    """The plan by kind of cost; None takes a line away. Raises ChangedMeanwhile."""
    current = locked(project, by=by)
    wanted = {kind: amount for kind, amount in amounts.items() if amount is not None}
    if wanted == dict(current.budget.values_list("kind", "amount")):
        return
    check_version(current.version, version)
    if any(amount < 0 for amount in wanted.values()):
        raise NotAllowed(_("A plan cannot be negative."))
    current.budget.all().delete()
    BudgetLine.objects.bulk_create(
        BudgetLine(project=current, kind=kind, amount=amount) for kind, amount in wanted.items()
    )
    _renew(current)
    line("project.budget_set", current, by)


@transaction.atomic
def set_partners(project: Project, *, people: Mapping[str, int], source: str, version: int, by: Worker) -> None:
    """Which municipalities pay the rest, and the people by which their parts are counted. Raises ChangedMeanwhile."""
    current = locked(project, by=by)
    wanted = {code: (number, source) for code, number in people.items()}
    if wanted == {each.municipality_id: (each.people, each.source) for each in current.partners.all()}:
        return
    check_version(current.version, version)
    if wanted and not sum(people.values()):
        raise NotAllowed(_("Every number is zero: nothing can be shared by it."))
    current.partners.all().delete()
    Partner.objects.bulk_create(
        Partner(project=current, municipality_id=code, people=number, source=source) for code, number in people.items()
    )
    _renew(current)
    line("project.partners_set", current, by, municipalities=sorted(wanted))


def _renew(project: Project) -> None:
    project.version += 1
    project.save(update_fields=["version"])


@transaction.atomic
def add_commitment(project: Project, *, key: uuid.UUID, fields: Mapping[str, Any], by: Worker) -> None:
    """A cost that is agreed; the same key again changes nothing."""
    current = locked(project, by=by)
    if Commitment.objects.filter(key=key).exists():
        return
    if fields["amount"] <= 0:
        raise NotAllowed(_("A commitment is more than zero."))
    check_within(current, fields["due_on"])
    made = Commitment.objects.create(project=current, key=key, **fields)
    line("project.commitment_added", current, by, commitment=made.pk)


@transaction.atomic
def remove_commitment(project: Project, commitment: int, *, by: Worker) -> None:
    """Take a commitment away, once: it is paid and stands in the ledger, or will not come."""
    current = locked(project, by=by)
    if current.commitments.filter(pk=commitment).delete()[0]:
        line("project.commitment_removed", current, by, commitment=commitment)


@transaction.atomic
def add_reporting_date(project: Project, *, begins_on: date, ends_on: date, due_on: date, by: Worker) -> None:
    """A day until which a claim is due; the same period again changes nothing."""
    current = locked(project, by=by)
    check_period(begins_on, ends_on)
    check_within(current, begins_on)
    check_within(current, ends_on)
    known = current.reporting_dates.filter(begins_on__lte=ends_on, ends_on__gte=begins_on).first()
    if known and (known.begins_on, known.ends_on, known.due_on) == (begins_on, ends_on, due_on):
        return
    if known:
        raise NotAllowed(_("This period overlaps one that has a reporting date already."))
    made = ReportingDate.objects.create(project=current, begins_on=begins_on, ends_on=ends_on, due_on=due_on)
    line("project.reporting_date_added", current, by, reporting_date=made.pk)


def check_within(project: Project, day: date) -> None:
    """NotAllowed for a day outside of the project."""
    if not project.begins_on <= day <= project.ends_on:
        raise NotAllowed(_("This day lies outside of the project’s period."))
