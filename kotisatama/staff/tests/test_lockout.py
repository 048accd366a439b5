"""Lock-out: counted in the database, so for every process, browser and address together."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from kotisatama.kernel.errors import NotAllowed
from kotisatama.staff import lockout
from kotisatama.staff.models import SignInAttempt
from kotisatama.staff.tests import signing_in

pytestmark = pytest.mark.django_db
SENTENCE = "Too many tries did not succeed. Wait 15 minutes and try again."


def fail(email: str, times: int) -> None:
    for number in range(times):
        signing_in.sign_in(Client(REMOTE_ADDR=f"192.0.2.{number + 1}"), email, "a wrong password")


def test_five_failures_from_five_browsers_close_the_door_to_the_right_password() -> None:
    worker, client = signing_in.a_worker_with_password(), Client(headers={"Accept-Language": "en"})
    fail(worker.email, 5)
    answer = signing_in.sign_in(client, worker.email)
    assert SENTENCE in answer.content.decode()
    assert not signing_in.is_signed_in(client)


def test_four_failures_leave_the_door_open_and_a_success_forgets_them() -> None:
    worker, client = signing_in.a_worker_with_password(), Client()
    fail(worker.email, 4)
    signing_in.sign_in(client, worker.email)
    assert signing_in.is_signed_in(client)
    fail(worker.email, 4)
    again = Client()
    signing_in.sign_in(again, worker.email)
    assert signing_in.is_signed_in(again)


def test_address_that_nobody_has_is_locked_like_any_other() -> None:
    fail("nobody@test.example", 5)
    answer = signing_in.sign_in(Client(headers={"Accept-Language": "en"}), "Nobody@test.example")
    assert SENTENCE in answer.content.decode()


def test_after_a_quarter_of_an_hour_the_door_opens() -> None:
    worker, client = signing_in.a_worker_with_password(), Client()
    fail(worker.email, 5)
    SignInAttempt.objects.update(at=timezone.now() - timedelta(minutes=15, seconds=1))
    signing_in.sign_in(client, worker.email)
    assert signing_in.is_signed_in(client)


def test_tries_during_the_lock_do_not_prolong_it() -> None:
    worker = signing_in.a_worker_with_password()
    fail(worker.email, 5)
    before = SignInAttempt.objects.count()
    fail(worker.email, 3)
    assert SignInAttempt.objects.count() == before


def test_one_address_trying_one_password_on_many_names_is_locked() -> None:
    for number in range(30):
        signing_in.sign_in(Client(REMOTE_ADDR="192.0.2.77"), f"name{number}@test.example", "spring 2026")
    worker, client = signing_in.a_worker_with_password(), Client(REMOTE_ADDR="192.0.2.77")
    signing_in.sign_in(client, worker.email)
    assert not signing_in.is_signed_in(client)
    elsewhere = Client(REMOTE_ADDR="192.0.2.78")
    signing_in.sign_in(elsewhere, worker.email)
    assert signing_in.is_signed_in(elsewhere)


def test_neither_the_address_nor_the_network_address_is_kept_in_clear() -> None:
    fail("somebody@test.example", 1)
    kept = " ".join(SignInAttempt.objects.values_list("key", flat=True))
    assert "somebody" not in kept
    assert "192.0.2" not in kept


def test_slow_failures_do_not_lock() -> None:
    for minutes in (64, 48, 32, 16, 1):
        lockout.count_failure(lockout.EMAIL, "slow@test.example")
        SignInAttempt.objects.filter(at__gt=timezone.now() - timedelta(seconds=30)).update(
            at=timezone.now() - timedelta(minutes=minutes)
        )
    lockout.check(lockout.EMAIL, "slow@test.example")


def test_counter_forgets_old_failures_by_itself() -> None:
    lockout.count_failure(lockout.EMAIL, "old@test.example")
    SignInAttempt.objects.update(at=timezone.now() - timedelta(hours=2))
    lockout.count_failure(lockout.EMAIL, "new@test.example")
    assert SignInAttempt.objects.count() == 1


def test_used_code_is_refused_for_a_while() -> None:
    assert lockout.use_once(1, "123456")
    assert not lockout.use_once(1, "123456")
    assert lockout.use_once(2, "123456")


def test_codes_are_counted_by_worker() -> None:
    for _ in range(5):
        lockout.count_failure(lockout.CODE, 1)
    with pytest.raises(NotAllowed):
        lockout.check(lockout.CODE, 1)
    lockout.check(lockout.CODE, 2)
