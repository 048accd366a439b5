"""The main user's pages about workers, and each worker's own settings."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from kotisatama.audit.models import Line
from kotisatama.kernel.errors import ChangedMeanwhile, NotAllowed
from kotisatama.staff import access, actions, queries
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Role
from kotisatama.staff.tests import signing_in
from tests import builders

pytestmark = pytest.mark.django_db
ORIGIN = "https://desk.example"


def a_main_user(**more: Any) -> Worker:
    return builders.a_worker(Role.MAIN_USER, **more)


def form_of(worker: Worker, **changes: Any) -> dict[str, Any]:
    """What the page of the worker sends when nothing but `changes` was changed."""
    fields: dict[str, Any] = {
        "name": worker.name,
        "roles": worker.roles,
        "team": worker.team_id or "",
        "service_point": worker.service_point_id or "",
        "language": worker.language,
        "version": worker.version,
    }
    if worker.is_active:
        fields["is_active"] = "on"
    return fields | changes


def change(worker: Worker, *, by: Worker, **changes: Any) -> Worker:
    """Call the action with what the worker is now and the changes."""
    now: dict[str, Any] = {
        "name": worker.name,
        "roles": worker.roles,
        "language": worker.language,
        "is_active": worker.is_active,
    }
    now |= {"team": worker.team, "service_point": worker.service_point, "version": worker.version}
    with builders.as_worker(by):
        return actions.change_worker(worker, **(now | changes), by=by)


def lines(by: Worker) -> list[tuple[str, dict[str, Any]]]:
    with builders.as_worker(by):
        return list(Line.objects.order_by("at", "id").values_list("action", "details"))


@pytest.mark.parametrize("role", [role for role in Role if role != Role.MAIN_USER])
@pytest.mark.parametrize("name", ["staff:workers", "staff:new-worker"])
def test_only_the_main_user_opens_the_pages(name: str, role: Role) -> None:
    assert builders.signed_in(builders.a_worker(role)).get(reverse(name)).status_code == 403


def test_list_finds_by_name_role_and_state() -> None:
    by = a_main_user(name="Maija")
    builders.a_worker(Role.COUNSELLOR, name="Aino")
    former = builders.a_worker(Role.TEAM_LEAD, name="Petra")
    Worker.objects.filter(pk=former.pk).update(is_active=False)
    assert [each.name for each in queries.workers(by)] == ["Aino", "Maija"]
    assert [each.name for each in queries.workers(by, active=None)] == ["Aino", "Maija", "Petra"]
    assert [each.name for each in queries.workers(by, text="ain")] == ["Aino"]
    assert [each.name for each in queries.workers(by, role=Role.MAIN_USER)] == ["Maija"]


def test_list_shows_names_and_roles() -> None:
    client = builders.signed_in(a_main_user())
    builders.a_worker(Role.COUNSELLOR, name="Aino Niemi")
    page = client.get(reverse("staff:workers"), {"text": "aino"}).content.decode()
    assert "Aino Niemi" in page
    assert "Counsellor" in page


def test_worker_of_a_municipality_outside_is_not_there() -> None:
    by, outsider = a_main_user(), builders.an_outsider()
    assert outsider not in queries.workers(by, active=None)
    assert builders.signed_in(by).get(reverse("staff:worker", args=[outsider.pk])).status_code == 404
    with pytest.raises(PermissionDenied):
        change(outsider, by=by, name="Someone")


def test_list_is_the_same_whether_or_not_our_region_has_workers() -> None:
    client = builders.signed_in(builders.an_outsider(Role.MAIN_USER))
    before = client.get(reverse("staff:workers")).content
    builders.a_worker()
    after = client.get(reverse("staff:workers")).content
    assert before.split(b"<main")[1] == after.split(b"<main")[1]


def test_new_worker_has_no_password_and_leaves_a_line() -> None:
    by = a_main_user()
    client = builders.signed_in(by)
    fields = {"email": "New.Worker@test.example", "name": "New Worker", "organisation": by.organisation_id}
    answer = client.post(reverse("staff:new-worker"), {**fields, "roles": ["counsellor"], "language": "sv"})
    worker = Worker.objects.get(email="new.worker@test.example")
    assert answer["Location"] == reverse("staff:worker", args=[worker.pk])
    assert not worker.has_usable_password()
    assert lines(by)[-1] == ("worker.made", {"worker": worker.pk, "roles": ["counsellor"]})


def test_address_that_a_worker_has_is_not_given_again() -> None:
    by, other = a_main_user(), builders.a_worker()
    fields = {"email": other.email.upper(), "name": "Twin", "organisation": by.organisation_id, "language": "fi"}
    page = builders.signed_in(by).post(reverse("staff:new-worker"), {**fields, "roles": ["counsellor"]})
    assert "A worker with this e-mail address exists already" in page.content.decode()
    assert not Worker.objects.filter(name="Twin").exists()


def test_new_worker_of_an_organisation_outside_is_refused() -> None:
    by, outsider = a_main_user(), builders.an_outsider()
    with builders.as_worker(by), pytest.raises(PermissionDenied):
        actions.create_worker(
            email="a@b.example",
            name="A",
            organisation=outsider.organisation,
            roles=["counsellor"],
            language="fi",
            by=by,
            origin=ORIGIN,
        )


def test_change_by_the_page_is_saved_and_leaves_a_line() -> None:
    by, worker = a_main_user(), builders.a_worker()
    address = reverse("staff:worker", args=[worker.pk])
    answer = builders.signed_in(by).post(address, form_of(worker, roles=["team_lead"], language="fi"))
    assert answer.status_code == 302
    worker.refresh_from_db()
    assert (worker.roles, worker.language, worker.version) == (["team_lead"], "fi", 2)
    details = {"worker": worker.pk, "fields": ["language", "roles"], "roles": ["team_lead"], "active": True}
    assert lines(by)[-1] == ("worker.changed", details)


def test_of_two_changes_at_once_the_second_is_refused_and_keeps_what_was_typed() -> None:
    by, worker = a_main_user(), builders.a_worker()
    old = form_of(worker, name="Typed second")
    change(worker, by=by, name="Saved first")
    page = builders.signed_in(by).post(reverse("staff:worker", args=[worker.pk]), old).content.decode()
    assert "Somebody else changed this worker in the meantime." in page
    assert "Typed second" in page
    assert Worker.objects.get(pk=worker.pk).name == "Saved first"


def test_version_of_the_page_is_checked_by_the_action() -> None:
    by, worker = a_main_user(), builders.a_worker()
    with pytest.raises(ChangedMeanwhile):
        change(worker, by=by, version=worker.version + 1)


@pytest.mark.parametrize("changes", [{"roles": ["main_user", "counsellor"]}, {"roles": []}, {"is_active": False}])
def test_nobody_changes_the_own_rights(changes: dict[str, Any]) -> None:
    by = a_main_user()
    with pytest.raises(NotAllowed):
        change(by, by=by, **changes)


def test_team_of_another_organisation_is_refused() -> None:
    by, worker = a_main_user(), builders.a_worker()
    elsewhere = builders.an_organisation("association", mandates=[])
    with pytest.raises(NotAllowed):
        change(worker, by=by, team=builders.a_team("Elsewhere", elsewhere))


def test_closing_an_account_by_the_page_signs_the_worker_out() -> None:
    by, worker = a_main_user(), builders.a_worker()
    theirs = builders.signed_in(worker)
    fields = form_of(worker)
    del fields["is_active"]
    builders.signed_in(by).post(reverse("staff:worker", args=[worker.pk]), fields)
    assert not signing_in.is_signed_in(theirs)


def test_lost_telephone_is_removed_by_the_main_user_and_not_by_oneself() -> None:
    by, worker = a_main_user(), builders.a_worker()
    signing_in.set_up_app(worker)
    signing_in.set_up_app(by)
    builders.signed_in(by).post(reverse("staff:remove-second-factors", args=[worker.pk]))
    assert list(Authenticator.objects.values_list("user", flat=True)) == [by.pk]
    assert lines(by)[-1][0] == "worker.second_factor_removed"
    assert builders.signed_in(by).post(reverse("staff:remove-second-factors", args=[by.pk])).status_code == 403


def test_new_link_is_left_to_a_job_and_leaves_a_line() -> None:
    by, worker = a_main_user(), builders.a_worker()
    builders.signed_in(by).post(reverse("staff:send-link", args=[worker.pk]))
    job = ProcrastinateJob.objects.get(task_name="staff.send_password_link")
    assert job.args == {"worker_id": worker.pk, "origin": "http://testserver", "template": "forgotten"}
    assert lines(by)[-1] == ("worker.link_sent", {"worker": worker.pk})


def test_a_look_at_an_address_that_changes_something_is_refused() -> None:
    by, worker = a_main_user(), builders.a_worker()
    assert builders.signed_in(by).get(reverse("staff:send-link", args=[worker.pk])).status_code == 405


def test_worker_chooses_the_own_language_and_place() -> None:
    worker = builders.a_worker()
    point = builders.a_service_point(slug="other-point")
    client = builders.signed_in(worker)
    fields = {"language": "sv", "service_point": point.pk, "version": worker.version}
    assert client.post(reverse("staff:profile"), fields).status_code == 302
    worker.refresh_from_db()
    assert (worker.language, worker.service_point_id) == ("sv", point.pk)
    assert '<html lang="sv"' in client.get(reverse("staff:profile")).content.decode()


def test_own_settings_give_no_rights() -> None:
    worker = builders.a_worker()
    fields = {"language": "fi", "version": worker.version, "roles": ["main_user"], "is_active": "on"}
    builders.signed_in(worker).post(reverse("staff:profile"), fields)
    worker.refresh_from_db()
    assert worker.roles == ["counsellor"]


def test_place_of_an_organisation_outside_cannot_be_chosen() -> None:
    worker, outsider = builders.a_worker(), builders.an_outsider()
    fields = {"language": "sv", "service_point": outsider.service_point_id, "version": worker.version}
    assert builders.signed_in(worker).post(reverse("staff:profile"), fields).status_code == 200
    worker.refresh_from_db()
    assert worker.language == "en"


def test_database_refuses_a_role_that_does_not_exist() -> None:
    with pytest.raises(Exception, match="worker_roles_exist"):
        builders.a_worker("emperor")


def test_manager_of_no_worker_sees_none() -> None:
    builders.a_worker()
    assert not access.visible_workers(builders.a_worker(Role.TEAM_LEAD)).exists()
