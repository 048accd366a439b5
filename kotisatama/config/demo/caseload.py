"""The workers' cases: who has whom, grounds of stay that end, transfers that wait for an answer."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from random import Random

from django.db import connection
from django.utils import timezone

from kotisatama.cases.models import Case, PlanPlace, Reason, Step, Transfer
from kotisatama.config.demo import draw, region
from kotisatama.config.demo.clients import Client
from kotisatama.people.models import GroundOfStay, Person
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import ROLES, Permission

# A third of the clients have an open case: some thirty a counsellor.
OPEN, CLOSED, OF_FORMER = 150, 120, 4
PLANS = {PlanPlace.HERE: 3.0, PlanPlace.A_TMT: 4.0, PlanPlace.KOTO_AJ: 1.0, "": 4.0}
REASONS = {Reason.GUIDANCE: 4.0, Reason.ASSESSMENT: 3.0, Reason.FAMILY: 2.0, Reason.HOUSING: 2.0, Reason.WORK: 3.0}
# Of temporary protection the end is one day for all; other permits end one by one.
LAST_DAY_OF_PROTECTION = date(2027, 3, 4)
HAVE_AN_END = {GroundOfStay.STUDY, GroundOfStay.WORK, GroundOfStay.FAMILY, GroundOfStay.INTERNATIONAL_PROTECTION}
# From whose cases to whom, and why; a controller narrows them.
OFFERS = (
    ("nour.haddad", "aino.niemi", Transfer.Why.LANGUAGE, ""),
    ("saara.lind", "aino.niemi", Transfer.Why.LOAD, ""),
    ("oleh.bondar", f"team {region.SECOND_TEAM}", Transfer.Why.SERVICE, ""),
    ("aino.niemi", "petra.kettunen", Transfer.Why.ABSENCE, ""),
    ("oleh.bondar", "liisa.liperi", Transfer.Why.MOVED, region.LIPERI),
)

LAST_CONTACTS = """
    UPDATE cases_case SET last_contact_on = latest.day FROM (
        SELECT person_id, max((at AT TIME ZONE 'Europe/Helsinki')::date) AS day FROM contacts_contact
        WHERE person_id IS NOT NULL GROUP BY person_id
    ) latest WHERE latest.person_id = cases_case.person_id AND closed_on IS NULL
"""


def add(seed: int, ours: list[Client], *, now: datetime) -> int:
    """Open cases of the newest clients, closed ones of earlier clients; needs the contacts. Returns how many."""
    source, today = draw.stream(seed, "cases"), timezone.localtime(now).date()
    newest = sorted(ours, key=lambda each: each.since, reverse=True)
    is_open = source.sample(newest[: OPEN * 2], OPEN)
    is_closed = source.sample(newest[OPEN * 2 :], CLOSED)
    workers = _workers()
    cases = [_case(source, client, workers, today, is_open=True) for client in is_open]
    cases += [_case(source, client, workers, today, is_open=False) for client in is_closed]
    _leave(cases[:OPEN])
    Case.objects.bulk_create(cases)
    with connection.cursor() as cursor:
        cursor.execute(LAST_CONTACTS)
    _end_grounds(source, ours, today)
    _offer(cases[:OPEN], now)
    return len(cases)


def _workers() -> dict[str, list[Worker]]:
    """Who has cases, by controller: the centre's counsellors everywhere, a municipality's own worker at home."""
    found = Worker.objects.filter(is_active=True).select_related("organisation", "team").order_by("pk")
    able = [each for each in found if any(Permission.MANAGE_CASES in ROLES[role] for role in each.roles)]
    centre = [each for each in able if each.organisation.slug == region.CENTRE]
    at_home = {code: [each for each in able if each.organisation.home_id == code] for code in region.SERVED}
    return {code: (at_home[code] + centre[:2]) if code != region.JOENSUU else centre for code in region.SERVED}


def _case(source: Random, client: Client, workers: dict[str, list[Worker]], today: date, *, is_open: bool) -> Case:
    worker = source.choice(workers[client.controller])
    opened_on = min(today, client.since.date() + timedelta(days=source.randint(0, 5)))
    reason, other = draw.one(source, REASONS), draw.one(source, REASONS)
    closed_on = min(today, opened_on + timedelta(days=source.randint(40, 300)))
    return Case(
        id=draw.key(source, client.since),
        controller_id=client.controller,
        person_id=client.id,
        worker=worker,
        team=worker.team,
        reason=reason,
        further_reasons=[other] if other != reason and source.random() < 0.4 else [],
        plan_kept_in=draw.one(source, PLANS),
        opened_on=opened_on,
        closed_on=None if is_open else closed_on,
        outcome="" if is_open else source.choice(Case.Outcome.values),
    )


def _leave(cases: Iterable[Case]) -> None:
    """Some cases are those of a worker who has left."""
    former = Worker.objects.select_related("team").get(email=region.address(region.FORMER))
    of_centre = [case for case in cases if case.team and case.team.name == region.TEAM]
    for case in of_centre[:OF_FORMER]:
        case.worker = former


def _end_grounds(source: Random, ours: Iterable[Client], today: date) -> None:
    """When grounds of stay end: some have ended, some end soon."""
    people = []
    for client in ours:
        ends_on = LAST_DAY_OF_PROTECTION if client.ground == GroundOfStay.TEMPORARY_PROTECTION else None
        if client.ground in HAVE_AN_END and source.random() < 0.8:
            ends_on = today + timedelta(days=source.randint(-20, 900))
        people.append(Person(id=client.id, controller_id=client.controller, ground_ends_on=ends_on))
    Person.objects.bulk_update(people, ["ground_ends_on"])


def _offer(cases: Iterable[Case], now: datetime) -> None:
    """Transfers that wait for their receivers, each the first case that fits."""
    workers = {each.email.partition("@")[0]: each for each in Worker.objects.select_related("team")}
    left = list(cases)
    for giver, receiver, why, controller in OFFERS:
        fitting = [case for case in left if case.worker == workers[giver] and controller in {"", case.controller_id}]
        if not fitting:
            continue
        case = fitting[0]
        left.remove(case)
        worker = workers.get(receiver)
        team = next(
            (each.team for each in workers.values() if each.team and f"team {each.team.name}" == receiver), None
        )
        who = {"controller_id": case.controller_id, "case": case}
        by = workers[giver]
        Transfer.objects.create(**who, to_worker=worker, to_team=None if worker else team, why=why, proposed_by=by)
        Step.objects.create(**who, kind=Step.Kind.PROPOSED, by=by, worker=worker, team=team, details={"why": why})
    Transfer.objects.update(proposed_at=now - timedelta(hours=20))
