"""The joint service's use beside the municipalities' parts, and the settlement of a year."""

import random
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from kotisatama.funding import actions, settling, use
from kotisatama.funding.models import Project, Settlement
from kotisatama.funding.tests import rows
from kotisatama.kernel.errors import NotAllowed
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Role
from tests import builders

pytestmark = pytest.mark.django_db
YEAR = 2022


def some_contacts(by: Worker, place: str, number: int, line: str = "state_grant") -> None:
    at = datetime(YEAR, 10, 3, 12, tzinfo=timezone.get_default_timezone())
    for _ in range(number):
        builders.a_contact(by, controller=place, at=at, funding_line=line)


def counts(by: Worker, project: Project) -> dict[str, tuple[object, object]]:
    with builders.as_worker(by):
        found = use.lines(by, project, YEAR)
    return {
        each.municipality: (each.contacts.mark or each.contacts.value, each.others.mark or each.others.value)
        for each in found
    }


def test_use_is_counted_by_home_municipality_and_funding_line() -> None:
    by = rows.a_keeper()
    project = rows.a_planned_project(by)
    some_contacts(by, builders.JOENSUU, 7)
    some_contacts(by, builders.JOENSUU, 5, "municipal")
    some_contacts(by, builders.LIPERI, 6)
    assert counts(by, project) == {"167": (7, 5), "426": (6, 0)}


def test_a_year_in_which_nobody_recorded_contacts_has_no_use_rather_than_nought() -> None:
    by = rows.a_keeper()
    assert counts(by, rows.a_planned_project(by)) == {"167": ("unrecorded",) * 2, "426": ("unrecorded",) * 2}


def test_a_small_count_is_hidden_with_all_that_would_tell_it() -> None:
    by = rows.a_keeper()
    project = rows.a_planned_project(by)
    some_contacts(by, builders.JOENSUU, 7)
    some_contacts(by, builders.LIPERI, 4)
    some_contacts(by, builders.LIPERI, 5, "municipal")
    assert counts(by, project) == {"167": ("other", "other"), "426": ("small", "other")}
    page = builders.signed_in(by).get(f"/desk/funding/projects/{project.pk}/use/{YEAR}/").content.decode()
    assert "&lt;5" in page


def test_a_settlement_by_use_does_not_tell_a_small_use() -> None:
    by = rows.a_keeper()
    project = rows.a_planned_project(by)
    rows.a_cost(project, "1000.00", by)
    some_contacts(by, builders.JOENSUU, 7)
    some_contacts(by, builders.LIPERI, 4)
    with builders.as_worker(by), pytest.raises(NotAllowed, match="too small"):
        settling.propose(project, use.lines(by, project, YEAR), year=YEAR, weight=Decimal(100))


def test_who_serves_one_municipality_sees_its_use_alone() -> None:
    by = rows.a_keeper()
    project = rows.a_planned_project(by)
    some_contacts(by, builders.JOENSUU, 7)
    some_contacts(by, builders.LIPERI, 6)
    town = builders.an_organisation("liperi", kind="municipality", home=builders.LIPERI, mandates=[builders.LIPERI])
    reader = builders.a_worker(Role.DECISION_MAKER, town)
    assert counts(reader, project) == {"167": ("unseen", "unseen"), "426": (6, 0)}


def test_what_is_shared_sums_to_the_whole_to_the_cent() -> None:
    draw = random.Random(5)
    for _ in range(2000):
        total = Decimal(draw.randrange(0, 10 ** draw.randrange(1, 9))) / 100
        parts = {str(code): Fraction(draw.randrange(0, 4000)) for code in range(draw.randrange(1, 12))} | {
            "x": Fraction(1)
        }
        found = use.shared(total, parts)
        assert sum(found.values()) == total
        assert all(amount >= 0 for amount in found.values())


@pytest.mark.parametrize("weight", ["0", "100", "33.33"])
def test_a_settlement_by_each_key_sums_to_the_years_own_part(weight: str) -> None:
    by = rows.a_keeper()
    project = rows.a_planned_project(by)
    rows.a_cost(project, "1000.07", by)
    some_contacts(by, builders.JOENSUU, 7)
    some_contacts(by, builders.LIPERI, 6)
    with builders.as_worker(by):
        found = settling.propose(project, use.lines(by, project, YEAR), year=YEAR, weight=Decimal(weight))
    assert found.total == Decimal("300.02")
    assert sum(found.amounts.values()) == found.total


def test_the_own_parts_of_the_years_sum_to_the_whole_of_the_project() -> None:
    by = rows.a_keeper()
    project = rows.a_planned_project(by)
    rows.a_cost(project, "70000.33", by)
    rows.a_cost(project, "81849.67", by, on=date(2023, 5, 1))
    with builders.as_worker(by):
        parts = [use.own_part(project, year) for year in use.years(project)]
    assert sum(parts) == Decimal("45555.00")


def test_an_agreed_settlement_is_frozen_and_agreed_once() -> None:
    by = rows.a_keeper()
    project = rows.a_planned_project(by)
    rows.a_cost(project, "1000.00", by)
    browser = builders.signed_in(by)
    with builders.as_worker(by):
        found = use.lines(by, project, YEAR)
        seen = settling.propose(project, found, year=YEAR, weight=Decimal(0)).fingerprint
    for _ in range(2):
        address = f"/desk/funding/projects/{project.pk}/use/{YEAR}/agree/"
        browser.post(address, {"way": "share", "weight": "", "seen": seen})
    rows.a_cost(project, "500.00", by)
    page = browser.get(f"/desk/funding/projects/{project.pk}/use/{YEAR}/").content.decode()
    assert "300.00" in page
    with builders.as_worker(by):
        settlement = Settlement.objects.get()
        assert sum(Decimal(each["amount"]) for each in settlement.parts) == settlement.total == Decimal("300.00")
        with pytest.raises(DatabaseError, match="settlement is final"), transaction.atomic():
            Settlement.objects.update(total=1)
    assert browser.get(f"/desk/funding/projects/{project.pk}/why/settled.{YEAR}.167/").status_code == 200
    assert builders.audit_actions().count("settlement.agreed") == 1


def test_a_settlement_is_agreed_only_as_it_was_shown_and_when_the_year_is_over() -> None:
    by = rows.a_keeper()
    project = rows.a_planned_project(by)
    rows.a_cost(project, "1000.00", by)
    given: dict[str, Any] = {"year": YEAR, "way": "share", "weight": Decimal(0), "by": by}
    with builders.as_worker(by):
        with pytest.raises(NotAllowed, match="Somebody changed"):
            actions.agree(project, seen="x", on=date(2023, 1, 1), **given)
        with pytest.raises(NotAllowed, match="not over"):
            actions.agree(project, seen="x", on=date(2022, 12, 31), **given)
