"""Partners and volunteers see an allow-list of fields of those whom they meet, and nothing of anybody else."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from kotisatama.people import access, fields
from kotisatama.people.models import Channel, Person
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Role
from tests import builders

pytestmark = pytest.mark.django_db

OUTSIDE = [Role.PARTNER_WORKER, Role.ASSOCIATION_COORDINATOR, Role.PEER_SUPPORTER]
MET = "/desk/people/met/"


def a_met_person(worker: Worker, **given: str) -> Person:
    """Somebody whose contact the worker recorded today; a counsellor has tied it."""
    person = builders.a_person("Olena Shevchenko", names=["Олена Шевченко"], **given)
    with builders.as_worker(worker):
        for value, safe in (("+358401111111", True), ("+358402222222", False)):
            Channel.objects.create(
                controller=person.controller, person=person, kind="phone", value=value, safe_to_leave_message=safe
            )
    builders.a_contact(worker, person=person)
    return person


@pytest.mark.parametrize("role", OUTSIDE)
def test_a_field_without_an_entry_is_closed(role: Role) -> None:
    """Every field of the model, and one that somebody adds tomorrow."""
    person, viewer = Person(name="Olena Shevchenko"), Worker(roles=[role])
    names = [field.name for field in Person._meta.get_fields()] + ["a_field_of_tomorrow"]
    for name in names:
        if name in fields.allowed([role]):
            continue
        with pytest.raises(PermissionDenied):
            fields.show(viewer, person, name)
    assert set(names) - fields.allowed([role])


def test_what_is_allowed_can_be_shown_and_roles_add_up() -> None:
    assert all(names <= fields.FIELDS.keys() for names in fields.ALLOWED.values())
    assert fields.allowed([Role.PEER_SUPPORTER, Role.PARTNER_WORKER]) == fields.allowed([Role.PARTNER_WORKER])
    assert not fields.allowed([Role.COUNSELLOR, Role.MAIN_USER])


@pytest.mark.parametrize("role", OUTSIDE)
def test_the_page_shows_the_allowed_fields_and_no_other(role: Role) -> None:
    viewer = builders.a_worker(role)
    browser, person = builders.signed_in(viewer), a_met_person(viewer)
    text = browser.get(reverse("people:met_person", args=[person.pk])).content.decode()
    assert "Olena" in text
    assert "українська" in text
    assert ("+358401111111" in text) is (role != Role.PEER_SUPPORTER)
    assert not [part for part in ("Shevchenko", "Шевченко", "+358402222222", "Joensuu (", "Temporary") if part in text]
    line = builders.audit_lines()[-1]
    assert (line.action, line.details["purpose"]) == ("person.viewed", "met_today")
    assert (
        line.details["fields"]
        == [each for each in fields.FIELDS if each in fields.allowed([role])][: len(line.details["fields"])]
    )
    assert "Olena" in browser.get(MET).content.decode()


def test_a_person_with_non_disclosure_has_no_channel_on_the_page() -> None:
    viewer = builders.a_worker(Role.PARTNER_WORKER)
    person = a_met_person(viewer, municipality="secret")
    text = builders.signed_in(viewer).get(reverse("people:met_person", args=[person.pk])).content.decode()
    assert "+358401111111" not in text


@pytest.mark.parametrize("role", OUTSIDE)
def test_without_a_relation_a_client_does_not_exist_for_them(role: Role) -> None:
    viewer, person = builders.a_worker(role), builders.a_person()
    builders.a_contact(builders.a_worker(), person=person)
    browser = builders.signed_in(viewer)
    assert browser.get(reverse("people:met_person", args=[person.pk])).status_code == 404
    assert browser.get(reverse("people:detail", args=[person.pk])).status_code == 403
    assert "Olena" not in browser.get(MET).content.decode()


def test_the_small_page_is_not_for_who_opens_the_whole_record() -> None:
    viewer = builders.a_worker(Role.COUNSELLOR)
    assert builders.signed_in(viewer).get(MET).status_code == 403
    with builders.as_worker(viewer):
        assert not access.met_people(viewer).exists()
