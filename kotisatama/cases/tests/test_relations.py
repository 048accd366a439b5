"""To whom a worker has a case relation today: a truth table."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from kotisatama.cases import access, actions
from kotisatama.cases.models import Case, Overlap
from kotisatama.people.models import Person
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Role
from tests import builders

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()


def colleague(**fields: object) -> Worker:
    return builders.a_worker(team=builders.a_team("Other"), **fields)  # type: ignore[arg-type]


def own(viewer: Worker) -> Case:
    return builders.a_case(builders.a_person(), viewer)


def own_closed(days_ago: int) -> Callable[[Worker], Case]:
    day = TODAY - timedelta(days=days_ago)
    return lambda viewer: builders.a_case(builders.a_person(), viewer, opened_on=day, closed_on=day, outcome="settled")


def of_my_team(viewer: Worker) -> Case:
    return builders.a_case(builders.a_person(), builders.a_worker(team=viewer.team, organisation=viewer.organisation))


def of_another_team(viewer: Worker) -> Case:
    return builders.a_case(builders.a_person(), colleague())


def of_another_house(viewer: Worker) -> Case:
    house = builders.an_organisation("liperi", kind="municipality", mandates=[builders.JOENSUU])
    return builders.a_case(builders.a_person(), builders.a_worker(organisation=house))


def offered_to_me(viewer: Worker) -> Case:
    case = of_another_team(viewer)
    with builders.as_worker(case.worker):
        actions.propose_transfer(case, worker=viewer, why="load", version=1, by=case.worker)
    return case


def handed_over(days_left: int) -> Callable[[Worker], Case]:
    def make(viewer: Worker) -> Case:
        case = of_another_team(viewer)
        with builders.as_worker(case.worker):
            until = TODAY + timedelta(days=days_left)
            Overlap.objects.create(controller=case.controller, case=case, worker=viewer, until=until)
        return case

    return make


@pytest.mark.parametrize(
    ("role", "make", "is_related"),
    [
        (Role.COUNSELLOR, own, True),
        (Role.MUNICIPAL_WORKER, own, True),
        (Role.PARTNER_WORKER, own, False),
        (Role.REPORT_READER, own, False),
        (Role.COUNSELLOR, own_closed(7), True),
        (Role.COUNSELLOR, own_closed(8), False),
        (Role.COUNSELLOR, of_my_team, True),
        (Role.COUNSELLOR, of_another_team, False),
        (Role.COUNSELLOR, of_another_house, False),
        (Role.TEAM_LEAD, of_another_team, True),
        (Role.TEAM_LEAD, of_another_house, False),
        (Role.COUNSELLOR, offered_to_me, True),
        (Role.COUNSELLOR, handed_over(0), True),
        (Role.COUNSELLOR, handed_over(-1), False),
    ],
)
def test_who_has_a_relation(role: Role, make: Callable[[Worker], Case], is_related: bool) -> None:
    viewer = builders.a_worker(role, team=builders.a_team())
    case = make(viewer)
    with builders.as_worker(viewer):
        assert Person.objects.filter(pk=case.person_id, pk__in=access.related_people(viewer)).exists() is is_related


def test_in_a_house_without_teams_colleagues_are_the_team() -> None:
    town = builders.an_organisation("liperi", kind="municipality", mandates=[builders.JOENSUU])
    viewer, other = (builders.a_worker(Role.MUNICIPAL_WORKER, town) for _number in range(2))
    case = builders.a_case(builders.a_person(), other)
    with builders.as_worker(viewer):
        assert list(access.related_people(viewer)) == [case.person_id]


def test_a_client_of_another_municipality_has_no_relation() -> None:
    viewer = builders.an_outsider()
    builders.a_case(builders.a_person(), builders.a_worker())
    with builders.as_worker(viewer):
        assert not access.related_people(viewer).exists()


def test_a_relation_to_one_client_is_found_by_the_clients_own_cases() -> None:
    """Whatever the size of the register: not by all cases of the team or of the house."""
    viewer = builders.a_worker(Role.TEAM_LEAD, team=builders.a_team())
    case = own(viewer)
    with builders.as_worker(viewer), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        found = Person.objects.filter(pk=case.person_id, pk__in=access.related_people(viewer))
        plan = found.explain()
    assert "person_id = " in plan
