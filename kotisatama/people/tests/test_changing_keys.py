"""Keys change: everything is sealed anew in batches, found in between, and never in the database."""

import io
import json
from typing import Any

import pytest
from django.core.management import call_command

from kotisatama.kernel.errors import NotAllowed
from kotisatama.people import actions, queries, rotation, sealing
from kotisatama.people.models import Identifier, Person
from kotisatama.staff.models import Worker
from tests import builders

pytestmark = pytest.mark.django_db

CODES = ["010594Y9032", "010594Y9021", "020594X903P"]
NEW = "a key of today that is long enough for production"


@pytest.fixture
def worker() -> Worker:
    return builders.a_worker()


@pytest.fixture
def people(worker: Worker) -> list[Person]:
    with builders.as_worker(worker):
        made = [
            actions.make_person(controller=controller, name="Olena", hetu=code, by=worker)
            for code, controller in zip(CODES, ["167", "167", "426"], strict=True)
        ]
        actions.set_identifier(made[0], kind="passport", code="FA123456", issuing_country="UA", by=worker)
    return made


@pytest.fixture
def changed(people: list[Person], settings: Any) -> str:
    old, settings.IDENTITY_CODE_KEY = settings.IDENTITY_CODE_KEY, NEW
    settings.IDENTITY_CODE_OLDER_KEYS = [old]
    return str(old)


def rows(worker: Worker) -> list[Identifier]:
    with builders.as_worker(worker):
        return list(Identifier.objects.order_by("pk"))


def test_everything_is_sealed_anew_and_a_second_time_changes_nothing(changed: str, worker: Worker) -> None:
    assert rotation.rotate(batch=1) == rotation.Rotated(resealed=4, current=0)
    after = [(bytes(row.sealed), bytes(row.blind_index)) for row in rows(worker)]
    assert rotation.rotate() == rotation.Rotated(resealed=0, current=4)
    assert [(bytes(row.sealed), bytes(row.blind_index)) for row in rows(worker)] == after


def test_without_the_old_key_all_is_read_and_found_afterwards(
    changed: str, people: list[Person], worker: Worker, settings: Any
) -> None:
    rotation.rotate()
    settings.IDENTITY_CODE_OLDER_KEYS = []
    with builders.as_worker(worker):
        assert [actions.show_identity_code(person, by=worker) for person in people] == CODES
        assert [found.person for found in queries.search(worker, CODES[2])] == [people[2]]


def test_a_search_finds_a_code_that_waits_for_its_new_key(changed: str, people: list[Person], worker: Worker) -> None:
    with builders.as_worker(worker):
        assert [found.person for found in queries.search(worker, CODES[0])] == [people[0]]


def test_a_code_that_waits_for_its_new_key_is_not_given_to_another(
    changed: str, people: list[Person], worker: Worker
) -> None:
    other = builders.a_person("Natalia")
    builders.a_case(other, worker)
    with builders.as_worker(worker), pytest.raises(NotAllowed, match="Another client"):
        actions.set_identifier(other, kind="hetu", code=CODES[0], by=worker)


def test_what_no_key_opens_is_counted_and_left_as_it_is(people: list[Person], worker: Worker, settings: Any) -> None:
    before = [bytes(row.sealed) for row in rows(worker)]
    settings.IDENTITY_CODE_KEY = NEW
    out = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("keys-rotate", stdout=out, stderr=io.StringIO())
    told = json.loads(out.getvalue())
    assert (told["resealed"], told["current"], told["unreadable"]) == (0, 0, 4)
    assert [bytes(row.sealed) for row in rows(worker)] == before


def test_a_value_of_the_first_format_is_read_and_renewed(people: list[Person], worker: Worker) -> None:
    row = rows(worker)[0]
    with builders.as_worker(worker):
        first = sealing.WITHOUT_KEY + bytes(row.sealed)[len(sealing.current_prefix()) :]
        Identifier.objects.filter(pk=row.pk).update(sealed=first)
    assert rotation.rotate().resealed == 1
    assert rows(worker)[0].sealed[:1] == sealing.WITH_KEY


def test_the_command_says_what_it_did(changed: str) -> None:
    out = io.StringIO()
    call_command("keys-rotate", stdout=out)
    assert json.loads(out.getvalue())["resealed"] == 4
    assert builders.audit_actions("167", "426").count("identifiers.resealed") == 2
