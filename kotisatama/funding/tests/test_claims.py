"""Claims: the grant's part, its cap, what the municipalities pay; sent once and then frozen by the database."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from kotisatama.funding import actions, claim_actions, claim_queries
from kotisatama.funding.models import Claim, Cost, CostKind
from kotisatama.funding.tests import rows
from kotisatama.kernel.errors import ChangedMeanwhile, NotAllowed
from tests import builders

pytestmark = pytest.mark.django_db
WINTER, SPRING = (date(2022, 9, 1), date(2023, 1, 31)), (date(2023, 2, 1), date(2023, 8, 31))


def figures(claim: Claim, by: object) -> dict[str, str]:
    with builders.as_worker(by):  # type: ignore[arg-type]
        found = claim_queries.counted(claim).calculation
    names = ("accepted", "grant", "own", "over_cap", "left_after")
    return {name: str(getattr(found, name)) for name in names}


def test_of_151850_accepted_the_grant_pays_106295_and_the_municipalities_45555() -> None:
    by = rows.a_keeper()
    project = rows.a_planned_project(by)
    rows.a_cost(project, "151850.00", by)
    assert figures(rows.a_claim(project, by), by) == {
        "accepted": "151850.00",
        "grant": "106295.00",
        "own": "45555.00",
        "over_cap": "0.00",
        "left_after": "0.00",
    }


def test_a_cap_below_the_claim_cuts_it_and_the_municipalities_pay_the_rest() -> None:
    by = rows.a_keeper()
    project = rows.a_planned_project(by, cap=Decimal("100000.00"))
    rows.a_cost(project, "151850.00", by)
    found = figures(rows.a_claim(project, by), by)
    assert (found["grant"], found["over_cap"], found["own"]) == ("100000.00", "6295.00", "51850.00")


def test_a_second_claim_has_what_the_first_one_left_of_the_cap() -> None:
    by = rows.a_keeper()
    project = rows.a_planned_project(by)
    rows.a_cost(project, "100000.00", by)
    rows.a_cost(project, "60000.00", by, on=date(2023, 5, 1))
    rows.a_sent_claim(project, by, begins_on=WINTER[0], ends_on=WINTER[1])
    found = figures(rows.a_claim(project, by, begins_on=SPRING[0], ends_on=SPRING[1]), by)
    assert (found["accepted"], found["grant"], found["over_cap"]) == ("60000.00", "36295.00", "5705.00")


def test_kinds_that_the_terms_leave_out_are_not_accepted() -> None:
    by = rows.a_keeper()
    project = rows.a_planned_project(by)
    rows.a_cost(project, "1000.00", by)
    rows.a_cost(project, "50.00", by, kind=CostKind.OTHER.value)
    claim = rows.a_claim(project, by)
    with builders.as_worker(by):
        found = claim_queries.counted(claim).calculation
    assert (found.accepted, found.refused) == (Decimal("1000.00"), Decimal("50.00"))


def test_a_flat_rate_adds_its_percentage_of_a_kind() -> None:
    by = rows.a_keeper()
    project = rows.a_planned_project(by, flat_rates={"purchase": Decimal("7.00")})
    rows.a_cost(project, "100.05", by)
    assert figures(rows.a_claim(project, by), by)["accepted"] == "107.05"


def test_each_cost_is_claimed_by_the_terms_of_its_own_day() -> None:
    by = rows.a_keeper()
    project = rows.a_planned_project(by)
    rows.some_terms(project, by, valid_from=date(2023, 1, 1), rate=Decimal("50.00"))
    rows.a_cost(project, "100.00", by)
    rows.a_cost(project, "100.00", by, on=date(2023, 1, 1))
    assert figures(rows.a_claim(project, by), by)["grant"] == "120.00"


@pytest.mark.parametrize(
    ("begins_on", "ends_on"),
    [
        (date(2023, 1, 31), date(2023, 8, 31)),
        (date(2022, 10, 1), date(2022, 10, 2)),
        (date(2022, 9, 1), date(2023, 8, 31)),
    ],
)
def test_periods_of_claims_do_not_overlap(begins_on: date, ends_on: date) -> None:
    by = rows.a_keeper()
    project = rows.a_planned_project(by)
    rows.a_claim(project, by, begins_on=WINTER[0], ends_on=WINTER[1])
    with pytest.raises(NotAllowed, match="overlaps claim 1"):
        rows.a_claim(project, by, begins_on=begins_on, ends_on=ends_on)
    with (
        builders.as_worker(by),
        pytest.raises(DatabaseError, match="claim_periods_do_not_overlap"),
        transaction.atomic(),
    ):
        Claim.objects.create(
            controller_id=builders.JOENSUU, project=project, number=2, begins_on=begins_on, ends_on=ends_on
        )


def test_the_same_period_again_is_the_same_draft() -> None:
    by = rows.a_keeper()
    project = rows.a_planned_project(by)
    assert rows.a_claim(project, by).pk == rows.a_claim(project, by).pk


def test_a_claim_is_sent_only_as_the_page_showed_it() -> None:
    by = rows.a_keeper()
    project = rows.a_planned_project(by)
    rows.a_cost(project, "1000.00", by)
    claim = rows.a_claim(project, by)
    with builders.as_worker(by):
        seen = claim_queries.counted(claim).fingerprint
    rows.a_cost(project, "1.00", by)
    with builders.as_worker(by), pytest.raises(ChangedMeanwhile):
        actions.send(claim, seen=seen, on=date(2023, 10, 2), by=by)


def test_a_claim_is_not_sent_before_its_period_is_over() -> None:
    by = rows.a_keeper()
    project = rows.a_planned_project(by)
    rows.a_cost(project, "1000.00", by)
    claim = rows.a_claim(project, by)
    with builders.as_worker(by), pytest.raises(NotAllowed, match="not over"):
        actions.send(claim, seen=claim_queries.counted(claim).fingerprint, on=rows.ENDS, by=by)


def test_a_sent_claim_stands_as_it_was_whatever_the_ledger_does_later() -> None:
    by = rows.a_keeper()
    project = rows.a_planned_project(by)
    rows.a_cost(project, "1000.00", by)
    claim = rows.a_sent_claim(project, by)
    rows.a_cost(project, "5.00", by)
    found = figures(claim, by)
    assert (found["accepted"], found["grant"]) == ("1000.00", "700.00")
    assert claim_actions.fingerprint(claim.content) == claim.sha256


@pytest.mark.parametrize("change", [{"grant": 1}, {"state": "draft"}, {"content": {}}, {"begins_on": date(2022, 9, 2)}])
def test_the_database_refuses_any_change_of_a_sent_claim(change: dict[str, object]) -> None:
    by = rows.a_keeper()
    project = rows.a_planned_project(by)
    rows.a_cost(project, "1000.00", by)
    claim = rows.a_sent_claim(project, by)
    with builders.as_worker(by), pytest.raises(DatabaseError, match="sent claim is final"), transaction.atomic():
        Claim.objects.filter(pk=claim.pk).update(**change)
    with builders.as_worker(by), pytest.raises(DatabaseError, match="sent claim is final"), transaction.atomic():
        Claim.objects.filter(pk=claim.pk)._raw_delete("default")


@pytest.mark.parametrize("change", [{"amount": 1}, {"claim": None}, {"on": date(2022, 9, 2)}, {"who": "XX"}])
def test_the_database_refuses_any_change_of_a_claimed_cost(change: dict[str, object]) -> None:
    by = rows.a_keeper()
    project = rows.a_planned_project(by)
    cost = rows.a_cost(project, "1000.00", by)
    rows.a_sent_claim(project, by)
    with builders.as_worker(by), pytest.raises(DatabaseError, match="claimed cost is final"), transaction.atomic():
        Cost.objects.filter(pk=cost.pk).update(**change)
    with builders.as_worker(by), pytest.raises(DatabaseError, match="claimed cost is final"), transaction.atomic():
        Cost.objects.filter(pk=cost.pk)._raw_delete("default")


def test_a_sent_claim_takes_no_further_cost() -> None:
    by = rows.a_keeper()
    project = rows.a_planned_project(by)
    rows.a_cost(project, "1000.00", by)
    claim = rows.a_sent_claim(project, by)
    late = rows.a_cost(project, "5.00", by)
    with builders.as_worker(by), pytest.raises(DatabaseError, match="takes no more costs"), transaction.atomic():
        Cost.objects.filter(pk=late.pk).update(claim=claim)


def test_a_late_row_comes_into_the_next_claim_and_is_said_to_be_late() -> None:
    by = rows.a_keeper()
    project = rows.a_planned_project(by)
    rows.a_cost(project, "1000.00", by)
    rows.a_sent_claim(project, by, begins_on=WINTER[0], ends_on=WINTER[1])
    late = rows.a_cost(project, "5.00", by)
    claim = rows.a_claim(project, by, begins_on=SPRING[0], ends_on=SPRING[1])
    with builders.as_worker(by):
        assert [row.pk for row in claim_queries.counted(claim).late_rows] == [late.pk]


def test_a_payment_is_noted_once_with_day_and_sum() -> None:
    by = rows.a_keeper()
    project = rows.a_planned_project(by)
    rows.a_cost(project, "1000.00", by)
    claim = rows.a_sent_claim(project, by)
    with builders.as_worker(by):
        paid = actions.note_payment(claim, on=date(2023, 11, 1), amount=Decimal("700.00"), by=by)
        again = actions.note_payment(claim, on=date(2023, 11, 1), amount=Decimal("700.00"), by=by)
        with pytest.raises(NotAllowed, match="Only a claim"):
            actions.note_payment(claim, on=date(2023, 11, 2), amount=Decimal("700.00"), by=by)
    assert (paid.state, again.version) == (Claim.State.PAID, paid.version)


@pytest.mark.parametrize(
    ("on", "amount"), [(date(2023, 9, 1), "700"), (date(2023, 11, 1), "700.01"), (date(2023, 11, 1), "0")]
)
def test_a_payment_that_cannot_be_is_refused(on: date, amount: str) -> None:
    by = rows.a_keeper()
    project = rows.a_planned_project(by)
    rows.a_cost(project, "1000.00", by)
    claim = rows.a_sent_claim(project, by)
    with builders.as_worker(by), pytest.raises(NotAllowed):
        actions.note_payment(claim, on=on, amount=Decimal(amount), by=by)
