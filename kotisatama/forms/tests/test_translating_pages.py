"""The translator's screen: side by side, saved by the page, refused in plain words."""

import html
import re

import pytest
from django.test import Client
from django.urls import reverse

from kotisatama.forms import actions
from kotisatama.forms.models import TextState, Version
from kotisatama.forms.tests.translating_rows import FI, HINT, PHONE, YES, a_draft, rows
from kotisatama.forms.translating_texts import texts_of
from kotisatama.staff.permissions import Role
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser() -> Client:
    return builders.signed_in(builders.a_worker(Role.TRANSLATOR))


def address(version: Version, language: str = "ar") -> str:
    return reverse("forms:texts", args=[version.form.code, version.number, language])


def given(page: str) -> dict[str, str]:
    """What the page's form holds, as a browser sends it."""
    hidden = re.findall(r'<input type="hidden" name="(t\d+-\w+)" value="([^"]*)"', page)
    areas = re.findall(r'<textarea name="(t\d+-target)"[^>]*>\s?([^<]*)</textarea>', page)
    return {name: html.unescape(value) for name, value in (*hidden, *areas)}


def place(values: dict[str, str], key: str) -> str:
    (found,) = [name.partition("-")[0] for name, value in values.items() if name.endswith("-key") and value == key]
    return found


def words(version: Version, key: str, language: str = "ar") -> str:
    return texts_of(Version.objects.get(pk=version.pk).source).by_key()[key].target(language)


def test_source_and_target_stand_side_by_side_each_in_its_own_direction(browser: Client) -> None:
    page = browser.get(address(a_draft())).content.decode()
    assert '<p id="t1-words" lang="fi" dir="ltr">Puhelinnumero</p>' in page
    assert re.search(r'<textarea name="t1-target"[^>]* lang="ar" dir="rtl"', page)
    assert "رقم الهاتف" in page


def test_what_was_typed_is_kept_in_the_rows_and_reviewed_only_by_an_explicit_mark(browser: Client) -> None:
    version = a_draft()
    values = given(browser.get(address(version)).content.decode())
    values[f"{place(values, HINT)}-target"] = "مثال"
    answer = browser.post(address(version), values, follow=True)
    assert answer.redirect_chain
    assert "1 text was saved." in answer.content.decode()
    assert words(version, HINT) == "مثال"
    assert TextState.objects.get().state == "new"
    values = given(answer.content.decode())
    browser.post(address(version), values | {f"{place(values, HINT)}-reviewed": "on"})
    assert TextState.objects.get().state == "reviewed"


def test_a_changed_text_is_not_reviewed_any_more(browser: Client) -> None:
    version = a_draft()
    values = given(browser.get(address(version)).content.decode())
    browser.post(address(version), values | {f"{place(values, YES)}-reviewed": "on"})
    values = given(browser.get(address(version)).content.decode())
    assert f"{place(values, YES)}-reviewed" not in browser.get(address(version)).content.decode()
    browser.post(address(version), values | {f"{place(values, YES)}-target": "أجل"})
    page = browser.get(address(version) + "?state=reviewed").content.decode()
    assert "أجل" not in page


def test_a_lost_placeholder_and_a_hidden_sign_are_told_beside_the_text_and_nothing_is_lost(browser: Client) -> None:
    version = a_draft()
    values = given(browser.get(address(version)).content.decode())
    wrong = {f"{place(values, HINT)}-target": "${name} مثال", f"{place(values, YES)}-target": "نعم\u202e"}
    page = browser.post(address(version), values | wrong).content.decode()
    assert "<title>Error:" in page
    assert "The reference ${name} is not in the source" in page
    assert "U+202E right-to-left override" in page
    assert "${name} مثال</textarea>" in page
    assert words(version, YES) == "نعم"


def test_a_script_is_refused_from_a_translator_and_shown_as_text_when_the_rows_have_it(browser: Client) -> None:
    script = "<script>alert(1)</script>"
    version = a_draft(phone=f"Puhelin {script}", arabic=f"{script}{script}")
    for path in (address(version), reverse("forms:languages", args=["palaute", version.number])):
        assert "<script>alert" not in browser.get(path).content.decode()
    page = browser.get(address(version)).content.decode()
    assert page.count("&lt;script&gt;alert(1)") == 3
    assert "looks like HTML" in page
    values = given(page)
    page = browser.post(address(version), values | {f"{place(values, PHONE)}-reviewed": "on"}).content.decode()
    assert "looks like HTML" in page, "nobody can call it right"
    assert not TextState.objects.exists()


def test_somebody_elses_words_are_shown_and_saving_again_takes_their_place(browser: Client) -> None:
    version = a_draft()
    values = given(browser.get(address(version)).content.decode())
    colleague = builders.signed_in(builders.a_worker(Role.TRANSLATOR))
    colleague.post(address(version), values | {f"{place(values, HINT)}-target": "مثلًا"})
    mine = values | {f"{place(values, HINT)}-target": "مثال", f"{place(values, YES)}-target": "أجل"}
    page = browser.post(address(version), mine).content.decode()
    assert "Somebody else has saved other words meanwhile." in page
    assert "مثلًا" in page
    assert (words(version, HINT), words(version, YES)) == ("مثلًا", "أجل")
    again = given(page)
    assert again[f"{place(again, HINT)}-target"] == "مثال"
    browser.post(address(version), again)
    assert words(version, HINT) == "مثال"


