"""The main user's pages around forms: the list, new forms, versions, uploads with their differences, tables."""

import io
import json
import pathlib
import re
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from django.utils.html import escape

from kotisatama.forms import versions, xlsform
from kotisatama.forms.models import Form, Upload, Version
from kotisatama.forms.tests import workbench_rows as rows
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


def address(version: Version, page: str = "") -> str:
    return f"/desk/forms/{version.form.code}/versions/{version.number}/{page}"


def text(response: Any) -> str:
    return str(response.content.decode())


def test_the_list_tells_state_publication_languages_and_how_much_arrived(browser: Client, draft: Version) -> None:
    page = text(browser.get("/desk/forms/"))
    assert "Yhteydenotto" in page
    assert draft.number in page
    assert "Draft" in page
    assert "2026112401" in page
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


def test_a_form_begins_from_a_workbook(browser: Client, published: Version) -> None:
    other = versions.numbered(published.source, code="kysely", number="1.0")
    answer = browser.post("/desk/forms/upload/", {"workbook": rows.a_workbook(other)})
    assert answer.status_code == 302
    version = Version.objects.get(form__code="kysely")
    assert version.number != "1.0"
    assert text(browser.get(address(version, "check/"))).count("Nothing is wrong") == 1


def test_a_workbook_with_problems_is_refused_with_their_places_and_nothing_is_kept(
    browser: Client, published: Version
) -> None:
    other = versions.numbered(published.source, code="kysely", number="1")
    broken = rows.with_cell(other, "message", "relevant", "${nothing} = 1")
    answer = browser.post("/desk/forms/upload/", {"workbook": rows.a_workbook(broken)})
    assert answer.status_code == 422
    number = next(each[0] for each in broken["survey"]["rows"] if each[1].get("name") == "message")
    assert f'<td class="num">{number}</td>' in text(answer)
    assert Form.objects.count() == 1


@pytest.mark.parametrize("content", [b"", b"PK", b"a,b\n1,2\n"])
def test_what_is_no_workbook_is_refused_with_a_sentence(browser: Client, draft: Version, content: bytes) -> None:
    for path in ("/desk/forms/upload/", address(draft, "upload/")):
        file = SimpleUploadedFile("form.xlsx", content)
        answer = browser.post(path, {"workbook": file, "revision": 1})
        assert answer.status_code == 422
        assert 'role="alert"' in text(answer)


def test_the_forms_page_shows_its_versions_and_begins_a_new_one(browser: Client, published: Version) -> None:
    page = text(browser.get("/desk/forms/yhteydenotto/"))
    assert "Visitors fill in version 2026112401" in page
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
    assert "version 2026112401 is retired" in page
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


def test_a_sentence_about_a_workbook_is_marked_in_the_language_in_which_it_is_said(
    browser: Client, draft: Version, main_user: Worker
) -> None:
    Worker.objects.filter(pk=main_user.pk).update(language="fi")
    other = {**draft.source, "settings": {**draft.source["settings"], "rows": []}}
    other["settings"]["rows"] = [[2, {**draft.source["settings"]["rows"][0][1], "form_id": "toinen"}]]
    sent = {"workbook": rows.a_workbook(other), "revision": 1}
    page = text(browser.post(address(draft, "upload/"), sent))
    assert re.search(r'<bdi lang="fi"[^>]*>[^<]*toinen', page)
    broken = rows.with_cell(draft.source, "message", "relevant", "${nothing} = 1")
    page = text(browser.post(address(draft, "upload/"), {"workbook": rows.a_workbook(broken), "revision": 1}))
    assert re.search(r'<bdi lang="en"[^>]*>[^<]*nothing', page)


def test_a_misnamed_version_is_told_in_the_readers_language(draft: Version) -> None:
    named = {**draft.source["settings"]["rows"][0][1], "form_id": "toinen"}
    draft.source["settings"]["rows"] = [[2, named]]
    with translation.override("sv"):
        _found, (problem,) = versions.problems(draft)
    assert (problem.language, "yhteydenotto" in problem.message) == ("sv", True)


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


