"""Texts of a language out and in, as a spreadsheet and as a catalogue."""

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from babel.messages.pofile import read_po
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from kotisatama.forms import actions, translating_files, translating_queries
from kotisatama.forms.models import TextState, Version
from kotisatama.forms.tests.translating_rows import HINT, PHONE, YES, a_draft, rows
from kotisatama.forms.translating import Saved
from kotisatama.forms.translating_importing import Proposal, proposal, told
from kotisatama.forms.translating_queries import Sheet
from kotisatama.forms.translating_states import State
from kotisatama.forms.translating_texts import texts_of
from kotisatama.staff.permissions import Role
from tests import builders

pytestmark = pytest.mark.django_db

Cells = list[list[Any]]


def sheet(version: Version) -> Sheet:
    version.refresh_from_db()
    found = translating_queries.sheet(version, "ar")
    assert found is not None
    return found


def edited(content: bytes, change: Callable[[Cells], None]) -> bytes:
    """The exported workbook after a translator has been at it."""
    cells = [list(row) for row in openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)]  # type: ignore[union-attr]
    change(cells)
    book = openpyxl.Workbook()
    for row in cells:
        book.active.append(row)  # type: ignore[union-attr]
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def with_cells(version: Version, values: dict[str, dict[int, str]]) -> bytes:
    """The version's workbook with other cells: key, then column counted from 0."""

    def change(cells: Cells) -> None:
        for row in cells:
            for column, value in values.get(row[0], {}).items():
                row[column] = value

    return edited(translating_files.as_xlsx(sheet(version)), change)


def save(version: Version, found: Proposal) -> None:
    """What a translator does who takes the proposal over."""
    with builders.as_worker(builders.a_worker(Role.TRANSLATOR)) as by:
        actions.save_texts(version, language="ar", changes=[each.change for each in found.proposed], by=by)


def proposed(version: Version, content: bytes, name: str = "a.xlsx") -> Proposal:
    return proposal(sheet(version), content, name=name)


def test_a_spreadsheet_has_every_text_and_comes_back_without_a_change() -> None:
    version = a_draft()
    content = translating_files.as_xlsx(sheet(version))
    rows_of_file = list(openpyxl.load_workbook(io.BytesIO(content))["texts"].iter_rows(values_only=True))
    assert rows_of_file[0] == ("key", "source (fi)", "target (ar)", "state", "note")
    assert (YES, "Kyllä", "نعم", "new", "Choice · yesno · yes") in rows_of_file
    found = proposed(version, content)
    assert (found.faults, found.proposed, found.gone, found.unchanged) == ([], [], [], 6)


def test_a_catalogue_has_every_text_and_comes_back_without_a_change() -> None:
    version = a_draft()
    content = translating_files.as_po(sheet(version))
    catalog = read_po(io.BytesIO(content))
    message = catalog.get("Kyllä", context=YES)
    assert message is not None
    assert (message.string, message.fuzzy) == ("نعم", False)
    found = proposed(version, content, "a.po")
    assert (found.faults, found.proposed, found.gone, found.unchanged) == ([], [], [], 6)


def test_what_would_change_is_shown_and_what_is_left_empty_stays() -> None:
    version = a_draft()
    found = proposed(version, with_cells(version, {HINT: {2: "مثال"}, YES: {2: ""}}))
    (change,) = found.proposed
    assert (change.change.key, change.change.target, change.state, change.row) == (HINT, "مثال", State.NEW, 4)
    assert found.can_be_accepted


def test_each_fault_is_told_with_its_row_and_column() -> None:
    version = a_draft()
    wrong = {HINT: {2: "<b>مثال</b>"}, YES: {2: "نعم ${x}"}, PHONE: {0: YES}}
    found = proposed(version, with_cells(version, wrong))
    places = {(fault.row, fault.column) for fault in found.faults}
    assert places == {(4, "target"), (6, "target"), (6, "key")}
    assert not found.can_be_accepted


def test_texts_that_the_form_does_not_have_are_left_out_and_told() -> None:
    version = a_draft()
    found = proposed(version, with_cells(version, {HINT: {0: "survey/gone/hint", 2: "مثال"}}))
    assert [entry.key for entry in found.gone] == ["survey/gone/hint"]
    assert found.faults == []


def test_a_source_that_changed_since_the_file_was_made_is_told_and_marked() -> None:
    version = a_draft()
    content = with_cells(version, {PHONE: {2: "هاتف"}})
    actions.change_rows(version, rows=rows("Sähköposti"), revision=1, by=builders.a_worker())
    found = proposed(version, content)
    assert [each.change.key for each in found.stale] == [PHONE]
    save(version, found)
    assert {line.text.key: line.state for line in sheet(version).lines}[PHONE] == State.STALE


def test_a_file_of_another_language_is_refused() -> None:
    version = a_draft()
    other = translating_queries.sheet(version, "uk")
    assert other is not None
    for name, content in (("a.xlsx", translating_files.as_xlsx(other)), ("a.po", translating_files.as_po(other))):
        (fault,) = proposed(version, content, name).faults
        assert "uk" in fault.message


