"""Fifteen simulated years: each datum goes on its day and not before, and the figures of every year stay.

500 persons in the suite; KOTISATAMA_TEST_PERSONS=10000 for the whole thing. The run stops on each day on which
something is due and on the day before. What is expected is reckoned here, from the drawn events alone.
"""

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.utils import timezone

from kotisatama.cases.models import Case
from kotisatama.contacts.models import Contact
from kotisatama.kernel import row_security
from kotisatama.messages.models import Message
from kotisatama.people.models import Channel, Person, PersonName, SearchToken
from kotisatama.privacy import actions
from kotisatama.privacy.models import RetentionRule, Tombstone
from kotisatama.reports import counting
from kotisatama.reports import queries as reports
from kotisatama.staff.models import Worker
from tests import builders

pytestmark = pytest.mark.django_db

PERSONS = int(os.environ.get("KOTISATAMA_TEST_PERSONS", "500"))
CONTROLLERS = [builders.JOENSUU, builders.LIPERI]
FIRST_YEAR, EVENT_YEARS, YEARS = 2004, 10, 15
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def context(tmp_path: Path, settings: Any) -> Iterator[None]:
    settings.ERASURES_FILE = tmp_path / "erasures.jsonl"
    RetentionRule.objects.update(valid_from=date(2000, 1, 1))
    with row_security.context(controllers=CONTROLLERS):
        yield


@dataclass
class Drawn:
    """Rows to insert, and for each datum the day on which it has to go."""

    persons: list[Person] = field(default_factory=list)
    names: list[PersonName] = field(default_factory=list)
    tokens: list[SearchToken] = field(default_factory=list)
    channels: list[Channel] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    cases: list[Case] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    goes_on: dict[tuple[str, UUID], date] = field(default_factory=dict)
    kept: set[UUID] = field(default_factory=set)


def years_later(day: date, years: int) -> date:
    """The same day of a later year; for a leap day that is missing there, 1 March."""
    is_leap_day = (day.month, day.day) == (2, 29)
    has_leap_day = (day.year + years) % 4 == 0
    return date(day.year + years, 3, 1) if is_leap_day and not has_leap_day else day.replace(year=day.year + years)


