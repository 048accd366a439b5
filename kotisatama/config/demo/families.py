"""Families and homes of the demo region: clients of one municipality and one language, drawn together."""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from random import Random
from uuid import UUID

from kotisatama.config.demo import draw, permits
from kotisatama.config.demo.clients import Client
from kotisatama.config.demo.names import NAMES
from kotisatama.people.models import (
    Gender,
    GroundOfStay,
    GroundPeriod,
    Household,
    HouseholdMember,
    MayKnow,
    Relation,
    Residence,
)

YEAR = 365.25
CHILDREN_AT_MOST = 4
COUPLES, WITH_GRANDPARENT, MOVED_ONCE = 0.6, 0.2, 0.15
# Streets that exist nowhere.
STREETS = ("Esimerkkikatu", "Mallitie", "Koekuja", "Harjoituspolku", "Kuvitelmanraitti", "Demokuja", "Satamapolku")
POST_OFFICES = {
    "167": ("80100", "Joensuu"),
    "276": ("81100", "Kontiolahti"),
    "426": ("83100", "Liperi"),
    "309": ("83500", "Outokumpu"),
    "146": ("82900", "Ilomantsi"),
    "260": ("82500", "Kitee"),
}


@dataclasses.dataclass
class Home:
    """People who live together: one or two adults, their children, perhaps a parent of the first one."""

    adults: list[Client]
    children: list[Client] = dataclasses.field(default_factory=list)
    elder: Client | None = None

    @property
    def everybody(self) -> list[Client]:
        return [*self.adults, *self.children, *([self.elder] if self.elder else [])]


def settled(seed: int, clients: Sequence[Client], *, today: date) -> tuple[list[Client], list[Home]]:
    """The clients, in their order, with one surname in each family; and the homes that everybody lives in."""
    source = draw.stream(seed, "families")
    groups: dict[tuple[str, str], list[Client]] = {}
    for client in clients:
        alone = client.municipality == "secret"
        groups.setdefault((client.controller, str(client.id) if alone else client.mother_tongue), []).append(client)
    homes = [_named(home) for group in groups.values() for home in _homes(source, group, today)]
    by_id = {client.id: client for home in homes for client in home.everybody}
    return [by_id[client.id] for client in clients], homes


def add(seed: int, homes: Sequence[Home], *, today: date) -> None:
    """Write households, relations, residences and grounds of stay."""
    source = draw.stream(seed, "homes")
    families = [home for home in homes if len(home.everybody) > 1]
    households = [_household(source, home) for home in families]
    Household.objects.bulk_create(households)
    HouseholdMember.objects.bulk_create(
        HouseholdMember(
            id=draw.key(source, client.since),
            controller_id=client.controller,
            household=household,
            person_id=client.id,
            valid_from=max(home.adults[0].since, client.since).date(),
        )
        for home, household in zip(families, households, strict=True)
        for client in home.everybody
    )
    Relation.objects.bulk_create(relation for home in families for relation in _relations(source, home))
    Residence.objects.bulk_create(row for home in homes for row in _residences(source, home, today))
    everybody = [client for home in homes for client in home.everybody]
    GroundPeriod.objects.bulk_create(_ground(source, client, today) for client in everybody)


def _age(client: Client, today: date) -> float:
    return (today - client.born_on).days / YEAR


def _homes(source: Random, group: list[Client], today: date) -> Iterator[Home]:
    """Children go to somebody who could be their parent, some adults are couples, an elder lives with some."""
    adults = [client for client in group if _age(client, today) >= 18]
    children = [client for client in group if _age(client, today) < 18]
    homes = {client.id: Home([client]) for client in adults}
    for child in children:
        fitting = [home for home in homes.values() if _could_raise(home, child)]
        if fitting:
            source.choice([home for home in fitting if home.children] or fitting).children.append(child)
        else:
            homes[child.id] = Home([child])
    for home in [home for home in homes.values() if home.children]:
        _join(source, home, homes, today)
    yield from homes.values()


def _could_raise(home: Home, child: Client) -> bool:
    years = (child.born_on - home.adults[0].born_on).days / YEAR
    return 18 <= years <= 42 and len(home.children) < CHILDREN_AT_MOST


def _join(source: Random, home: Home, homes: dict[UUID, Home], today: date) -> None:
    """A spouse and an elder for a home with children, out of those who live alone."""
    first, youngest = home.adults[0], max(child.born_on for child in home.children)
    eldest = min(child.born_on for child in home.children)
    alone = [each.adults[0] for each in homes.values() if len(each.everybody) == 1 and each is not home]
    spouses = [
        each
        for each in alone
        if each.gender != first.gender
        and abs((each.born_on - first.born_on).days) < 12 * YEAR
        and (eldest - each.born_on).days > 18 * YEAR
        and (youngest - each.born_on).days < 45 * YEAR
    ]
    if spouses and source.random() < COUPLES:
        spouse = source.choice(spouses)
        home.adults.append(spouse)
        del homes[spouse.id]
    elders = [
        each for each in alone if each.id in homes and 20 * YEAR < (first.born_on - each.born_on).days < 40 * YEAR
    ]
    if elders and source.random() < WITH_GRANDPARENT:
        home.elder = source.choice(elders)
        del homes[home.elder.id]


