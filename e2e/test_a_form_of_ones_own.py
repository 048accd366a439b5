"""A main user's afternoon: a form is built, published, taken out as a workbook, changed there and sent back."""

import pathlib
from collections.abc import Callable

import openpyxl
from playwright.sync_api import Page
from pyxform import xls2xform

from e2e.conftest import axe_findings, picture
from e2e.test_builder import build, changed, draft, fill, open_panel

__all__ = ["draft"]

SWEDISH = {2: "Om dig", 3: "Namn", 4: "Har du barn?", 5: "Barn", 6: "Ålder"}


def translate(page: Page, address: str) -> None:
    """Swedish beside the Finnish: of the questions in their panels, of the choices on their page."""
    page.goto(f"{address}settings/")
    page.locator("[name=language]").select_option("sv")
    changed(page, "#question button[type=submit]")
    for row, text in SWEDISH.items():
        page.goto(address)
        open_panel(page, f"#open-{row}", row)
        fill(page, "label-sv", text)
        changed(page, "#save")
    page.goto(address)
    page.locator("a[href*='/build/lists/']").first.click()
    for at, text in enumerate(("Ja", "Nej")):
        page.locator(f"[name='text-{at}-sv']").fill(text)
    page.locator("#question .actions button[value=save]").click()
    page.wait_for_load_state("networkidle")


def taken_out(page: Page, folder: pathlib.Path) -> pathlib.Path:
    with page.expect_download() as download:
        page.locator("a[href$='/workbook/']").click()
    path = folder / "form.xlsx"
    download.value.save_as(path)
    return path


def test_a_main_user_publishes_a_form_and_sees_what_a_changed_workbook_would_change(
    sign_in: Callable[..., Page], draft: str, tmp_path: pathlib.Path
) -> None:
    page = sign_in("maija.main")
    page.goto(draft)
    build(page)
    translate(page, draft)
    version = draft.replace("build/", "")
    page.goto(version)
    page.locator("main form[action$='/check/'] button").click()
    page.goto(f"{version}publish/")
    page.locator("main form button[type=submit]").click()
    page.goto(version)
    workbook = taken_out(page, tmp_path)
    warnings: list[str] = []
    xls2xform.convert(str(workbook), warnings=warnings)
    assert warnings == []
    page.locator("main form[action$='/begin/'] button").click()
    page.wait_for_url("**/versions/**")
    begun = page.url
    assert begun.rstrip("/") != page.url.split("/versions/")[0] + version.split("/versions/")[1]
    book = openpyxl.load_workbook(workbook)
    for row in book["survey"].iter_rows():
        for cell in row:
            if cell.value == "Nimi":
                cell.value = "Koko nimesi"
    book.save(workbook)
    page.goto(f"{begun}upload/")
    page.locator("input[name=workbook]").set_input_files(workbook)
    page.locator("main form:has(input[name=workbook]) button[type=submit]").click()
    page.get_by_text("Koko nimesi").first.wait_for()
    assert axe_findings(page) == []
    picture(page, "upload-differences-1280")
    page.locator("main form[action$='/accept/'] button").click()
    page.goto(f"{begun}build/")
    assert page.get_by_text("Koko nimesi").count()
