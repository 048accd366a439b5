"""Two persons made one, and the way back to the letter."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.utils import timezone

from kotisatama.cases.models import Case
from kotisatama.contacts import actions as contacts
from kotisatama.contacts.models import Contact
from kotisatama.kernel import identifiers, row_security
from kotisatama.kernel.errors import ChangedMeanwhile, NotAllowed
from kotisatama.people import actions, merging, queries, registry
from kotisatama.people.models import Merge, Person
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Role
from tests import builders, rows
from tests.dumps import dump

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker() -> Worker:
    return builders.a_worker()


def make(worker: Worker, name: str, **fields: Any) -> Person:
    with builders.as_worker(worker):
        return actions.make_person(controller="167", name=name, by=worker, **fields)


def full(worker: Worker) -> tuple[Person, Person]:
    """Two registrations of one woman, each with its own rows, contacts and a closed case."""
    left = make(
        worker,
        "Oleksandra Shevchenko",
        names=["Олександра Шевченко"],
        date_of_birth=date(1991, 1, 1),
        birthday_is_placeholder=True,
        citizenships=["UA"],
        service_languages=["uk"],
        channels=[("phone", "040 123 4567", True), ("email", "o@post.example", False)],
    )
    right = make(
        worker,
        "Alexandra Schewtschenko",
        names=["Олександра Шевченко"],
        citizenships=["UA", "DE"],
        service_languages=["ru", "uk"],
        channels=[("phone", "040 123 4567", False), ("phone", "045 7654321", True)],
        hetu="010594Y9032",
    )
    for person in (left, right):
        builders.a_contact(worker=worker, person=person)
        builders.a_case(person, worker, closed_on=timezone.localdate(), outcome="settled")
    return left, right


def a_row_of_each_table(left: Person, right: Person) -> None:
    """Whatever apps above people keep of a person, for both; one with an open case."""
    with row_security.context(controllers=["167"]):
        for label in sorted(label for mover in registry.movers() for label in mover.covers):
            model, _dot, field = label.rpartition(".")
            for person in (left, right) if model != "cases.Case" else (right,):
                rows.make(apps.get_model(model), {"controller": person.controller, field: person})


def merge(worker: Worker, left: Person, right: Person, **choices: str) -> Merge:
    with builders.as_worker(worker):
        versions = Person.objects.get(pk=left.pk).version, Person.objects.get(pk=right.pk).version
        return merging.merge_people(
            left, right, key=identifiers.new_id(), versions=versions, choices=choices, by=worker
        )


def undo(worker: Worker, made: Merge) -> Merge:
    with builders.as_worker(worker):
        return merging.undo_merge(made, by=worker)


CHOICES: list[dict[str, str]] = [
    {},
    {name: merging.RIGHT for name in [*merging.choosable(), *merging.ROWS]},
    {name: merging.BOTH for name in [*merging.choosable(), *merging.ROWS]},
    {"channels": "left", "identifiers": "right", "date_of_birth": "right"},
]


@pytest.mark.parametrize("choices", CHOICES)
def test_undo_restores_both_persons_exactly(worker: Worker, choices: dict[str, str]) -> None:
    left, right = full(worker)
    a_row_of_each_table(left, right)
    before = dump(left, right)
    made = merge(worker, left, right, **choices)
    assert dump(left, right) != before
    undo(worker, made)
    assert dump(left, right) == before


def test_two_identity_codes_change_hands_and_come_back(worker: Worker) -> None:
    left = make(worker, "Olena Bondar", hetu="010594Y9021")
    right = make(worker, "Olena Bondar", hetu="010594Y9032")
    before = dump(left, right)
    made = merge(worker, left, right, identifiers=merging.RIGHT)
    with builders.as_worker(worker):
        assert actions.show_identity_code(left, by=worker) == "010594Y9032"
    undo(worker, made)
    assert dump(left, right) == before


def test_everything_follows_and_is_counted_once(worker: Worker) -> None:
    left, right = full(worker)
    merge(worker, left, right, citizenships=merging.BOTH, service_languages=merging.BOTH)
    with builders.as_worker(worker):
        survivor, gone = Person.objects.get(pk=left.pk), Person.objects.get(pk=right.pk)
        assert Contact.objects.filter(person=survivor).count() == 2
        assert survivor.cases.count() == 2
        assert {name.text for name in survivor.names.all()} >= {"Alexandra Schewtschenko", "Олександра Шевченко"}
        assert [channel.value for channel in queries.channels(survivor)].count("+358401234567") == 1
        assert survivor.citizenships == ["UA", "DE"]
        assert queries.masked_identity_code(survivor)
        assert (gone.merged_into_id, gone.archived_on) == (survivor.pk, timezone.localdate())
    assert builders.audit_actions()[-1] == "person.merged"


def test_a_contact_of_another_controller_follows_too(worker: Worker) -> None:
    left, right = full(worker)
    kept = builders.a_contact(worker=builders.an_outsider(), controller="260")
    with row_security.context(controllers=["260"]):
        Contact.objects.filter(pk=kept.pk).update(person=right)
    made = merge(worker, left, right)
    with row_security.context(controllers=["260"]):
        assert Contact.objects.get(pk=kept.pk).person_id == left.pk
    undo(worker, made)
    with row_security.context(controllers=["260"]):
        assert Contact.objects.get(pk=kept.pk).person_id == right.pk


def test_the_merged_away_person_is_found_with_a_mark_and_offered_nowhere(worker: Worker) -> None:
    left, right = full(worker)
    merge(worker, left, right)
    with builders.as_worker(worker):
        found = queries.search(worker, "Schewtschenko", archived=True)
        assert {(each.person.pk, each.person.archived_on is not None) for each in found} == {
            (left.pk, False),
            (right.pk, True),
        }
        assert [each.person.pk for each in queries.search(worker, "Schewtschenko")] == [left.pk]


def test_the_same_merge_twice_is_one(worker: Worker) -> None:
    left, right = full(worker)
    first, second = merge(worker, left, right), merge(worker, left, right)
    assert first.pk == second.pk
    assert builders.audit_actions().count("person.merged") == 1
    undo(worker, first)
    undo(worker, first)
    assert builders.audit_actions().count("person.merge_undone") == 1


def test_nobody_is_merged_with_themselves(worker: Worker) -> None:
    person = make(worker, "Olena Bondar")
    with pytest.raises(NotAllowed, match="one and the same"):
        merge(worker, person, person)


def test_municipalities_keep_their_clients_apart(worker: Worker) -> None:
    left = make(worker, "Olena Bondar")
    with builders.as_worker(worker):
        right = actions.make_person(controller="426", name="Olena Bondar", by=worker)
    with pytest.raises(NotAllowed, match="two municipalities"):
        merge(worker, left, right)


def test_whoever_is_merged_away_is_not_merged_again(worker: Worker) -> None:
    left, right = full(worker)
    third = make(worker, "Olena Bondar")
    merge(worker, left, right)
    for one, other in ((third, right), (right, third)):
        with pytest.raises(NotAllowed, match="already"):
            merge(worker, one, other)


def test_two_open_cases_stop_a_merge_in_a_sentence(worker: Worker) -> None:
    left, right = full(worker)
    for person in (left, right):
        builders.a_case(person, worker)
    before = dump(left, right)
    with pytest.raises(NotAllowed, match="Close one of the cases"):
        merge(worker, left, right)
    assert dump(left, right) == before


def test_a_page_that_is_out_of_date_merges_nothing(worker: Worker) -> None:
    left, right = full(worker)
    with builders.as_worker(worker), pytest.raises(ChangedMeanwhile):
        merging.merge_people(left, right, key=identifiers.new_id(), versions=(1, 7), choices={}, by=worker)


def test_only_who_may_change_clients_merges_them(worker: Worker) -> None:
    left, right = full(worker)
    with pytest.raises(PermissionDenied):
        merge(builders.a_worker(Role.REPORT_READER), left, right)


def test_thirty_days_are_for_undoing(worker: Worker) -> None:
    left, right = full(worker)
    made = merge(worker, left, right)
    with builders.as_worker(worker):
        Merge.objects.filter(pk=made.pk).update(at=timezone.now() - timedelta(days=31))
        with pytest.raises(NotAllowed, match="30 days"):
            merging.undo_merge(made, by=worker)
        assert merging.forget_undoable("167") == 1
        assert Merge.objects.get(pk=made.pk).before == {}


def test_the_latest_merge_is_undone_first(worker: Worker) -> None:
    left, right = full(worker)
    third = make(worker, "Sascha Schewtschenko")
    before = dump(left, right, third)
    first = merge(worker, left, right)
    second = merge(worker, third, left)
    with pytest.raises(NotAllowed, match="later"):
        undo(worker, first)
    undo(worker, second)
    undo(worker, first)
    assert dump(left, right, third) == before


def test_what_was_written_since_stays_when_a_merge_is_undone(worker: Worker) -> None:
    left, right = full(worker)
    made = merge(worker, left, right)
    with builders.as_worker(worker):
        survivor = Person.objects.get(pk=left.pk)
        actions.change_person(survivor, version=survivor.version, by=worker, names=[], gender="female")
        contact = builders.a_contact(worker=worker)
        contacts.tie_to_person(contact, survivor, by=worker)
    undo(worker, made)
    with builders.as_worker(worker):
        survivor, gone = Person.objects.get(pk=left.pk), Person.objects.get(pk=right.pk)
        assert survivor.gender == "female"
        assert {name.text for name in gone.names.all()} == {"Alexandra Schewtschenko", "Олександра Шевченко"}
        assert Contact.objects.get(pk=contact.pk).person_id == survivor.pk
        assert queries.search(worker, "Alexandra Schewtschenko")[0].person.pk == gone.pk


def test_a_merged_away_client_is_not_changed_and_gets_no_contact(worker: Worker) -> None:
    left, right = full(worker)
    merge(worker, left, right)
    with builders.as_worker(worker):
        gone = Person.objects.get(pk=right.pk)
        with pytest.raises(NotAllowed, match="merged into"):
            actions.change_person(gone, version=gone.version, by=worker, gender="female")
        with pytest.raises(NotAllowed, match="merged into"):
            contacts.tie_to_person(builders.a_contact(worker=worker), gone, by=worker)


def test_every_table_that_points_at_a_person_follows_a_merge() -> None:
    """A new foreign key to Person needs a mover of its app: registry.add_mover in its `ready`."""
    covered = {label for mover in registry.movers() for label in mover.covers}
    covered |= {f"{model._meta.label}.{name}" for model, name in merging.keys_to_persons()}
    pointing = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.local_concrete_fields
        if field.related_model is Person and model._meta.label not in merging.NOT_MOVED
    }
    assert pointing
    assert pointing - covered == set()
    assert covered - pointing == set()


def test_the_guard_above_sees_a_table_in_the_database() -> None:
    """The catalogue knows as many foreign keys to persons as the models do."""
    sql = """SELECT conrelid::regclass::text FROM pg_constraint
             WHERE contype = 'f' AND confrelid = 'people_person'::regclass"""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        tables = {table for (table,) in cursor.fetchall()}
    movers = {label.rpartition(".")[0] for mover in registry.movers() for label in mover.covers}
    known = {apps.get_model(label)._meta.db_table for label in movers | merging.NOT_MOVED}
    known |= {model._meta.db_table for model, _name in merging.keys_to_persons()}
    assert tables <= known


def test_a_client_sees_the_looks_from_before_a_merge(worker: Worker) -> None:
    left, right = make(worker, "Olena Shevchenko"), make(worker, "Olena Schewtschenko")
    builders.a_case(left, worker)
    closed = builders.a_case(right, worker)
    browser = builders.signed_in(worker)
    browser.get(f"/desk/people/{right.pk}/")
    with builders.as_worker(worker):
        Case.objects.filter(pk=closed.pk).update(closed_on=timezone.localdate(), outcome="settled")
        versions = (left.version, right.version)
        merging.merge_people(left, right, key=identifiers.new_id(), versions=versions, choices={}, by=worker)
    made = browser.post(f"/desk/people/{left.pk}/looks/", {"key": identifiers.new_id(), "language": "en"})
    link = re.search(r"http://testserver(/en/looks/[\w-]{32}/)", made.content.decode())
    assert link
    page = Client().get(link[1], follow=True).content.decode()
    assert page.count("Opened your page to help you.") == 1
