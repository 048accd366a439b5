"""A main user builds a form by keyboard: a condition, a repeat, two languages; checks it and tries it out."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import DESK, PHONE, axe_findings, picture
from kotisatama.kernel.live_app import LiveApp

ROWS = {
    "name": "trial",
    "survey": {"columns": ["type", "name", "label::suomi (fi)", "required", "relevant"], "rows": []},
    "choices": {"columns": ["list_name", "name", "label::suomi (fi)"], "rows": []},
    "settings": {
        "columns": ["form_title", "form_id", "default_language"],
        "rows": [[2, {"form_title": "Vertaistukijan hakemus", "form_id": "CODE", "default_language": "suomi (fi)"}]],
    },
}
SCRIPT = """
import json
from kotisatama.forms import actions
from kotisatama.forms.models import Form
form, _ = Form.objects.get_or_create(code="CODE", defaults={"title": "Vertaistukijan hakemus"})
print(actions.start_version(form, rows=json.loads('''ROWS'''), by=None).number)
"""


@pytest.fixture
def draft(region: LiveApp, request: pytest.FixtureRequest) -> str:
    """The address of an empty draft's builder."""
    code = f"trial-{abs(hash(request.node.name)) % 10_000_000}"
    script = SCRIPT.replace("ROWS", json.dumps(ROWS)).replace("CODE", code)
    number = region.command("shell", "--no-imports", "-c", script).stdout.strip().splitlines()[-1]
    return f"/desk/forms/{code}/versions/{number}/build/"


def press(page: Page, where: str) -> None:
    """Focus what this selector finds and press Enter: no mouse."""
    page.locator(where).focus()
    page.keyboard.press("Enter")


def open_panel(page: Page, where: str, number: int) -> None:
    """Follow the link to the panel of this row, 0 for a new one."""
    press(page, where)
    page.wait_for_selector(f"#panel [name=number][value='{number}']", state="attached")


def fill(page: Page, name: str, text: str) -> None:
    page.locator(f"[name='{name}']").focus()
    page.keyboard.type(text)


def changed(page: Page, where: str) -> None:
    """Press a button that changes the form, and wait for its new revision."""
    revision = page.locator("#build").get_attribute("data-revision")
    press(page, where)
    page.wait_for_selector(f"#build[data-revision='{int(revision or 0) + 1}']", state="attached")


def add(page: Page, where: str, kind: str, text: str, choices: str = "") -> None:
    """A question by the link of this id, of this type."""
    open_panel(page, f"#{where}", 0)
    page.locator("[name=type]").select_option(kind)
    fill(page, "label-fi", text)
    if choices:
        press(page, "details:has([name=new_choices]) summary")
        fill(page, "new_choices", choices)
    changed(page, "#save")


def build(page: Page) -> None:
    open_panel(page, ".adds a:first-child", 0)
    fill(page, "label-fi", "Sinusta")
    changed(page, "#save")
    add(page, "add-2", "text", "Nimi")
    add(page, "add-2", "select_one", "Onko sinulla lapsia?", choices="Kyllä\nEi")
    add(page, "add-2", "begin_repeat", "Lapsi")
    add(page, "add-5", "integer", "Ikä")
    open_panel(page, "#open-5", 5)
    press(page, "details:has(#relevant) > summary")
    page.locator("[name=relevant-0-question]").select_option("onko_sinulla_lapsia")
    page.locator("select[name=relevant-0-value]").select_option("kylla")
    changed(page, "#save")


