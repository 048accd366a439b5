"""Codes of authorities: sealed, one of each kind, masked, in full by asking which leaves a line."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404

from kotisatama.kernel.errors import NotAllowed
from kotisatama.people import actions
from kotisatama.people.models import Identifier, Person, PersonChange
from kotisatama.staff.models import Worker
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker() -> Worker:
    return builders.a_worker()


@pytest.fixture
def person(worker: Worker) -> Person:
    person = builders.a_person()
    builders.a_case(person, worker)
    return person


def write(person: Person, worker: Worker, kind: str, code: str, **given: Any) -> None:
    with builders.as_worker(worker):
        actions.set_identifier(person, kind=kind, code=code, by=worker, **given)


@pytest.mark.parametrize(
    ("kind", "code", "kept"),
    [
        ("hetu", "010594y9032", "010594Y9032"),
        ("migri", "123 4567", "1234567"),
        ("unhcr", "186-00c01234", "186-00C01234"),
        ("passport", "fa 123456", "FA123456"),
    ],
)
def test_a_code_is_sealed_and_shown_by_asking(person: Person, worker: Worker, kind: str, code: str, kept: str) -> None:
    write(person, worker, kind, code, issuing_country="UA" if kind == "passport" else "")
    with builders.as_worker(worker):
        row = Identifier.objects.get()
        assert kept.encode() not in bytes(row.sealed)
        assert actions.show_identifier(person, row.pk, by=worker) == kept
    line = builders.audit_lines()[-1]
    assert line.details == {"kind": kind, "purpose": "own_case"}
    assert line.action == ("person.identity_code_viewed" if kind == "hetu" else "person.identifier_viewed")


@pytest.mark.parametrize(
    ("kind", "code"), [("migri", "12"), ("migri", "12a45"), ("unhcr", "?"), ("passport", "1"), ("hetu", "010594Y9033")]
)
def test_a_code_without_its_form_is_refused(person: Person, worker: Worker, kind: str, code: str) -> None:
    with pytest.raises(NotAllowed):
        write(person, worker, kind, code, issuing_country="UA" if kind == "passport" else "")


def test_a_passport_needs_its_country_and_a_person_may_have_two(person: Person, worker: Worker) -> None:
    with pytest.raises(NotAllowed, match="country"):
        write(person, worker, "passport", "FA123456")
    write(person, worker, "passport", "FA123456", issuing_country="UA")
    write(person, worker, "passport", "FA123456", issuing_country="RU")
    with builders.as_worker(worker):
        assert Identifier.objects.count() == 2


def test_two_clients_of_a_controller_do_not_share_a_code(person: Person, worker: Worker) -> None:
    write(person, worker, "migri", "1234567")
    other = builders.a_person("Natalia")
    builders.a_case(other, worker)
    with pytest.raises(NotAllowed, match="Another client"):
        write(other, worker, "migri", "1234567")


def test_the_same_code_again_changes_nothing_and_an_empty_one_takes_it_away(person: Person, worker: Worker) -> None:
    write(person, worker, "migri", "1234567")
    write(person, worker, "migri", "1234567")
    write(person, worker, "migri", "")
    assert builders.audit_actions().count("identifier.changed") == 2
    with builders.as_worker(worker):
        assert not Identifier.objects.exists()
        kept = [change.before["identifier"]["code"] for change in PersonChange.objects.order_by("at")]
    assert kept == ["", "••••567"]


def test_a_hetu_tells_a_birthday_that_was_not_known(person: Person, worker: Worker) -> None:
    write(person, worker, "hetu", "010594Y9032")
    with builders.as_worker(worker):
        known = Person.objects.get()
    assert str(known.date_of_birth) == "1994-05-01"
    assert known.version == 2


def test_an_outsider_asks_in_vain(person: Person, worker: Worker) -> None:
    write(person, worker, "migri", "1234567")
    outsider = builders.an_outsider()
    with pytest.raises(PermissionDenied):
        write(person, outsider, "migri", "7654321")
    with builders.as_worker(outsider), pytest.raises(Http404):
        actions.show_identifier(person, person.pk, by=outsider)


def test_the_database_refuses_a_passport_of_nowhere(person: Person, worker: Worker) -> None:
    with builders.as_worker(worker), pytest.raises(IntegrityError), transaction.atomic():
        Identifier.objects.create(
            controller_id="167", person=person, kind="passport", sealed=b"x", blind_index=b"x" * 32
        )
