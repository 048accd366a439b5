"""Many cases are given to others at once: planned, shown, done whole, and taken back."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from kotisatama.cases import actions, assigning
from kotisatama.cases.assigning import Move
from kotisatama.cases.models import Case, Overlap, Step
from kotisatama.kernel import identifiers
from kotisatama.kernel.errors import ChangedMeanwhile, NotAllowed
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Role
from tests import builders

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()


@pytest.fixture
def lead() -> Worker:
    return builders.a_worker(Role.TEAM_LEAD, team=builders.a_team())


def cases_of(worker: Worker, number: int) -> list[Case]:
    return [builders.a_case(builders.a_person(f"Client {each}"), worker) for each in range(number)]


def responsible(*cases: Case) -> list[int]:
    found = dict(Case.objects.values_list("pk", "worker_id"))
    return [found[case.pk] for case in cases]


def test_the_least_loaded_gets_the_next_one_and_the_plan_is_the_same_again(lead: Worker) -> None:
    first, second = (builders.a_worker(team=lead.team) for _number in range(2))
    cases = cases_of(lead, 4)
    for _number in range(2):
        plan = assigning.plan(cases, [first, second], {first.pk: 2})
        assert [worker for _case, worker in plan] == [second, second, first, second]


def test_who_has_a_case_already_keeps_it(lead: Worker) -> None:
    worker = builders.a_worker(team=lead.team)
    assert assigning.plan(cases_of(worker, 2), [worker, lead], {}) == []


def test_cases_are_given_whole_with_a_line_each_and_the_same_batch_is_done_once(lead: Worker) -> None:
    worker, batch = builders.a_worker(team=lead.team), identifiers.new_id()
    cases = cases_of(lead, 3)
    moves = [Move(case.pk, 1, worker.pk) for case in cases]
    with builders.as_worker(lead):
        actions.assign(moves, batch=batch, by=lead)
        actions.assign(moves, batch=batch, by=lead)
        assert responsible(*cases) == [worker.pk] * 3
        assert Overlap.objects.filter(worker=lead).count() == 3
    assert builders.audit_actions() == ["case.assigned"] * 3


def test_a_case_changed_meanwhile_stops_all(lead: Worker) -> None:
    worker = builders.a_worker(team=lead.team)
    cases = cases_of(lead, 2)
    moves = [Move(cases[0].pk, 1, worker.pk), Move(cases[1].pk, 7, worker.pk)]
    with builders.as_worker(lead):
        with pytest.raises(ChangedMeanwhile):
            actions.assign(moves, batch=identifiers.new_id(), by=lead)
        assert responsible(*cases) == [lead.pk] * 2
    assert builders.audit_actions() == []


def test_nobody_gets_a_case_who_may_not_have_it(lead: Worker) -> None:
    (case,) = cases_of(lead, 1)
    for receiver in (builders.a_worker(Role.REPORT_READER), builders.an_outsider()):
        with builders.as_worker(lead), pytest.raises(NotAllowed, match="cannot have these cases"):
            actions.assign([Move(case.pk, 1, receiver.pk)], batch=identifiers.new_id(), by=lead)


def test_who_does_not_lead_gives_on_only_the_cases_of_a_worker_who_has_left(lead: Worker) -> None:
    worker, gone = (builders.a_worker(team=lead.team) for _number in range(2))
    (theirs,), (left,) = cases_of(lead, 1), cases_of(gone, 1)
    gone.is_active = False
    gone.save()
    with builders.as_worker(worker):
        with pytest.raises(PermissionDenied):
            actions.assign([Move(theirs.pk, 1, worker.pk)], batch=identifiers.new_id(), by=worker)
        actions.assign([Move(left.pk, 1, worker.pk)], batch=identifiers.new_id(), by=worker)
        assert responsible(left) == [worker.pk]
        assert not Overlap.objects.exists()


def test_a_batch_goes_back_but_for_what_moved_since(lead: Worker) -> None:
    worker, other, batch = builders.a_worker(team=lead.team), builders.a_worker(team=lead.team), identifiers.new_id()
    cases = cases_of(lead, 2)
    with builders.as_worker(lead):
        actions.assign([Move(case.pk, 1, worker.pk) for case in cases], batch=batch, by=lead)
        actions.assign([Move(cases[1].pk, 2, other.pk)], batch=identifiers.new_id(), by=lead)
        assert actions.assign_back(batch, by=lead) == 1
        assert actions.assign_back(batch, by=lead) == 0
        assert responsible(*cases) == [lead.pk, other.pk]
    assert builders.audit_actions().count("case.assigned_back") == 1


def test_nobody_takes_back_what_another_assigned(lead: Worker) -> None:
    worker, batch = builders.a_worker(team=lead.team), identifiers.new_id()
    (case,) = cases_of(lead, 1)
    with builders.as_worker(lead):
        actions.assign([Move(case.pk, 1, worker.pk)], batch=batch, by=lead)
    with builders.as_worker(worker):
        assert actions.assign_back(batch, by=worker) == 0
        assert responsible(case) == [worker.pk]


def test_cases_are_assigned_on_the_screen_and_taken_back(lead: Worker) -> None:
    worker, browser = builders.a_worker(team=lead.team), builders.signed_in(lead)
    cases = cases_of(lead, 3)
    assert 'form="choose"' in browser.get(reverse("cases:list")).content.decode()
    page = reverse("cases:assign") + f"?tab=mine&case={cases[0].pk}&case={cases[1].pk}"
    assert "Show who gets what" in browser.get(page).content.decode()
    preview = browser.get(f"{page}&to=worker:{worker.pk}").content.decode()
    sent = {
        "key": re.findall(r'name="key" value="([^"]+)"', preview)[0],
        "move": re.findall(r'name="move" value="([^"]+)"', preview),
    }
    assert len(sent["move"]) == 2
    receipt = browser.post(f"{page}&to=worker:{worker.pk}", sent)["Location"]
    assert browser.post(f"{page}&to=worker:{worker.pk}", sent)["Location"] == receipt
    assert "Take it back" in browser.get(receipt).content.decode()
    with builders.as_worker(lead):
        assert responsible(*cases) == [worker.pk, worker.pk, lead.pk]
    assert browser.post(f"{receipt}undo/")["Location"] == receipt
    assert "went back" in browser.get(receipt).content.decode()
    with builders.as_worker(lead):
        assert responsible(*cases) == [lead.pk] * 3


def test_a_rule_takes_the_whole_list_and_shares_it_in_the_team(lead: Worker) -> None:
    worker = builders.a_worker(team=lead.team)
    cases_of(lead, 2)
    builders.a_case(builders.a_person("Far", municipality="426"), worker, opened_on=TODAY - timedelta(days=1))
    address = reverse("cases:assign") + f"?tab=team&municipality=426&to=team:{lead.team_id}"
    text = builders.signed_in(lead).get(address).content.decode()
    assert "1 case stays where it is." in text
    assert builders.audit_actions() == ["cases.listed"]


def test_after_a_clash_the_plan_is_made_anew(lead: Worker) -> None:
    worker, browser = builders.a_worker(team=lead.team), builders.signed_in(lead)
    (case,) = cases_of(lead, 1)
    address = reverse("cases:assign") + f"?tab=mine&to=worker:{worker.pk}"
    sent = {"key": str(identifiers.new_id()), "move": [f"{case.pk}:9:{worker.pk}"]}
    text = browser.post(address, sent).content.decode()
    assert "changed meanwhile" in text
    assert f"{case.pk}:1:{worker.pk}" in text


def test_what_is_no_plan_does_nothing(lead: Worker) -> None:
    cases_of(lead, 1)
    for sent in ({}, {"key": "x", "move": "y"}, {"key": str(identifiers.new_id()), "move": "a:b:c"}):
        assert builders.signed_in(lead).post(reverse("cases:assign"), sent).status_code == 200
    with builders.as_worker(lead):
        assert not Step.objects.exists()
