"""Asking municipalities to join, their answers, and what is frozen."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from kotisatama.funding import actions, share_actions, share_content, share_invoices, share_queries
from kotisatama.funding.models import Agreement, Invitation, Invoice, Partnership
from kotisatama.funding.splitting import Faulty
from kotisatama.funding.tests import partners
from kotisatama.kernel import identifiers
from kotisatama.kernel.errors import ChangedMeanwhile, NotAllowed
from kotisatama.network import queries as network
from kotisatama.staff.permissions import Role
from tests import builders

pytestmark = pytest.mark.django_db
AS_PLANNED = ["36958.77", "2956.52", "2282.31", "2136.53", "1220.87"]


def amounts(agreement: Agreement) -> list[str]:
    (parts,) = share_content.parts(agreement.content).values()
    return [str(part.amount) for part in parts]


def test_the_last_answer_freezes_the_shares_of_the_plan() -> None:
    by = partners.a_coordinator()
    partnership = partners.a_partnership(by)
    found = [partners.answer(partnership, code, by) for code in partners.PEOPLE]
    assert found[:-1] == [None] * 4
    assert found[-1]
    assert amounts(found[-1]) == AS_PLANNED
    assert found[-1].content["statistic"]["source"] == "Tilastokeskus"
    assert share_queries.is_unchanged(Agreement.objects.get())


def test_who_declines_changes_every_share_and_both_stand_side_by_side() -> None:
    by = partners.a_coordinator()
    partnership = partners.a_partnership(by)
    partners.answer(partnership, "146", by, partners.DECLINES)
    partners.answer(partnership, "426", by)
    first, later, joined = share_queries.steps(share_queries.partnership(by, partnership.pk).get())
    assert [str(first.parts[code].amount) for code in partners.PEOPLE] == AS_PLANNED
    assert "146" not in later.parts
    assert later.total == first.total == Decimal("45555.00")
    assert all(later.parts[code].amount > first.parts[code].amount for code in later.parts)
    assert set(joined.parts) == {"167", "426"}
    assert joined.total == first.total


def test_after_the_day_to_answer_by_the_coordinator_freezes_those_who_joined() -> None:
    by = partners.a_coordinator()
    partnership = partners.a_partnership(by)
    partners.answer(partnership, "167", by)
    partners.answer(partnership, "426", by)
    with builders.as_worker(by), pytest.raises(NotAllowed, match="has not passed"):
        actions.freeze(partnership, by=by)
    Partnership.objects.update(answers_by=timezone.localdate() - timedelta(days=1))
    with builders.as_worker(by):
        agreement = actions.freeze(partnership, by=by)
        assert actions.freeze(partnership, by=by) == agreement
    assert agreement.content["people"] == {"167": 2302, "426": 142}


@pytest.mark.parametrize(
    ("answered", "sentence"), [({"426"}, "own decision is missing"), ({"167"}, "Nobody has joined")]
)
def test_nothing_freezes_without_the_lead_and_another_one(answered: set[str], sentence: str) -> None:
    by = partners.a_coordinator()
    partnership = partners.a_partnership(by)
    Partnership.objects.update(answers_by=timezone.localdate() - timedelta(days=1))
    for code in answered:
        partners.answer(partnership, code, by)
    with builders.as_worker(by), pytest.raises(NotAllowed, match=sentence):
        actions.freeze(partnership, by=by)


def test_what_is_frozen_cannot_be_changed_or_removed_by_anybody() -> None:
    by = partners.a_coordinator()
    agreement = partners.an_agreement(by)
    with builders.as_worker(by):
        share_invoices.make_invoices(
            agreement.partnership, year=timezone.localdate().year, due_on=date(2999, 1, 1), by=by
        )
    for table in ("funding_agreement", "funding_statistic", "funding_invoice"):
        for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):
            with pytest.raises(DatabaseError, match="is frozen"), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)


def test_after_freezing_answers_terms_and_invitations_stay() -> None:
    by = partners.a_coordinator()
    agreement = partners.an_agreement(by)
    with pytest.raises(NotAllowed, match="are frozen"):
        partners.answer(agreement.partnership, "146", by, partners.DECLINES)
    plan = partners.a_plan(by, method="exact", invited=[])
    with builders.as_worker(by), pytest.raises(NotAllowed, match="are frozen"):
        share_actions.change_partnership(agreement.partnership, plan, version=1, by=by)


def test_the_same_answer_sent_twice_is_one_answer_also_when_it_froze() -> None:
    by = partners.a_coordinator()
    agreement = partners.an_agreement(by)
    assert partners.answer(agreement.partnership, "146", by) == agreement
    assert Agreement.objects.count() == 1


def test_two_who_write_at_once_do_not_overwrite_each_other() -> None:
    by = partners.a_coordinator()
    partnership = partners.a_partnership(by)
    invitation = partnership.invitations.get(municipality_id="426")
    partners.answer(partnership, "426", by)
    decision = actions.Decision(partners.DECLINES, timezone.localdate(), "Valtuusto")
    with builders.as_worker(by), pytest.raises(ChangedMeanwhile):
        actions.record_decision(invitation, decision, version=invitation.version, by=by)


@pytest.mark.parametrize(
    ("decision", "field"),
    [
        (actions.Decision(partners.JOINS, None, "Valtuusto"), "decided_on"),
        (actions.Decision(partners.JOINS, date(2999, 1, 1), "Valtuusto"), "decided_on"),
        (actions.Decision(partners.JOINS, date(2020, 1, 1), ""), "body"),
        (actions.Decision(partners.DECLINES, date(2020, 1, 1), "Valtuusto"), "answer"),
    ],
)
def test_an_answer_is_a_decision_of_a_body_on_a_day_that_has_come(decision: actions.Decision, field: str) -> None:
    by = partners.a_coordinator()
    invitation = partners.a_partnership(by).invitations.get(municipality_id="167")
    with builders.as_worker(by), pytest.raises(Faulty) as refused:
        actions.record_decision(invitation, decision, version=1, by=by)
    assert refused.value.field == field


def test_a_plan_that_cannot_be_split_is_refused_before_anybody_is_asked() -> None:
    by = partners.a_coordinator()
    year = timezone.localdate().year
    for changes, field in (
        ({"invited": ["276", partners.KITEE]}, "municipalities"),
        ({"invited": []}, "people"),
        ({"amounts": {}}, "amounts"),
        ({"amounts": {year: Decimal(1), year + 1: Decimal(1)}}, "amounts"),
        ({"ends_on": date(year - 1, 1, 1)}, "ends_on"),
        ({"minimum": Decimal("40000.00")}, "minimum"),
    ):
        with pytest.raises(Faulty) as refused:
            partners.a_partnership(by, **changes)
        assert refused.value.field == field
    assert not Partnership.objects.exists()


def test_a_statistic_of_unknown_municipalities_is_refused() -> None:
    by = partners.a_coordinator()
    with pytest.raises(Faulty, match="no municipality with the code 999"):
        partners.a_statistic(by, c999=3)


def test_only_whoever_works_for_the_lead_keeps_the_shares() -> None:
    by = partners.a_coordinator()
    partnership = partners.a_partnership(by)
    for other in (builders.an_outsider(Role.COORDINATOR), builders.a_worker(Role.DECISION_MAKER)):
        assert share_queries.partnerships(other).count() == 1
        with pytest.raises(PermissionDenied):
            partners.answer(partnership, "426", other)
    assert not share_queries.partnerships(builders.a_worker(Role.COUNSELLOR)).exists()


def test_each_change_leaves_a_line() -> None:
    by = partners.a_coordinator()
    partners.an_agreement(by)
    actions_of_trail = builders.audit_actions()
    assert actions_of_trail == [
        "statistic.taken",
        "partnership.opened",
        *["partnership.answered"] * 5,
        "agreement.frozen",
    ]


def test_the_same_key_twice_is_one_partnership() -> None:
    by = partners.a_coordinator()
    plan, key = partners.a_plan(by), identifiers.new_id()
    with builders.as_worker(by):
        assert actions.open_partnership(plan, key=key, by=by) == actions.open_partnership(plan, key=key, by=by)
    assert Invitation.objects.count() == 5


def test_a_later_joiner_makes_a_further_agreement_and_the_frozen_one_does_not_move() -> None:
    by = partners.a_coordinator()
    first = partners.an_agreement(by)
    before = (first.content, first.sha256)
    joins_on = date(timezone.localdate().year, 7, 1)
    second = partners.joins_later(first, partners.POLVIJARVI, joins_on, by)
    first.refresh_from_db()
    assert (first.content, first.sha256) == before
    assert share_queries.is_unchanged(first)
    assert (second.number, second.content["people"]["607"]) == (2, 40)
    (table,) = share_queries.agreement_tables(second, first)
    assert table.before == table.after == Decimal("45555.00")
    assert [line.change.difference < 0 for line in table.lines] == [True] * 5 + [False]
    assert partners.joins_later(first, partners.POLVIJARVI, joins_on, by) == second


def test_two_who_join_in_one_year_pay_by_their_days() -> None:
    by = partners.a_coordinator()
    first, year = partners.an_agreement(by), timezone.localdate().year
    partners.joins_later(first, partners.POLVIJARVI, date(year, 4, 1), by)
    third = partners.joins_later(first, partners.KITEE, date(year, 10, 1), by, c607=40, c260=40)
    found = dict(zip([*partners.PEOPLE, "607", "260"], map(Decimal, amounts(third)), strict=True))
    assert sum(found.values()) == Decimal("45555.00")
    assert found["607"] > 2 * found["260"] > 0
    with pytest.raises(Faulty, match="comes after"):
        partners.joins_later(first, "422", date(year, 9, 1), by, c607=40, c260=40, c422=1)


def test_years_before_a_joiner_stay_as_they_were() -> None:
    by = partners.a_coordinator()
    year = timezone.localdate().year
    half = {year: Decimal("22777.50"), year + 1: Decimal("22777.50")}
    first = partners.an_agreement(by, ends_on=date(year + 1, 12, 31), amounts=half)
    second = partners.joins_later(first, partners.KITEE, date(year + 1, 1, 1), by)
    before, after = (share_content.parts(each.content) for each in (first, second))
    assert after[year] == before[year]
    assert after[year + 1][-1].municipality == partners.KITEE
    together, *years = share_queries.agreement_tables(second, first)
    assert together.after == Decimal("45555.00")
    assert [table.year for table in years] == [year, year + 1]


def test_a_simulation_stores_nothing() -> None:
    by = partners.a_coordinator()
    agreement = partners.an_agreement(by)
    found = share_queries.partnership(by, agreement.partnership_id).get()
    (polvijarvi,) = network.municipalities([partners.POLVIJARVI])
    with pytest.raises(Faulty, match="Type one in"):
        share_queries.simulated(found, share_queries.Trial(polvijarvi))
    (table,) = share_queries.simulated(found, share_queries.Trial(polvijarvi, people=40))
    assert table.after == Decimal("45555.00")
    assert [line.name for line in table.lines][-1] == "Polvijärvi"
    assert Agreement.objects.count() == 1
    assert Invitation.objects.count() == 5


def test_invoices_are_of_the_shares_and_a_later_joiner_brings_credits() -> None:
    by = partners.a_coordinator()
    first, year = partners.an_agreement(by), timezone.localdate().year
    due = timezone.localdate() + timedelta(days=30)
    with builders.as_worker(by):
        made = share_invoices.make_invoices(first.partnership, year=year, due_on=due, by=by)
        assert share_invoices.make_invoices(first.partnership, year=year, due_on=due, by=by) == []
    assert [str(each.amount) for each in made] == AS_PLANNED[1:]
    partners.joins_later(first, partners.KITEE, date(year, 7, 1), by)
    with builders.as_worker(by):
        more = share_invoices.make_invoices(first.partnership, year=year, due_on=due, by=by)
    assert [each.is_credit for each in more] == [True] * 4 + [False]
    second = share_content.parts(Agreement.objects.get(number=2).content)[year]
    assert share_queries.invoiced(first.partnership, year) == {each.municipality: each.amount for each in second[1:]}
    assert Invoice.objects.values("reference").distinct().count() == 9


@pytest.mark.parametrize(("digits", "reference"), [("123", "1232"), ("1234", "12344"), ("555555", "5555550")])
def test_a_reference_number_has_its_check_digit(digits: str, reference: str) -> None:
    assert share_invoices.with_check_digit(digits) == reference


def test_a_reference_number_is_written_in_groups_of_five_from_the_right() -> None:
    assert share_invoices.in_groups("20260001426016") == "2026 00014 26016"
