"""A form is sent to a known client, opens with the year of birth alone, and comes back with its client first."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from kotisatama.forms.models import Draft
from kotisatama.intake.models import Invitation, Item
from kotisatama.intake.tests import rows
from kotisatama.kernel import identifiers, row_security
from kotisatama.messages.models import Message
from kotisatama.people import actions as people
from kotisatama.people import merging
from kotisatama.people.models import Person
from kotisatama.portal.tests import visitors
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Role
from tests import builders

pytestmark = pytest.mark.django_db

PAGE = "/en/invited/"
FORM = "/en/form/yhteydenotto/"
FROM_REGISTER = ["person.name", "person.date_of_birth", "person.municipality", "person.phone"]


@pytest.fixture(name="aino")
def aino_fixture() -> Worker:
    rows.a_main_service_point()
    rows.the_form()
    return builders.a_worker(Role.COUNSELLOR, name="Aino Niemi")


@pytest.fixture(name="olena")
def olena_fixture(aino: Worker) -> Person:
    return a_client(aino)


def a_client(aino: Worker, **fields: Any) -> Person:
    given: dict[str, Any] = {
        "date_of_birth": date(1990, 2, 11), "service_languages": ["uk"], "municipality": builders.JOENSUU,
        "channels": [("phone", "+358401234567", True), ("email", "olena@post.example", False)], "hetu": "110290-9010",
    }  # fmt: skip
    with builders.as_worker(aino):
        return people.make_person(controller=builders.JOENSUU, name="Olena Shevchenko", by=aino, **{**given, **fields})


def post_page(aino: Worker, person: Person, **given: Any) -> Any:
    """What the worker's browser sends from the page."""
    wished = {"key": str(identifiers.new_id()), "delivery": "paper", "targets": FROM_REGISTER, **given}
    address = f"/desk/inbox/send/{person.pk}/?form=yhteydenotto&language={wished.pop('language', 'uk')}"
    return builders.signed_in(aino).post(address, wished)


def on_paper(aino: Worker, person: Person, **given: Any) -> str:
    page = post_page(aino, person, **given)
    assert page.status_code == 200, page.content.decode()
    return str(page.context["code"])


def visitor(code: str) -> Client:
    browser = Client(headers={"accept-language": "en"})
    browser.get(f"{PAGE}{code}/")
    return browser


def answered(code: str, year: str = "1990") -> tuple[Client, Any]:
    browser = visitor(code)
    return browser, browser.post(PAGE, {"year": year})


def invitations() -> list[Invitation]:
    with row_security.context(controllers=[builders.JOENSUU]):
        return list(Invitation.objects.select_related("person", "submission").order_by("made_at"))


def draft_of(invitation: Invitation) -> Draft | None:
    with row_security.context(holder=invitation.holder):
        return Draft.objects.filter(holder=invitation.holder).first()


def send_in(browser: Client) -> Any:
    """Fill in what the register did not, page by page, and send."""
    pages: list[Mapping[str, Any]] = [
        visitors.ABOUT,
        {"service_language": "uk", "interpreter": "yes", "municipality": "426"},
        visitors.FAMILY,
        visitors.CONTACT,
    ]
    for number, answers in enumerate(pages, start=1):
        assert visitors.post(browser, number, answers).status_code == 302
    return visitors.send(browser)


def test_the_workers_page_shows_what_will_be_filled_in_and_what_stays_fixed(aino: Worker, olena: Person) -> None:
    page = builders.signed_in(aino).get(f"/desk/inbox/send/{olena.pk}/?form=yhteydenotto&language=uk")
    text = page.content.decode()
    assert "Olena Shevchenko (the client cannot change it)" in text
    assert "+358401234567" in text
    assert "olena@post.example" not in text  # nobody said that a message is safe there
    assert "1990" in text
    assert "110290" not in text