def test_a_fuzzy_text_is_a_machine_draft_and_is_new_when_somebody_takes_the_mark_off() -> None:
    version = a_draft()
    content = translating_files.as_po(sheet(version)).decode()
    head, tail = content.split(f'msgctxt "{HINT}"')
    fuzzy = f'{head}#, fuzzy\nmsgctxt "{HINT}"' + tail.replace('msgstr ""', 'msgstr "مثال"', 1)
    found = proposed(version, fuzzy.encode(), "a.po")
    assert [each.change.state for each in found.proposed] == ["machine"]
    save(version, found)
    out = translating_files.as_po(sheet(version)).decode()
    assert out.count("#, fuzzy") == 1
    assert proposed(version, out.encode(), "a.po").proposed == []
    (read,) = proposed(version, out.replace("#, fuzzy\n", "").encode(), "a.po").proposed
    assert (read.has_other_words, read.change.state) == (False, "new")


def archive(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in parts.items():
            book.writestr(name, content)
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.xlsx", b""),
        ("a.xlsx", b"no archive"),
        ("a.xlsx", archive(x=b"0" * 40_000_000)),
        ("a.xlsx", archive(x=b"<a/>")),
        ("a.po", b"\xff\xfe\x00"),
        ("a.po", b'msgid "a"\nmsgstr'),
        ("a.po", b'msgid "a" "b\n'),
        ("a.po", b"x" * 2_100_000),
        ("a.po", b'msgctxt "survey/phone/label"\nmsgid "a"\nmsgid_plural "b"\nmsgstr[0] "c"\nmsgstr[1] "d"\n'),
    ],
)
def test_a_strangers_file_is_refused_with_a_sentence(name: str, content: bytes) -> None:
    found = proposed(a_draft(), content, name)
    assert found.faults
    assert all(fault.message.endswith(".") for fault in found.faults)
    assert not found.can_be_accepted


def test_a_formula_in_a_cell_is_only_text() -> None:
    version = a_draft(phone='=HYPERLINK("x")')
    cells = openpyxl.load_workbook(io.BytesIO(translating_files.as_xlsx(sheet(version))))["texts"]
    assert {cell.data_type for row in cells.iter_rows() for cell in row} == {"s"}


@pytest.fixture
def browser() -> Client:
    return builders.signed_in(builders.a_worker(Role.TRANSLATOR))


def address(name: str, version: Version, *more: str) -> str:
    return reverse(f"forms:{name}", args=[version.form.code, version.number, "ar", *more])


def upload(browser: Client, version: Version, content: bytes) -> str:
    file = SimpleUploadedFile("texts.xlsx", content)
    return str(browser.post(address("import_texts", version), {"file": file}).content.decode())


def carried(version: Version, content: bytes) -> str:
    return proposed(version, content).to_json()


def test_a_file_is_taken_over_after_a_look_and_twice_is_once(browser: Client) -> None:
    version = a_draft()
    content = with_cells(version, {HINT: {2: "مثال", 3: "reviewed"}, YES: {2: "أجل"}})
    page = upload(browser, version, content)
    assert "2 texts would change." in page
    assert texts_of(Version.objects.get().source).by_key()[HINT].target("ar") == ""
    changes = {"changes": carried(version, content)}
    for sentence in ("2 texts were saved.", "Nothing was changed."):
        answer = browser.post(address("accept_texts", version), changes, follow=True)
        assert sentence in answer.content.decode()
    assert texts_of(Version.objects.get().source).by_key()[HINT].target("ar") == "مثال"
    assert set(TextState.objects.values_list("state", flat=True)) == {"new"}, "a file reviews nothing by itself"
    assert "0 texts would change." in upload(browser, version, with_cells(version, {HINT: {3: "new"}}))


def test_what_the_file_calls_reviewed_is_so_when_a_person_says_so(browser: Client) -> None:
    version = a_draft()
    content = with_cells(version, {HINT: {2: "مثال", 3: "reviewed"}})
    assert "has read the texts that the file calls reviewed" in upload(browser, version, content)
    browser.post(address("accept_texts", version), {"changes": carried(version, content), "reviewed": "on"})
    assert TextState.objects.get().state == "reviewed"


def test_words_saved_between_the_look_and_the_yes_are_not_overwritten(browser: Client) -> None:
    version = a_draft()
    content = with_cells(version, {HINT: {2: "مثال"}})
    changes = carried(version, content)
    save(version, proposed(version, with_cells(version, {HINT: {2: "مثلًا"}})))
    answer = browser.post(address("accept_texts", version), {"changes": changes}, follow=True)
    assert "Somebody else has saved other words meanwhile." in answer.content.decode()
    assert texts_of(Version.objects.get().source).by_key()[HINT].target("ar") == "مثلًا"


def test_what_is_left_out_of_a_long_answer_is_counted() -> None:
    saved = Saved(refused={f"survey/q{number}/label": ["Wrong."] for number in range(30)})
    said = told(sheet(a_draft()), saved)
    assert len(said) == 21
    assert said[-1][1] == "11 more texts were not saved."


@pytest.mark.parametrize(
    "changes",
    [
        "",
        "x",
        "[1]",
        "{}",
        '[["a"]]',
        json.dumps([[PHONE, "\x00", "y", "z", ""]]),
        json.dumps([["k"] * 5]),
        "[" * 9_000,
    ],
)
def test_changes_that_no_page_has_shown_are_refused(browser: Client, changes: str) -> None:
    version = a_draft()
    answer = browser.post(address("accept_texts", version), {"changes": changes}, follow=True)
    assert answer.status_code == 200
    assert Version.objects.get().revision == 1


def test_a_files_name_holds_the_form_the_version_and_the_language(browser: Client) -> None:
    version = a_draft()
    answer = browser.get(address("export_texts", version, "po"))
    assert f'filename="palaute-{version.number}-ar.po"' in answer.headers["Content-Disposition"]
    assert browser.get(address("export_texts", version, "exe")).status_code == 404
