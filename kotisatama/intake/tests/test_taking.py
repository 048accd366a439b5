"""Taking a submission, putting it back, taking it over, ending and reopening it."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.urls import reverse
from django.utils import timezone, translation

from kotisatama.intake import actions
from kotisatama.intake.models import Item
from kotisatama.intake.tests import rows
from kotisatama.kernel import row_security
from kotisatama.kernel.errors import ChangedMeanwhile, NotAllowed
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Role
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def aino() -> Worker:
    rows.a_main_service_point()
    return builders.a_worker(name="Aino Niemi")


@pytest.fixture
def petra(aino: Worker) -> Worker:
    return builders.a_worker(Role.TEAM_LEAD, name="Petra Kettunen")


def act(worker: Worker, action: Callable[..., Item], item: Item, **arguments: Any) -> Item:
    with builders.as_worker(worker):
        return action(item, by=worker, **arguments)


def now(item: Item) -> Item:
    with row_security.context(controllers=[builders.LIPERI]):
        return Item.objects.select_related("claimed_by").get(pk=item.pk)


def actions_of(worker: Worker) -> list[str]:
    return [line.action for line in builders.audit_lines() if line.worker_id == worker.pk]


def test_whoever_takes_it_has_it_and_taking_it_twice_is_taking_it_once(aino: Worker) -> None:
    item = rows.an_item()
    act(aino, actions.claim, item)
    act(aino, actions.claim, item)
    assert (now(item).state, now(item).claimed_by, now(item).version) == ("claimed", aino, 2)
    assert actions_of(aino) == ["submission.claimed"]


def test_the_second_is_told_who_has_it_and_since_when(aino: Worker, petra: Worker) -> None:
    item = rows.an_item()
    act(aino, actions.claim, item)
    with pytest.raises(NotAllowed, match=r"Aino N\. took this a moment ago"):
        act(petra, actions.claim, item)
    assert now(item).claimed_by == aino


def test_a_colleagues_page_shows_who_has_it_and_offers_nothing_to_do(aino: Worker) -> None:
    item, colleague = rows.an_item(), builders.a_worker()
    act(aino, actions.claim, item)
    page = builders.signed_in(colleague).get(reverse("intake:item", args=[item.pk])).content.decode()
    assert "Aino N. has taken this" in page
    for step in ("claim", "release", "take_over", "finish", "make_person", "record", "answer_by_email"):
        assert reverse(f"intake:{step}", args=[item.pk]) not in page


STEPS: dict[str, tuple[Callable[..., Item], dict[str, Any]]] = {
    "claim": (actions.claim, {}),
    "release": (actions.release, {"version": 0}),
    "take_over": (actions.take_over, {"version": 0, "reason": "urgent"}),
    "finish": (actions.finish, {"version": 0, "ending": "duplicate"}),
    "reopen": (actions.reopen, {"version": 0}),
}
MINE, COLLEAGUES, OLD, NEW, DONE = "mine", "a colleague's", "a colleague's since yesterday", "new", "done"
ALLOWED = {
    "claim": {NEW: True, MINE: True, COLLEAGUES: False, OLD: False, DONE: False},
    "release": {NEW: True, MINE: True, COLLEAGUES: False, OLD: False, DONE: False},
    "take_over": {NEW: False, MINE: True, COLLEAGUES: False, OLD: True, DONE: False},
    "finish": {NEW: False, MINE: True, COLLEAGUES: False, OLD: False, DONE: False},
    "reopen": {NEW: False, MINE: True, COLLEAGUES: False, OLD: False, DONE: True},
}


def in_state(state: str, aino: Worker, colleague: Worker) -> Item:
    item = rows.an_item()
    if state != NEW:
        act(aino if state == MINE else colleague, actions.claim, item)
    if state == DONE:
        act(colleague, actions.finish, item, version=2, ending="misuse")
    if state == OLD:
        with row_security.context(controllers=[builders.LIPERI]):
            Item.objects.update(claimed_at=timezone.now() - timedelta(hours=25))
    return now(item)


@pytest.mark.parametrize(
    ("step", "state", "allowed"),
    [(step, state, allowed) for step, states in ALLOWED.items() for state, allowed in states.items()],
)
def test_what_a_counsellor_may_do_in_each_state(aino: Worker, step: str, state: str, allowed: bool) -> None:
    item = in_state(state, aino, builders.a_worker())
    action, arguments = STEPS[step]
    given = arguments | ({"version": item.version} if "version" in arguments else {})
    if allowed:
        act(aino, action, item, **given)
    else:
        with pytest.raises(NotAllowed):
            act(aino, action, item, **given)


@pytest.mark.parametrize("step", STEPS)
def test_without_a_mandate_no_step_is_possible(aino: Worker, step: str) -> None:
    item, outsider = in_state(MINE, aino, aino), builders.an_outsider()
    action, arguments = STEPS[step]
    with pytest.raises(PermissionDenied):
        act(outsider, action, item, **arguments)


@pytest.mark.parametrize("step", ["release", "take_over", "finish", "reopen"])
def test_a_page_of_an_older_version_changes_nothing(aino: Worker, petra: Worker, step: str) -> None:
    item = in_state({"reopen": DONE, "take_over": COLLEAGUES}.get(step, MINE), aino, builders.a_worker())
    action, arguments = STEPS[step]
    worker = petra if step in {"take_over", "reopen"} else aino
    with pytest.raises(ChangedMeanwhile):
        act(worker, action, item, **arguments | {"version": item.version - 1})
    assert now(item).version == item.version


def test_a_team_lead_takes_over_with_a_reason_that_the_line_tells(aino: Worker, petra: Worker) -> None:
    item = rows.an_item()
    act(aino, actions.claim, item)
    url = reverse("intake:take_over", args=[item.pk])
    builders.signed_in(petra).post(url, {"version": 2, "reason": ""})
    assert now(item).claimed_by == aino
    builders.signed_in(petra).post(url, {"version": 2, "reason": "absent"})
    assert now(item).claimed_by == petra
    assert builders.audit_lines()[-1].details == {"reason": "absent", "worker": aino.pk}


def test_help_that_was_not_recorded_cannot_end_as_helped(aino: Worker) -> None:
    item = rows.an_item()
    act(aino, actions.claim, item)
    with pytest.raises(NotAllowed, match="Record the contact first"):
        act(aino, actions.finish, item, version=2, ending="helped")


def test_the_same_step_twice_is_one_step(aino: Worker) -> None:
    item, client = rows.an_item(), builders.signed_in(aino)
    for step, sent in [("claim", {}), ("finish", {"ending": "duplicate"}), ("reopen", {}), ("release", {})]:
        data = {"version": now(item).version, **sent}
        for _ in range(2):
            client.post(reverse(f"intake:{step}", args=[item.pk]), data)
    changed = [action for action in actions_of(aino) if action.startswith("submission.")]
    assert changed == ["submission.claimed", "submission.finished", "submission.reopened", "submission.released"]


def test_a_page_that_was_tampered_with_is_refused(aino: Worker) -> None:
    item, client = rows.an_item(), builders.signed_in(aino)
    for data in ({}, {"version": "x"}, {"version": 1, "state": "done"}):
        client.post(reverse("intake:claim", args=[item.pk]), data)
    assert now(item).state == "new"


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_it_at_once_one_has_it() -> None:
    rows.a_main_service_point()
    workers = [builders.a_worker(name=name) for name in ("Aino Niemi", "Petra Kettunen")]
    for _ in range(6):  # Once in two the first is through before the second begins: no race.
        item = rows.an_item()
        heard = race(item, workers)
        winner = now(item).claimed_by
        assert winner is not None
        first, last = winner.name.split()
        assert sorted(heard, key=len) == ["taken", f"{first} {last[0]}. took this a moment ago."]
    assert [line.action for line in builders.audit_lines()].count("submission.claimed") == 6


def race(item: Item, workers: list[Worker]) -> list[str]:
    """Let the workers take the item at once, each on a connection of its own; what each is told."""
    start, heard = threading.Barrier(len(workers)), []

    def take(worker: Worker) -> None:
        try:
            start.wait()
            with translation.override("en"):
                act(worker, actions.claim, item)
            heard.append("taken")
        except NotAllowed as reason:
            heard.append(str(reason))
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=[worker]) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return heard
