"""The lists that a worker works from hold what their names say, and cost the same however long they are."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from kotisatama.cases import actions, worklists
from kotisatama.cases.models import Case
from kotisatama.cases.worklists import List
from kotisatama.network.models import Organisation
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Role
from tests import builders

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
LONG_AGO = TODAY - timedelta(days=90)


def days(number: int) -> Any:
    return TODAY + timedelta(days=number)


@pytest.fixture
def worker() -> Worker:
    return builders.a_worker(team=builders.a_team())


def names(viewer: Worker, tab: str, **narrow: str) -> list[str]:
    with builders.as_worker(viewer):
        found = worklists.listed(viewer, worklists.asked({"tab": tab, **narrow}))
        return [case.person.name for case in found]


def a_case(name: str, worker: Worker, *, opened_on: Any = LONG_AGO, last: Any = None, **person: Any) -> Case:
    return builders.a_case(
        builders.a_person(name, **person), worker, opened_on=opened_on, last_contact_on=last or TODAY
    )


def test_mine_and_my_teams(worker: Worker) -> None:
    colleague = builders.a_worker(team=worker.team)
    a_case("Beta", worker)
    a_case("Alfa", worker)
    a_case("Gamma", colleague)
    a_case("Another team", builders.a_worker(team=builders.a_team("Other")))
    builders.a_case(builders.a_person("Closed"), worker, closed_on=TODAY, outcome="settled")
    assert names(worker, List.MINE) == ["Alfa", "Beta"]
    assert names(worker, List.TEAM) == ["Alfa", "Beta", "Gamma"]
    assert names(worker, List.TEAM, worker=str(colleague.pk)) == ["Gamma"]


@pytest.mark.parametrize(
    ("opened", "last", "is_silent"),
    [(-60, None, True), (-59, None, False), (-90, -60, True), (-90, -59, False), (-1, -90, False), (-90, -90, True)],
)
def test_no_contact_for_60_days(worker: Worker, opened: int, last: int | None, is_silent: bool) -> None:
    case = builders.a_case(
        builders.a_person(), worker, opened_on=days(opened), last_contact_on=None if last is None else days(last)
    )
    assert names(worker, List.SILENT) == ([case.person.name] if is_silent else [])


@pytest.mark.parametrize(("ends", "is_listed"), [(90, True), (91, False), (-1, True), (None, False)])
def test_ground_of_stay_ends_in_90_days(worker: Worker, ends: int | None, is_listed: bool) -> None:
    a_case("Olena", worker, ground_ends_on=None if ends is None else days(ends))
    assert names(worker, List.ENDING) == (["Olena"] if is_listed else [])


def test_the_longest_silence_and_the_first_end_stand_first(worker: Worker) -> None:
    a_case("Later", worker, last=days(-70), ground_ends_on=days(40))
    a_case("Sooner", worker, last=days(-80), ground_ends_on=days(20))
    builders.a_case(builders.a_person("Never met"), worker, opened_on=LONG_AGO)
    assert names(worker, List.SILENT) == ["Never met", "Sooner", "Later"]
    assert names(worker, List.ENDING) == ["Sooner", "Later"]


def test_a_case_whose_worker_has_left_waits_for_the_team_and_its_lead() -> None:
    team, other = builders.a_team(), builders.a_team("Other")
    gone = builders.a_worker(team=team)
    a_case("Olena", gone)
    gone.is_active = False
    gone.save()
    assert names(builders.a_worker(team=team), List.LEFT) == ["Olena"]
    assert names(builders.a_worker(team=other), List.LEFT) == []
    assert names(builders.a_worker(Role.TEAM_LEAD, team=other), List.LEFT) == ["Olena"]


def test_a_lead_looks_at_every_team_of_the_house_and_others_at_their_own(worker: Worker) -> None:
    other = builders.a_team("Other")
    a_case("Theirs", builders.a_worker(team=other), last=LONG_AGO)
    a_case("Ours", worker, last=LONG_AGO)
    lead = builders.a_worker(Role.TEAM_LEAD, team=worker.team)
    assert names(lead, List.TEAM, whose=f"team:{other.pk}") == ["Theirs"]
    assert names(lead, List.SILENT) == ["Ours"]
    assert names(lead, List.SILENT, whose="mine") == []
    assert names(worker, List.TEAM, whose=f"team:{other.pk}") == ["Ours"]
    assert names(worker, List.SILENT, whose=f"team:{other.pk}") == ["Ours"]
    house = builders.an_organisation("liperi", kind=Organisation.Kind.MUNICIPALITY, mandates=[builders.JOENSUU])
    theirs = builders.a_team("Elsewhere", house)
    a_case("Not ours", builders.a_worker(organisation=house, team=theirs))
    assert names(lead, List.TEAM, whose=f"team:{theirs.pk}") == []


def test_a_list_is_narrowed_and_searched(worker: Worker) -> None:
    a_case("Олена Шевченко", worker, municipality="426", service_languages=["ru", "uk"])
    a_case("Fatima", worker, service_languages=["ar"])
    assert names(worker, List.MINE, municipality="426") == ["Олена Шевченко"]
    assert names(worker, List.MINE, language="uk") == ["Олена Шевченко"]
    assert names(worker, List.MINE, reason="housing") == []
    assert names(worker, List.MINE, q="шевч") == ["Олена Шевченко"]
    assert names(worker, List.MINE, q="Fat") == ["Fatima"]
    assert names(worker, List.MINE, q="100 %") == []


@pytest.mark.parametrize("sort", sorted(worklists.SORTS))
@pytest.mark.parametrize("tab", List.values)
def test_every_list_opens_in_every_order(worker: Worker, tab: str, sort: str) -> None:
    a_case("Olena", worker)
    answer = builders.signed_in(worker).get(reverse("cases:list"), {"tab": tab, "sort": sort, "q": "o", "worker": "x"})
    assert answer.status_code == 200


def queries_of(browser: Client, tab: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert browser.get(reverse("cases:list"), {"tab": tab}).status_code == 200
    return len(captured)


@pytest.mark.parametrize("tab", List.values)
def test_a_list_of_many_costs_as_many_queries_as_a_list_of_one(tab: str) -> None:
    lead = builders.a_worker(Role.TEAM_LEAD, team=builders.a_team())
    browser, gone = builders.signed_in(lead), builders.a_worker(team=lead.team)
    gone.is_active = False
    gone.save()

    def fill(number: int) -> None:
        for each in range(number):
            for worker in (lead, gone):
                case = a_case(f"Client {each}", worker, last=LONG_AGO, ground_ends_on=TODAY)
            with builders.as_worker(lead):
                actions.propose_transfer(case, worker=lead, why="load", version=1, by=lead)

    fill(1)
    queries_of(browser, tab)
    one = queries_of(browser, tab)
    fill(20)
    assert queries_of(browser, tab) == one
    assert one <= 30


def test_a_list_leaves_one_line_with_codes_only(worker: Worker) -> None:
    a_case("Olena", worker)
    builders.signed_in(worker).get(reverse("cases:list"), {"tab": "mine", "q": "Olena", "municipality": "167"})
    (line,) = builders.audit_lines()
    assert line.action == "cases.listed"
    assert line.details == {"list": "mine", "filters": ["q", "municipality"], "page": 1}


def test_the_numbers_beside_the_lists_are_those_of_the_lists(worker: Worker) -> None:
    lead = builders.a_worker(Role.TEAM_LEAD, team=worker.team)
    for viewer in (worker, lead):
        a_case("Silent", viewer, last=LONG_AGO)
        a_case("Ending", viewer, ground_ends_on=TODAY)
    for viewer in (worker, lead):
        with builders.as_worker(viewer):
            numbers = worklists.counts(viewer)
        assert numbers == {code: len(names(viewer, code)) for code in List.values}


def test_a_lead_saves_a_list_as_a_file_in_which_no_formula_runs(worker: Worker) -> None:
    lead = builders.a_worker(Role.TEAM_LEAD, team=worker.team)
    a_case("=HYPERLINK(1)", worker, ground_ends_on=TODAY)
    answer = builders.signed_in(lead).get(reverse("cases:export"), {"tab": "team"})
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0][:3] == ["Name", "Born", "Municipality"]
    assert rows[1][0] == "'=HYPERLINK(1)"
    assert rows[1][-1] == TODAY.isoformat()
    assert builders.audit_actions() == ["cases.exported"]
    assert builders.signed_in(worker).get(reverse("cases:export")).status_code == 403
