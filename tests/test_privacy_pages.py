"""The data protection officer's page: a dry run, the rules, the holds."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kotisatama.kernel import identifiers
from kotisatama.kernel.errors import NotAllowed
from kotisatama.people.models import Person
from kotisatama.privacy import actions, queries
from kotisatama.privacy.models import Hold, RetentionRule
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Role
from tests import builders

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def officer() -> Worker:
    return builders.a_worker(Role.DATA_PROTECTION_OFFICER)


def an_old_client(**fields: Any) -> Person:
    person = builders.a_person(**fields)
    moment = timezone.make_aware(datetime.combine(date(2012, 5, 2), time(12)))
    with builders.as_worker(builders.a_worker()):
        Person.objects.filter(pk=person.pk).update(created_at=moment)
    builders.a_contact(person=person, at=moment)
    return person


def page(client: Client, **asked: str) -> str:
    answer = client.get(reverse("privacy:retention"), asked)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_the_page_tells_what_goes_tonight_and_names_nobody(officer: Worker) -> None:
    an_old_client(name="Zebulon Unmistakable")
    an_old_client(name="Zebulon Unmistakable", controller=builders.KITEE)
    shown = page(builders.signed_in(officer))
    assert "Clients with all that hangs on them" in shown
    assert "Joensuu" in shown
    assert "Kitee" not in shown
    assert "Zebulon" not in shown
    assert builders.audit_actions() == ["retention.viewed"]


def test_another_day_can_be_looked_at(officer: Worker) -> None:
    an_old_client()
    assert "Nothing is to be deleted." in page(builders.signed_in(officer), on="2017-01-01")
    assert "Enter a valid date" in page(builders.signed_in(officer), on="soon")


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.DATA_PROTECTION_OFFICER])
def test_nobody_else_gets_to_the_page(role: str) -> None:
    client = builders.signed_in(builders.a_worker(role))
    assert client.get(reverse("privacy:retention")).status_code == 403
    assert client.get(reverse("privacy:change_period")).status_code == 403


def test_the_number_of_queries_does_not_grow_with_the_number_of_clients(
    officer: Worker, django_assert_max_num_queries: Any
) -> None:
    for _ in range(12):
        an_old_client()
    client = builders.signed_in(officer)
    page(client)
    with django_assert_max_num_queries(75):
        page(client)


def test_a_period_changes_from_a_day_to_come(officer: Worker) -> None:
    tomorrow = timezone.localdate() + DAY
    sent = {"code": "client", "amount": 10, "unit": "years", "valid_from": tomorrow, "legal_source": "681/2023"}
    client = builders.signed_in(officer)
    for _ in range(2):
        assert client.post(reverse("privacy:change_period"), sent).status_code == 302
    old, new = RetentionRule.objects.filter(code="client")
    assert (old.valid_to, new.valid_from, new.amount, new.after) == (tomorrow - DAY, tomorrow, 10, "activity")
    assert builders.audit_actions() == ["retention.changed"]
    client.post(reverse("privacy:change_period"), sent | {"amount": 7})
    assert RetentionRule.objects.get(code="client", valid_to=None).amount == 7


def test_a_period_does_not_begin_today_and_what_was_typed_is_kept(officer: Worker) -> None:
    today = timezone.localdate()
    sent = {"code": "client", "amount": 3, "unit": "months", "valid_from": today, "legal_source": "Own decision"}
    shown = builders.signed_in(officer).post(reverse("privacy:change_period"), sent).content.decode()
    assert "begins tomorrow at the earliest" in shown
    assert "Own decision" in shown
    assert RetentionRule.objects.filter(code="client").count() == 1


def test_a_hold_is_made_once_and_ended_by_the_officer(officer: Worker) -> None:
    person, key = an_old_client(), identifiers.new_id()
    until = timezone.localdate() + 30 * DAY
    with builders.as_worker(officer):
        for _ in range(2):
            made = actions.hold(
                person.pk, key=key, controller=person.controller_id, reason="claim", until=until, by=officer
            )
        assert queries.due(on=until, controllers=[person.controller_id]) == []
        assert queries.hold_of(person.pk, on=until) == made
    client = builders.signed_in(officer)
    assert "A legal claim or an appeal is open" in page(client)
    client.post(reverse("privacy:release", args=[made.pk]))
    client.post(reverse("privacy:release", args=[made.pk]))
    with builders.as_worker(officer):
        assert queries.hold_of(person.pk, on=until) is None
    assert builders.audit_actions() == ["person.held", "retention.viewed", "person.released"]


def test_a_hold_has_an_end_and_is_not_everybodys(officer: Worker) -> None:
    person, today = an_old_client(), timezone.localdate()
    given: dict[str, Any] = {"key": identifiers.new_id(), "controller": "167", "reason": "claim"}
    with builders.as_worker(officer):
        for until, sentence in [(today - DAY, "has passed"), (today + 800 * DAY, "two years at most")]:
            with pytest.raises(NotAllowed, match=sentence):
                actions.hold(person.pk, until=until, by=officer, **given)
        for other in (builders.a_worker(Role.TEAM_LEAD), builders.an_outsider(Role.DATA_PROTECTION_OFFICER)):
            with pytest.raises(PermissionDenied):
                actions.hold(person.pk, until=today, by=other, **given)
        assert not Hold.objects.exists()


def test_the_day_on_which_a_client_goes_is_known(officer: Worker) -> None:
    person, worker = an_old_client(), builders.a_worker()
    with builders.as_worker(officer):
        assert queries.goes_on(person.pk) == date(2017, 5, 2)
    case = builders.a_case(person, worker, opened_on=date(2013, 1, 1))
    with builders.as_worker(officer):
        assert queries.goes_on(person.pk) is None
        type(case).objects.update(closed_on=date(2014, 2, 3), outcome="settled")
        assert queries.goes_on(person.pk) == date(2019, 2, 3)