def test_a_changed_workbook_shows_its_differences_before_it_is_accepted_once(browser: Client, draft: Version) -> None:
    changed = rows.with_cell(draft.source, "message", LABEL, "<script>Uusi")
    sent = browser.post(address(draft, "upload/"), {"workbook": rows.a_workbook(changed), "revision": 1})
    assert sent.status_code == 302
    draft.refresh_from_db()
    assert draft.revision == 1
    page = text(browser.get(address(draft, "upload/")))
    assert escape("<script>Uusi") in page
    assert "1 row or table differs." in page
    given = {"revision": 1, "sha256": Upload.objects.get().sha256}
    for _twice in range(2):
        assert browser.post(address(draft, "upload/accept/"), given)["Location"] == address(draft)
    draft.refresh_from_db()
    assert (draft.revision, draft.source) == (2, changed)
    assert not Upload.objects.exists()
    assert builders.audit_actions() == ["form.version_begun", "form.uploaded", "form.upload_accepted"]


def test_a_draft_that_changed_meanwhile_is_not_overwritten_unseen(
    browser: Client, draft: Version, main_user: Worker
) -> None:
    changed = rows.with_cell(draft.source, "message", LABEL, "Taulukosta")
    browser.post(address(draft, "upload/"), {"workbook": rows.a_workbook(changed), "revision": 1})
    meanwhile = rows.with_cell(draft.source, "message", LABEL, "Rakentajasta")
    versions.change_rows(draft, rows=meanwhile, revision=1, by=main_user)
    given = {"revision": 1, "sha256": Upload.objects.get().sha256}
    browser.post(address(draft, "upload/accept/"), given)
    draft.refresh_from_db()
    assert draft.source == meanwhile
    page = text(browser.get(address(draft, "upload/")))
    assert "The draft was changed after the workbook was sent." in page
    assert "<del>" in page
    assert "Rakentajasta" in page


def test_a_workbook_of_another_form_or_of_the_same_content_is_refused(browser: Client, draft: Version) -> None:
    other = versions.numbered(draft.source, code="other", number=draft.number)
    answer = browser.post(address(draft, "upload/"), {"workbook": rows.a_workbook(other), "revision": 1})
    assert "the workbook of another form, “other”" in text(answer)
    answer = browser.post(address(draft, "upload/"), {"workbook": rows.a_workbook(draft.source), "revision": 1})
    assert "says the same as the draft" in text(answer)
    assert not Upload.objects.exists()


def test_a_changed_workbook_does_not_get_around_a_lock(browser: Client, draft: Version, main_user: Worker) -> None:
    heading = "kotisatama::locked"
    survey = {**draft.source["survey"], "columns": [*draft.source["survey"]["columns"], heading]}
    locked = rows.with_cell({**draft.source, "survey": survey}, "topics", heading, "yes")
    sent = {"workbook": rows.a_workbook(locked), "revision": 1}
    assert browser.post(address(draft, "upload/"), sent).status_code == 302, "a workbook may lock"
    shown = Upload.objects.get()
    browser.post(address(draft, "upload/accept/"), {"revision": 1, "sha256": shown.sha256})
    draft.refresh_from_db()
    assert draft.source["survey"]["columns"][-1] == heading
    for column, words in ((LABEL, "Muu"), (heading, "")):
        changed = rows.with_cell(draft.source, "topics", column, words)
        answer = browser.post(address(draft, "upload/"), {"workbook": rows.a_workbook(changed), "revision": 2})
        assert "A locked question stays as it is" in text(answer)
    assert not Upload.objects.exists()


def test_a_workbook_that_waited_does_not_get_around_a_lock_that_came_meanwhile(
    browser: Client, draft: Version, main_user: Worker
) -> None:
    changed = rows.with_cell(draft.source, "topics", LABEL, "Muu")
    browser.post(address(draft, "upload/"), {"workbook": rows.a_workbook(changed), "revision": 1})
    survey = {**draft.source["survey"], "columns": [*draft.source["survey"]["columns"], "kotisatama::locked"]}
    locked = rows.with_cell({**draft.source, "survey": survey}, "topics", "kotisatama::locked", "yes")
    versions.change_rows(draft, rows=locked, revision=1, by=main_user)
    fields = {"revision": 2, "sha256": Upload.objects.get().sha256}
    answer = browser.post(address(draft, "upload/accept/"), fields, follow=True)
    assert "A locked question stays as it is" in text(answer)
    draft.refresh_from_db()
    assert draft.source == locked


def test_a_workbook_that_waits_can_be_thrown_away(browser: Client, draft: Version) -> None:
    changed = rows.with_cell(draft.source, "message", LABEL, "Uusi")
    browser.post(address(draft, "upload/"), {"workbook": rows.a_workbook(changed), "revision": 1})
    assert "waits since" in text(browser.get(address(draft)))
    for _twice in range(2):
        assert browser.post(address(draft, "upload/discard/")).status_code == 302
    assert not Upload.objects.exists()


