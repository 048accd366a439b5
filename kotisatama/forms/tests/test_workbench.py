"""The main user's pages around forms: the list, new forms, versions, settings."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kotisatama.forms import versions
from kotisatama.forms.models import Form, Version
from kotisatama.forms.tests import workbench_rows as rows
from kotisatama.forms.tests.workbench_rows import address, text
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Role
from tests import builders

pytestmark = pytest.mark.django_db
LABEL = "label::suomi (fi)"


@pytest.fixture(name="published")
def published_fixture() -> Version:
    return rows.a_published_version()


@pytest.fixture(name="main_user")
def main_user_fixture() -> Worker:
    return builders.a_worker(Role.MAIN_USER)


@pytest.fixture(name="browser")
def browser_fixture(main_user: Worker) -> Client:
    return builders.signed_in(main_user)


@pytest.fixture(name="draft")
def draft_fixture(published: Version, main_user: Worker) -> Version:
    return rows.a_draft(published, main_user)


def test_the_list_tells_state_publication_languages_and_how_much_arrived(browser: Client, draft: Version) -> None:
    page = text(browser.get("/desk/forms/"))
    assert "Yhteydenotto" in page
    assert draft.number in page
    assert "Draft" in page
    assert "2026112502" in page
    assert 'lang="uk"' in page


def test_only_whoever_manages_forms_gets_there(published: Version) -> None:
    counsellor = builders.signed_in(builders.a_worker(Role.COUNSELLOR))
    for path in ("/desk/forms/", "/desk/forms/yhteydenotto/", address(published), address(published, "workbook/")):
        assert counsellor.get(path).status_code == 403
    assert 'href="/desk/forms/"' not in text(counsellor.get("/desk/"))


def test_the_rail_leads_to_forms(browser: Client) -> None:
    assert 'href="/desk/forms/"' in text(browser.get("/desk/"))


def test_without_forms_the_list_says_what_to_do(browser: Client) -> None:
    assert "No forms yet." in text(browser.get("/desk/forms/"))


def test_the_list_takes_as_many_queries_for_many_forms_as_for_one(browser: Client, draft: Version) -> None:
    assert len(Form.objects.all()) == 1
    few = queries_of_the_list(browser)
    for number in range(5):
        form = Form.objects.create(code=f"form-{number}", title=f"Form {number}")
        versions.start_version(form, rows=draft.source, by=None)
    assert queries_of_the_list(browser) == few


def queries_of_the_list(browser: Client) -> int:
    """After a first look, which reads the texts of forms that this process does not know yet."""
    browser.get("/desk/forms/")
    with CaptureQueriesContext(connection) as seen:
        assert browser.get("/desk/forms/").status_code == 200
    return len(seen)


def test_a_search_finds_by_title_and_code_and_says_when_it_finds_nothing(browser: Client, published: Version) -> None:
    assert "1 form" in text(browser.get("/desk/forms/?q=yhtey"))
    assert "Nothing matches." in text(browser.get("/desk/forms/?q=palaute"))
    assert browser.get("/desk/forms/?q=%00&sort=x").status_code == 200


def test_a_form_begins_from_nothing_once(browser: Client) -> None:
    given = {"title": "Palaute", "code": "palaute", "codes": ["fi", "so"], "origin": ""}
    first = browser.post("/desk/forms/new/", given)
    again = browser.post("/desk/forms/new/", given)
    assert first.status_code == again.status_code == 302
    assert first["Location"] == again["Location"]
    version = Version.objects.get(form__code="palaute")
    assert "label::Soomaali (so)" in version.source["survey"]["columns"]
    assert builders.audit_actions() == ["form.version_begun"]


@pytest.mark.parametrize("origin", ["toolbox:yhteydenotto", "form:yhteydenotto"])
def test_a_form_begins_from_the_toolbox_or_like_another(browser: Client, published: Version, origin: str) -> None:
    given = {"title": "Toinen", "code": "toinen", "codes": ["fi", "sv"], "origin": origin}
    assert browser.post("/desk/forms/new/", given).status_code == 302
    version = Version.objects.get(form__code="toinen")
    assert versions.check_version(version, revision=1, by=None) == []


@pytest.mark.parametrize("code", ["yhteydenotto", "new", "a b", ""])
def test_a_code_that_cannot_be_is_said_at_its_field_and_what_was_typed_stays(
    browser: Client, published: Version, code: str
) -> None:
    page = text(browser.post("/desk/forms/new/", {"title": "Kysely 7", "code": code, "codes": ["fi"], "origin": ""}))
    assert "Kysely 7" in page
    assert 'href="#id_code"' in page
    assert Form.objects.count() == 1


def test_the_forms_page_shows_its_versions_and_begins_a_new_one(browser: Client, published: Version) -> None:
    page = text(browser.get("/desk/forms/yhteydenotto/"))
    assert "Visitors fill in version 2026112502" in page
    for _twice in range(2):
        answer = browser.post("/desk/forms/yhteydenotto/begin/", {"like": published.number})
    assert Version.objects.count() == 2
    assert answer["Location"] == address(Version.objects.latest("pk"))
    assert browser.post("/desk/forms/yhteydenotto/begin/", {"like": "\0"}).status_code == 404


def test_a_version_is_checked_published_and_retired_on_its_pages(
    browser: Client, draft: Version, published: Version
) -> None:
    for _twice in range(2):
        browser.post(address(draft, "check/"), {"revision": 1})
    page = text(browser.get(address(draft, "publish/")))
    assert "version 2026112502 is retired" in page
    for _twice in range(2):
        assert browser.post(address(draft, "publish/"), {"revision": 1}).status_code == 302
    draft.refresh_from_db()
    assert draft.state == "published"
    assert "until another version is published" in text(browser.get(address(draft, "retire/")))
    for _twice in range(2):
        assert browser.post(address(draft, "retire/"), {"revision": 1}).status_code == 302
    lines = ["form.version_begun", "form.published", "form.retired"]
    assert builders.audit_actions() == lines


def test_a_check_lists_each_problem_with_its_place(browser: Client, draft: Version, main_user: Worker) -> None:
    broken = rows.with_cell(draft.source, "message", "relevant", "${nothing} = 1")
    versions.change_rows(draft, rows=broken, revision=1, by=main_user)
    page = text(browser.post(address(draft, "check/"), {"revision": 2}, follow=True))
    assert "One thing has to be corrected" in page
    assert "<bdi>survey</bdi>" in page
    assert "relevant" in page


def test_publishing_shows_the_rows_that_differ(browser: Client, draft: Version, main_user: Worker) -> None:
    changed = rows.with_cell(draft.source, "message", LABEL, "Kerro asiasi näin")
    versions.change_rows(draft, rows=changed, revision=1, by=main_user)
    page = text(browser.get(address(draft, "publish/")))
    assert "Check the version first." in page
    assert "Kerro asiasi näin</bdi></ins>" in page


def test_a_form_whose_owner_wants_a_language_finished_says_which_before_publishing(
    browser: Client, draft: Version, main_user: Worker
) -> None:
    given = {"settings_version": 1, "title": "Yhteydenotto", "complete_languages_required": ["so"]}
    assert browser.post("/desk/forms/yhteydenotto/settings/", given).status_code == 302
    rows.checked(draft, main_user)
    for answer in (browser.get(address(draft, "publish/")), browser.post(address(draft, "publish/"), {"revision": 1})):
        assert "published only with all its texts in: Soomaali." in text(answer)
    draft.refresh_from_db()
    assert draft.state == "checked"


def test_a_title_with_signs_that_no_file_can_hold_is_refused(browser: Client, published: Version) -> None:
    given = {"settings_version": 1, "title": "Yhteyden\x0botto"}
    page = browser.post("/desk/forms/yhteydenotto/settings/", given)
    assert "The title has signs that cannot be used. Type it again." in page.content.decode()
    published.form.refresh_from_db()
    assert published.form.title == "Yhteydenotto"


def test_two_who_change_the_settings_do_not_overwrite_each_other(browser: Client, published: Version) -> None:
    path = "/desk/forms/yhteydenotto/settings/"
    assert browser.post(path, {"settings_version": 1, "title": "Ensimmäinen"}).status_code == 302
    page = text(browser.post(path, {"settings_version": 1, "title": "Toinen", "is_listed": "on"}))
    assert "title “Ensimmäinen”" in page
    assert 'value="Toinen"' in page
    assert Form.objects.get().title == "Ensimmäinen"
    assert browser.post(path, {"settings_version": 2, "title": "Toinen", "is_listed": "on"}).status_code == 302


def test_a_draft_is_deleted_after_a_question_and_a_published_version_never(
    browser: Client, draft: Version, published: Version
) -> None:
    assert "does not come back" in text(browser.get(address(draft, "delete/")))
    for _twice in range(2):
        assert browser.post(address(draft, "delete/"), {"revision": 1}).status_code == 302
    assert browser.get(address(draft)).status_code == 404
    assert "A published version is not deleted" in text(browser.post(address(published, "delete/"), {"revision": 1}))
    assert Version.objects.get() == published


def test_a_version_is_seen_as_a_visitor_sees_it_and_keeps_nothing(browser: Client, draft: Version) -> None:
    path = f"/uk/form/yhteydenotto/versions/{draft.number}/"
    page = text(browser.get(path))
    assert 'dir="ltr"' in page
    assert "data-question" in page
    assert browser.get(f"{path}?page=99").status_code == 404
    assert browser.get(f"{path}?page=x").status_code == 200
    assert browser.post(path).status_code == 405
    assert Client().get(path).status_code == 302


def test_a_draft_that_makes_no_form_says_so_instead_of_its_preview(
    browser: Client, draft: Version, main_user: Worker
) -> None:
    empty = {**draft.source, "survey": {**draft.source["survey"], "rows": []}}
    versions.change_rows(draft, rows=empty, revision=1, by=main_user)
    assert browser.get(f"/fi/form/yhteydenotto/versions/{draft.number}/").status_code == 200


def test_a_form_stands_on_the_start_page_when_its_settings_say_so_and_it_is_published(
    browser: Client, published: Version
) -> None:
    assert "Forms to fill in" not in text(Client().get("/en/"))
    given = {"settings_version": 1, "title": "Desk title", "is_listed": "on"}
    browser.post("/desk/forms/yhteydenotto/settings/", given)
    page = text(Client().get("/en/"))
    assert "Forms to fill in" in page
    assert "Contact us" in page
    assert "Desk title" not in page
    versions.retire_version(published)
    assert "Forms to fill in" not in text(Client().get("/en/"))
