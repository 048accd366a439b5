"""The worker's keys in a real browser: type-ahead, rows, and what must not be lost or sent twice."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect, sync_playwright

STATIC = Path(__file__).resolve().parent.parent / "static" / "web"
HOST = "http://desk.example"
FORM = """<!doctype html><html lang="fi"><title>Keys</title><body><main>
<input id="find" type="search" aria-label="Find"><a href="/new" data-key="n">New</a>
<form method="post" action="/save" data-quick data-guard>
  <label for="lang">Language</label><select id="lang" name="language" data-combobox><option value=""></option>
    <option value="prs" data-names="dari">دری</option><option value="ar" data-names="arabia Arabic">العربية</option>
    <option value="ru" data-names="venäjä Russian">русский</option></select>
  <label for="topics">Topics</label><select id="topics" name="topics" multiple data-combobox>
    <option value="housing">Asuminen</option><option value="work">Työ</option>
    <option value="family">Perhe</option></select>
  <label for="note">Note</label><textarea id="note" name="note"></textarea><button>Save</button>
</form>
<table><tbody data-rows><tr><td><a href="/one">One</a></td></tr>
<tr><td><a href="/two" data-open>Two</a></td></tr></tbody></table>
</main><div id="texts" hidden data-none="No match" data-remove="Remove"></div>
<script src="/desk.js" defer></script><script src="/combobox.js" defer></script></body></html>"""

pytestmark = pytest.mark.browser


def answer(route: Route) -> None:
    """Our two scripts, and the form for every other address."""
    name = route.request.url.removeprefix(HOST + "/")
    if name.endswith(".js"):
        route.fulfill(path=STATIC / name, content_type="text/javascript")
    else:
        route.fulfill(body=FORM, content_type="text/html; charset=utf-8")


@pytest.fixture(scope="module")
def window() -> Iterator[Page]:
    """One window for the module; it is gone before any other test opens a browser."""
    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        started = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=flags)
        page = started.new_page()
        page.route("**/*", answer)
        page.on("dialog", lambda dialog: dialog.accept())
        yield page
        started.close()


@pytest.fixture
def page(window: Page) -> Page:
    """The form, fresh."""
    window.goto("about:blank")
    window.goto(HOST + "/form")
    return window


def chosen(page: Page, name: str) -> list[str]:
    """The codes that the native select would send."""
    found: list[str] = page.eval_on_selector(f"select[name={name}]", "e => [...e.selectedOptions].map(o => o.value)")
    return found


@pytest.mark.parametrize(
    ("typed", "code"), [("ar", "ar"), ("dar", "prs"), ("venaj", "ru"), ("عر", "ar"), ("Rus", "ru")]
)
def test_a_few_letters_and_enter_choose_a_language(page: Page, typed: str, code: str) -> None:
    page.get_by_role("combobox", name="Language").focus()
    page.keyboard.type(typed)
    page.keyboard.press("Enter")
    assert chosen(page, "language") == [code]


def test_tab_takes_the_choice_and_moves_on(page: Page) -> None:
    page.get_by_role("combobox", name="Language").focus()
    page.keyboard.type("ar")
    page.keyboard.press("Tab")
    assert chosen(page, "language") == ["ar"]
    expect(page.get_by_role("combobox", name="Topics")).to_be_focused()


def test_several_topics_by_enter_and_the_last_away_by_backspace(page: Page) -> None:
    page.get_by_role("combobox", name="Topics").focus()
    for typed in ("as", "per"):
        page.keyboard.type(typed)
        page.keyboard.press("Enter")
    assert chosen(page, "topics") == ["housing", "family"]
    page.keyboard.press("Backspace")
    assert chosen(page, "topics") == ["housing"]


def test_half_a_word_leaves_the_earlier_choice(page: Page) -> None:
    box = page.get_by_role("combobox", name="Language")
    box.fill("ar")
    page.keyboard.press("Enter")
    box.fill("zzz")
    page.keyboard.press("Tab")
    assert chosen(page, "language") == ["ar"]
    expect(box).to_have_value("العربية")


def test_a_screen_reader_hears_the_marked_choice(page: Page) -> None:
    box = page.get_by_role("combobox", name="Language")
    box.fill("r")
    expect(box).to_have_attribute("aria-expanded", "true")
    marked = box.get_attribute("aria-activedescendant")
    expect(page.locator(f"#{marked}")).to_have_text("русский")
    page.keyboard.press("Escape")
    expect(box).to_have_attribute("aria-expanded", "false")


def test_letters_walk_through_rows_and_enter_opens(page: Page) -> None:
    page.keyboard.press("j")
    expect(page.get_by_role("link", name="One")).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(HOST + "/two")


def test_single_keys_stay_out_of_what_is_typed(page: Page) -> None:
    page.get_by_label("Note").focus()
    page.keyboard.type("n/j")
    expect(page.get_by_label("Note")).to_have_value("n/j")
    assert page.url == HOST + "/form"


def test_slash_finds_and_n_begins_a_contact(page: Page) -> None:
    page.keyboard.press("/")
    expect(page.get_by_label("Find")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    page.wait_for_url(HOST + "/new")


def test_two_quick_presses_send_once(page: Page) -> None:
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method) if request.method == "POST" else None)
    page.evaluate("const b = document.querySelector('form button'); b.click(); b.click()")
    page.wait_for_url(re.compile("/save$"))
    assert sent == ["POST"]


def test_control_and_enter_save_from_any_field(page: Page) -> None:
    page.get_by_label("Note").fill("helped")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(HOST + "/save")
