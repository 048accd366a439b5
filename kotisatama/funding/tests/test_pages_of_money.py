"""The pages of money: who opens them, what is kept when something is wrong, what repeats safely, sums and files."""

import csv
import io
from datetime import date
from decimal import Decimal

import pikepdf
import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from kotisatama.funding import actions, claim_queries, project_queries
from kotisatama.funding.models import Claim, Cost, CostKind, Project
from kotisatama.funding.tests import rows
from kotisatama.kernel import identifiers
from kotisatama.kernel.errors import ChangedMeanwhile, NotAllowed
from kotisatama.network.models import Organisation
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Role
from tests import builders

pytestmark = pytest.mark.django_db
GIVEN = {
    "kind": "purchase",
    "on": "2022-10-01",
    "amount": "1 234,50",
    "voucher": "T1",
    "line": "1",
    "text": "Esitteet",
    "who": "",
    "hours": "",
    "hourly_cost": "",
    "funding_line": "state_grant",
}


def a_reader(code: str, role: str = Role.DECISION_MAKER) -> Worker:
    town = builders.an_organisation(f"town{code}", kind=Organisation.Kind.MUNICIPALITY, home=code, mandates=[code])
    return builders.a_worker(role, town)


def at(project: Project, rest: str = "") -> str:
    return f"/desk/funding/projects/{project.pk}/{rest}"


def test_a_municipality_that_pays_reads_and_changes_nothing() -> None:
    by = rows.a_keeper()
    project = rows.a_planned_project(by)
    cost = rows.a_cost(project, "1000.00", by)
    reader = a_reader(builders.LIPERI, Role.COORDINATOR)
    browser = builders.signed_in(reader)
    assert browser.get(at(project)).status_code == 200
    assert browser.get(at(project, "costs/")).status_code == 200
    assert browser.get(at(project, "costs/new/")).status_code == 403
    assert browser.post(at(project, f"costs/{cost.pk}/remove/")).status_code == 403
    with builders.as_worker(reader):
        assert Cost.objects.filter(pk=cost.pk).update(amount=1) == 0
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            Cost.objects.create(
                controller_id=builders.JOENSUU, project=project, kind="purchase", on=rows.BEGINS, amount=1,
                voucher="x", key=identifiers.new_id(), made_by=reader,
            )  # fmt: skip


def test_for_a_municipality_outside_there_is_no_project() -> None:
    by = rows.a_keeper()
    project = rows.a_planned_project(by)
    reader = a_reader(builders.KITEE)
    browser = builders.signed_in(reader)
    assert project.name not in browser.get("/desk/funding/projects/").content.decode()
    for rest in ("", "costs/", "costs.csv", "why/ledger.all/", "use/2023/"):
        assert browser.get(at(project, rest)).status_code == 404
    with builders.as_worker(reader):
        assert not Project.objects.exists()


def test_who_sees_no_money_sees_no_page() -> None:
    project = rows.a_planned_project(rows.a_keeper())
    assert builders.signed_in(builders.a_worker(Role.COUNSELLOR)).get(at(project)).status_code == 403


