"""Each datum ends on its day, not before; what is counted stays; what is held stays."""

import json
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from procrastinate.contrib.django import app

from kotisatama.cases.models import Case
from kotisatama.contacts.models import Change, Contact
from kotisatama.documents.models import Content, Document
from kotisatama.forms.models import Draft, DraftKey, Submission, Version
from kotisatama.intake.models import Item
from kotisatama.intake.tests import rows
from kotisatama.kernel import identifiers, row_security
from kotisatama.messages.models import Message
from kotisatama.people.models import Channel, Identifier, Person, PersonName, SearchToken
from kotisatama.privacy import actions, queries
from kotisatama.privacy.models import Hold, RetentionRule, Tombstone
from kotisatama.reports import counting
from kotisatama.reports import queries as reports
from kotisatama.staff.models import Worker
from tests import builders

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
LAST_SEEN = date(2016, 2, 29)  # a leap day: five years later there is none
DUE = date(2021, 3, 1)


@pytest.fixture(autouse=True)
def erasures(tmp_path: Path, settings: Any) -> Path:
    """The file of erasures of this test."""
    settings.ERASURES_FILE = tmp_path / "erasures.jsonl"
    return tmp_path / "erasures.jsonl"


@pytest.fixture
def worker() -> Worker:
    return builders.a_worker()


@pytest.fixture(autouse=True)
def long_ago() -> None:
    """The rules hold in the years in which these tests live."""
    RetentionRule.objects.update(valid_from=date(2000, 1, 1))


@pytest.fixture(autouse=True)
def context() -> Iterator[None]:
    with row_security.context(controllers=[builders.JOENSUU, builders.LIPERI]):
        yield


def noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(23, 59)))


def seen(worker: Worker, day: date = LAST_SEEN, **fields: Any) -> Person:
    """A client who came into the register and was met for the last time on that day."""
    person = builders.a_person(**fields)
    Person.objects.filter(pk=person.pk).update(created_at=noon(day - DAY))
    builders.a_contact(worker, person=person, at=noon(day), note="Wrote a letter")
    return person


def run(on: date) -> dict[str, int]:
    """Rows ended by table."""
    return {line.what: line.count for line in actions.run_retention(on=on)}


def exists(person: Person) -> bool:
    return Person.objects.filter(pk=person.pk).exists()


def test_a_client_goes_on_the_day_and_not_a_day_before(worker: Worker) -> None:
    person = seen(worker)
    assert "people.person" not in run(DUE - DAY)
    assert exists(person)
    assert run(DUE)["people.person"] == 1
    assert not exists(person)
    assert run(DUE) == {}


@pytest.mark.parametrize(
    "adds",
    [
        lambda person, worker: builders.a_case(person, worker, opened_on=date(2010, 1, 1)),
        lambda person, worker: builders.a_case(
            person, worker, opened_on=date(2010, 1, 1), closed_on=LAST_SEEN + 2 * DAY, outcome="settled"
        ),
        lambda person, worker: builders.a_contact(worker, person=person, at=noon(LAST_SEEN + 2 * DAY)),
    ],
)
def test_an_open_case_and_anything_later_keep_the_client(
    worker: Worker, adds: Callable[[Person, Worker], object]
) -> None:
    person = seen(worker)
    adds(person, worker)
    assert "people.person" not in run(DUE)
    assert exists(person)