def test_a_text_that_one_did_not_touch_does_not_overwrite_anothers_words(browser: Client) -> None:
    version = a_draft()
    values = given(browser.get(address(version)).content.decode())
    colleague = builders.signed_in(builders.a_worker(Role.TRANSLATOR))
    colleague.post(address(version), values | {f"{place(values, HINT)}-target": "مثلًا"})
    answer = browser.post(address(version), values | {f"{place(values, YES)}-target": "أجل"})
    assert answer.status_code == 302
    assert (words(version, HINT), words(version, YES)) == ("مثلًا", "أجل")


def test_words_for_a_question_that_is_gone_are_shown_and_not_lost(browser: Client) -> None:
    version = a_draft()
    values = given(browser.get(address(version)).content.decode())
    shorter = rows()
    del shorter["survey"]["rows"][1]
    actions.change_rows(version, rows=shorter, revision=1, by=builders.a_worker())
    values |= {f"{place(values, 'survey/again/label')}-target": "هل من شيء آخر؟"}
    page = browser.post(address(version), values).content.decode()
    assert "not in the form any more" in page
    assert "هل من شيء آخر؟" in page


def test_the_page_shows_the_texts_of_a_state_and_of_words(browser: Client) -> None:
    version = a_draft()
    missing = browser.get(address(version) + "?state=missing").content.decode()
    assert "Esimerkiksi" in missing
    assert "Puhelinnumero" not in missing
    found = browser.get(address(version) + "?q=PUHELIN").content.decode()
    assert "Puhelinnumero" in found
    assert "Kyllä" not in found
    assert browser.get(address(version) + "?state=nonsense&page=x").status_code == 200


def test_a_published_version_offers_a_new_one_and_twice_is_one(browser: Client) -> None:
    version = a_draft()
    actions.check_version(version, revision=1, by=None)
    actions.publish_version(version)
    page = browser.get(address(version)).content.decode()
    assert "Begin a new version" in page
    values = given(page) | {"t1-target": "هاتف"}
    browser.post(address(version), values)
    assert words(version, PHONE) == "رقم الهاتف", "its fields are closed"
    begin = reverse("forms:begin_texts", args=["palaute", version.number])
    first, second = (browser.post(begin, {"language": "ar"}) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"] == address(Version.objects.latest("pk"))
    assert Version.objects.count() == 2
    assert f"Go to version {Version.objects.latest('pk').number}" in browser.get(address(version)).content.decode()


def test_another_language_is_opened_and_its_first_words_make_its_columns(browser: Client) -> None:
    version = a_draft()
    answer = browser.get(reverse("forms:languages", args=["palaute", version.number]) + "?language=so")
    assert answer.headers["Location"] == address(version, "so")
    values = given(browser.get(address(version, "so")).content.decode())
    browser.post(address(version, "so"), values | {f"{place(values, PHONE)}-target": "Lambarka"})
    assert "label::Soomaali (so)" in Version.objects.get().source["survey"]["columns"]


@pytest.mark.parametrize("language", ["fi", "xx", "und"])
def test_there_is_no_page_for_the_source_itself_or_an_unknown_language(browser: Client, language: str) -> None:
    version = a_draft()
    assert browser.get(address(version, language)).status_code == 404
    assert browser.get(reverse("forms:texts", args=["palaute", "1999", "ar"])).status_code == 404


def test_an_address_with_a_character_that_cannot_be_kept_leads_nowhere(browser: Client) -> None:
    version = a_draft()
    version.number = "2026\0"
    assert browser.get(address(version)).status_code == 404


def test_a_form_without_a_language_says_what_to_do(browser: Client) -> None:
    version = a_draft()
    plain = rows()
    plain["survey"] = {"columns": ["type", "name", "label"], "rows": [[2, {"type": "text", "name": "a", "label": "A"}]]}
    plain["choices"] = {"columns": [], "rows": []}
    plain["settings"] = {"columns": [], "rows": []}
    actions.change_rows(version, rows=plain, revision=1, by=builders.a_worker())
    page = browser.get(reverse("forms:languages", args=["palaute", version.number])).content.decode()
    assert "does not say in which language" in page
    assert browser.get(address(version)).status_code == 404


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.MAIN_USER, Role.TRANSLATOR)])
def test_others_do_not_translate(role: Role) -> None:
    version = a_draft()
    client = builders.signed_in(builders.a_worker(role))
    assert client.get(address(version)).status_code == 403
    assert client.post(address(version), {"t0-key": YES}).status_code == 403
    assert client.get(reverse("forms:translations")).status_code == 403


def test_a_large_form_is_shown_in_as_many_queries_as_a_small_one(
    browser: Client, django_assert_num_queries: object
) -> None:
    version = a_draft()
    large = rows()
    large["survey"]["rows"] += [[n, {"type": "text", "name": f"q{n}", FI: f"Kysymys {n}"}] for n in range(4, 304)]
    browser.get(address(version))
    with django_assert_num_queries(9):  # type: ignore[operator]
        browser.get(address(version))
    actions.change_rows(version, rows=large, revision=1, by=builders.a_worker())
    with django_assert_num_queries(9):  # type: ignore[operator]
        assert "Page 13 of 13" in browser.get(address(version) + "?page=99").content.decode()


@pytest.mark.parametrize(
    "posted",
    [
        {},
        {"t0-key": "x" * 5_000, "t0-target": "\x00"},
        {"t0-key": PHONE},
        {"t0-key": PHONE, "t0-source": "\x00", "t0-seen": "-", "t0-target": "a\x00b"},
    ],
)
def test_nothing_that_is_posted_breaks_the_page(browser: Client, posted: dict[str, str]) -> None:
    version = a_draft()
    assert browser.post(address(version), posted).status_code in (200, 302)
    assert words(version, PHONE) == "رقم الهاتف"
