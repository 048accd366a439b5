"""Service points, opening hours and mandates: who keeps them, and what the service allows."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from kotisatama.audit.models import Line
from kotisatama.kernel.errors import NotAllowed
from kotisatama.network import access, actions, queries
from kotisatama.network.models import Mandate, OpeningHours, ServicePoint
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Permission, Role
from tests import builders

pytestmark = pytest.mark.django_db
SATURDAY = 6


def a_manager() -> Worker:
    return builders.a_worker(Role.MAIN_USER)


def add_hours(point: ServicePoint, by: Worker, **changes: Any) -> OpeningHours:
    fields: dict[str, Any] = {"weekday": SATURDAY, "opens_at": time(10), "closes_at": time(12), "kind": "drop-in"}
    fields |= {"languages": ["fi"], "valid_from": date(2026, 1, 1), "valid_to": None}
    with builders.as_worker(by):
        return actions.add_opening_hours(point, **(fields | changes), by=by)


def give(by: Worker, **changes: Any) -> Mandate:
    fields: dict[str, Any] = {"controller": builders.a_municipality(builders.LIPERI), "basis": "Sopimus"}
    fields |= {"organisation": an_association(), "valid_from": date(2026, 1, 1), "valid_to": None}
    with builders.as_worker(by):
        return actions.give_mandate(**(fields | changes), by=by)


def an_association() -> Any:
    return builders.an_organisation("association", kind="association", mandates=[])


def actions_in_trail(by: Worker) -> list[str]:
    with builders.as_worker(by):
        return list(Line.objects.order_by("at", "id").values_list("action", flat=True))


def test_the_permission_is_the_one_of_the_list() -> None:
    assert Permission.MANAGE_REGION == access.MANAGE_REGION


@pytest.mark.parametrize("role", list(Role))
def test_only_the_main_user_opens_the_pages(role: Role) -> None:
    worker = builders.a_worker(role)
    mandate = Mandate.objects.first()
    hours = OpeningHours.objects.first()
    assert mandate
    assert hours
    client, opens = builders.signed_in(worker), 200 if role == Role.MAIN_USER else 403
    for address in (
        reverse("network:region"),
        reverse("network:service-point", args=[worker.service_point_id]),
        reverse("network:new-hours", args=[worker.service_point_id]),
        reverse("network:end-hours", args=[hours.pk]),
        reverse("network:new-mandate"),
        reverse("network:end-mandate", args=[mandate.pk]),
    ):
        assert client.get(address).status_code == opens, address


@pytest.mark.parametrize("role", [role for role in Role if role != Role.MAIN_USER])
def test_actions_ask_for_the_permission_themselves(role: Role) -> None:
    worker = builders.a_worker(role)
    assert worker.service_point
    with pytest.raises(PermissionDenied):
        add_hours(worker.service_point, worker)
    with pytest.raises(PermissionDenied):
        give(worker)


def test_place_and_mandate_of_a_municipality_outside_are_not_there() -> None:
    by, outsider = a_manager(), builders.an_outsider()
    client = builders.signed_in(by)
    theirs = Mandate.objects.get(organisation=outsider.organisation)
    assert client.get(reverse("network:service-point", args=[outsider.service_point_id])).status_code == 404
    assert client.get(reverse("network:end-mandate", args=[theirs.pk])).status_code == 404
    assert outsider.service_point
    with pytest.raises(PermissionDenied):
        add_hours(outsider.service_point, by)
    with builders.as_worker(by), pytest.raises(PermissionDenied):
        actions.end_mandate(theirs, on=timezone.localdate(), by=by)


def test_nobody_brings_a_new_municipality_in_for_the_own_organisation() -> None:
    by = a_manager()
    with pytest.raises(PermissionDenied):
        give(by, controller=builders.a_municipality(builders.KITEE), organisation=by.organisation)


def test_place_is_changed_by_the_page_and_leaves_a_line() -> None:
    by = a_manager()
    point = builders.a_service_point()
    fields = {"name": point.name, "street_address": "Satamakatu 1", "phone": "013 123", "email": ""}
    builders.signed_in(by).post(reverse("network:service-point", args=[point.pk]), fields)
    point.refresh_from_db()
    assert (point.street_address, point.phone) == ("Satamakatu 1", "013 123")
    assert actions_in_trail(by) == ["service_point.changed"]


def test_two_people_who_change_different_fields_do_not_undo_each_other() -> None:
    by, point = a_manager(), builders.a_service_point()
    with builders.as_worker(by):
        actions.change_service_point(point, by=by, phone="013 1")
        actions.change_service_point(point, by=by, street_address="Satamakatu 1")
    point.refresh_from_db()
    assert (point.phone, point.street_address) == ("013 1", "Satamakatu 1")


def test_place_does_not_change_hands_by_its_form() -> None:
    by, point = a_manager(), builders.a_service_point()
    with builders.as_worker(by), pytest.raises(PermissionDenied):
        actions.change_service_point(point, by=by, slug="other")


def test_new_hours_are_open_from_their_first_day() -> None:
    by, point = a_manager(), builders.a_service_point()
    fields = {"weekday": SATURDAY, "opens_at": "10:00", "closes_at": "12:30", "kind": "booked", "languages": ["ar"]}
    address = reverse("network:new-hours", args=[point.pk])
    assert builders.signed_in(by).post(address, {**fields, "valid_from": "2026-03-01"}).status_code == 302
    assert not queries.opening_hours(point, on=date(2026, 2, 28))
    hours = queries.opening_hours(point, on=date(2026, 3, 7))
    assert [(each.opens_at, each.closes_at, each.languages) for each in hours] == [(time(10), time(12, 30), ["ar"])]
    assert actions_in_trail(by) == ["opening_hours.added"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"closes_at": time(10)}, "closing time"),
        ({"valid_to": date(2025, 12, 31)}, "last day is before"),
        ({"weekday": 1, "opens_at": time(14), "closes_at": time(16)}, "open at that time already"),
    ],
)
def test_hours_that_cannot_be_are_refused_with_a_sentence(changes: dict[str, Any], sentence: str) -> None:
    by, point = a_manager(), builders.a_service_point()
    with pytest.raises(NotAllowed, match=sentence):
        add_hours(point, by, **changes)


def test_hours_right_after_others_are_fine() -> None:
    by, point = a_manager(), builders.a_service_point()
    assert add_hours(point, by, weekday=1, opens_at=time(15), closes_at=time(16)).pk


def test_ended_hours_hold_to_their_last_day() -> None:
    by, point = a_manager(), builders.a_service_point()
    hours = add_hours(point, by)
    builders.signed_in(by).post(reverse("network:end-hours", args=[hours.pk]), {"on": "2026-03-14"})
    assert queries.opening_hours(point, on=date(2026, 3, 14))
    assert not queries.opening_hours(point, on=date(2026, 3, 21))


def test_hours_ended_before_they_begin_go_away() -> None:
    by, point = a_manager(), builders.a_service_point()
    hours = add_hours(point, by)
    with builders.as_worker(by):
        actions.end_opening_hours(hours, on=date(2025, 12, 31), by=by)
    assert not OpeningHours.objects.filter(pk=hours.pk).exists()


def test_mandate_given_by_the_page_opens_the_municipality_and_leaves_a_line() -> None:
    by, association = a_manager(), an_association()
    fields = {"controller": builders.LIPERI, "organisation": association.pk, "basis": "Sopimus 2026"}
    answer = builders.signed_in(by).post(reverse("network:new-mandate"), {**fields, "valid_from": "2026-01-01"})
    assert answer.status_code == 302
    assert queries.controller_codes(association.pk, on=date(2026, 1, 1)) == [builders.LIPERI]
    assert actions_in_trail(by) == ["mandate.given"]


def test_mandate_ends_with_its_last_day() -> None:
    by, today = a_manager(), timezone.localdate()
    mandate = give(by)
    builders.signed_in(by).post(reverse("network:end-mandate", args=[mandate.pk]), {"on": today.isoformat()})
    assert queries.controller_codes(mandate.organisation_id, on=today) == [builders.LIPERI]
    assert queries.controller_codes(mandate.organisation_id, on=today + timedelta(days=1)) == []
    assert actions_in_trail(by)[-1] == "mandate.ended"


def test_second_mandate_for_the_same_days_is_refused() -> None:
    by = a_manager()
    give(by, valid_to=date(2026, 6, 30))
    with pytest.raises(NotAllowed, match="has a mandate"):
        give(by, valid_from=date(2026, 6, 30))
    assert give(by, valid_from=date(2026, 7, 1)).pk


def test_mandate_that_is_over_stays_as_it_was() -> None:
    by = a_manager()
    mandate = give(by, valid_from=date(2024, 1, 1), valid_to=date(2024, 12, 31))
    with builders.as_worker(by), pytest.raises(NotAllowed, match="ended already"):
        actions.end_mandate(mandate, on=timezone.localdate(), by=by)
