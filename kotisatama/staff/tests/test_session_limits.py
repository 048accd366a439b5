"""A session ends eight hours after sign-in, and after an hour in which nothing happened."""

import time

import pytest
from django.test import Client
from django.urls import reverse

from kotisatama.staff import sessions
from kotisatama.staff.models import SignInEvent, Worker
from tests import builders

pytestmark = pytest.mark.django_db
MINUTE, HOUR = 60, 3_600


def a_client_whose_session(*, began: int, seen: int) -> Client:
    """A signed-in browser; the ages are in seconds."""
    client = builders.signed_in(builders.a_worker())
    session = client.session
    session[sessions.BEGAN], session[sessions.SEEN] = int(time.time()) - began, int(time.time()) - seen
    session.save()
    return client


@pytest.mark.parametrize(
    ("began", "seen", "opens"),
    [
        (2 * HOUR, 59 * MINUTE, True),
        (2 * HOUR, 60 * MINUTE, False),
        (8 * HOUR - MINUTE, 0, True),
        (8 * HOUR, 0, False),
    ],
)
def test_limits_to_the_minute(began: int, seen: int, opens: bool) -> None:
    client = a_client_whose_session(began=began, seen=seen)
    assert (client.get(reverse("staff:profile")).status_code == 200) is opens


def test_page_after_an_idle_hour_says_why_and_leads_back() -> None:
    client = a_client_whose_session(began=2 * HOUR, seen=2 * HOUR)
    answer = client.get(reverse("staff:profile"), {"a": "1"}, follow=True)
    assert "You were signed out because nothing happened in an hour." in answer.content.decode()
    assert answer.request["QUERY_STRING"] == "next=%2Fdesk%2Fstaff%2Fprofile%2F%3Fa%3D1"


def test_what_was_sent_too_late_is_not_saved_and_the_page_says_so() -> None:
    client = a_client_whose_session(began=2 * HOUR, seen=2 * HOUR)
    answer = client.post(reverse("staff:profile"), {"language": "sv", "version": "1"}, follow=True)
    assert "What you sent last was not saved" in answer.content.decode()
    assert not Worker.objects.filter(language="sv").exists()


def test_page_after_eight_hours_says_why() -> None:
    client = a_client_whose_session(began=9 * HOUR, seen=0)
    answer = client.get(reverse("staff:profile"), follow=True)
    assert "You were signed out because you had been signed in for eight hours." in answer.content.decode()


def test_opening_pages_keeps_the_session_alive() -> None:
    client = a_client_whose_session(began=2 * HOUR, seen=50 * MINUTE)
    client.get(reverse("staff:profile"))
    assert time.time() - client.session[sessions.SEEN] < MINUTE


def test_session_is_not_written_at_every_page() -> None:
    client = a_client_whose_session(began=2 * HOUR, seen=30)
    before = client.session[sessions.SEEN]
    client.get(reverse("staff:profile"))
    assert client.session[sessions.SEEN] == before


def test_partial_update_moves_the_whole_page_to_sign_in() -> None:
    client = a_client_whose_session(began=2 * HOUR, seen=2 * HOUR)
    answer = client.get(reverse("staff:profile"), headers={"HX-Request": "true"})
    assert answer["HX-Redirect"].startswith(reverse("account_login"))
    assert not answer.content


def test_end_of_a_session_is_kept_among_the_sign_ins() -> None:
    a_client_whose_session(began=2 * HOUR, seen=2 * HOUR).get(reverse("staff:profile"))
    assert SignInEvent.objects.get().method == "session.idle"
