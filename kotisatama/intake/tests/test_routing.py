"""Rules that send a submission to a team or a place: the first that fits decides, and a trial changes nothing."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from kotisatama.forms import actions as form_actions
from kotisatama.intake import actions
from kotisatama.intake.models import Item, RoutingRule
from kotisatama.intake.tests import rows
from kotisatama.kernel import row_security
from kotisatama.kernel.errors import ChangedMeanwhile, NotAllowed
from kotisatama.network.models import Organisation
from kotisatama.staff.models import Team, Worker
from kotisatama.staff.permissions import Role
from tests import builders

pytestmark = pytest.mark.django_db

RULES = reverse("intake:rules")
OPEN: dict[str, Any] = {
    "form": None,
    "municipality": "",
    "language": "",
    "topic": "",
    "team": None,
    "service_point": None,
}


@pytest.fixture
def maire() -> Worker:
    rows.a_main_service_point()
    return builders.a_worker(Role.MAIN_USER, name="Maire Hakala")


@pytest.fixture
def arabic(maire: Worker) -> Team:
    return builders.a_team("Arabic", maire.organisation)


@pytest.fixture
def housing(maire: Worker) -> Team:
    return builders.a_team("Housing", maire.organisation)


def rule(by: Worker, **fields: Any) -> RoutingRule:
    with builders.as_worker(by):
        return actions.add_rule(fields=OPEN | fields, by=by)


def where(item: Item) -> str:
    with row_security.context(controllers=["426", "167"]):
        found = Item.objects.select_related("team", "service_point").get(pk=item.pk)
        return str(found.team or found.service_point or "")


def order() -> list[str]:
    return [str(each.team) for each in RoutingRule.objects.select_related("team").order_by("position")]


@pytest.mark.parametrize(
    ("conditions", "answers", "fits"),
    [
        ({}, {}, True),
        ({"language": "ar"}, {"service_language": "ar"}, True),
        ({"language": "ar"}, {"service_language": "uk"}, False),
        ({"municipality": "426"}, {"municipality": "426"}, True),
        ({"municipality": "426"}, {"municipality": "secret"}, False),
        ({"topic": "housing"}, {"topics": ["letters", "housing"]}, True),
        ({"topic": "housing"}, {"topics": ["letters"]}, False),
        ({"topic": "housing", "language": "ar"}, {"topics": ["housing"], "service_language": "uk"}, False),
    ],
)
def test_every_condition_that_is_set_must_hold(
    maire: Worker, arabic: Team, conditions: dict[str, str], answers: dict[str, Any], fits: bool
) -> None:
    rule(maire, team=arabic, **conditions)
    assert where(rows.an_item(**answers)) == ("Arabic" if fits else "")


def test_the_first_rule_that_fits_decides(maire: Worker, arabic: Team, housing: Team) -> None:
    rule(maire, team=arabic, language="ar")
    rule(maire, team=housing, topic="housing")
    assert where(rows.an_item(topics=["housing"])) == "Arabic"
    assert where(rows.an_item(topics=["housing"], service_language="uk")) == "Housing"
    assert where(rows.an_item(topics=["work"], service_language="uk")) == ""


def test_a_rule_may_lead_to_a_service_point_and_name_the_form(maire: Worker) -> None:
    point = builders.a_service_point(maire.organisation, slug="liperi")
    rule(maire, service_point=point, form=rows.the_form().form)
    assert where(rows.an_item()) == point.name


def test_a_visitors_form_is_routed_when_it_is_sent_with_the_same_number_of_queries(
    maire: Worker, arabic: Team, django_assert_max_num_queries: Any
) -> None:
    for topic in ("housing", "work", "benefits", "permits"):
        rule(maire, team=arabic, topic=topic, municipality="309")
    rule(maire, team=arabic, language="ar")
    holder = "a" * 64
    with row_security.context(holder=holder):
        answers = {"topics": ["letters"], "message": "x", "urgent": "no", "municipality": "426"}
        answers |= {"service_language": "ar", "interpreter": "no", "with_family": "no", "reply_by": "visit"}
        version = rows.the_form()
        draft = form_actions.keep_draft(holder=holder, version=version, language="ar", answers=answers, page=4)
        draft.answers["consent"] = "OK"
        draft.save()
        with django_assert_max_num_queries(25):
            submission = actions.take_in(form_actions.lock_draft(draft), key=draft.submission_key, language="ar")
    assert submission
    with row_security.context(controllers=["426"]):
        assert Item.objects.get(submission=submission).team == arabic


def test_rules_are_the_main_users_and_each_organisations_own(maire: Worker, arabic: Team) -> None:
    made = rule(maire, team=arabic)
    for role in set(Role) - {Role.MAIN_USER}:
        assert builders.signed_in(builders.a_worker(role)).get(RULES).status_code == 403
    stranger = builders.an_outsider(Role.MAIN_USER)
    assert builders.signed_in(stranger).get(RULES).context["rules"] == []
    assert builders.signed_in(stranger).get(reverse("intake:change_rule", args=[made.pk])).status_code == 404
    with builders.as_worker(stranger), pytest.raises(PermissionDenied):
        actions.move_rule(made, position=1, seen="", by=stranger)


def test_the_same_rule_added_twice_is_one(maire: Worker, arabic: Team) -> None:
    client = builders.signed_in(maire)
    for _ in range(2):
        data = {"version": 1, "language": "ar", "place": f"team:{arabic.pk}"}
        assert client.post(reverse("intake:add_rule"), data).status_code == 302
    assert order() == ["Arabic"]
    page = client.post(reverse("intake:add_rule"), {"version": 1, "language": "ar", "place": ""})
    assert "Choose a team or a service point." in page.content.decode()


def test_an_old_page_of_a_rule_overwrites_nothing(maire: Worker, arabic: Team, housing: Team) -> None:
    made = rule(maire, team=arabic, language="ar")
    with builders.as_worker(maire):
        actions.change_rule(made, fields=OPEN | {"team": housing}, version=1, by=maire)
        with pytest.raises(ChangedMeanwhile):
            actions.change_rule(made, fields=OPEN | {"team": arabic}, version=1, by=maire)
    assert order() == ["Housing"]


def test_rules_are_moved_and_taken_away_by_buttons(maire: Worker, arabic: Team, housing: Team) -> None:
    client = builders.signed_in(maire)
    rule(maire, team=arabic, language="ar")
    last = rule(maire, team=housing, topic="housing")
    seen = client.get(RULES).context["seen"]
    for _ in range(2):
        client.post(reverse("intake:move_rule", args=[last.pk]), {"position": "1", "seen": seen})
    assert order() == ["Housing", "Arabic"]
    client.post(reverse("intake:move_rule", args=[last.pk]), {"position": "2", "seen": seen})
    assert order() == ["Housing", "Arabic"]
    assert client.get(reverse("intake:remove_rule", args=[last.pk])).status_code == 200
    for _ in range(2):
        answer = client.post(reverse("intake:remove_rule", args=[last.pk]))
        assert (answer.status_code, answer["Location"]) == (302, RULES)
    assert order() == ["Arabic"]
    assert RoutingRule.objects.get().position == 1


@pytest.mark.parametrize("position", ["", "x", "-1", "99999999", "١"])
def test_a_position_that_is_none_moves_nothing(maire: Worker, arabic: Team, position: str) -> None:
    made = rule(maire, team=arabic)
    answer = builders.signed_in(maire).post(reverse("intake:move_rule", args=[made.pk]), {"position": position})
    assert answer.status_code == 302


def test_a_trial_tells_what_would_move_and_changes_nothing(maire: Worker, arabic: Team) -> None:
    items = [rows.an_item() for _ in range(3)] + [rows.an_item(service_language="uk") for _ in range(2)]
    rule(maire, team=arabic, language="ar")
    context = builders.signed_in(maire).get(RULES).context
    assert (context["tried_number"], context["moving"], context["again_number"]) == (5, 3, 3)
    assert [(line.row.number, line.row.then.name) for line in context["tried"]] == [(3, "Arabic"), (2, "")]
    assert [where(item) for item in items] == [""] * 5


def test_the_main_user_sees_in_the_trial_nothing_that_says_whose_it_is(maire: Worker, arabic: Team) -> None:
    item = rows.an_item()
    rule(maire, team=arabic)
    page = builders.signed_in(maire).get(RULES).content.decode()
    for word in ("Fatima", item.submission.reference, "401234567", "post.example", str(item.pk)):
        assert word not in page


def test_what_waits_is_moved_as_the_page_showed_it(maire: Worker, arabic: Team) -> None:
    waiting, done = rows.an_item(), rows.an_item()
    with row_security.context(controllers=["426"]):
        Item.objects.filter(pk=done.pk).update(state="done", done_at=done.received_at)
    rule(maire, team=arabic, language="ar")
    client = builders.signed_in(maire)
    seen = client.get(RULES).context["all_seen"]
    rule(maire, team=arabic, language="uk")
    client.post(reverse("intake:send_again"), {"seen": seen})
    assert where(waiting) == ""
    seen = client.get(RULES).context["all_seen"]
    for _ in range(2):
        client.post(reverse("intake:send_again"), {"seen": seen})
    assert (where(waiting), where(done)) == ("Arabic", "")
    assert builders.audit_actions().count("submission.routed") == 1


def test_another_organisations_changed_rule_stops_the_moving_too(maire: Worker, arabic: Team) -> None:
    waiting = rows.an_item()
    rule(maire, team=arabic, language="uk")
    lake = builders.an_organisation("lake", kind=Organisation.Kind.AUTHORITY, mandates=[builders.LIPERI])
    theirs = builders.a_worker(Role.MAIN_USER, lake)
    with builders.as_worker(theirs):
        team = Team.objects.create(organisation=lake, name="Lake")
    client = builders.signed_in(maire)
    seen = client.get(RULES).context["all_seen"]
    made = rule(theirs, team=team, language="ar")
    client.post(reverse("intake:send_again"), {"seen": seen})
    assert where(waiting) == ""
    client.post(reverse("intake:remove_rule", args=[made.pk]))
    assert RoutingRule.objects.filter(pk=made.pk).exists()
    client.post(reverse("intake:send_again"), {"seen": client.get(RULES).context["all_seen"]})
    assert where(waiting) == "Lake"


def test_the_inbox_is_narrowed_to_what_my_team_gets(maire: Worker, arabic: Team) -> None:
    rule(maire, team=arabic, language="ar")
    ours, _theirs = rows.an_item(), rows.an_item(service_language="uk")
    worker = builders.a_worker(team=arabic)
    lines = builders.signed_in(worker).get(reverse("intake:inbox") + "?whose=team").context["lines"]
    assert [(line.item.pk, line.team) for line in lines] == [(ours.pk, "Arabic")]


def test_a_rule_leads_somewhere(maire: Worker) -> None:
    with builders.as_worker(maire), pytest.raises(NotAllowed):
        actions.add_rule(fields=OPEN, by=maire)


def test_the_page_takes_the_same_number_of_queries_however_many_rules(
    maire: Worker, arabic: Team, django_assert_max_num_queries: Any
) -> None:
    client = builders.signed_in(maire)
    counts = []
    for language in ("ar", "uk", "so", "fi"):
        rule(maire, team=arabic, language=language)
        rows.an_item(service_language=language)
        with django_assert_max_num_queries(30) as queries:
            client.get(RULES)
        counts.append(len(queries))
    assert counts[1] == counts[-1]