def _named(home: Home) -> Home:
    """The same home with the first adult's surname for all; an elder keeps the own one."""
    first = home.adults[0]
    adults, children = ([_surnamed(each, first) for each in group] for group in (home.adults, home.children))
    return Home(adults, children, home.elder)


def _surnamed(client: Client, first: Client) -> Client:
    """The client with the surname of another one, in the form of the client's gender."""
    pairs = NAMES[client.mother_tongue].family
    theirs = next((pair for pair in pairs if first.name.endswith(pair[_form(first)].latin)), None)
    own = next((pair for pair in pairs if client.name.endswith(pair[_form(client)].latin)), None)
    if client is first or theirs is None or own is None:
        return client
    before, after = own[_form(client)], theirs[_form(client)]
    return dataclasses.replace(
        client,
        name=client.name.removesuffix(before.latin) + after.latin,
        name_in_own_script=client.name_in_own_script.removesuffix(before.own) + after.own,
    )


def _form(client: Client) -> int:
    return 1 if client.gender == Gender.FEMALE else 0


def _household(source: Random, home: Home) -> Household:
    first = home.adults[0]
    return Household(id=draw.key(source, first.since), controller_id=first.controller)


def _relations(source: Random, home: Home) -> Iterator[Relation]:
    """Parents, who are guardians of their minors and may be told of them; spouses; the parent of the first adult."""
    told = {"from_may_know": MayKnow.MESSAGES.value}
    for child in home.children:
        for adult in home.adults:
            yield _relation(source, adult, child, Relation.Kind.PARENT, told)
            yield _relation(source, adult, child, Relation.Kind.GUARDIAN, told)
    for number, child in enumerate(home.children):
        for sibling in home.children[number + 1 :]:
            yield _relation(source, child, sibling, Relation.Kind.SIBLING, {})
    if len(home.adults) == 2:
        yield _relation(source, home.adults[0], home.adults[1], Relation.Kind.SPOUSE, {})
    if home.elder:
        yield _relation(source, home.elder, home.adults[0], Relation.Kind.PARENT, {"to_may_know": MayKnow.VISITS.value})


def _relation(source: Random, one: Client, other: Client, kind: str, known: Mapping[str, str]) -> Relation:
    return Relation(
        id=draw.key(source, max(one.since, other.since)),
        controller_id=one.controller,
        from_person_id=one.id,
        to_person_id=other.id,
        kind=kind,
        **known,
    )


def _residences(source: Random, home: Home, today: date) -> Iterator[Residence]:
    """One address for the home; some lived elsewhere in the municipality before."""
    address, before = _address(source, home), _address(source, home)
    for client in home.everybody:
        begins = client.since.date()
        moved = begins + timedelta(days=200)
        if source.random() < MOVED_ONCE and moved < today:
            yield _residence(source, client, before, begins, moved - timedelta(days=1), today)
            begins = moved
        yield _residence(source, client, address, begins, None, today)


def _address(source: Random, home: Home) -> dict[str, str]:
    code, office = POST_OFFICES[home.adults[0].controller]
    street = f"{source.choice(STREETS)} {source.randint(1, 40)} {source.choice('ABC')} {source.randint(1, 30)}"
    return {"street_address": street, "postal_code": code, "post_office": office}


def _residence(
    source: Random, client: Client, address: dict[str, str], begins: date, ends: date | None, today: date
) -> Residence:
    """Who came with temporary protection has a municipality of residence after a year (201/1994, 4 §)."""
    is_new = client.ground == GroundOfStay.TEMPORARY_PROTECTION and client.since.date() > today - timedelta(days=365)
    return Residence(
        id=draw.key(source, client.since),
        controller_id=client.controller,
        person_id=client.id,
        kind=Residence.Kind.ACTUAL if is_new else Residence.Kind.REGISTERED,
        municipality=client.municipality,
        valid_from=begins,
        valid_to=ends,
        **({} if client.municipality == "secret" else address),
    )


def _ground(source: Random, client: Client, today: date) -> GroundPeriod:
    begins, ends, letter = permits.permit(client, today)
    return GroundPeriod(
        id=draw.key(source, client.since),
        controller_id=client.controller,
        person_id=client.id,
        ground=client.ground,
        permit_type=letter,
        valid_from=begins,
        valid_to=ends,
    )