def test_everything_of_the_client_goes_and_nothing_of_another(worker: Worker) -> None:
    RetentionRule.objects.exclude(code="client").update(amount=90, unit="years")
    persons = [seen(worker, date_of_birth=date(1990, 1, 1)), seen(worker, LAST_SEEN + 30 * DAY)]
    for person in persons:
        everything_of(person, worker)
    before = {model: model.objects.count() for model in EVERY_TABLE}
    run(DUE)
    assert before == {model: 2 * (before[model] // 2) for model in EVERY_TABLE}
    assert {model: model.objects.count() for model in EVERY_TABLE} == {
        model: number if model is Contact else number // 2 for model, number in before.items()
    }
    assert exists(persons[1])
    assert Contact.objects.filter(person=persons[1]).count() == 2


EVERY_TABLE: list[Any] = [
    Person, PersonName, Channel, Identifier, SearchToken, Case, Contact, Change, Message, Submission, Item, Document,
    Content,
]  # fmt: skip


def everything_of(person: Person, worker: Worker) -> None:
    """One row of each table that hangs on a person; all as old as the person."""
    given = {"controller": person.controller, "person": person}
    Channel.objects.create(kind="phone", value="+358401234567", **given)
    Identifier.objects.create(kind="hetu", sealed=b"x", blind_index=person.pk.bytes, **given)
    SearchToken.objects.create(kind="name", token="olena", **given)
    day = timezone.localdate(person.contacts.get().at)
    builders.a_case(person, worker, opened_on=day, closed_on=day, outcome="settled")
    document = Document.objects.create(controller=person.controller, name="letter.jpg", media_type="image/jpeg", size=1)
    Content.objects.create(document=document, controller=person.controller, data=b"x")
    submission = a_submission(person.controller_id, document)
    Submission.objects.filter(pk=submission.pk).update(submitted_at=noon(day))
    contact = builders.a_contact(worker, person=person, at=noon(day), submission=submission)
    Item.objects.create(
        submission=submission, received_at=noon(day), person=person, contact=contact, municipality="167",
        service_language="uk", topics=["permits"], controller=person.controller, state="done", done_at=noon(day),
    )  # fmt: skip
    Change.objects.create(controller=person.controller, contact=contact, worker=worker, before={"note": "x"})
    Message.objects.create(channel="sms", address="+358401234567", language="uk", body="x", **given)
    Message.objects.create(
        channel="sms", address="+1", language="uk", body="x", submission=submission, controller=person.controller
    )
    of_these = Message.objects.filter(person=person) | Message.objects.filter(submission=submission)
    of_these.update(created_at=noon(day))


def a_submission(controller: str, document: Document) -> Submission:
    answers = {"letter": {"document": str(document.pk), "name": document.name, "size": 1}}
    return Submission.objects.create(
        controller_id=controller, holder="h", key=identifiers.new_id(), reference=identifiers.new_reference(),
        version=rows.the_form(), language="uk", answers=answers,
    )  # fmt: skip


def test_a_clients_contacts_stay_as_counted_facts_of_their_day(worker: Worker) -> None:
    told: dict[str, Any] = {
        "date_of_birth": date(1990, 3, 1),
        "gender": "female",
        "mother_tongue": "uk",
        "ground_of_stay": "work",
    }
    person = seen(worker, moved_to_finland_on=date(2015, 1, 1), citizenships=["UA"], **told)
    builders.a_contact(worker, person=person, at=noon(date(2015, 6, 1)))
    run(DUE)
    latest, earlier = Contact.objects.order_by("-at")
    assert latest.counted_as == earlier.counted_as != person.pk
    assert (latest.person_id, latest.note, latest.citizenship) == (None, "", "")
    assert (latest.gender, latest.mother_tongue, latest.ground_of_stay) == ("female", "uk", "work")
    assert (latest.age_band, latest.time_in_finland, earlier.time_in_finland) == ("18-29", "1-3", "0-1")


def test_figures_of_the_year_are_the_same_before_and_after(worker: Worker) -> None:
    for number in range(7):
        person = seen(worker, LAST_SEEN - number * DAY, municipality=builders.LIPERI if number % 3 else "167")
        builders.a_contact(worker, person=person, at=noon(date(2016, 1, 10 + number)), municipality="167")
        builders.a_contact(worker, at=noon(date(2016, 1, 10 + number)))
    codes = [builders.JOENSUU, builders.LIPERI]
    before = counted(codes, 2016)
    assert before.persons["total", None] == 7
    assert run(DUE)["people.person"] == 7
    assert counted(codes, 2016) == before


def counted(codes: list[str], year: int) -> counting.Counted:
    return counting.count(codes, *reports.bounds(year), least=1)


def test_free_text_of_a_contact_goes_before_its_client(worker: Worker) -> None:
    person = seen(worker)
    contact = person.contacts.get()
    assert "contacts.contact" not in run(date(2018, 2, 28))
    assert run(date(2018, 3, 1)) == {"contacts.contact": 1}
    contact.refresh_from_db()
    assert (contact.note, contact.person) == ("", person)


def test_a_held_client_stays_whole_until_the_day_after(worker: Worker) -> None:
    person = seen(worker)
    everything_of(person, worker)
    until = DUE + 100 * DAY
    Hold.objects.create(
        controller_id=person.controller_id, subject_id=person.pk, reason="claim", until=until, made_by=worker
    )
    before = {model: model.objects.count() for model in EVERY_TABLE}
    assert run(until) == {}
    assert {model: model.objects.count() for model in EVERY_TABLE} == before
    assert Contact.objects.exclude(note="").exists()
    run(until + DAY)
    assert not exists(person)


def test_drafts_and_files_that_were_never_sent_end_by_themselves() -> None:
    with row_security.context(holder="visitor"):
        draft = Draft.objects.create(holder="visitor", version=rows.the_form(), language="uk")
        Draft.objects.update(updated_at=noon(LAST_SEEN))
        document = Document.objects.create(holder="visitor", name="x.jpg", media_type="image/jpeg", size=1)
        Content.objects.create(document=document, holder="visitor", data=b"x")
        Document.objects.update(created_at=noon(LAST_SEEN))
    assert run(LAST_SEEN + 29 * DAY) == {}
    assert run(LAST_SEEN + 30 * DAY) == {"forms.draft": 1}
    assert run(LAST_SEEN + 90 * DAY) == {"documents.document": 1}
    with row_security.context(holder="visitor"):
        assert not Draft.objects.filter(pk=draft.pk).exists()
        assert not Content.objects.filter(pk=document.pk).exists()


def test_a_code_ends_with_its_draft_and_by_itself() -> None:
    with row_security.context(holder="visitor"):
        for language, changed in (("uk", LAST_SEEN), ("ar", LAST_SEEN + 20 * DAY)):
            version = rows.the_form() if language == "uk" else another_version()
            draft = Draft.objects.create(holder="visitor", version=version, language=language)
            Draft.objects.filter(pk=draft.pk).update(updated_at=noon(changed))
            values = {"draft": draft, "form_id": version.form_id, "kind": "code", "expires_at": noon(LAST_SEEN)}
            DraftKey.objects.create(holder="visitor", bearer=language, **values)
        DraftKey.objects.update(made_at=noon(LAST_SEEN + 5 * DAY))
    assert run(LAST_SEEN + 30 * DAY) == {"forms.draft": 1}
    with row_security.context(holder="visitor"):
        assert [key.bearer for key in DraftKey.objects.all()] == ["ar"]
    assert run(LAST_SEEN + 35 * DAY) == {"forms.draftkey": 1}


def another_version() -> Version:
    form = rows.the_form().form
    return Version.objects.create(form=form, number="another", source={}, sha256="x")


def test_a_period_that_changes_counts_from_the_day_of_its_row(worker: Worker) -> None:
    person = seen(worker)
    RetentionRule.objects.filter(code="client").update(valid_to=DUE - DAY)
    RetentionRule.objects.create(code="client", amount=10, unit="years", after="activity", valid_from=DUE)
    run(DUE)
    assert exists(person)
    run(date(2026, 3, 1))
    assert not exists(person)


def test_a_class_without_a_rule_keeps_everything(worker: Worker) -> None:
    person = seen(worker)
    RetentionRule.objects.all().delete()
    assert run(DUE) == {}
    assert exists(person)


def test_a_dry_run_tells_what_the_run_then_does(worker: Worker) -> None:
    for _ in range(3):
        everything_of(seen(worker), worker)
    foretold = queries.due(on=DUE)
    assert sum(line.count for line in foretold) > 3
    persons = Person.objects.count()
    assert queries.due(on=DUE) == foretold
    assert Person.objects.count() == persons
    # A message and a form go by their own clocks, and so before their person is asked for.
    assert sorted(map(str, actions.run_retention(on=DUE))) == sorted(map(str, foretold))


@pytest.mark.parametrize("batch", [1, 2, 100])
def test_a_run_in_batches_that_was_stopped_is_simply_run_again(worker: Worker, batch: int) -> None:
    persons = [seen(worker, LAST_SEEN - number * DAY) for number in range(5)]
    assert sum(line.count for line in actions.run_retention(on=DUE, batch=batch) if line.what == "people.person") == 5
    assert not any(map(exists, persons))


def test_each_erased_person_leaves_a_line_and_a_tombstone_without_personal_data(worker: Worker) -> None:
    person = seen(worker, name="Zebulon Unmistakable")
    run(DUE)
    lines = [line for line in builders.audit_lines() if line.action == "person.erased"]
    assert [(line.subject_id, line.details) for line in lines] == [(person.pk, {"class": "client"})]
    stone = Tombstone.objects.get(what="people.person")
    assert (stone.subject_id, stone.retention, stone.erased_on) == (person.pk, "client", DUE)
    assert stone.written_at


def test_the_command_prints_json_and_refuses_to_erase_ahead_of_time(worker: Worker) -> None:
    seen(worker)
    said = StringIO()
    call_command("retention", "--dry-run", "--on", DUE.isoformat(), "--format", "json", stdout=said)
    found = json.loads(said.getvalue())
    assert (found["on"], found["dry_run"]) == ("2021-03-01", True)
    expected = {"controller": "167", "retention": "client", "what": "people.person", "count": 1}
    assert expected in found["lines"]
    tomorrow = timezone.localdate() + DAY
    with pytest.raises(CommandError, match="before its day"):
        call_command("retention", "--on", tomorrow.isoformat())
    call_command("retention", "--on", DUE.isoformat(), stdout=said)
    assert not Person.objects.exists()


def test_another_controllers_persons_do_not_exist_for_the_run_of_one(worker: Worker) -> None:
    ours, theirs = seen(worker), seen(worker, controller=builders.LIPERI)
    actions.run_retention(on=DUE, controllers=[builders.JOENSUU])
    assert [exists(ours), exists(theirs)] == [False, True]


def test_the_nightly_job_ends_what_is_due_today(worker: Worker) -> None:
    person = seen(worker)
    app.tasks["privacy.run_retention"](timestamp=0)
    assert not exists(person)
    assert [task for task in app.periodic_registry.periodic_tasks if task[0] == "privacy.run_retention"]
