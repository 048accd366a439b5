"""A form's own clocks: they end its answers sooner than the class does, never later, and what is held stays."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from kotisatama.documents.models import Document
from kotisatama.forms import actions as forms
from kotisatama.forms.models import Draft, FormClock, Submission
from kotisatama.intake.models import Item
from kotisatama.intake.tests import rows
from kotisatama.kernel import row_security
from kotisatama.privacy import actions, queries
from kotisatama.privacy.models import Hold, RetentionRule, Tombstone
from kotisatama.staff.permissions import Role
from tests import builders

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
SENT = date(2021, 3, 31)
PLACES = [builders.LIPERI]


@pytest.fixture(autouse=True)
def around(tmp_path: Any, settings: Any) -> Iterator[None]:
    """The rules hold in the years of these tests; erasures go to a file of the test."""
    settings.ERASURES_FILE = tmp_path / "erasures.jsonl"
    RetentionRule.objects.update(valid_from=date(2000, 1, 1))
    with row_security.context(controllers=PLACES):
        yield


def noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))


def an_item(**answers: Any) -> Item:
    """A submission of that day, of a client and with a letter."""
    letter = rows.a_letter()
    given = {"document": str(letter.pk), "name": letter.name, "size": 1}
    item = rows.an_item(letter=given, **answers)
    Submission.objects.filter(pk=item.submission_id).update(submitted_at=noon(SENT))
    Item.objects.filter(pk=item.pk).update(person=builders.a_person(controller=builders.LIPERI))
    item.refresh_from_db()
    return item


def a_clock(kind: str, amount: int, unit: str = "months", end: str = "delete") -> FormClock:
    form = rows.the_form().form
    by = builders.a_worker(Role.MAIN_USER)
    return FormClock.objects.create(form=form, kind=kind, amount=amount, unit=unit, end=end, changed_by=by)


def run(day: date) -> dict[tuple[str, str], int]:
    """What a run ended of forms, by table and class; the dry run said the same."""
    said = queries.due(on=day, controllers=PLACES)
    done = actions.run_retention(on=day, controllers=PLACES)
    found = [
        {(line.what, line.retention): line.count for line in lines if "forms" in line.what} for lines in (said, done)
    ]
    assert found[0] == found[1]
    return found[1]


def test_a_sent_form_is_deleted_on_its_own_day_with_its_files() -> None:
    an_item()
    a_clock("sent", 6)
    assert run(date(2021, 9, 30)) == {}
    assert run(date(2021, 10, 1)) == {("forms.submission", "submission"): 1}
    assert not Submission.objects.exists()
    assert not Document.objects.exists()
    assert run(date(2021, 10, 1)) == {}


def test_a_longer_time_than_the_class_keeps_nothing_longer() -> None:
    an_item()
    a_clock("sent", 999)
    assert run(date(2023, 3, 30)) == {}
    assert run(date(2023, 3, 31)) == {("forms.submission", "submission"): 1}


def test_anonymised_answers_count_and_name_nobody() -> None:
    item = an_item(message="I am Fatima", date_of_birth="1990-02-11")
    before = Submission.objects.get(pk=item.submission_id)
    a_clock("sent", 1, end="anonymise")
    assert run(date(2021, 5, 1)) == {("forms.submission", "submission.anonymised"): 1}
    after = Submission.objects.get(pk=item.submission_id)
    assert after.answers["topics"] == before.answers["topics"]
    assert not {"message", "name", "phone", "email", "date_of_birth", "letter"} & set(after.answers)
    assert (after.holder, after.calculated) == ("", {})
    assert after.reference != before.reference
    assert not Item.objects.exists()
    assert not Document.objects.exists()
    assert [stone.retention for stone in Tombstone.objects.filter(what="forms.submission")] == ["submission.anonymised"]
    assert run(date(2021, 5, 1)) == {}


def test_all_ends_anonymised_answers_too() -> None:
    an_item()
    a_clock("sent", 1, end="anonymise")
    a_clock("all", 2)
    run(date(2021, 5, 1))
    assert run(date(2021, 5, 30)) == {}
    assert run(date(2021, 5, 31)) == {("forms.submission", "submission"): 1}


def test_a_hold_keeps_what_the_clock_would_end() -> None:
    item = an_item()
    assert item.person_id
    a_clock("sent", 1)
    Hold.objects.create(
        controller_id=builders.LIPERI,
        subject_id=item.person_id,
        reason=Hold.Reason.CLAIM,
        until=date(2022, 1, 1),
        made_by=builders.a_worker(Role.DATA_PROTECTION_OFFICER),
    )
    assert run(date(2021, 12, 1)) == {}
    assert run(date(2022, 1, 2)) == {("forms.submission", "submission"): 1}


def test_what_a_non_disclosure_hides_is_not_anonymised_here() -> None:
    item = an_item()
    forms.conceal([item.submission_id])
    a_clock("sent", 1, end="anonymise")
    assert run(date(2021, 12, 1)) == {}


def test_a_form_that_was_sent_empty_is_anonymised_as_any_other() -> None:
    item = an_item()
    Submission.objects.filter(pk=item.submission_id).update(answers={}, calculated={})
    a_clock("sent", 1, end="anonymise")
    assert run(date(2021, 12, 1)) == {("forms.submission", "submission.anonymised"): 1}


def test_what_goes_as_a_whole_is_not_told_as_anonymised_too() -> None:
    an_item()
    a_clock("sent", 1, end="anonymise")
    a_clock("all", 2)
    assert run(date(2021, 12, 1)) == {("forms.submission", "submission"): 1}


def test_what_was_anonymised_is_not_said_to_be_erased() -> None:
    an_item()
    a_clock("sent", 1, end="anonymise")
    officer = builders.a_worker(Role.DATA_PROTECTION_OFFICER)
    said = [str(row.retention) for row in queries.due_rows(officer, on=date(2021, 12, 1), reader="fi")]
    run(date(2021, 12, 1))
    with builders.as_worker(officer):
        assert [name for _day, name, _count in queries.erased_lately(officer)] == said
    assert said == [str(queries.PARTS["submission.anonymised"])]
    assert said != [str(queries.CLASSES["submission"])]


@pytest.mark.parametrize(
    ("kind", "failed", "gone"),
    [
        ("unfinished", False, True),
        ("unfinished", True, False),
        ("failed", True, True),
        ("failed", False, False),
        ("all", False, True),
    ],
)
def test_an_unsent_form_ends_by_the_clock_of_its_kind(kind: str, failed: bool, gone: bool) -> None:
    with row_security.context(holder="1" * 64):
        draft = Draft.objects.create(holder="1" * 64, version=rows.the_form(), language="fi")
        moment = {"updated_at": noon(SENT), "created_at": noon(SENT), "failed_at": noon(SENT) if failed else None}
        Draft.objects.filter(pk=draft.pk).update(**moment)
    a_clock(kind, 3, "days")
    assert ("forms.draft", "draft") not in run(SENT + 2 * DAY)
    assert (("forms.draft", "draft") in run(SENT + 3 * DAY)) is gone


def posted(client: Any, **given: Any) -> Any:
    address = reverse("forms:clocks", args=["yhteydenotto"])
    page = client.get(address)
    data = {name: "" for name in page.context["form"].fields}
    data |= {name: "days" for name in data if name.endswith("_unit")}
    data |= {name: "delete" for name in data if name.endswith("_end")}
    data["was"] = page.context["form"]["was"].value() or ""
    return client.post(address, data | given)


def test_a_main_user_sets_the_clocks_once() -> None:
    rows.the_form()
    client = builders.signed_in(builders.a_worker(Role.MAIN_USER))
    wish = {"sent_amount": "6", "sent_unit": "months", "sent_end": "anonymise", "failed_amount": "3", "was": ""}
    assert posted(client, **wish).status_code == 302
    assert posted(client, **wish).status_code == 302
    found = {clock.kind: (clock.amount, clock.unit, clock.end) for clock in FormClock.objects.all()}
    assert found == {"sent": (6, "months", "anonymise"), "failed": (3, "days", "delete")}
    assert builders.audit_actions().count("form.clocks_changed") == 1


def test_a_change_meanwhile_is_not_overwritten() -> None:
    a_clock("sent", 6)
    client = builders.signed_in(builders.a_worker(Role.MAIN_USER))
    assert posted(client, was="sent: 5 months, delete", sent_amount="7").status_code == 422
    assert FormClock.objects.get().amount == 6


@pytest.mark.parametrize(
    ("field", "value"), [("unfinished_amount", "31"), ("sent_amount", "1000"), ("all_amount", "0")]
)
def test_a_time_that_is_too_long_is_refused_at_its_field(field: str, value: str) -> None:
    rows.the_form()
    client = builders.signed_in(builders.a_worker(Role.MAIN_USER))
    response = posted(client, **{field: value})
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert not FormClock.objects.exists()


def test_an_unsent_form_cannot_be_anonymised() -> None:
    rows.the_form()
    client = builders.signed_in(builders.a_worker(Role.MAIN_USER))
    assert posted(client, failed_amount="3", failed_end="anonymise").status_code == 422


@pytest.mark.parametrize("role", [Role.TEAM_LEAD, Role.COUNSELLOR, Role.DATA_PROTECTION_OFFICER])
def test_only_a_main_user_sets_them(role: Role) -> None:
    rows.the_form()
    client = builders.signed_in(builders.a_worker(role))
    assert client.get(reverse("forms:clocks", args=["yhteydenotto"])).status_code == 403
