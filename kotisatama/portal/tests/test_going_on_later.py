"""Save and go on later: the code on paper, another browser, guessing, forgetting."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from kotisatama.forms import actions as forms
from kotisatama.forms.models import CodeAttempt, Draft, DraftKey
from kotisatama.kernel import identifiers, row_security
from kotisatama.kernel.periods import Period
from kotisatama.kernel.testing import ROOT
from kotisatama.portal import holder
from kotisatama.portal.tests import visitors
from kotisatama.portal.tests.visitors import ABOUT, FORM, PAGES
from kotisatama.privacy import queries as privacy
from tests import builders

pytestmark = pytest.mark.django_db

WORKBOOK = ROOT / "kotisatama" / "forms" / "definitions" / "yhteydenotto.xlsx"


@pytest.fixture
def phone() -> Client:
    """A phone on which the first page is filled in."""
    builders.a_service_point(is_main=True)
    assert not forms.import_form(WORKBOOK, publish=True).problems
    browser = Client()
    visitors.fill(browser, PAGES[:1])
    return browser


@pytest.fixture
def library() -> Client:
    return Client(REMOTE_ADDR="192.0.2.7")


def test_the_button_saves_the_page_before_it_leads_to_the_code(phone: Client) -> None:
    response = visitors.post(phone, 1, ABOUT | {"message": "A longer letter."}, go="later")
    assert response["Location"] == f"{FORM}later/"
    assert visitors.draft_of(phone).answers["message"] == "A longer letter."
    assert "30 days" in phone.get(f"{FORM}later/").content.decode()


def test_the_code_opens_the_form_where_the_person_stopped_and_both_browsers_have_it(
    phone: Client, library: Client
) -> None:
    visitors.fill(phone, PAGES[:2])
    response = visitors.go_on(library, visitors.code_of(phone))
    assert response["Location"] == f"{FORM}2/"
    assert 'value="11.2.1990"' in library.get(response["Location"]).content.decode()
    assert visitors.post(library, 3, PAGES[2]).status_code == 302
    assert visitors.draft_of(phone).answers["with_family"] == "no"
    assert visitors.keys_of(phone) == ["browser", "code"]


def test_a_code_may_be_typed_in_small_letters_without_hyphens_or_on_a_cyrillic_keyboard(
    phone: Client, library: Client
) -> None:
    code = visitors.code_of(phone)
    typed = f" {code.replace('-', ' ').lower()} "
    assert visitors.go_on(library, typed).status_code == 302
    cyrillic = code.translate(str.maketrans("ACEHKMPTXY", "АСЕНКМРТХУ"))
    assert visitors.go_on(Client(), cyrillic).status_code == 302


def test_pressing_the_button_twice_shows_the_same_code_and_a_new_page_ends_the_old_one(
    phone: Client, library: Client
) -> None:
    fields = {"page:key": str(identifiers.new_id()), "do": "code"}
    first, again = (phone.post(f"{FORM}later/", fields).context["made"] for _ in range(2))
    assert first == again
    second = visitors.code_of(phone)
    assert visitors.go_on(library, first).status_code == 422
    assert visitors.go_on(library, second).status_code == 302


def test_the_code_is_kept_nowhere(phone: Client) -> None:
    code = visitors.code_of(phone)
    assert code not in phone.get(f"{FORM}later/").content.decode()
    with row_security.context(holder=visitors.holder_of(phone)):
        key = DraftKey.objects.get()
    assert code.replace("-", "") not in f"{key.bearer}{key.holder}".upper()


def test_an_unknown_an_old_and_an_ended_code_look_alike(phone: Client, library: Client) -> None:
    old = visitors.code_of(phone)
    with row_security.context(holder=visitors.holder_of(phone)):
        DraftKey.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    answers = [visitors.go_on(library, code) for code in ("3KXQ-9TRA-WC7F", old, "nonsense", "")]
    assert {answer.status_code for answer in answers} == {422}
    assert len({str(answer.context["problems"][0].message) for answer in answers}) == 1
    assert library.get(f"{FORM}2/").status_code == 302


def test_guessing_is_stopped_by_address_and_a_right_code_waits_too(phone: Client, library: Client) -> None:
    code = visitors.code_of(phone)
    for _try in range(20):
        assert visitors.go_on(library, "3KXQ-9TRA-WC7F").status_code == 422
    assert visitors.go_on(library, code).status_code == 429
    assert visitors.go_on(Client(REMOTE_ADDR="192.0.2.8"), code).status_code == 302


def test_guessing_from_everywhere_is_stopped_altogether(phone: Client, library: Client) -> None:
    CodeAttempt.objects.bulk_create(CodeAttempt(key=f"{number}") for number in range(1_000))
    assert visitors.go_on(library, visitors.code_of(phone)).status_code == 429
    CodeAttempt.objects.update(at=timezone.now() - timedelta(minutes=16))
    assert visitors.go_on(library, visitors.code_of(phone)).status_code == 302


def test_without_the_code_nobody_reads_the_key_or_the_draft(phone: Client) -> None:
    visitors.code_of(phone)
    with row_security.context(holder="another"):
        assert not DraftKey.objects.exists()
        assert not Draft.objects.exists()
    with row_security.context(controllers=["167", "426"]):
        assert not DraftKey.objects.exists()
        assert not Draft.objects.exists()


def test_who_bears_a_key_cannot_change_it_or_make_one_for_another_draft(phone: Client, library: Client) -> None:
    visitors.go_on(library, visitors.code_of(phone))
    draft = visitors.draft_of(phone)
    mine = visitors.holder_of(library)
    with row_security.context(holder=mine):
        assert DraftKey.objects.count() == 1
        assert DraftKey.objects.update(expires_at=timezone.now()) == 0
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            DraftKey.objects.create(
                holder=draft.holder,
                bearer=mine,
                draft_id=draft.pk,
                form_id=draft.version.form_id,
                kind="browser",
                expires_at=timezone.now(),
            )


def test_sent_from_the_library_there_is_one_submission_its_receipt_there_and_nothing_on_the_phone(
    phone: Client, library: Client
) -> None:
    visitors.go_on(library, visitors.code_of(phone))
    for number, answers in enumerate(PAGES[1:], start=2):
        assert visitors.post(library, number, answers).status_code == 302
    address = visitors.send(library)["Location"]
    assert library.get(address).status_code == 200
    assert phone.get(address).status_code == 404
    assert phone.get(f"{FORM}4/")["Location"] == FORM
    assert ABOUT["message"] not in phone.get(FORM).content.decode()
    assert len(visitors.submissions()) == 1
    assert visitors.keys_of(phone) == visitors.keys_of(library) == []


def test_an_open_page_of_a_form_that_was_sent_elsewhere_begins_nothing_anew(phone: Client, library: Client) -> None:
    visitors.fill(phone)
    visitors.go_on(library, visitors.code_of(phone))
    open_page, open_check = visitors.shown(phone, 1), phone.get(f"{FORM}check/").context
    assert visitors.send(library).status_code == 302
    response = visitors.post(phone, 1, ABOUT, **open_page)
    assert response["Location"] == f"{FORM}gone/"
    late = phone.post(f"{FORM}check/", {"page:key": str(open_check["key"]), "page:go": "send"})
    assert late["Location"] == f"{FORM}gone/"
    assert phone.get(f"{FORM}gone/").status_code == 410
    assert len(visitors.submissions()) == 1
    with row_security.context(holder=visitors.holder_of(phone)):
        assert not Draft.objects.exists()


def test_the_code_can_be_sent_to_oneself_without_telling_us_an_address(phone: Client) -> None:
    response = phone.post(f"{FORM}later/", {"page:key": str(identifiers.new_id()), "do": "code"})
    body = f"http%3A//testserver/en/go-on/%0A{response.context['made']}"
    page = response.content.decode()
    assert f'href="sms:?&amp;body={body}"' in page
    assert f'href="mailto:?body={body}"' in page
    assert "sms:" not in phone.get(f"{FORM}later/").content.decode()


def test_in_the_browser_that_began_it_the_code_leads_to_the_same_form(phone: Client) -> None:
    code, mine = visitors.code_of(phone), visitors.holder_of(phone)
    assert visitors.go_on(phone, code)["Location"] == f"{FORM}1/"
    assert visitors.holder_of(phone) == mine
    assert visitors.keys_of(phone) == ["code"]


def test_closing_it_elsewhere_leaves_it_open_here(phone: Client, library: Client) -> None:
    code = visitors.code_of(phone)
    visitors.go_on(library, code)
    assert "1 other device" in phone.get(f"{FORM}later/").content.decode()
    phone.post(f"{FORM}later/", {"do": "close"})
    assert library.get(f"{FORM}2/")["Location"] == FORM
    assert visitors.go_on(library, code).status_code == 422
    assert phone.get(f"{FORM}2/").status_code == 200


def test_forgetting_removes_draft_code_and_every_cookie(phone: Client, library: Client) -> None:
    code, mine = visitors.code_of(phone), visitors.holder_of(phone)
    response = phone.post(f"{FORM}forget/", {"what": "everywhere"})
    assert response.headers["Clear-Site-Data"] == '"cache", "storage"'
    ours = {holder.COOKIE, holder.HELPER, holder.LOOKS, holder.CORRECTION, holder.INVITED, settings.CSRF_COOKIE_NAME}
    assert {name: cookie.value for name, cookie in phone.cookies.items()} == dict.fromkeys(ours, "")
    assert visitors.go_on(library, code).status_code == 422
    with row_security.context(holder=mine):
        assert not Draft.objects.exists()
        assert not DraftKey.objects.exists()


def test_on_a_shared_phone_the_answers_can_be_left_to_the_code_alone(phone: Client, library: Client) -> None:
    assert "Forget here" not in phone.get(f"{FORM}forget/").content.decode()
    code = visitors.code_of(phone)
    assert "Forget here" in phone.get(f"{FORM}forget/").content.decode()
    phone.post(f"{FORM}forget/", {"what": "here"})
    assert phone.get(f"{FORM}2/")["Location"] == FORM
    assert visitors.go_on(library, code).status_code == 302
    assert library.get(f"{FORM}2/").status_code == 200


def test_forgetting_in_the_library_leaves_the_answers_on_the_phone(phone: Client, library: Client) -> None:
    visitors.go_on(library, visitors.code_of(phone))
    library.post(f"{FORM}forget/", {"what": "here"})
    assert library.get(f"{FORM}2/")["Location"] == FORM
    assert phone.get(f"{FORM}2/").status_code == 200
    assert visitors.keys_of(phone) == ["code"]


def test_removing_everywhere_from_the_library_removes_the_draft_of_the_phone(phone: Client, library: Client) -> None:
    visitors.go_on(library, visitors.code_of(phone))
    library.post(f"{FORM}forget/", {"what": "everywhere"})
    assert phone.get(f"{FORM}2/")["Location"] == FORM


def test_after_sending_the_receipt_can_be_forgotten_too(phone: Client) -> None:
    visitors.fill(phone)
    address = visitors.send(phone)["Location"]
    assert f"{FORM}forget/" in phone.get(address).content.decode()
    phone.post(f"{FORM}forget/")
    assert phone.get(address).status_code == 404
    assert len(visitors.submissions()) == 1


def test_another_form_begun_on_the_device_is_kept_and_asked_about(phone: Client, library: Client) -> None:
    visitors.fill(library, [ABOUT | {"message": "Somebody else's."}])
    response = visitors.go_on(library, visitors.code_of(phone))
    assert response["Location"] == "/en/go-on/"
    first, second = library.get("/en/go-on/").context["unfinished"]
    assert {first.is_from_code, second.is_from_code} == {True, False}
    assert "I do not understand" in library.get(FORM).content.decode()
    own = next(each for each in (first, second) if not each.is_from_code)
    assert library.post("/en/go-on/", {"draft": str(own.id)})["Location"] == FORM
    assert "Somebody else" in library.get(FORM).content.decode()
    from_code = next(each for each in (first, second) if each.is_from_code)
    library.post("/en/go-on/", {"draft": str(from_code.id)})
    assert "I do not understand" in library.get(FORM).content.decode()


def test_a_draft_of_somebody_else_cannot_be_chosen(phone: Client, library: Client) -> None:
    visitors.fill(library, PAGES[:1])
    stolen = library.post("/en/go-on/", {"draft": str(visitors.draft_of(phone).pk)})
    assert stolen["Location"] == "/en/go-on/"
    assert library.post("/en/go-on/", {"draft": "1"}).status_code == 400


@pytest.mark.parametrize("typed", ["'; DROP TABLE", "٣" * 12, "x" * 100_000, "\0\0", "𝟛KXQ-9TRA-WC7F", "٣K­XQ9TRA WC7F"])
def test_no_input_breaks_the_page_of_codes(phone: Client, library: Client, typed: str) -> None:
    assert visitors.go_on(library, typed).status_code == 422


def test_no_page_of_a_form_is_kept_by_the_browser(phone: Client) -> None:
    visitors.fill(phone)
    receipt = visitors.send(phone)["Location"]
    visitors.fill(phone, PAGES[:1])
    for path in (FORM, f"{FORM}1/", f"{FORM}check/", f"{FORM}later/", f"{FORM}helper/", f"{FORM}forget/", "/en/go-on/"):
        assert phone.get(path).headers["Cache-Control"] == "no-store", path
    assert phone.get(receipt).headers["Cache-Control"] == "no-store"
    assert set(phone.cookies) <= {holder.COOKIE, holder.HELPER, "kotisatama_csrf"}


def test_the_browser_finds_the_form_as_long_as_the_form_is_kept(phone: Client, library: Client) -> None:
    kept = privacy.period_of("draft", on=timezone.localdate())
    assert kept == Period(holder.DAYS_KEPT, "days")
    assert phone.cookies[holder.COOKIE]["max-age"] == holder.DAYS_KEPT * 86_400
    visitors.go_on(library, visitors.code_of(phone))
    with row_security.context(holder=visitors.holder_of(phone)):
        key = DraftKey.objects.get(kind=DraftKey.Kind.BROWSER)
    assert round((key.expires_at - timezone.now()) / timedelta(days=1)) == holder.DAYS_KEPT
