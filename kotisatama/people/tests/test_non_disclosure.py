"""Non-disclosure for personal safety: set at once, opened for a reason, ended by few; nothing is lost in between."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test import override_settings
from django.utils import timezone

from kotisatama.kernel.errors import ChangedMeanwhile, NotAllowed
from kotisatama.people import actions, protection_rules, protection_seal, queries
from kotisatama.people.models import Channel, ConcealedPart, Person, Protection, SearchToken
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Role
from tests import builders

pytestmark = pytest.mark.django_db

PHONE, EMAIL = "+358401230001", "salme@posti.example"


@pytest.fixture(name="counsellor")
def counsellor_fixture() -> Worker:
    return builders.a_worker(Role.COUNSELLOR)


@pytest.fixture(name="lead")
def lead_fixture() -> Worker:
    return builders.a_worker(Role.TEAM_LEAD)


@pytest.fixture(name="salme")
def salme_fixture(counsellor: Worker) -> Person:
    with builders.as_worker(counsellor):
        return actions.make_person(
            controller=builders.JOENSUU,
            name="Salme Turva",
            municipality="005",
            channels=[("phone", PHONE, True), ("email", EMAIL, False)],
            by=counsellor,
        )


def terms(**further: Any) -> dict[str, Any]:
    today = timezone.localdate()
    return {"begins_on": today, "ends_on": today + timedelta(days=365), "decided_by": "dvv"} | further


def protect(person: Person, by: Worker, **further: Any) -> Protection:
    with builders.as_worker(by):
        return actions.set_protection(person, by=by, **terms(**further))


def test_setting_hides_municipality_and_channels_and_ending_puts_them_back(
    salme: Person, counsellor: Worker, lead: Worker
) -> None:
    protection = protect(salme, counsellor)
    with builders.as_worker(lead):
        salme.refresh_from_db()
        assert (salme.is_protected, salme.municipality) == (True, "secret")
        assert not salme.channels.exists()
        assert not SearchToken.objects.filter(person=salme, kind__in=["phone", "email"]).exists()
        assert not queries.search(lead, PHONE)
        assert [found.person for found in queries.search(lead, "Salme Turva")] == [salme]
        actions.end_protection(protection, version=1, by=lead)
        salme.refresh_from_db()
        assert (salme.is_protected, salme.municipality) == (False, "005")
        rows = salme.channels.values_list("kind", "value", "safe_to_leave_message")
        assert set(rows) == {("phone", PHONE, True), ("email", EMAIL, False)}
        assert [found.person for found in queries.search(lead, PHONE)] == [salme]
        ended = Protection.objects.get()
        assert (bytes(ended.sealed), ended.ended_by) == (b"", lead)


def test_setting_it_again_changes_nothing_and_ending_twice_neither(
    salme: Person, counsellor: Worker, lead: Worker
) -> None:
    first = protect(salme, counsellor)
    assert protect(salme, lead, ends_on=timezone.localdate()) == first
    with builders.as_worker(lead):
        actions.end_protection(first, version=1, by=lead)
        actions.end_protection(first, version=1, by=lead)
    assert builders.audit_actions().count("protection.ended") == 1
    assert builders.audit_actions().count("protection.set") == 1


def test_a_counsellor_sets_it_but_neither_opens_nor_ends_it(salme: Person, counsellor: Worker) -> None:
    protection = protect(salme, counsellor)
    with builders.as_worker(counsellor):
        for refused in (
            lambda: actions.end_protection(protection, version=1, by=counsellor),
            lambda: actions.open_protected(salme, reason="serve", by=counsellor),
        ):
            with pytest.raises(PermissionDenied):
                refused()


def test_opening_it_asks_for_a_reason_of_the_list_and_leaves_a_line(
    salme: Person, counsellor: Worker, lead: Worker
) -> None:
    protect(salme, counsellor)
    with builders.as_worker(lead):
        salme.refresh_from_db()
        with pytest.raises(NotAllowed, match="Choose why"):
            actions.open_protected(salme, reason="curiosity", by=lead)
        opened = actions.open_protected(salme, reason="serve", by=lead)
    assert opened.details.municipality == "005"
    assert [row[:3] for row in opened.details.channels] == [("phone", PHONE, True), ("email", EMAIL, False)]
    line = builders.audit_lines()[-1]
    assert (line.action, line.subject_id, line.details) == ("protection.viewed", salme.pk, {"reason": "serve"})


def test_what_is_typed_into_the_ordinary_form_goes_into_the_seal(
    salme: Person, counsellor: Worker, lead: Worker
) -> None:
    protect(salme, counsellor)
    builders.a_contact(lead, person=salme)
    with builders.as_worker(lead):
        salme.refresh_from_db()
        typed: dict[str, Any] = {
            "municipality": "010",
            "channels": [("phone", "040 999 0001", True)],
            "name": "Salme Turva-Laine",
        }
        actions.change_person(salme, version=salme.version, by=lead, **typed)
        salme.refresh_from_db()
        actions.change_person(salme, version=salme.version, by=lead, channels=[], municipality="secret")
        salme.refresh_from_db()
        assert (salme.municipality, salme.name) == ("secret", "Salme Turva-Laine")
        assert not Channel.objects.filter(person=salme).exists()
        details = actions.open_protected(salme, reason="correct", by=lead).details
    assert details.municipality == "010"
    assert [row[1] for row in details.channels] == [PHONE, EMAIL, "+358409990001"]


def test_it_extends_to_whoever_has_the_same_number(salme: Person, counsellor: Worker, lead: Worker) -> None:
    with builders.as_worker(counsellor):
        fields: dict[str, Any] = {"controller": builders.JOENSUU, "municipality": "005", "by": counsellor}
        child = actions.make_person(name="Anna Turva", channels=[("phone", PHONE, False)], **fields)
        other = actions.make_person(name="Anna Muu", channels=[("phone", "+358401230002", False)], **fields)
    protection = protect(salme, counsellor)
    with builders.as_worker(lead):
        for person in (child, other):
            person.refresh_from_db()
        assert (child.is_protected, other.is_protected) == (True, False)
        actions.end_protection(protection, version=1, by=lead)
        child.refresh_from_db()
        assert (child.is_protected, child.municipality) == (False, "005")


def test_a_protection_that_extended_another_becomes_its_own_when_it_is_set(salme: Person, counsellor: Worker) -> None:
    with builders.as_worker(counsellor):
        child = actions.make_person(
            controller=builders.JOENSUU, name="Anna Turva", channels=[("phone", PHONE, False)], by=counsellor
        )
    protect(salme, counsellor)
    assert protect(child, counsellor, decided_by="awaited").extends_id is None


def test_a_first_one_lasts_five_years_and_a_renewal_two(salme: Person, counsellor: Worker) -> None:
    today = timezone.localdate()
    latest = protection_rules.last_first_day(today)
    with builders.as_worker(counsellor), pytest.raises(NotAllowed, match="at the latest"):
        actions.set_protection(salme, by=counsellor, **terms(ends_on=latest + timedelta(days=1)))
    protection = protect(salme, counsellor, ends_on=latest)
    assert latest.year == today.year + 5
    further = protection_rules.last_renewed_day(latest) + timedelta(days=1)
    with builders.as_worker(counsellor):
        with pytest.raises(NotAllowed, match="at the latest"):
            actions.renew_protection(protection, ends_on=further, decided_by="dvv", version=1, by=counsellor)
        with pytest.raises(NotAllowed, match="Write a later day"):
            actions.renew_protection(protection, ends_on=latest, decided_by="dvv", version=1, by=counsellor)
        renewed = actions.renew_protection(
            protection, ends_on=further - timedelta(days=1), decided_by="dvv", version=1, by=counsellor
        )
        assert renewed.ends_on.year == latest.year + 2
        with pytest.raises(ChangedMeanwhile):
            actions.renew_protection(renewed, ends_on=further, decided_by="dvv", version=1, by=counsellor)


def test_the_29th_of_february_has_an_anniversary() -> None:
    assert protection_rules.last_first_day(date(2024, 2, 29)) == date(2029, 2, 28)


def test_a_day_that_passes_opens_nothing(salme: Person, counsellor: Worker, lead: Worker) -> None:
    protection = protect(salme, counsellor)
    with builders.as_worker(lead):
        Protection.objects.filter(pk=protection.pk).update(
            begins_on=date(2020, 1, 1), ends_on=timezone.localdate() - timedelta(days=1)
        )
        salme.refresh_from_db()
        assert salme.municipality == "secret"
        assert list(queries.ending_soon(lead)) == [protection]


def test_the_database_refuses_a_municipality_beside_a_protection(salme: Person, counsellor: Worker) -> None:
    protect(salme, counsellor)
    with builders.as_worker(counsellor), pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.filter(pk=salme.pk).update(municipality="167")


def test_a_seal_opens_in_its_row_only_and_a_former_key_until_it_is_sealed_anew() -> None:
    row, other = Protection().pk, Protection().pk
    with override_settings(PROTECTION_KEY="a" * 40, PROTECTION_FORMER_KEYS=[]):
        sealed = protection_seal.seal({"street": "Salakuja"}, table="x", row=row, controller="167")
        assert b"Salakuja" not in sealed
        for moved in ({"row": other}, {"table": "y"}, {"controller": "426"}):
            bound: dict[str, Any] = {"table": "x", "row": row, "controller": "167"} | moved
            with pytest.raises(ValueError, match="not this row's"):
                protection_seal.unseal(sealed, **bound)
    with override_settings(PROTECTION_KEY="b" * 40, PROTECTION_FORMER_KEYS=["a" * 40]):
        assert not protection_seal.is_current(sealed)
        assert protection_seal.unseal(sealed, table="x", row=row, controller="167") == {"street": "Salakuja"}
    with (
        override_settings(PROTECTION_KEY="b" * 40, PROTECTION_FORMER_KEYS=[]),
        pytest.raises(ValueError, match="no key"),
    ):
        protection_seal.unseal(sealed, table="x", row=row, controller="167")


def test_keys_rotate_seals_everything_anew(salme: Person, counsellor: Worker, lead: Worker) -> None:
    with override_settings(PROTECTION_KEY="a" * 40):
        builders.a_contact(counsellor, person=salme, note="Salakuja 5")
        protect(salme, counsellor)
    with override_settings(PROTECTION_KEY="b" * 40, PROTECTION_FORMER_KEYS=["a" * 40]), builders.as_worker(lead):
        assert actions.reseal_protections() == 1 + ConcealedPart.objects.count()
        assert actions.reseal_protections() == 0
    with override_settings(PROTECTION_KEY="b" * 40), builders.as_worker(lead):
        salme.refresh_from_db()
        assert actions.open_protected(salme, reason="serve", by=lead).details.municipality == "005"


def test_another_municipalitys_protection_does_not_exist_for_a_lead(salme: Person, counsellor: Worker) -> None:
    protect(salme, counsellor)
    with builders.as_worker(builders.an_outsider(Role.TEAM_LEAD)) as outsider:
        assert not list(queries.ending_soon(outsider))
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM people_protection")
            assert cursor.fetchone() == (0,)
