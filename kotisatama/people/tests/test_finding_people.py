"""A person is found by a name in any letters, a number, an address, a birthday; and only by whom they exist for."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kotisatama.kernel import identifiers
from kotisatama.kernel.errors import ChangedMeanwhile, NotAllowed
from kotisatama.people import access, actions, queries
from kotisatama.people.models import Person
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Role
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker() -> Worker:
    return builders.a_worker()


def make(worker: Worker, name: str = "Oleksandra Shevchenko", controller: str = "167", **fields: Any) -> Person:
    with builders.as_worker(worker):
        return actions.make_person(controller=controller, name=name, by=worker, **fields)


def found(worker: Worker, text: str) -> list[str]:
    with builders.as_worker(worker):
        return [each.person.name for each in queries.search(worker, text)]


@pytest.mark.parametrize(
    "text",
    [
        "Олександра Шевченко",
        "shevchenko oleksandra",
        "Shevch",
        "Alexandra Shevchenko",
        "040 123 4567",
        "+358401234567",
        "1234567",
        "Olena@Example.fi",
        "14.3.1991",
        "1991-03-14",
        "Shevchenko 1991",
        "140391X9038",
    ],
)
def test_a_person_is_found_by_everything_that_is_known(worker: Worker, text: str) -> None:
    make(
        worker,
        date_of_birth=date(1991, 3, 14),
        channels=[("phone", "040 1234567", True), ("email", "olena@example.fi", False)],
        hetu=code_for("140391X903"),
    )
    make(worker, "Natalia Bondar", date_of_birth=date(1980, 1, 1))
    assert found(worker, code_for("140391X903") if text.startswith("140391X") else text) == ["Oleksandra Shevchenko"]


def code_for(beginning: str) -> str:
    """Complete a code with its check character."""
    return beginning + "0123456789ABCDEFHJKLMNPRSTUVWXY"[int(beginning[:6] + beginning[7:]) % 31]


def test_a_further_spelling_finds_too(worker: Worker) -> None:
    make(worker, "Fatima Zahra", names=["فاطمة الزهراء"], mother_tongue="ar")
    assert found(worker, "فاطمه") == ["Fatima Zahra"]


@pytest.mark.parametrize("text", ["", "   ", "%", "' OR 1=1 --", "x" * 5000, "\x00", "+", "99.99.2020", "٣"])
def test_odd_searches_find_nobody_and_break_nothing(worker: Worker, text: str) -> None:
    make(worker)
    assert found(worker, text) == []


def test_another_municipalitys_client_does_not_exist_for_you(worker: Worker) -> None:
    person = make(worker)
    outsider = builders.an_outsider()
    assert found(outsider, "Shevchenko") == []
    with builders.as_worker(outsider):
        assert not access.visible_people(outsider).filter(pk=person.pk).exists()


def test_searching_takes_the_same_number_of_queries_for_3_and_30_persons(worker: Worker) -> None:
    def count() -> int:
        with (
            builders.as_worker(worker),
            CaptureQueriesContext(
                connection,
            ) as captured,
        ):
            queries.search(worker, "Shevchenko")
        return len(captured)

    for number in range(3):
        make(worker, f"Olena Shevchenko {number}")
    before = count()
    for number in range(27):
        make(worker, f"Olha Shevchenko {number}")
    assert count() == before


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("inside", [True, False])
def test_who_sees_and_who_makes_clients(role: Role, inside: bool) -> None:
    worker = builders.a_worker(role) if inside else builders.an_outsider(role)
    person = builders.a_person()
    works_with_clients = role in {Role.TEAM_LEAD, Role.COUNSELLOR, Role.MUNICIPAL_WORKER}
    with builders.as_worker(worker):
        assert access.visible_people(worker).filter(pk=person.pk).exists() is (works_with_clients and inside)
        assert access.can_change(worker, person) is (works_with_clients and inside)


def test_nobody_makes_clients_for_a_municipality_without_mandate(worker: Worker) -> None:
    with pytest.raises(PermissionDenied):
        make(worker, controller="260")


def test_the_same_key_twice_is_the_same_person(worker: Worker) -> None:
    key = identifiers.new_id()
    assert make(worker, key=key).pk == make(worker, key=key).pk
    assert builders.audit_actions().count("person.made") == 1


def test_an_identity_code_belongs_to_one_client(worker: Worker) -> None:
    make(worker, hetu="010594Y9032")
    with pytest.raises(NotAllowed, match="Another client"):
        make(worker, "Natalia Bondar", hetu="010594Y9032")


def test_an_identity_code_tells_the_birthday(worker: Worker) -> None:
    assert make(worker, hetu="010594Y9032").date_of_birth == date(1994, 5, 1)
    with pytest.raises(NotAllowed, match="different days"):
        make(worker, "Natalia Bondar", hetu="010594Y9021", date_of_birth=date(1994, 5, 2))


def test_an_identity_code_is_sealed_and_looking_leaves_a_line(worker: Worker) -> None:
    person = make(worker, hetu="010594Y9032")
    with builders.as_worker(worker):
        assert queries.masked_identity_code(person) == "010594•••••"
        assert actions.show_identity_code(person, by=worker) == "010594Y9032"
        assert b"010594" not in bytes(person.identifiers.get().sealed)
    assert builders.audit_actions() == ["person.made", "person.identity_code_viewed"]


def test_a_changed_person_is_found_by_the_new_name_and_no_more_by_the_old(worker: Worker) -> None:
    person = make(worker, names=["Олександра Шевченко"])
    with builders.as_worker(worker):
        actions.change_person(person, version=1, by=worker, name="Oksana Bondar", names=[])
    assert found(worker, "Bondar") == ["Oksana Bondar"]
    assert found(worker, "Shevchenko") == []
    assert builders.audit_lines()[-1].details == {"fields": ["name", "names"]}


def test_nobody_overwrites_what_another_saved_meanwhile(worker: Worker) -> None:
    person = make(worker)
    with builders.as_worker(worker):
        actions.change_person(person, version=1, by=worker, municipality="426")
        with pytest.raises(ChangedMeanwhile):
            actions.change_person(person, version=1, by=worker, municipality="309")
        person.refresh_from_db()
    assert person.municipality == "426"


@pytest.mark.parametrize(
    "channels", [[("phone", "not a number", True)], [("email", "nobody", False)], [("phone", "1", True)]]
)
def test_a_wrong_channel_is_refused_and_nothing_is_half_saved(worker: Worker, channels: list[Any]) -> None:
    with pytest.raises(NotAllowed):
        make(worker, channels=channels)
    assert found(worker, "Shevchenko") == []


def test_lines_tell_no_name_and_no_search_text(worker: Worker) -> None:
    make(worker, channels=[("phone", "0401234567", True)])
    assert all("Shev" not in str(line.details) and "0401" not in str(line.details) for line in builders.audit_lines())