def test_a_form_with_a_condition_a_repeat_and_two_languages_is_built_by_keyboard(
    sign_in: Callable[..., Page], draft: str
) -> None:
    page = sign_in("maija.main")
    page.goto(draft)
    picture(page, "builder-empty-1280")
    build(page)
    assert "Kyllä" in page.locator("#row-5 .card-when").inner_text()
    page.goto(f"{draft}settings/")
    page.locator("[name=language]").select_option("sv")
    changed(page, "#question button[type=submit]")
    assert page.locator("#row-3 .chip.warn").is_visible()
    open_panel(page, "#open-3", 3)
    fill(page, "label-sv", "Namn")
    assert axe_findings(page) == []
    picture(page, "builder-panel-1280")
    changed(page, "#save")
    assert not page.locator("#row-3 .chip.warn").count()
    changed(page, "#up-4")
    expect(page.locator("#down-3")).to_be_focused()
    changed(page, "#down-3")
    expect(page.locator("#down-4")).to_be_focused()
    press(page, "#check")
    page.wait_for_selector(".chip.ok")
    picture(page, "builder-checked-1280")
    page.goto(draft.replace("/build/", "/try/"))
    assert axe_findings(page) == []
    page.get_by_text("Ei", exact=True).click()
    page.locator("#try-show").click()
    page.wait_for_load_state("networkidle")
    assert page.locator(".reason .false").first.is_visible()
    picture(page, "builder-try-1280")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_adding_editing_moving_and_removing_need_no_script(
    sign_in: Callable[..., Page], draft: str, script: bool
) -> None:
    page = sign_in("maija.main", script=script)
    page.goto(f"{draft}?new=0&kind=begin_group")
    page.locator("[name='label-fi']").fill("Sivu")
    page.locator("#save").click()
    for text in ("Yksi", "Kaksi"):
        page.locator("#add-2").click()
        page.wait_for_selector("#panel [name=number][value='0']", state="attached")
        page.locator("[name='label-fi']").fill(text)
        page.locator("#save").click()
        page.get_by_role("link", name=text, exact=True).wait_for()
    page.locator("#up-4").click()
    page.locator("#open-3", has_text="Kaksi").wait_for()  # its panel is open: the moved card stays the one at hand
    page.locator("[name='label-fi']").fill("Toinen")
    page.locator("#save").click()
    page.get_by_role("link", name="Toinen", exact=True).wait_for()
    page.locator("button[value='remove:3']").click()
    page.get_by_role("link", name="Toinen", exact=True).wait_for(state="detached")
    page.locator("#take-back").click()
    page.get_by_role("link", name="Toinen", exact=True).wait_for()


def test_a_card_is_dragged_to_another_place(sign_in: Callable[..., Page], draft: str) -> None:
    page = sign_in("maija.main")
    page.goto(draft)
    build(page)
    page.drag_and_drop("#row-4 .grip", "#row-3 > .card-line", target_position={"x": 60, "y": 2})
    page.locator("#open-3", has_text="lapsia").wait_for()


@pytest.mark.parametrize("size", [PHONE, {"width": 320, "height": 640}, DESK], ids=["360", "320", "1280"])
def test_the_builder_fits_a_phone(sign_in: Callable[..., Page], size: dict[str, int]) -> None:
    page = sign_in("maija.main", size=size)
    form = "/desk/forms/yhteydenotto/versions/"
    number = "2026112502"
    page.goto(f"{form}{number}/build/")
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert axe_findings(page) == []
    picture(page, f"builder-own-{size['width']}")
    page.goto(f"{form}{number}/try/?language=ar")
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert axe_findings(page) == []
    picture(page, f"builder-try-ar-{size['width']}")


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_a_large_draft_with_its_panel_fits(sign_in: Callable[..., Page], region: LiveApp, width: int) -> None:
    """Our own form as a draft: conditions as drop-downs and as text, six languages."""
    script = """
from kotisatama.forms import actions
from kotisatama.forms.models import Form
form = Form.objects.get(code="yhteydenotto")
print(actions.start_version(form, rows=form.versions.earliest("pk").source, by=None).number)
"""
    number = region.command("shell", "--no-imports", "-c", script).stdout.strip().splitlines()[-1]
    page = sign_in("maija.main", size={"width": width, "height": 800})
    for row in (6, 14, 31):
        page.goto(f"/desk/forms/yhteydenotto/versions/{number}/build/?row={row}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert axe_findings(page) == []
        picture(page, f"builder-row{row}-{width}")
    page.goto(f"/desk/forms/yhteydenotto/versions/{number}/build/lists/reply/")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert axe_findings(page) == []
    picture(page, f"builder-list-{width}")