def test_nothing_shows_before_the_year_of_birth(aino: Worker, olena: Person) -> None:
    browser = visitor(on_paper(aino, olena))
    text = browser.get(PAGE).content.decode()
    assert "Your year of birth" in text
    for word in ("Olena", "1990", "Joensuu", "+358", "Contact us"):
        assert word not in text.partition("<main")[2].partition("</main>")[0]
    assert not browser.get(FORM).context["draft"]
    assert [each.state for each in invitations()] == ["opened"]


def test_the_right_year_opens_the_form_with_fixed_and_open_answers(aino: Worker, olena: Person) -> None:
    browser, response = answered(on_paper(aino, olena))
    assert response.headers["Location"] == "/en/form/yhteydenotto/"
    draft = draft_of(invitations()[0])
    assert draft is not None
    assert set(draft.verified) == {"name", "date_of_birth"}
    assert (draft.answers["municipality"], draft.answers["phone"]) == ("167", "+358401234567")
    assert "email" not in draft.answers
    assert 'name="phone"' in browser.get(f"{FORM}4/").content.decode()
    assert 'name="name"' not in browser.get(f"{FORM}4/").content.decode()
    assert [each.state for each in invitations()] == ["begun"]


def test_the_form_comes_back_to_the_clients_controller_with_the_client_first(aino: Worker, olena: Person) -> None:
    code = on_paper(aino, olena)
    browser, _response = answered(code)
    assert send_in(browser).status_code == 302
    (invitation,) = invitations()
    assert invitation.state == "arrived"
    with row_security.context(controllers=[builders.JOENSUU]):
        item = Item.objects.get()
    assert (item.submission_id, item.controller_id, item.person_id) == (invitation.submission_id, "167", None)
    worker = builders.signed_in(aino)
    worker.post(f"/desk/inbox/{item.pk}/take/", {"version": item.version})
    page = worker.get(f"/desk/inbox/{item.pk}/")
    assert page.context["candidates"][0].person == olena
    assert "The form was sent to this client" in page.content.decode()
    assert "Arrived" in worker.get(f"/desk/people/{olena.pk}/").content.decode()
    assert "This link does not work" in visitor(code).get(PAGE).content.decode()


def test_five_wrong_years_close_the_link_also_for_who_knows_the_right_one(aino: Worker, olena: Person) -> None:
    code = on_paper(aino, olena)
    browser = visitor(code)
    for year in ("1991", "", "11.2.1990", "19900", "١٩٩٠"):
        assert browser.post(PAGE, {"year": year}).status_code == 422
    page = browser.post(PAGE, {"year": "1990"})
    assert "This link does not work" in page.content.decode()
    assert [each.state for each in invitations()] == ["closed"]
    assert draft_of(invitations()[0]) is None
    assert "wrong too often" in builders.signed_in(aino).get(f"/desk/people/{olena.pk}/").content.decode()


def test_somebody_elses_link_a_made_up_one_and_an_expired_one_look_alike(aino: Worker, olena: Person) -> None:
    code = on_paper(aino, olena)
    with row_security.context(controllers=[builders.JOENSUU]):
        before = timezone.now() - timedelta(days=20)
        Invitation.objects.update(made_at=before, expires_at=before + timedelta(days=14))
    pages = [visitor(each).get(PAGE).content for each in (code, "AAAA-AAAA-AAAA-AAAA")]
    assert b"This link does not work" in pages[0]
    assert [re.sub(rb'value="\w{64}"', b"", each) for each in pages[:1]] == [
        re.sub(rb'value="\w{64}"', b"", each) for each in pages[1:]
    ]
    assert [each.state for each in invitations()] == ["expired"]


def test_another_clients_year_does_not_open_the_form(aino: Worker, olena: Person) -> None:
    a_client(aino, date_of_birth=date(1955, 1, 1), hetu="", channels=[])
    _browser, response = answered(on_paper(aino, olena), "1955")
    assert response.status_code == 422
    assert draft_of(invitations()[0]) is None


