"""A contact is recorded once, in the controller that answers for it, with what follows from place and time."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from kotisatama.contacts import access, actions, queries
from kotisatama.contacts.models import Contact
from kotisatama.kernel import identifiers
from kotisatama.kernel.errors import ChangedMeanwhile, NotAllowed
from kotisatama.network.models import Organisation
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Role
from tests import builders

pytestmark = pytest.mark.django_db

CLIENT_WORK = {Role.TEAM_LEAD, Role.COUNSELLOR, Role.MUNICIPAL_WORKER}
ONLY_RECORDS = {Role.PARTNER_WORKER, Role.ASSOCIATION_COORDINATOR, Role.PEER_SUPPORTER}


@pytest.fixture
def worker() -> Worker:
    return builders.a_worker()


def record(worker: Worker, **fields: Any) -> Contact:
    given: dict[str, Any] = {
        "key": identifiers.new_id(),
        "at": timezone.now(),
        "service_point": worker.service_point,
        "channel": "phone",
        "municipality": "426",
        "service_language": "ar",
        "topics": ["letters"],
    } | fields
    with builders.as_worker(worker):
        return actions.record_contact(by=worker, **given)


def local(text: str) -> datetime:
    return timezone.make_aware(datetime.fromisoformat(text))


@pytest.mark.parametrize(
    ("municipality", "controller"),
    [("426", "426"), ("167", "167"), ("260", "167"), ("unknown", "167"), ("abroad", "167"), ("secret", "167")],
)
def test_the_home_municipality_answers_when_it_has_given_a_mandate_else_the_service_points(
    worker: Worker, municipality: str, controller: str
) -> None:
    assert record(worker, municipality=municipality).controller_id == controller


def test_without_any_mandate_nothing_is_recorded(worker: Worker) -> None:
    elsewhere = builders.a_service_point(slug="elsewhere", municipality="260")
    with pytest.raises(NotAllowed, match="no mandate"):
        record(worker, municipality="260", service_point=elsewhere)


def test_the_same_key_twice_is_the_same_contact(worker: Worker) -> None:
    key = identifiers.new_id()
    assert record(worker, key=key) == record(worker, key=key, channel="video")
    assert builders.audit_actions() == ["contact.recorded"]


def test_a_key_that_another_worker_used_tells_nothing(worker: Worker) -> None:
    key = record(worker).key
    outsider = builders.an_outsider()
    with pytest.raises(NotAllowed, match="used before"):
        record(outsider, key=key, municipality="260")


@pytest.mark.parametrize(
    ("at", "outside"),
    [
        ("2026-11-23T09:00", False),
        ("2026-11-23T14:59", False),
        ("2026-11-23T15:00", True),
        ("2026-11-23T08:59", True),
        ("2026-11-21T12:00", True),
    ],
)
def test_outside_the_opening_hours_is_out_of_hours(worker: Worker, at: str, outside: bool) -> None:
    assert worker.service_point is not None
    assert queries.is_out_of_hours(worker.service_point, local(at)) is outside


def test_an_evening_of_peer_support_is_out_of_hours(worker: Worker) -> None:
    point = worker.service_point
    assert point is not None
    point.opening_hours.create(weekday=1, opens_at="17:00", closes_at="20:00", kind="peer", valid_from="2020-01-01")
    assert queries.is_out_of_hours(point, local("2026-11-23T18:00"))


def test_a_place_without_hours_keeps_office_hours(worker: Worker) -> None:
    assert worker.service_point is not None
    worker.service_point.opening_hours.all().delete()
    assert not queries.is_out_of_hours(worker.service_point, local("2026-11-23T15:30"))
    assert queries.is_out_of_hours(worker.service_point, local("2026-11-22T12:00"))


def test_contacts_of_an_associations_worker_are_the_associations() -> None:
    association = builders.an_organisation("setlementti", kind=Organisation.Kind.ASSOCIATION)
    assert record(builders.a_worker(Role.PEER_SUPPORTER, association)).by_association == association
    assert record(builders.a_worker()).by_association is None


def test_a_clients_contact_keeps_no_anonymous_details(worker: Worker) -> None:
    contact = record(worker, person=builders.a_person(), gender="female", age_band="18-29", citizenship="UA")
    assert (contact.gender, contact.age_band, contact.citizenship) == ("", "", "")


def test_a_contact_of_a_client_with_non_disclosure_names_no_municipality(worker: Worker) -> None:
    contact = record(worker, person=builders.a_person(municipality="secret"), municipality="426")
    assert (contact.municipality, contact.controller_id) == ("secret", "167")


@pytest.mark.parametrize(
    "wrong",
    [
        {"topics": []},
        {"topics": ["nonsense"]},
        {"channel": "pigeon"},
        {"service_language": "klingon"},
        {"municipality": "999"},
        {"at": timezone.now() + timedelta(days=1)},
        {"at": timezone.now() - timedelta(days=1000)},
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence_and_nothing_is_saved(worker: Worker, wrong: dict[str, Any]) -> None:
    with pytest.raises(NotAllowed, match=r"\.$"):
        record(worker, **wrong)
    with builders.as_worker(worker):
        assert not access.visible_contacts(worker).exists()


def test_a_client_of_others_cannot_be_tied(worker: Worker) -> None:
    stranger = builders.a_person(controller="260")
    with pytest.raises(PermissionDenied):
        record(worker, person=stranger)


@pytest.mark.parametrize("role", list(Role))
def test_who_records_and_whose_contacts_one_sees(role: Role) -> None:
    worker, colleague = builders.a_worker(role), builders.a_worker()
    own, other = builders.a_contact(worker), builders.a_contact(colleague)
    with builders.as_worker(worker):
        seen = set(access.visible_contacts(worker))
    works = role in CLIENT_WORK | ONLY_RECORDS
    assert access.can_record(worker) is works
    assert (own in seen, other in seen) == (works, role in CLIENT_WORK)
    assert (access.can_change(worker, own), access.can_change(worker, other)) == (works, role in CLIENT_WORK)


def test_another_municipalitys_contact_does_not_exist_for_you() -> None:
    contact, outsider = builders.a_contact(), builders.an_outsider()
    with builders.as_worker(outsider):
        assert not Contact.objects.filter(pk=contact.pk).exists()
        assert not access.can_change(outsider, contact)


def test_on_its_day_the_worker_changes_a_contact_freely_and_the_history_says_what_it_was(worker: Worker) -> None:
    contact = record(worker)
    with builders.as_worker(worker):
        changed = actions.change_contact(contact, version=1, reason="", by=worker, channel="video", municipality="167")
        (before,) = queries.history(changed, "en")
    assert (changed.version, changed.controller_id) == (2, "167")
    assert before.values == [("Channel", "Phone"), ("Municipality", "Liperi")]


def test_after_its_day_a_contact_is_changed_only_with_a_reason(worker: Worker) -> None:
    contact = record(worker)
    with builders.as_worker(worker):
        Contact.objects.filter(pk=contact.pk).update(created_at=timezone.now() - timedelta(days=1, minutes=1))
        with pytest.raises(NotAllowed, match="why"):
            actions.change_contact(contact, version=1, reason="  ", by=worker, channel="video")
        changed = actions.change_contact(contact, version=1, reason="Wrong key", by=worker, channel="video")
        assert changed.changes.get().reason == "Wrong key"


def test_a_colleagues_contact_needs_a_reason_at_once(worker: Worker) -> None:
    contact = builders.a_contact(builders.a_worker())
    with builders.as_worker(worker), pytest.raises(NotAllowed, match="why"):
        actions.change_contact(contact, version=1, reason="", by=worker, channel="video")


def test_a_change_that_changes_nothing_leaves_no_trace(worker: Worker) -> None:
    contact = record(worker)
    with builders.as_worker(worker):
        assert actions.change_contact(contact, version=1, reason="", by=worker, channel="phone").version == 1
    assert builders.audit_actions() == ["contact.recorded"]


def test_nobody_overwrites_what_another_saved_meanwhile(worker: Worker) -> None:
    contact = record(worker)
    with builders.as_worker(worker):
        actions.change_contact(contact, version=1, reason="", by=worker, channel="video")
        with pytest.raises(ChangedMeanwhile):
            actions.change_contact(contact, version=1, reason="", by=worker, channel="chat")


def test_tying_clears_what_the_visitor_told_and_keeps_it_as_a_change(worker: Worker) -> None:
    contact, person = record(worker, gender="female", ground_of_stay="work"), builders.a_person()
    with builders.as_worker(worker):
        tied = actions.tie_to_person(contact, person, by=worker)
        assert (tied.person, tied.gender, tied.ground_of_stay) == (person, "", "")
        assert tied.changes.get().before == {"person": None, "gender": "female", "ground_of_stay": "work"}
        with pytest.raises(NotAllowed, match="already"):
            actions.tie_to_person(tied, person, by=worker)
        assert [before.values[0] for before in queries.history(tied, "en")] == [("Person", "–")]


def test_a_contact_is_taken_back_on_its_day_by_its_worker_only(worker: Worker) -> None:
    contact, other = record(worker), builders.a_contact(builders.a_worker())
    with builders.as_worker(worker):
        actions.undo_contact(contact, by=worker)
        assert not access.visible_contacts(worker).filter(pk=contact.pk).exists()
        with pytest.raises(NotAllowed):
            actions.undo_contact(other, by=worker)
    assert builders.audit_actions() == ["contact.recorded", "contact.undone"]


def test_the_next_contact_starts_from_the_last_one_but_its_topic(worker: Worker) -> None:
    with builders.as_worker(worker):
        first = queries.defaults(worker)
    assert (first.channel, first.municipality, first.service_language) == ("drop_in", "167", "en")
    record(worker)
    with builders.as_worker(worker):
        assert queries.defaults(worker) == queries.Defaults(worker.service_point, "phone", "426", "ar")


def test_the_database_refuses_anonymous_details_of_a_client() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        builders.a_contact(person=builders.a_person(), gender="female")
