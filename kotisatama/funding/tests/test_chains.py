"""Why this euro: every figure of a claim ends at its sources, and what is added up makes the figure."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from kotisatama.funding import actions, amounts, chains, claim_queries, why
from kotisatama.funding.chains import Step
from kotisatama.funding.models import Claim, CostKind, Project
from kotisatama.funding.tests import rows
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Role
from tests import builders

pytestmark = pytest.mark.django_db
FILE = (
    "Pvm;Tosite;Rivi;Laji;Selite;Summa\n1.10.2022;M1;1;Matkat;Juna;120,50\n2.10.2022;M2;1;Hankinnat;Paperi;1 000,00\n"
)


def a_full_project(by: Worker) -> Project:
    """Terms with a flat rate and a low cap, rows by hand and from a file, a correction, a cost that is not accepted."""
    project = rows.a_planned_project(by, cap=Decimal("2000.00"), flat_rates={"salary": Decimal("7.00")})
    rows.some_terms(project, by, valid_from=date(2023, 1, 1), rate=Decimal("60.00"), cap=Decimal("2500.00"))
    hours = {"kind": CostKind.SALARY.value, "hours": Decimal("10.00"), "hourly_cost": Decimal("40.00"), "who": "AN"}
    rows.a_cost(project, "400.00", by, **hours)
    bought = rows.a_cost(project, "900.00", by)
    rows.a_cost(project, "-100.00", by, corrects=bought, text="Palautus")
    rows.a_cost(project, "30.00", by, kind=CostKind.OTHER.value)
    rows.a_cost(project, "2000.00", by, on=date(2023, 3, 1))
    with builders.as_worker(by):
        file = actions.keep_file(project, name="kirjanpito.csv", content=FILE.encode(), by=by)
        mapping = {
            "on": "Pvm",
            "voucher": "Tosite",
            "line": "Rivi",
            "kind": "Laji",
            "text": "Selite",
            "amount": "Summa",
        }
        actions.choose_columns(file, mapping=mapping, by=by)
        actions.take_in(file, by=by)
    return project


def two_claims(project: Project, by: Worker) -> list[Claim]:
    first = rows.a_sent_claim(project, by, begins_on=date(2022, 9, 1), ends_on=date(2022, 12, 31))
    return [first, rows.a_claim(project, by, begins_on=date(2023, 1, 1), ends_on=date(2023, 8, 31))]


def walk(viewer: Worker, project: Project, codes: list[str]) -> Iterator[Step]:
    """Every step that can be reached."""
    waiting, seen = list(codes), set(codes)
    while waiting:
        step = why.step(viewer, project, waiting.pop())
        assert step, "a link leads nowhere"
        yield step
        further = [part.code for part in step.parts if part.code not in seen]
        seen |= set(further)
        waiting += further


def added_up(step: Step) -> Decimal:
    return sum((part.sign * (part.amount or amounts.NOTHING) for part in step.parts if part.adds), amounts.NOTHING)


def test_every_figure_of_a_claim_leads_to_sources_and_its_parts_make_the_figure() -> None:
    by = rows.a_keeper()
    project = a_full_project(by)
    claims = two_claims(project, by)
    with builders.as_worker(by):
        codes = [part.code for claim in claims for part in chains.figures(claim_queries.counted(claim))]
        codes += [part.code for claim in claims for part in chains.kinds(claim_queries.counted(claim))]
        steps = list(walk(by, project, codes))
    for step in steps:
        assert step.parts or step.is_source, step.code
        if any(part.adds for part in step.parts):
            assert (step.code, added_up(step)) == (step.code, step.amount)
    sources = {step.code.split(".")[0] for step in steps if step.is_source}
    assert {"cost", "file", "terms"} <= sources
    assert len(steps) > 30


def test_figures_of_the_ledger_the_plan_and_the_year_lead_to_sources_too() -> None:
    by = rows.a_keeper()
    project = a_full_project(by)
    with builders.as_worker(by):
        actions.set_budget(project, amounts={"salary": Decimal("500.00")}, version=2, by=by)
        codes = [
            "ledger.all",
            "ledger.salary",
            "ledger.2022-10",
            "ledger.2022-10.travel",
            "forecast.total",
            "budget.salary",
        ]
        codes += ["year.2022", "year.2023", "until.2023.own", "commitments.salary", "pace.salary"]
        steps = {step.code: step for step in walk(by, project, codes)}
    assert all(step.is_source or step.parts for step in steps.values())
    assert added_up(steps["ledger.all"]) == steps["ledger.all"].amount
    assert added_up(steps["year.2023"]) == steps["year.2023"].amount


def links(page: str) -> list[str]:
    return re.findall(r'href="(/desk/funding/projects/\d+/why/[^"?]+/)', page)


def test_the_pages_themselves_lead_from_the_claim_to_every_source_and_back() -> None:
    by = rows.a_keeper()
    project = a_full_project(by)
    first, _second = two_claims(project, by)
    browser: Client = builders.signed_in(by)
    waiting = links(browser.get(f"/desk/funding/projects/{project.pk}/claims/{first.number}/").content.decode())
    seen: dict[str, Any] = {}
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        answer = browser.get(address)
        assert answer.status_code == 200, address
        page = seen[address] = answer.content.decode()
        waiting += links(page)
    assert len(seen) > 20
    sources = [page for page in seen.values() if ">source<" in page]
    assert sources
    assert all("Back to the figure above" in page for address, page in seen.items() if "/cost." in address)


def test_what_a_municipality_that_only_pays_reads_has_no_initials_and_no_line_of_the_accounting() -> None:
    by = rows.a_keeper()
    project = a_full_project(by)
    liperi = builders.an_organisation("liperi", kind="municipality", home=builders.LIPERI, mandates=[builders.LIPERI])
    reader = builders.a_worker(Role.DECISION_MAKER, liperi)
    with builders.as_worker(reader):
        steps = list(walk(reader, project, ["ledger.all"]))
    facts = [value for step in steps for _label, value in step.facts]
    assert len(steps) > 5
    assert "AN" not in facts
    assert not [value for value in facts if "Juna;" in value]


def test_a_code_that_means_nothing_is_not_found() -> None:
    by = rows.a_keeper()
    project = a_full_project(by)
    browser = builders.signed_in(by)
    for code in (
        "x",
        "claim",
        "claim.9.grant",
        "claim.1.kind.x.y",
        "cost.0",
        "cost.99999999999999999999",
        "file.1",
        "terms.0",
        "ledger",
        "ledger.x",
        "ledger.2022-99",
        "forecast.x",
        "until.2023",
        "until.0.own",
        "year.1999",
        "settled.2023.167",
        "pace",
        "budget.x",
        "commitments.x",
        "ledger.9999-99",
        "claim.²3.grant",
    ):
        answer = browser.get(f"/desk/funding/projects/{project.pk}/why/{code}/")
        assert answer.status_code in (200, 404), code
        assert answer.status_code == 404 or "ledger" in code, code