def test_a_cost_sent_twice_is_one_row() -> None:
    by = rows.a_keeper()
    project = rows.a_planned_project(by)
    browser, given = builders.signed_in(by), GIVEN | {"key": str(identifiers.new_id())}
    for _ in range(2):
        assert browser.post(at(project, "costs/new/"), given).status_code == 302
    with builders.as_worker(by):
        assert [each.amount for each in Cost.objects.all()] == [Decimal("1234.50")]
    assert builders.audit_actions().count("cost.added") == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"amount": "12,345"}, "more than two decimals"),
        ({"amount": "kaksi"}, "is no amount"),
        ({"amount": "0"}, "zero is no cost"),
        ({"on": "2021-01-01"}, "outside of the project"),
        ({"kind": "salary"}, "how many hours"),
        ({"hours": "10", "hourly_cost": "10"}, "make 100.00 €"),
        ({"hours": "10"}, "or neither"),
        ({"who": "Aino Niemi"}, "not a name"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(wrong: dict[str, str], said: str) -> None:
    by = rows.a_keeper()
    project = rows.a_planned_project(by)
    given = GIVEN | {"key": str(identifiers.new_id()), "text": "Aivan oma teksti"} | wrong
    page = builders.signed_in(by).post(at(project, "costs/new/"), given).content.decode()
    assert said in page.replace("&#x27;", "'")
    assert "Aivan oma teksti" in page
    assert all(f'value="{typed}"' in page for name, typed in wrong.items() if name == "amount")


def test_two_people_never_overwrite_each_other() -> None:
    by = rows.a_keeper()
    project = rows.a_planned_project(by)
    cost = rows.a_cost(project, "10.00", by)
    with builders.as_worker(by):
        fields = {name: getattr(cost, name) for name in actions.COST_FIELDS}
        actions.change_cost(cost, fields=fields | {"text": "A"}, version=1, by=by)
        with pytest.raises(ChangedMeanwhile):
            actions.change_cost(cost, fields=fields | {"text": "B"}, version=1, by=by)


def test_a_correction_takes_no_more_away_than_the_row_has() -> None:
    by = rows.a_keeper()
    project = rows.a_planned_project(by)
    cost = rows.a_cost(project, "100.00", by)
    rows.a_cost(project, "-60.00", by, corrects=cost)
    with pytest.raises(NotAllowed, match="more away"):
        rows.a_cost(project, "-40.01", by, corrects=cost)


def test_a_claimed_row_is_corrected_by_another_in_the_next_claim() -> None:
    by = rows.a_keeper()
    project = rows.a_planned_project(by)
    cost = rows.a_cost(project, "1000.00", by)
    rows.a_sent_claim(project, by, begins_on=rows.BEGINS, ends_on=date(2023, 1, 31))
    with builders.as_worker(by), pytest.raises(NotAllowed, match="stays as it is"):
        actions.remove_cost(cost, by=by)
    rows.a_cost(project, "-100.00", by, corrects=cost, on=date(2023, 2, 1))
    rows.a_cost(project, "500.00", by, on=date(2023, 2, 1))
    claim = rows.a_claim(project, by, begins_on=date(2023, 2, 1))
    with builders.as_worker(by):
        assert claim_queries.counted(claim).calculation.accepted == Decimal("400.00")


def read_csv(browser: Client, address: str) -> list[dict[str, str]]:
    text = browser.get(address).content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def test_the_sum_of_the_page_is_the_sum_of_the_file_whatever_is_asked_for() -> None:
    by = rows.a_keeper()
    project = rows.a_planned_project(by)
    for number in range(60):
        kind = CostKind.values[1 + number % 3]
        rows.a_cost(project, f"{number + 1}.{number:02}", by, kind=kind, on=date(2022, 9 + number % 4, 5))
    browser = builders.signed_in(by)
    for asked in ("", "?kind=travel", "?month=2022-10", "?state=open&sort=-amount", "?q=tarvik"):
        file = read_csv(browser, at(project, f"costs.csv{asked}"))
        total = sum(Decimal(row["Amount"]) for row in file)
        assert file
        assert f"{total:,.2f}" in browser.get(at(project, f"costs/{asked}")).content.decode()
    assert "No row is like this" in browser.get(at(project, "costs/?q=olematon")).content.decode()


def test_a_file_of_costs_holds_no_formula() -> None:
    by = rows.a_keeper()
    project = rows.a_planned_project(by)
    rows.a_cost(project, "1.00", by, text='=HYPERLINK("http://x")')
    (row,) = read_csv(builders.signed_in(by), at(project, "costs.csv"))
    assert row["What for"].startswith("'=")


def test_a_claims_file_and_document_have_the_figures_of_its_page() -> None:
    by = rows.a_keeper()
    project = rows.a_planned_project(by)
    rows.a_cost(project, "151850.00", by, text="Kirjain ilman fonttia: \U0001f980")
    claim, browser = rows.a_sent_claim(project, by), builders.signed_in(by)
    file = read_csv(browser, at(project, f"claims/{claim.number}/claim.csv"))
    figures = {row["Kind of cost"]: row["Amount"] for row in file if row["Part"] == "Figure"}
    assert (figures["Accepted costs"], figures["The grant’s part"]) == ("151850.00", "106295.00")
    assert figures["Own part of the municipalities"] == "45555.00"
    assert [row["Accepted"] for row in file if row["Part"] == "Row"] == ["151850.00"]
    page = browser.get(at(project, f"claims/{claim.number}/")).content.decode()
    assert all(f"{Decimal(amount):,.2f}" in page for amount in figures.values())
    content = browser.get(at(project, f"claims/{claim.number}/claim.pdf")).content
    with pikepdf.open(io.BytesIO(content)) as document:
        assert document.Root.MarkInfo.Marked
        assert str(document.Root.Lang).startswith("en")


def test_a_claim_is_sent_from_its_page_once() -> None:
    by = rows.a_keeper()
    project = rows.a_planned_project(by)
    rows.a_cost(project, "1000.00", by)
    claim, browser = rows.a_claim(project, by), builders.signed_in(by)
    with builders.as_worker(by):
        seen = claim_queries.counted(claim).fingerprint
    for _ in range(2):
        browser.post(at(project, "claims/1/send/"), {"seen": seen})
    browser.post(at(project, "claims/1/drop/"))
    paid = browser.post(at(project, "claims/1/pay/"), {"on": "2999-01-01", "amount": "700,00"})
    assert "between 2000 and 2100" in paid.content.decode()
    with builders.as_worker(by):
        assert Claim.objects.get().state == Claim.State.SENT
    assert builders.audit_actions().count("claim.sent") == 1


def test_the_forecast_adds_what_is_agreed_and_the_pace_of_the_last_months() -> None:
    by = rows.a_keeper()
    project = rows.a_planned_project(by)
    for month in (9, 10, 11):
        rows.a_cost(project, "100.00", by, on=date(2022, month, 5))
    fields = {"kind": "purchase", "text": "x", "amount": Decimal("50.00"), "due_on": date(2023, 5, 1)}
    with builders.as_worker(by):
        actions.add_commitment(project, key=identifiers.new_id(), fields=fields, by=by)
        (line,) = project_queries.forecast(project, on=date(2022, 12, 15)).lines
    assert (line.pace, line.months_left, line.committed) == (Decimal("100.00"), 9, Decimal("50.00"))
    assert line.forecast == Decimal("300.00") + Decimal("50.00") + Decimal("900.00")


@pytest.mark.parametrize(
    ("rest", "given", "said"),
    [
        ("terms/", {"rate": "700", "cap": "1"}, "between 0 and 100"),
        ("terms/", {"rate": "70", "cap": "-1"}, "cannot be negative"),
        ("claims/new/", {"begins_on": "2023-08-31", "ends_on": "2022-09-01"}, "ends before it begins"),
        ("claims/new/", {"begins_on": "2022-08-31", "ends_on": "2022-09-01"}, "outside of the project"),
        ("claims/new/", {"begins_on": "eilen", "ends_on": "2022-09-01"}, "Enter a valid date"),
        ("municipalities/", {"version": "2", "source": "x", "people_167": "0"}, "Every number is zero"),
        ("municipalities/", {"version": "1", "source": "x", "people_167": "5"}, "Somebody changed this"),
        ("plan/", {"version": "2", "salary": "-5"}, "cannot be negative"),
        ("dates/", {"begins_on": "2022-09-01", "ends_on": "2022-08-01", "due_on": "2022-09-01"}, "ends before"),
    ],
)
def test_bad_input_is_said_on_the_page(rest: str, given: dict[str, str], said: str) -> None:
    by = rows.a_keeper()
    project = rows.a_planned_project(by)
    answer = builders.signed_in(by).post(at(project, rest), given)
    assert answer.status_code == 200
    assert said in answer.content.decode()


def test_a_project_and_what_belongs_to_it_open_in_a_constant_number_of_queries(
    django_assert_max_num_queries: object,
) -> None:
    by = rows.a_keeper()
    project = rows.a_planned_project(by)
    browser = builders.signed_in(by)
    for number in range(30):
        rows.a_cost(project, "10.00", by, on=date(2022, 9 + number % 4, 1 + number % 20))
    with django_assert_max_num_queries(40):  # type: ignore[operator]
        browser.get(at(project))
    with django_assert_max_num_queries(30):  # type: ignore[operator]
        browser.get(at(project, "costs/"))