def test_the_code_on_the_paper_is_typed_where_other_codes_are(aino: Worker, olena: Person) -> None:
    code = on_paper(aino, olena)
    browser = Client(headers={"accept-language": "en"})
    assert browser.post("/en/go-on/", {"code": code.lower().replace("-", " ")}).headers["Location"] == PAGE
    assert browser.post(PAGE, {"year": "1990"}).status_code == 302


def test_a_second_phone_needs_the_year_and_gets_the_same_answers(aino: Worker, olena: Person) -> None:
    code = on_paper(aino, olena)
    first, _response = answered(code)
    visitors.post(first, 1, visitors.ABOUT)
    second = visitor(code)
    assert not second.get(FORM).context["draft"]
    second.post(PAGE, {"year": "1990"})
    assert second.get(FORM).context["draft"] == first.get(FORM).context["draft"]


def test_one_page_sent_twice_is_one_link(aino: Worker, olena: Person) -> None:
    key = str(identifiers.new_id())
    first, second = (on_paper(aino, olena, key=key) for _twice in range(2))
    assert len(invitations()) == 1
    assert "This link does not work" in visitor(first).get(PAGE).content.decode()
    assert "Your year of birth" in visitor(second).get(PAGE).content.decode()


def test_a_text_message_carries_the_link_alone_in_the_clients_language_and_once(aino: Worker, olena: Person) -> None:
    given = {"key": str(identifiers.new_id()), "delivery": "sms:+358401234567"}
    for _twice in range(2):
        assert post_page(aino, olena, **given).status_code == 302
    with row_security.context(controllers=[builders.JOENSUU]):
        (message,) = Message.objects.all()
    assert (message.language, message.person_id) == ("uk", olena.pk)
    assert "Olena" not in message.body
    code = re.search(r"/uk/invited/([0-9A-Z-]{19})/", message.body)
    assert code
    assert answered(code[1])[1].status_code == 302


def test_no_message_goes_to_an_address_that_is_not_safe(aino: Worker, olena: Person) -> None:
    for address in ("email:olena@post.example", "sms:+358409999999"):
        assert post_page(aino, olena, delivery=address).context["form"].errors
    assert invitations() == []


def test_a_new_link_ends_the_earlier_one_that_nobody_has_begun(aino: Worker, olena: Person) -> None:
    earlier, later = on_paper(aino, olena), on_paper(aino, olena)
    assert "This link does not work" in visitor(earlier).get(PAGE).content.decode()
    assert answered(later)[1].status_code == 302


def test_an_ended_link_opens_nothing_and_what_was_begun_is_removed(aino: Worker, olena: Person) -> None:
    code = on_paper(aino, olena)
    browser, _response = answered(code)
    (invitation,) = invitations()
    for _twice in range(2):
        address = f"/desk/inbox/send/{olena.pk}/{invitation.pk}/end/"
        assert builders.signed_in(aino).post(address).status_code == 302
    assert draft_of(invitation) is None
    assert not browser.get(FORM).context["draft"]
    assert "This link does not work" in visitor(code).get(PAGE).content.decode()
    assert builders.audit_actions().count("invitation.ended") == 1


def test_each_step_leaves_one_line_about_the_client_without_words(aino: Worker, olena: Person) -> None:
    before = len(builders.audit_lines())
    code = on_paper(aino, olena)
    browser = visitor(code)
    browser.get(PAGE)
    browser.post(PAGE, {"year": "1950"})
    browser.post(PAGE, {"year": "1990"})
    lines = builders.audit_lines()[before:]
    steps = ["invitation.made", "invitation.viewed", "invitation.mistaken", "invitation.begun"]
    assert [line.action for line in lines] == steps
    assert {line.person_id for line in lines} == {olena.pk}
    assert not any(word in str(line.details) for line in lines for word in ("Olena", "1990", "358"))


