"""A restored backup forgets again whom it had to forget."""

import json
from collections.abc import Iterator
from datetime import date, datetime, time
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core import serializers
from django.core.management import call_command
from django.utils import timezone

from kotisatama.contacts.models import Contact
from kotisatama.kernel import row_security
from kotisatama.people.models import Person, PersonName
from kotisatama.privacy import actions
from kotisatama.privacy.models import RetentionRule, Tombstone
from tests import builders

pytestmark = pytest.mark.django_db

SEEN, DUE = date(2016, 5, 2), date(2021, 5, 2)
KEPT: list[Any] = [Person, PersonName, Contact]


@pytest.fixture(autouse=True)
def erasures(tmp_path: Path, settings: Any) -> Path:
    settings.ERASURES_FILE = tmp_path / "outside" / "erasures.jsonl"
    return tmp_path / "outside" / "erasures.jsonl"


@pytest.fixture(autouse=True)
def context() -> Iterator[None]:
    RetentionRule.objects.update(valid_from=date(2000, 1, 1))
    with row_security.context(controllers=[builders.JOENSUU, builders.LIPERI]):
        yield


def a_person_seen(day: date, **fields: Any) -> Person:
    moment = timezone.make_aware(datetime.combine(day, time(12)))
    person = builders.a_person(**fields)
    Person.objects.filter(pk=person.pk).update(created_at=moment)
    builders.a_contact(person=person, at=moment, note="Wrote a letter")
    return person


def dump() -> str:
    return "\n".join(serializers.serialize("jsonl", model.objects.all()) for model in KEPT)


def restore(backup: str) -> None:
    """The tables as they were, tombstones included: there were none."""
    Tombstone.objects.all().delete()
    Contact.objects.all().delete()
    for row in serializers.deserialize("jsonl", backup):
        row.save()


def after_restore() -> dict[str, int]:
    said = StringIO()
    call_command("after-restore", stdout=said)
    found: dict[str, int] = json.loads(said.getvalue())
    return found


def test_persons_and_notes_that_were_erased_are_gone_again_after_a_restore(erasures: Path) -> None:
    persons = [a_person_seen(SEEN), a_person_seen(SEEN, controller=builders.LIPERI)]
    other = a_person_seen(date(2020, 5, 2))
    backup = dump()
    actions.run_retention(on=DUE)
    lines = erasures.read_text().splitlines()
    restore(backup)
    assert Person.objects.count() == 3
    assert after_restore() == {"lines": len(lines), "unreadable": 0, "erased": 4}
    assert list(Person.objects.all()) == [other]
    assert not Contact.objects.filter(at__date=SEEN).exclude(note="").exists()
    assert Contact.objects.exclude(counted_as=None).count() == 2
    assert Tombstone.objects.count() == len(lines)
    assert erasures.read_text().splitlines() == lines
    again = [line for line in builders.audit_lines() if line.details.get("after") == "restore"]
    assert sorted(line.subject_id for line in again if line.subject_id) == sorted(person.pk for person in persons)
    assert after_restore()["erased"] == 0


def test_the_file_holds_keys_and_days_and_nothing_else(erasures: Path) -> None:
    person = a_person_seen(SEEN, name="Zebulon Unmistakable")
    actions.run_retention(on=DUE)
    entries = [json.loads(line) for line in erasures.read_text().splitlines()]
    assert {tuple(entry) for entry in entries} == {("id", "controller", "what", "subject", "class", "on")}
    assert str(person.pk) in {entry["subject"] for entry in entries}
    assert "Zebulon" not in erasures.read_text()
    assert erasures.stat().st_mode & 0o077 == 0


def test_a_note_written_after_the_erasure_is_not_taken_for_the_old_one() -> None:
    person = a_person_seen(SEEN)
    actions.run_retention(on=date(2018, 5, 2))
    Contact.objects.update(note="A new note")
    assert after_restore()["erased"] == 0
    assert person.contacts.get().note == "A new note"


def test_a_line_torn_by_a_crash_is_told_and_spoils_no_other(erasures: Path) -> None:
    a_person_seen(SEEN)
    actions.run_retention(on=DUE)
    erasures.write_bytes(erasures.read_bytes() + b'{"id": "019e')
    a_person_seen(SEEN)
    actions.run_retention(on=DUE)
    told = after_restore()
    assert (told["lines"], told["unreadable"]) == (5, 1)


def test_lines_of_an_interrupted_run_are_written_by_the_next_one(erasures: Path) -> None:
    a_person_seen(SEEN)
    actions.run_retention(on=DUE)
    whole = erasures.read_bytes()
    erasures.unlink()
    Tombstone.objects.update(written_at=None)
    actions.run_retention(on=DUE)
    assert erasures.read_bytes() == whole


def test_without_a_file_there_is_nothing_to_do() -> None:
    assert after_restore() == {"lines": 0, "unreadable": 0, "erased": 0}
