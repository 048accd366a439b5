"""The municipalities' shares of the demo: five as in the plan, Kitee joins late, next year's are still asked for."""

from datetime import date, timedelta
from decimal import Decimal

from kotisatama.config.demo import region
from kotisatama.funding import actions, pxweb, splitting
from kotisatama.funding.models import Invitation, Partnership, Statistic
from kotisatama.kernel import identifiers
from kotisatama.staff.models import Worker

JOINS, DECLINES = Invitation.Answer.JOINS, Invitation.Answer.DECLINES
OTHERS = tuple(code for code in region.SERVED if code != region.JOENSUU)
BODIES = {region.JOENSUU: "Hyvinvointilautakunta", region.OUTOKUMPU: "Kaupunginhallitus"}
COSTS, RATE, CAP = Decimal("151850.00"), Decimal(70), Decimal("106295.00")
# Invented, as those of all but Joensuu are.
FURTHER = {region.KITEE: 118, "607": 41}


def add(*, today: date) -> None:
    """This year's shares, agreed, with one that joined in July; next year's with answers on their way."""
    by = Worker.objects.get(email="paula.projekti@demo.example")
    counted, typed = _statistics(by)
    agreed = _ask(counted, today.year, today=today, by=by)
    for number, code in enumerate(region.SERVED):
        _answer(agreed, code, JOINS, on=date(today.year - 1, 12, 1) + timedelta(days=number), by=by)
    _invoice(agreed, today.year, today=today, by=by)
    decision = actions.Decision(JOINS, date(today.year - 1, 12, 29), "Kaupunginhallitus", "§ 31", "KIT/88/02.05")
    joins_on = date(today.year, 7, 1)
    actions.join_later(agreed, code=region.KITEE, joins_on=joins_on, decision=decision, statistic=typed, by=by)
    _invoice(agreed, today.year, today=today, by=by)
    asked = _ask(typed, today.year + 1, today=today, by=by)
    for code, answer in ((region.KONTIOLAHTI, JOINS), (region.ILOMANTSI, DECLINES), (region.LIPERI, JOINS)):
        _answer(asked, code, answer, on=today, by=by)


def _statistics(by: Worker) -> tuple[Statistic, Statistic]:
    counted = actions.fetch_statistic(
        key=identifiers.new_id(),
        title="Ulkomaiden kansalaiset 31.12.2019",
        year=2019,
        codes=list(region.SERVED),
        source=pxweb.Recorded(),
        by=by,
    )
    typed = actions.keep_statistic(
        key=identifiers.new_id(),
        title="Ulkomaiden kansalaiset 31.12.2019, seitsemän kuntaa",
        as_of=counted.as_of,
        kind=Statistic.Kind.TYPED,
        source="Tilastokeskus, väestörakenne; Kitee ja Polvijärvi keksittyjä",
        numbers=counted.numbers | FURTHER,
        by=by,
    )
    return counted, typed


def _ask(statistic: Statistic, year: int, *, today: date, by: Worker) -> Partnership:
    grant, left = splitting.left_to_share(COSTS, rate=RATE, cap=CAP)
    plan = actions.Plan(
        name=f"Kotoutumistyön aluekeskus {year}",
        basis=f"Hyväksytyt kustannukset {COSTS} €, valtionavustus 70 % {grant} €",
        lead=region.JOENSUU,
        statistic=statistic,
        method=splitting.Method.AS_DECIDED,
        begins_on=date(year, 1, 1),
        ends_on=date(year, 12, 31),
        answers_by=date(year - 1, 12, 31),
        amounts={year: left},
        invited=OTHERS,
        account="FI2112345600000785",
    )
    return actions.open_partnership(plan, key=identifiers.new_id(), by=by)


def _answer(partnership: Partnership, code: str, answer: str, *, on: date, by: Worker) -> None:
    invitation = partnership.invitations.get(municipality_id=code)
    body = BODIES.get(code, "Kunnanhallitus")
    decision = actions.Decision(answer, on, body, f"§ {on.day + 100}", f"{code}/{on.year}")
    actions.record_decision(invitation, decision, version=invitation.version, by=by)


def _invoice(partnership: Partnership, year: int, *, today: date, by: Worker) -> None:
    actions.make_invoices(partnership, year=year, due_on=today + timedelta(days=30), by=by)