def test_the_downloaded_workbook_says_the_same_and_names_its_version(browser: Client, draft: Version) -> None:
    answer = browser.get(address(draft, "workbook/"))
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    settings = {cell[0].value: cell[1].value for cell in zip(*book["settings"].iter_rows(max_row=2), strict=True)}
    assert settings["version"] == draft.number
    again = SimpleUploadedFile("a.xlsx", answer.content)
    page = text(browser.post(address(draft, "upload/"), {"workbook": again, "revision": 1}))
    assert "says the same as the draft" in page


def test_a_draft_is_deleted_after_a_question_and_a_published_version_never(
    browser: Client, draft: Version, published: Version
) -> None:
    assert "does not come back" in text(browser.get(address(draft, "delete/")))
    for _twice in range(2):
        assert browser.post(address(draft, "delete/"), {"revision": 1}).status_code == 302
    assert browser.get(address(draft)).status_code == 404
    assert "A published version is not deleted" in text(browser.post(address(published, "delete/"), {"revision": 1}))
    assert Version.objects.get() == published


def test_tables_are_added_replaced_downloaded_and_removed(browser: Client, draft: Version) -> None:
    for content in (b"name;label\njoe;Joensuu\n", "name,label\nlip,Liperi ä\n".encode()):
        file = SimpleUploadedFile("places.csv", content)
        draft.refresh_from_db()
        given = {"tables": file, "revision": draft.revision}
        assert browser.post(address(draft, "tables/"), given).status_code == 302
    assert browser.get(address(draft, "tables/places.csv")).content.decode() == "name,label\r\nlip,Liperi ä\r\n"
    for _twice in range(2):
        browser.post(address(draft, "tables/places.csv/remove/"), {"revision": 3})
    draft.refresh_from_db()
    assert draft.attachments == {}
    assert browser.get(address(draft, "tables/places.csv")).status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("places.csv", b"name,label\n1,\xe4\n", "Line 2, byte 3 cannot be read as UTF-8."),
        ("places.csv", "name,label\n".encode("utf-16"), "saved as UTF-16"),
        ("places.csv", b"name,name\n", "two columns have the heading “name”"),
        ("places.csv", b"name,label\n1,2,3\n", "Line 2: there are more cells than headings."),
        ("places.csv", b"name,label\n1,\x00\n", "Line 2: there is a character"),
        ("places.csv", b'name,label\n1,"2\n', "the quotation marks do not fit"),
        ("places.csv", b"x" * 2_000_001, "larger than 2 MB"),
        ("places.exe", b"name\n1\n", "like this: places.csv"),
        ("../etc.csv", b"\n", "each column needs a heading"),
    ],
)
def test_a_bad_table_is_refused_with_its_place(
    browser: Client, draft: Version, name: str, content: bytes, sentence: str
) -> None:
    given = {"tables": SimpleUploadedFile(name, content), "revision": 1}
    answer = browser.post(address(draft, "tables/"), given)
    assert answer.status_code == 422
    assert sentence in text(answer)


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


def test_the_terminal_writes_the_published_version_or_one_by_its_number(
    draft: Version, published: Version, tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for wanted, more in ((published, []), (draft, ["--version", draft.number])):
        file = tmp_path / f"{wanted.number}.xlsx"
        call_command("form-export", *more, "yhteydenotto", str(file))
        assert json.loads(capsys.readouterr().out)["sha256"] == wanted.sha256
        read = xlsform.read_workbook(file.read_bytes())
        assert {**read.to_json(), "name": wanted.source["name"]} == wanted.source
    with pytest.raises(CommandError, match="no such version"):
        call_command("form-export", "--version", "1", "yhteydenotto", str(tmp_path / "no.xlsx"))


def test_a_form_stands_on_the_start_page_when_its_settings_say_so_and_it_is_published(
    browser: Client, published: Version
) -> None:
    assert "Forms to fill in" not in text(Client().get("/en/"))
    given = {"settings_version": 1, "title": "Desk title", "is_listed": "on"}
    browser.post("/desk/forms/yhteydenotto/settings/", given)
    page = text(Client().get("/en/"))
    assert "Forms to fill in" in page
    assert '<bdi lang="fi" dir="ltr">Yhteydenotto</bdi>' in page
    versions.retire_version(published)
    assert "Forms to fill in" not in text(Client().get("/en/"))