def test_after_a_merge_the_link_opens_to_the_survivor(aino: Worker, olena: Person) -> None:
    code = on_paper(aino, olena)
    other = a_client(aino, hetu="", channels=[], date_of_birth=date(1990, 2, 11))
    with builders.as_worker(aino):
        merging.merge_people(
            other, olena, key=identifiers.new_id(), versions=(other.version, olena.version), choices={}, by=aino
        )
    assert [each.person_id for each in invitations()] == [other.pk]
    assert answered(code)[1].status_code == 302


def protect(aino: Worker, person: Person) -> None:
    today = timezone.localdate()
    with builders.as_worker(aino):
        people.set_protection(person, begins_on=today, ends_on=today + timedelta(days=30), decided_by="dvv", by=aino)


def test_nothing_that_a_non_disclosure_hides_is_filled_in(aino: Worker, olena: Person) -> None:
    code = on_paper(aino, olena)
    protect(aino, olena)
    answered(code)
    draft = draft_of(invitations()[0])
    assert draft is not None
    assert "name" in draft.answers
    assert not {"municipality", "phone", "email"} & set(draft.answers)
    page = builders.signed_in(aino).get(f"/desk/inbox/send/{olena.pk}/?form=yhteydenotto&language=uk")
    for word in ("+3584", "Joensuu", "olena@"):
        assert word not in page.content.decode().partition("<main")[2]


def test_a_non_disclosure_takes_back_what_was_filled_in_already(aino: Worker, olena: Person) -> None:
    answered(on_paper(aino, olena))
    protect(aino, olena)
    draft = draft_of(invitations()[0])
    assert draft is not None
    assert not {"municipality", "phone", "email"} & {*draft.answers, *draft.verified}
    assert draft.answers["name"] == "Olena Shevchenko"


def restrict(person: Person) -> None:
    lead = builders.a_worker(Role.TEAM_LEAD)
    with builders.as_worker(lead):
        people.restrict(
            person, key=identifiers.new_id(), reason="accuracy", valid_from=timezone.localdate(), valid_to=None, by=lead
        )


def test_while_the_data_rests_nothing_is_sent_and_no_link_opens(aino: Worker, olena: Person) -> None:
    code = on_paper(aino, olena)
    restrict(olena)
    assert "may be read, not changed" in post_page(aino, olena).content.decode()
    assert "This link does not work" in visitor(code).get(PAGE).content.decode()
    assert len(invitations()) == 1


def test_without_a_year_of_birth_there_is_no_second_question_and_no_link(aino: Worker) -> None:
    person = a_client(aino, date_of_birth=None, hetu="")
    page = post_page(aino, person, targets=["person.name"])
    assert "Write the year of birth first" in page.content.decode()
    assert invitations() == []


def test_another_municipalitys_worker_and_one_without_a_relation_send_nothing(aino: Worker, olena: Person) -> None:
    assert post_page(builders.an_outsider(), olena).status_code == 404
    assert post_page(builders.a_worker(Role.COUNSELLOR), olena).status_code == 302
    assert post_page(builders.a_worker(Role.PEER_SUPPORTER), olena).status_code == 403
    assert invitations() == []


@pytest.mark.parametrize("given", [{"targets": ["person.hetu"]}, {"delivery": "x"}, {"key": "1"}, {"key": ""}])
def test_what_the_page_does_not_offer_is_refused_at_its_field(
    aino: Worker, olena: Person, given: dict[str, Any]
) -> None:
    page = post_page(aino, olena, **given)
    assert page.status_code == 200
    assert page.context["form"].errors
    assert invitations() == []


def test_in_arabic_the_page_is_read_from_right_to_left(aino: Worker, olena: Person) -> None:
    browser = visitor(on_paper(aino, olena, language="ar"))
    page = browser.get("/ar/invited/").content.decode()
    assert 'dir="rtl"' in page
    assert "سنة ميلادك" in page