def event_days(source: Random) -> list[date]:
    """A day of each month (of every fourth in the short run), and the days at which calendars go wrong."""
    step = 1 if PERSONS >= 10_000 else 4
    months = [(FIRST_YEAR + number // 12, number % 12 + 1) for number in range(0, EVENT_YEARS * 12, step)]
    hard = [date(2004, 2, 29), date(2008, 2, 29), date(2012, 2, 29), date(2012, 2, 28), date(2009, 12, 31)]
    return [date(year, month, source.randint(1, 28)) for year, month in months] + hard


def at(day: date, source: Random) -> datetime:
    """A local moment of the day, its very first and last minutes among them."""
    moment = source.choice([time(0, 0), time(23, 59), time(12, 30)])
    return timezone.make_aware(datetime.combine(day, moment))


def draw(number: int, worker: Worker) -> Drawn:
    source, drawn = Random(15), Drawn()
    days = event_days(source)
    for index in range(number):
        draw_person(drawn, index, source, days, worker)
    return drawn


def draw_person(drawn: Drawn, index: int, source: Random, days: list[date], worker: Worker) -> None:
    made = source.choice(days)
    later = [day for day in days if day >= made]
    person = Person(
        controller_id=source.choice(CONTROLLERS), name=f"Person {index}", sort_key=f"person {index}",
        service_languages=["uk"], date_of_birth=date(1950 + index % 60, 1, 1), gender="female",
    )  # fmt: skip
    person.made_on = made  # type: ignore[attr-defined]
    given: dict[str, Any] = {"controller_id": person.controller_id, "person": person}
    drawn.persons.append(person)
    drawn.names.append(PersonName(text=person.name, **given))
    drawn.tokens += [SearchToken(kind="name", token=token, **given) for token in ("person", str(index))]
    drawn.channels.append(Channel(kind="phone", value="+358401234567", **given))
    seen = [draw_contact(drawn, source.choice(later), source, worker, given) for _ in range(source.randint(0, 4))]
    written = [draw_message(drawn, source.choice(later), source, given) for _ in range(source.randint(0, 1))]
    closed = draw_case(drawn, sorted(source.choices(later, k=2)), source, worker, given)
    if closed is None:
        drawn.kept.add(person.pk)
    else:
        drawn.goes_on["people.person", person.pk] = years_later(max([made, closed, *seen, *written]), 5)


def draw_contact(drawn: Drawn, day: date, source: Random, worker: Worker, given: dict[str, Any]) -> date:
    contact = Contact(
        at=at(day, source), service_point=worker.service_point, worker=worker, topics=["permits"],
        channel=source.choice(["phone", "drop_in"]), municipality=source.choice([*CONTROLLERS, "secret"]),
        service_language=source.choice(["uk", "ar"]), note=source.choice(["", "A note"]), **given,
    )  # fmt: skip
    drawn.contacts.append(contact)
    if contact.note:
        drawn.goes_on["contacts.contact", contact.pk] = years_later(day, 2)
    return day


def draw_message(drawn: Drawn, day: date, source: Random, given: dict[str, Any]) -> date:
    message = Message(channel="sms", address="+358401234567", language="uk", body="Hello", **given)
    message.written_at = at(day, source)  # type: ignore[attr-defined]
    drawn.messages.append(message)
    drawn.goes_on["kotisatama_messages.message", message.pk] = years_later(day, 2)
    return day


def draw_case(drawn: Drawn, days: list[date], source: Random, worker: Worker, given: dict[str, Any]) -> date | None:
    """The day on which the person's case was closed; None while it is open. Some have no case at all."""
    kind = source.choices(["none", "closed", "open"], weights=[45, 50, 5])[0]
    if kind == "none":
        return date.min
    closed = {"closed_on": days[1], "outcome": "settled"} if kind == "closed" else {}
    drawn.cases.append(Case(worker=worker, opened_on=days[0], **given, **closed))
    return days[1] if closed else None


def insert(drawn: Drawn) -> None:
    """All rows; the days of making are set afterwards, because the tables set them by themselves."""
    moments = {person.pk: person.made_on for person in drawn.persons}  # type: ignore[attr-defined]
    written = {message.pk: message.written_at for message in drawn.messages}  # type: ignore[attr-defined]
    tables: list[tuple[Any, list[Any]]] = [
        (Person, drawn.persons), (PersonName, drawn.names), (SearchToken, drawn.tokens), (Channel, drawn.channels),
        (Contact, drawn.contacts), (Case, drawn.cases), (Message, drawn.messages),
    ]  # fmt: skip
    for model, found in tables:
        model.objects.bulk_create(found, batch_size=2000)
    made = {key: timezone.make_aware(datetime.combine(day, time(12))) for key, day in moments.items()}
    with connection.cursor() as cursor:
        for table, known in ((Person, made), (Message, written)):
            cursor.execute(
                f'UPDATE "{table._meta.db_table}" AS made SET created_at = known.at'
                " FROM unnest(%s::uuid[], %s::timestamptz[]) AS known (id, at) WHERE made.id = known.id",
                [list(known), list(known.values())],
            )


def figures() -> dict[int, counting.Counted]:
    """Every count of every year, none of them hidden."""
    years = range(FIRST_YEAR, FIRST_YEAR + YEARS)
    return {year: counting.count(CONTROLLERS, *reports.bounds(year), least=1) for year in years}


def test_each_datum_goes_on_its_day_and_the_figures_of_all_years_stay() -> None:
    worker = builders.a_worker()
    drawn = draw(PERSONS, worker)
    insert(drawn)
    before = figures()
    due: dict[date, Counter[str]] = {}
    for (what, _), day in drawn.goes_on.items():
        due.setdefault(day, Counter())[what] += 1
    for day in sorted({*due, *(day - DAY for day in due)}):
        lines = actions.run_retention(on=day, controllers=CONTROLLERS)
        ended: Counter[str] = Counter()
        for line in lines:
            ended[line.what] += line.count
        assert ended == due.get(day, Counter()), day
    stones = Tombstone.objects.values_list("what", "subject_id", "erased_on")
    assert {(what, subject): day for what, subject, day in stones} == drawn.goes_on
    assert (max(due) - min(due)).days > 365 * 10
    assert figures() == before
    assert_only_the_kept_are_left(drawn)


def assert_only_the_kept_are_left(drawn: Drawn) -> None:
    """Persons with an open case are whole but for their notes and messages; of the others there are counted facts."""
    assert drawn.kept
    assert set(Person.objects.values_list("pk", flat=True)) == drawn.kept
    tables: list[Any] = [PersonName, SearchToken, Channel, Case]
    for model in tables:
        assert set(model.objects.values_list("person_id", flat=True)) == drawn.kept
    assert Contact.objects.count() == len(drawn.contacts)
    assert not Contact.objects.filter(person=None, counted_as=None).exists()
    assert not Contact.objects.exclude(note="").exists()
    assert not Message.objects.exists()
