"""Two workers edit one person: different fields merge, the same field is asked about, what was known is kept."""

from typing import Any

import pytest
from django.utils import timezone

from kotisatama.kernel.errors import NotAllowed
from kotisatama.people import actions, queries
from kotisatama.people.models import Person, PersonChange
from kotisatama.staff.models import Worker
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker() -> Worker:
    return builders.a_worker()


@pytest.fixture
def person(worker: Worker) -> Person:
    with builders.as_worker(worker):
        return actions.make_person(
            controller="167", name="Olena", municipality="167", channels=[("phone", "0401234567", True)], by=worker
        )


def change(person: Person, worker: Worker, version: int = 1, **fields: Any) -> Person:
    with builders.as_worker(worker):
        return actions.change_person(person, version=version, by=worker, **fields)


def clashes(person: Person, worker: Worker, version: int = 1, **fields: Any) -> set[str]:
    with builders.as_worker(worker), pytest.raises(actions.FieldsChangedMeanwhile) as reason:
        actions.change_person(person, version=version, by=worker, **fields)
    return set(reason.value.clashes)


def test_different_fields_are_both_kept(person: Person, worker: Worker) -> None:
    change(person, worker, gender="female", mother_tongue="")
    saved = change(person, worker, gender="unknown", mother_tongue="uk")
    assert (saved.gender, saved.mother_tongue, saved.version) == ("female", "uk", 3)


def test_a_telephone_and_an_address_are_different_fields(person: Person, worker: Worker) -> None:
    shown = ("phone", "0401234567", True)
    change(person, worker, channels=[shown, ("email", "olena@example.fi", True)])
    change(person, worker, channels=[("phone", "0407654321", True)])
    with builders.as_worker(worker):
        assert [row.value for row in queries.channels(person)] == ["+358407654321", "olena@example.fi"]


def test_the_same_field_said_otherwise_is_asked_about_and_nothing_is_written(person: Person, worker: Worker) -> None:
    change(person, worker, municipality="426", gender="female")
    assert clashes(person, worker, municipality="309", gender="unknown", mother_tongue="uk") == {"municipality"}
    with builders.as_worker(worker):
        assert Person.objects.get(pk=person.pk).mother_tongue == ""


def test_the_same_field_said_alike_is_no_clash(person: Person, worker: Worker) -> None:
    change(person, worker, municipality="426")
    assert change(person, worker, municipality="426").version == 2


def test_a_field_changed_and_changed_back_is_no_clash(person: Person, worker: Worker) -> None:
    change(person, worker, gender="female")
    change(person, worker, version=2, gender="unknown")
    assert change(person, worker, gender="male").gender == "male"


def test_a_version_that_kept_no_history_asks_about_every_difference(person: Person, worker: Worker) -> None:
    with builders.as_worker(worker):
        Person.objects.filter(pk=person.pk).update(version=2, gender="male")
    assert clashes(person, worker, gender="unknown", mother_tongue="uk") == {"gender", "mother_tongue"}


def test_a_move_recorded_meanwhile_is_a_change_of_the_municipality(person: Person, worker: Worker) -> None:
    with builders.as_worker(worker):
        today = timezone.localdate()
        actions.record_residence(person, kind="registered", municipality="426", valid_from=today, by=worker)
    assert change(person, worker, municipality="167", gender="male").municipality == "426"
    assert clashes(person, worker, municipality="309") == {"municipality"}


def test_two_identity_codes_at_once_are_asked_about(person: Person, worker: Worker) -> None:
    change(person, worker, hetu="010594Y9032")
    assert clashes(person, worker, hetu="010594Y9021") == {"hetu"}


def test_what_was_known_is_kept_without_the_identity_code(person: Person, worker: Worker) -> None:
    change(person, worker, hetu="010594Y9032")
    change(person, worker, version=2, hetu="", name="Oleksandra", names=["Olena"])
    with builders.as_worker(worker):
        kept = PersonChange.objects.get(version=3)
    assert kept.before["name"] == "Olena"
    assert kept.before["hetu"] == "010594•••••"
    assert "Y9032" not in str(list(PersonChange.objects.values("before")))


def test_saving_without_a_change_writes_nothing(person: Person, worker: Worker) -> None:
    before = builders.audit_actions()
    assert change(person, worker, gender="unknown", municipality="167").version == 1
    assert builders.audit_actions() == before


def test_a_name_of_before_keeps_its_kind_when_others_add_names(person: Person, worker: Worker) -> None:
    change(person, worker, names=[("Helena", "earlier"), ("Lena", "called")])
    change(person, worker, version=2, names=["Helena", "Lena", "Олена"])
    with builders.as_worker(worker):
        kinds = dict(person.names.values_list("text", "kind"))
    assert kinds == {"Olena": "official", "Helena": "earlier", "Lena": "called", "Олена": "spelling"}


def test_a_birthday_that_the_code_contradicts_is_refused(person: Person, worker: Worker) -> None:
    change(person, worker, hetu="010594Y9032")
    with pytest.raises(NotAllowed, match="different days"):
        change(person, worker, version=2, date_of_birth=timezone.localdate().replace(year=1990))
