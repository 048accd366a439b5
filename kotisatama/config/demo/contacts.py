"""Drawing two years of contacts.

Peaks on Mondays, Fridays and benefit days, a quiet July, evenings of the associations, rare visits from the small
municipalities.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import accumulate
from random import Random
from typing import Any

from django.utils import timezone

from kotisatama.config.demo import draw, region
from kotisatama.config.demo.clients import CITIZENSHIPS, TONGUES, Client, served_in
from kotisatama.contacts.models import AgeBand, Channel, Duration, FundingLine, Interpreter, Outcome, TimeInFinland
from kotisatama.people.models import Gender, GroundOfStay

A_YEAR, DAYS = 7_000, 730
ANONYMOUS = 0.30

WEEKDAYS = {1: 1.4, 2: 0.95, 3: 0.9, 4: 0.95, 5: 1.25}
EVENINGS = {2: 0.22, 4: 0.22, 6: 0.3}
MONTHS = {1: 1.1, 2: 1.05, 6: 0.9, 7: 0.55, 8: 1.15, 9: 1.1, 12: 0.85}
BENEFIT_DAYS = frozenset({1, 2, 15, 16})
CLOSED = frozenset({(1, 1), (1, 6), (5, 1), (12, 6), (12, 24), (12, 25), (12, 26)})
HOURS = {9: 1.5, 10: 1.4, 11: 1.0, 12: 0.9, 13: 1.1, 14: 0.8}

HOMES = {
    region.JOENSUU: 83.4, region.KONTIOLAHTI: 6.4, region.LIPERI: 4.6, region.OUTOKUMPU: 4.0, region.ILOMANTSI: 1.6,
}  # fmt: skip
NOT_TOLD = {"unknown": 14.0, "abroad": 4.0, "secret": 2.0, "": 80.0}
OWN_DESK = {
    region.KONTIOLAHTI: "kontiolahti", region.LIPERI: "liperi", region.OUTOKUMPU: "outokumpu",
    region.ILOMANTSI: "ilomantsi",
}  # fmt: skip

CHANNELS = {
    Channel.DROP_IN: 40.0, Channel.PHONE: 21, Channel.BOOKED: 13, Channel.EMAIL: 12, Channel.VIDEO: 4, Channel.CHAT: 4,
    Channel.OUTREACH: 3, Channel.HOME_VISIT: 2, Channel.GROUP: 1,
}  # fmt: skip
PEER_CHANNELS = {Channel.GROUP: 45.0, Channel.DROP_IN: 40, Channel.OUTREACH: 10, Channel.HOME_VISIT: 5}
INTERPRETERS = {
    Interpreter.NONE: 86.6, Interpreter.PHONE: 4.6, Interpreter.VIDEO: 3.4, Interpreter.ON_SITE: 2.9,
    Interpreter.OWN_LANGUAGE_WORKER: 1.5, Interpreter.RELATIVE: 0.6, Interpreter.MACHINE: 0.4,
}  # fmt: skip
DURATIONS = {Duration.UNDER_15: 38.0, Duration.FROM_15: 34, Duration.FROM_30: 19, Duration.OVER_60: 5, "": 4}
OUTCOMES = {
    Outcome.SOLVED: 48.0, Outcome.GUIDED_ON: 24, Outcome.CONTINUES: 12, Outcome.BOOKED: 8,
    Outcome.ASSESSMENT_REQUESTED: 2, "": 6,
}  # fmt: skip
TOPICS = {
    "permits": 3.0, "permits.renewal": 9, "permits.family": 5, "permits.citizenship": 3, "registration.municipality": 7,
    "registration.identification": 5, "benefits": 5, "benefits.income": 8, "benefits.family": 5, "tax": 4,
    "work.search": 9, "work.rights": 2, "work.employer": 1, "work.entrepreneur": 1,
    "study": 3, "study.recognition": 3, "language": 8,
    "housing.search": 8, "housing.rent": 3, "housing.moving": 2, "health": 5, "family.daycare": 3, "family.school": 3,
    "digital": 7, "letters": 9, "legal": 1, "safety": 0.4, "safety.exploitation": 0.2, "leisure": 2, "transport": 2,
    "integration.assessment": 3, "integration.plan": 2, "other": 2,
}  # fmt: skip
PEER_TOPICS = {"leisure": 30.0, "language": 30, "housing.moving": 12, "letters": 10, "digital": 8, "family": 6}
PARTNERS = {"": 60.0, "Kela": 14, "DVV": 9, "Migri": 8, "TE-palvelut": 6, "Siun sote": 3}

COLUMNS = (
    "id", "controller_id", "key", "at", "service_point_id", "channel", "municipality", "service_language", "topics",
    "person_id", "worker_id", "interpreter", "age_band", "gender", "citizenship", "mother_tongue", "ground_of_stay",
    "time_in_finland", "duration", "outcome", "referred_to", "by_association_id", "out_of_hours", "funding_line",
    "note", "created_at", "version",
)  # fmt: skip
DETAILS = ("age_band", "gender", "citizenship", "mother_tongue", "ground_of_stay", "time_in_finland")


@dataclass(frozen=True)
class Desk:
    """Where contacts are had: the key of a place, its municipality, its workers, and its association if it is one's."""

    place: int
    municipality: str
    workers: tuple[int, ...]
    mandates: frozenset[str]
    association: int | None = None


