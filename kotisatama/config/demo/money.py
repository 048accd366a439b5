"""The plan's project with a year of costs whose accepted part is 151,850.00, and a project that goes on now."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from kotisatama.config.demo import draw, region
from kotisatama.funding import actions, claim_queries
from kotisatama.funding.amounts import cents, plain
from kotisatama.funding.models import CostKind, Project
from kotisatama.staff.models import Worker

MOMENT = datetime(2022, 9, 1, tzinfo=UTC)
BEGINS, ENDS = date(2022, 9, 1), date(2023, 8, 31)
ACCEPTED, CAP = Decimal("151850.00"), Decimal("106295.00")
ACCEPTED_KINDS = [CostKind.SALARY.value, CostKind.PURCHASE.value, CostKind.INTERPRETER.value, CostKind.TRAVEL.value]
PEOPLE = {region.JOENSUU: 2302, region.KONTIOLAHTI: 184, region.LIPERI: 142, region.OUTOKUMPU: 133}
PEOPLE |= {region.ILOMANTSI: 76}
SOURCE = "Tilastokeskus, ulkomaan kansalaiset 31.12.2019"
PLAN = {CostKind.SALARY: "128000.00", CostKind.PURCHASE: "12000.00", CostKind.INTERPRETER: "8500.00"}
PLAN |= {CostKind.TRAVEL: "3350.00"}
# Who, the cost of an hour, and hours of a month. Sums are whole tens of cents: 70 % of them are whole cents.
WORKERS = (
    ("projektikoordinaattori", "36.50", (125, 130, 138, 142, 150)),
    ("ohjaaja AN", "29.80", (125, 130, 138, 142, 150)),
    ("ohjaaja OB", "28.40", (50, 60, 66)),
)
BILLS = (
    (CostKind.INTERPRETER, 180, 620),
    (CostKind.INTERPRETER, 90, 480),
    (CostKind.TRAVEL, 40, 320),
    (CostKind.PURCHASE, 60, 900),
)
WORDS = {
    CostKind.PURCHASE: ("Esitteiden painatus", "Tarjoilut, infotilaisuus", "Tabletti palvelupisteeseen", "Opasteet"),
    CostKind.INTERPRETER: ("Tulkkaus, arabia", "Tulkkaus, ukraina", "Puhelintulkkaus, venäjä", "Tulkkaus, dari"),
    CostKind.TRAVEL: ("Jalkautuminen Ilomantsiin", "Jalkautuminen Liperiin", "Jalkautuminen Outokumpuun"),
}
COLUMNS = ("Pvm", "Tosite", "Rivi", "Kululaji", "Selite", "Tekijä", "Tunnit", "Tuntihinta", "Summa")
TARGETS = ("on", "voucher", "line", "kind", "text", "who", "hours", "hourly_cost", "amount")
MAPPING = dict(zip(TARGETS, COLUMNS, strict=True))


def add(seed: int, *, now: date) -> int:
    """Make both projects by the real actions; returns the number of costs. Needs the served controllers' context."""
    by = Worker.objects.get(email="paula.projekti@demo.example")
    source = draw.stream(seed, "money")
    over = _project(source, by, "Ohjausta kaikille -hanke", BEGINS, ENDS, "KEHA/2022/417")
    rows = [*_year(source, BEGINS, ENDS)]
    rows += [_row(ENDS, "M9999", CostKind.PURCHASE, "Loppuseminaari", ACCEPTED - sum(row["Summa"] for row in rows))]
    number = _take_in(over, "kirjanpito_2022-2023.csv", rows, by)
    _beside(source, over, by)
    _claims(over, by)
    first, last = date(now.year, 1, 1), date(now.year + 1, 12, 31)
    going_on = _project(source, by, "Yhteinen ohjauspiste", first, last, "KEHA/108")
    present = [*_year(source, going_on.begins_on, min(now.replace(day=1) - timedelta(days=1), going_on.ends_on))]
    number += _take_in(going_on, f"kirjanpito_{now.year}.csv", present, by) if present else 0
    fields = {"kind": CostKind.PURCHASE.value, "text": "Viestintäkampanja", "amount": Decimal("4500.00")}
    due_on = now + timedelta(days=40)
    actions.add_commitment(going_on, key=_key(source), fields={**fields, "due_on": due_on}, by=by)
    return number + 3


def _key(source: Random) -> Any:
    return draw.key(source, MOMENT)


