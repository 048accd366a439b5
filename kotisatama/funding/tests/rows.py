"""Rows of money for tests: the project of the plan, made by the real actions."""

from datetime import date
from decimal import Decimal
from typing import Any

from kotisatama.funding import actions
from kotisatama.funding.models import Claim, Cost, CostKind, Project
from kotisatama.kernel import identifiers
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Role
from tests import builders

BEGINS, ENDS = date(2022, 9, 1), date(2023, 8, 31)
ACCEPTED = [CostKind.SALARY.value, CostKind.PURCHASE.value, CostKind.INTERPRETER.value, CostKind.TRAVEL.value]
PEOPLE = {"167": 2302, "426": 133}


def a_keeper() -> Worker:
    """A coordinator of the centre, which serves Joensuu and Liperi."""
    return builders.a_worker(Role.COORDINATOR)


def a_project(by: Worker, **fields: Any) -> Project:
    """The project of the plan, without terms."""
    given = {
        "name": "Ohjauksen hanke",
        "funder": "ELY-keskus",
        "decision": "",
        "funding_line": "state_grant",
        "begins_on": BEGINS,
        "ends_on": ENDS,
    } | fields
    with builders.as_worker(by):
        return actions.add_project(key=identifiers.new_id(), controller=builders.JOENSUU, fields=given, by=by)


def some_terms(project: Project, by: Worker, **fields: Any) -> None:
    """70 %, cap 106,295.00, no flat rates; from the first day."""
    flat = fields.pop("flat_rates", {})
    given = {
        "valid_from": project.begins_on,
        "rate": Decimal("70.00"),
        "cap": Decimal("106295.00"),
        "accepted_kinds": ACCEPTED,
        "legal_source": "688/2001",
        "decided_on": date(2022, 8, 15),
    } | fields
    with builders.as_worker(by):
        actions.add_terms(project, fields=given, flat_rates=flat, by=by)


def a_planned_project(by: Worker, **terms: Any) -> Project:
    """The project with its terms and two municipalities that pay the rest."""
    project = a_project(by)
    some_terms(project, by, **terms)
    with builders.as_worker(by):
        actions.set_partners(project, people=PEOPLE, source="Tilastokeskus 31.12.2021", version=project.version, by=by)
    return project


def a_cost(project: Project, amount: str, by: Worker, **fields: Any) -> Cost:
    """A purchase of the project's first day, with a voucher of its own."""
    corrects = fields.pop("corrects", None)
    given = {
        "kind": CostKind.PURCHASE.value,
        "on": project.begins_on,
        "amount": Decimal(amount),
        "text": "Tarvikkeet",
        "who": "",
        "hours": None,
        "hourly_cost": None,
        "funding_line": "state_grant",
        "voucher": f"T{identifiers.new_reference()}",
        "line": 1,
    } | fields
    with builders.as_worker(by):
        return actions.add_cost(project, key=identifiers.new_id(), fields=given, corrects=corrects, by=by)


def a_claim(project: Project, by: Worker, *, begins_on: date = BEGINS, ends_on: date = ENDS) -> Claim:
    """A draft for the whole project."""
    with builders.as_worker(by):
        return actions.draw_up(project, begins_on=begins_on, ends_on=ends_on, by=by)


def a_sent_claim(project: Project, by: Worker, **period: Any) -> Claim:
    """A claim that has left the house."""
    from kotisatama.funding import claim_queries

    claim = a_claim(project, by, **period)
    with builders.as_worker(by):
        seen = claim_queries.counted(claim).fingerprint
        return actions.send(claim, seen=seen, on=date(2023, 10, 2), by=by)