class Caseload:
    """The clients of each controller in the order in which they came, to choose the busy ones more often."""

    def __init__(self, clients: list[Client]) -> None:
        self._clients: dict[str, list[Client]] = {}
        for client in sorted(clients, key=lambda each: each.since):
            self._clients.setdefault(client.controller, []).append(client)
        self._since = {code: [each.since for each in group] for code, group in self._clients.items()}
        self._weights = {
            code: list(accumulate(min(each.activity, 6.0) for each in group)) for code, group in self._clients.items()
        }

    def one(self, source: Random, controller: str, at: datetime) -> Client | None:
        """Somebody who was a client of the controller by that moment; None when nobody was."""
        known = bisect_right(self._since.get(controller, []), at)
        if not known:
            return None
        weights = self._weights[controller]
        return self._clients[controller][bisect_right(weights, source.random() * weights[known - 1], 0, known - 1)]


def moments(source: Random, *, now: datetime, a_year: int = A_YEAR) -> Iterator[tuple[datetime, bool]]:
    """Yield (when, at an association's evening) of each contact of the two years before `now`, in the order of time."""
    today = timezone.localtime(now).date()
    slots: dict[tuple[date, bool], float] = {}
    for ago in range(DAYS, -1, -1):
        day = today - timedelta(days=ago)
        weight = 0.0 if (day.month, day.day) in CLOSED else MONTHS.get(day.month, 1.0) * (1 - 0.1 * ago / DAYS)
        slots[day, False] = weight * WEEKDAYS.get(day.isoweekday(), 0) * (1.25 if day.day in BENEFIT_DAYS else 1)
        slots[day, True] = weight * EVENINGS.get(day.isoweekday(), 0)
    chosen = source.choices(list(slots), weights=list(slots.values()), k=a_year * DAYS // 365)
    drawn = sorted((_moment(source, day, evening), evening) for day, evening in chosen)
    yield from (each for each in drawn if each[0] <= now)


def _moment(source: Random, day: date, evening: bool) -> datetime:
    if not evening:
        hour = draw.one(source, HOURS)
    else:
        hour = source.choice((11, 12, 13) if day.isoweekday() == 6 else (17, 18, 19))
    return timezone.make_aware(datetime.combine(day, time(hour, source.randrange(60), source.randrange(60))))


def rows(seed: int, *, clients: list[Client], desks: Mapping[str, Desk], now: datetime) -> Iterator[tuple[Any, ...]]:
    """Yield the values of COLUMNS of each contact of the region."""
    source, caseload = draw.stream(seed, "contacts"), Caseload(clients)
    for at, evening in moments(source, now=now):
        home = draw.one(source, HOMES)
        desk = desks[_place(source, home, at, evening)]
        home = home if home in desk.mandates else region.JOENSUU
        person = None if source.random() < ANONYMOUS else caseload.one(source, home, at)
        yield contact(source, at, desk, home, person)


def neighbours(seed: int, *, clients: list[Client], desk: Desk, now: datetime) -> Iterator[tuple[Any, ...]]:
    """Yield the contacts of Kitee, which nobody in the region may see."""
    source, caseload = draw.stream(seed, "neighbours' contacts"), Caseload(clients)
    for at, _evening in moments(source, now=now, a_year=60):
        yield contact(source, at, desk, region.KITEE, caseload.one(source, region.KITEE, at))


def _place(source: Random, home: str, at: datetime, evening: bool) -> str:
    if evening:
        return "kielikahvila" if at.isoweekday() == 6 and source.random() < 0.4 else "setlementti"
    if home in OWN_DESK and source.random() < 0.45:
        return OWN_DESK[home]
    return "luotsi" if home == region.JOENSUU and source.random() < 0.06 else "ihj"


def contact(source: Random, at: datetime, desk: Desk, home: str, person: Client | None) -> tuple[Any, ...]:
    """The values of COLUMNS of one contact of the person, or of somebody from `home` who stayed anonymous."""
    tongue = person.mother_tongue if person else draw.one(source, TONGUES)
    municipality = person.municipality if person else (draw.one(source, NOT_TOLD) or home)
    channel = draw.one(source, PEER_CHANNELS if desk.association else CHANNELS)
    if at.isoweekday() == 5 and channel == Channel.DROP_IN and source.random() < 0.7:
        channel = Channel.BOOKED
    about = PEER_TOPICS if desk.association else TOPICS
    topics = {draw.one(source, about), draw.one(source, about)} if source.random() < 0.25 else {draw.one(source, about)}
    outcome = draw.one(source, OUTCOMES)
    return (
        draw.key(source, at),
        person.controller if person else municipality if municipality.isdigit() else desk.municipality,
        draw.key(source, at),
        at,
        desk.place,
        channel,
        municipality,
        draw.one(source, served_in(tongue)),
        sorted(topics),
        person.id if person else None,
        source.choice(desk.workers),
        Interpreter.NONE if desk.association else draw.one(source, INTERPRETERS),
        *_details(source, tongue, told=not person and source.random() < 0.6),
        draw.one(source, DURATIONS),
        outcome,
        draw.one(source, PARTNERS) if outcome == Outcome.GUIDED_ON else "",
        desk.association,
        bool(desk.association),
        FundingLine.STATE_GRANT if desk.association or source.random() < 0.15 else FundingLine.MUNICIPAL,
        "",
        at + timedelta(minutes=source.randint(1, 20)),
        1,
    )


def _details(source: Random, tongue: str, *, told: bool) -> tuple[str, ...]:
    """What an anonymous visitor told, in the order of DETAILS; a client's details come from the register."""
    if not told:
        return ("",) * len(DETAILS)
    ground = GroundOfStay.TEMPORARY_PROTECTION if tongue in {"uk", "ru"} else GroundOfStay.UNKNOWN
    return (
        source.choice(AgeBand.values[1:]),
        draw.one(source, {Gender.FEMALE: 55.0, Gender.MALE: 45.0}),
        draw.one(source, CITIZENSHIPS[tongue]),
        tongue,
        ground,
        source.choice(TimeInFinland.values),
    )
