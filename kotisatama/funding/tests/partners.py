"""The five municipalities of the plan, as the tests of shares need them."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from kotisatama.funding import actions
from kotisatama.funding.models import Agreement, Invitation, Partnership, Statistic
from kotisatama.kernel import identifiers
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Role
from tests import builders

PEOPLE = {"167": 2302, "276": 184, "426": 142, "309": 133, "146": 76}
KITEE, POLVIJARVI = "260", "607"
JOINS, DECLINES = Invitation.Answer.JOINS, Invitation.Answer.DECLINES


def a_coordinator() -> Worker:
    """Keeps money for Joensuu, which leads."""
    return builders.a_worker(Role.COORDINATOR)


def a_statistic(by: Worker, **numbers: int) -> Statistic:
    """The plan's numbers, and further ones by their code: `c607=40`."""
    more = {code.removeprefix("c"): number for code, number in numbers.items()}
    with builders.as_worker(by):
        return actions.keep_statistic(
            key=identifiers.new_id(),
            title="Ulkomaan kansalaiset 2019",
            as_of=date(2019, 12, 31),
            kind=Statistic.Kind.TYPED,
            source="Tilastokeskus",
            numbers=PEOPLE | more,
            by=by,
        )


def a_plan(by: Worker, **changes: Any) -> actions.Plan:
    """45,555.00 for this year, as decided."""
    year = timezone.localdate().year
    given: dict[str, Any] = {
        "name": "Kotoutumistyön aluekeskus",
        "lead": "167",
        "method": "as-decided",
        "begins_on": date(year, 1, 1),
        "ends_on": date(year, 12, 31),
        "answers_by": timezone.localdate() + timedelta(days=30),
        "amounts": {year: Decimal("45555.00")},
        "invited": ["276", "426", "309", "146"],
    } | changes
    if "statistic" not in given:
        given["statistic"] = a_statistic(by)
    return actions.Plan(**given)


def a_partnership(by: Worker, **changes: Any) -> Partnership:
    """Five are asked, nobody has answered."""
    plan = a_plan(by, **changes)
    with builders.as_worker(by):
        return actions.open_partnership(plan, key=identifiers.new_id(), by=by)


def answer(partnership: Partnership, code: str, by: Worker, what: str = JOINS) -> Agreement | None:
    """The municipality's council decides today."""
    invitation = partnership.invitations.get(municipality_id=code)
    decision = actions.Decision(what, timezone.localdate(), "Kunnanhallitus", "§ 12", "D/123/2026")
    with builders.as_worker(by):
        return actions.record_decision(invitation, decision, version=invitation.version, by=by)


def an_agreement(by: Worker, **changes: Any) -> Agreement:
    """All five join."""
    partnership = a_partnership(by, **changes)
    agreements = [answer(partnership, code, by) for code in PEOPLE]
    assert agreements[-1]
    return agreements[-1]


def joins_later(agreement: Agreement, code: str, joins_on: date, by: Worker, **numbers: int) -> Agreement:
    """One more municipality joins from a day on."""
    statistic = a_statistic(by, **(numbers or {f"c{code}": 40}))
    decision = actions.Decision(JOINS, timezone.localdate(), "Kunnanhallitus", "§ 5")
    with builders.as_worker(by):
        return actions.join_later(
            agreement.partnership, code=code, joins_on=joins_on, decision=decision, statistic=statistic, by=by
        )