def _project(source: Random, by: Worker, name: str, begins_on: date, ends_on: date, decision: str) -> Project:
    fields = {"name": name, "funder": "ELY-keskus", "decision": decision, "funding_line": "state_grant"}
    project = actions.add_project(
        key=_key(source),
        controller=region.JOENSUU,
        fields={**fields, "begins_on": begins_on, "ends_on": ends_on},
        by=by,
    )
    terms = {
        "valid_from": begins_on,
        "rate": Decimal("70.00"),
        "cap": CAP if ends_on == ENDS else CAP * 2,
        "accepted_kinds": ACCEPTED_KINDS,
        "legal_source": "Valtionavustuslaki 688/2001",
        "decided_on": begins_on - timedelta(days=20),
    }
    actions.add_terms(project, fields=terms, flat_rates={}, by=by)
    actions.set_budget(project, amounts={kind.value: Decimal(sum_) for kind, sum_ in PLAN.items()}, version=1, by=by)
    actions.set_partners(project, people=PEOPLE, source=SOURCE, version=2, by=by)
    middle = date(begins_on.year + 1, 1, 31) if ends_on == ENDS else date(begins_on.year, 12, 31)
    for first, last in ((begins_on, middle), (middle + timedelta(days=1), ends_on)):
        last = min(last, ends_on)
        actions.add_reporting_date(project, begins_on=first, ends_on=last, due_on=last, by=by)
    return project


def _row(on: date, voucher: str, kind: CostKind, text: str, amount: Decimal, **more: Any) -> dict[str, Any]:
    words = {"Pvm": f"{on.day}.{on.month}.{on.year}", "Tosite": voucher, "Rivi": 1, "Kululaji": kind.value}
    return words | {"Selite": text, "Tekijä": "", "Tunnit": "", "Tuntihinta": "", "Summa": amount} | more


def _year(source: Random, begins_on: date, ends_on: date) -> Iterator[dict[str, Any]]:
    month, number = begins_on.replace(day=1), 1000
    while month <= ends_on:
        for who, price, worked in WORKERS:
            hours = Decimal(source.choice(worked))
            amount = cents(hours * Decimal(price))
            more = {"Tekijä": who, "Tunnit": plain(hours), "Tuntihinta": price}
            yield _row(month.replace(day=28), f"P{number}", CostKind.SALARY, "Palkka sivukuluineen", amount, **more)
            number += 1
        for kind, least, most in BILLS:
            amount = Decimal(source.randrange(least * 10, most * 10)) / 10
            on = month.replace(day=source.randrange(2, 28))
            yield _row(on, f"M{number}", kind, source.choice(WORDS[kind]), amount)
            number += 1
        month = (month + timedelta(days=31)).replace(day=1)


def _take_in(project: Project, name: str, rows: list[dict[str, Any]], by: Worker) -> int:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    writer.writerow(COLUMNS)
    writer.writerows([plain(cell) if isinstance(cell, Decimal) else cell for cell in row.values()] for row in rows)
    file = actions.keep_file(project, name=name, content=text.getvalue().encode("latin-1"), by=by)
    actions.choose_columns(file, mapping=MAPPING, by=by)
    project.refresh_from_db()
    return int(actions.take_in(file, by=by).result["added"])


def _beside(source: Random, project: Project, by: Worker) -> None:
    """A purchase that was paid twice, its correction, and a cost that the terms do not accept."""
    fields: dict[str, Any] = {
        "text": "Tarjoilut, infotilaisuus",
        "who": "",
        "hours": None,
        "hourly_cost": None,
        "line": 1,
    }
    fields |= {"funding_line": "state_grant", "on": date(2022, 11, 15), "kind": CostKind.PURCHASE.value}
    paid = {**fields, "amount": Decimal("84.60"), "voucher": "M2001"}
    twice = actions.add_cost(project, key=_key(source), fields=paid, by=by)
    back = {**fields, "text": "Maksettu kahteen kertaan", "amount": Decimal("-84.60"), "voucher": "M2002"}
    actions.add_cost(project, key=_key(source), fields=back, corrects=twice, by=by)
    other = {**fields, "kind": CostKind.OTHER.value, "text": "Viivästyskorko", "amount": Decimal("12.40")}
    actions.add_cost(project, key=_key(source), fields={**other, "voucher": "M2003"}, by=by)


def _claims(project: Project, by: Worker) -> None:
    middle = date(2023, 1, 31)
    first = actions.draw_up(project, begins_on=BEGINS, ends_on=middle, by=by)
    seen = claim_queries.counted(first).fingerprint
    actions.send(first, seen=seen, on=date(2023, 2, 20), by=by)
    actions.draw_up(project, begins_on=middle + timedelta(days=1), ends_on=ENDS, by=by)
