"""Workbooks and tables that a main user sends and gets: refused with places, accepted once, never past a lock."""

import io
import json
import pathlib
import re

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import translation
from django.utils.html import escape

from kotisatama.forms import versions, xlsform
from kotisatama.forms.models import Form, Upload, Version
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
