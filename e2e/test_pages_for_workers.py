"""The workers' pages: found nothing wrong by axe in Finnish, no wider than the window, quick by keyboard."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from e2e.conftest import DESK, PHONE, axe_findings, picture

PAGES = {
    "today": "/desk/",
    "inbox": "/desk/inbox/",
    "contacts": "/desk/contacts/",
    "new-contact": "/desk/contacts/new/",
    "people": "/desk/people/?q=Oleksandr",
    "new-person": "/desk/people/new/",
    "cases": "/desk/cases/",
    "cases-of-team": "/desk/cases/?tab=team",
    "cases-offered": "/desk/cases/?tab=transfers",
    "own-openings": "/desk/people/openings/own/",
    "sharings": "/desk/people/sharings/",
    "messages": "/desk/messages/",
    "figures": "/desk/figures/",
    "profile": "/desk/staff/profile/",
}
MOST_KEYS = 15


def test_axe_finds_nothing_on_the_pages_of_a_counsellor(sign_in: Callable[..., Page]) -> None:
    page = sign_in("aino.niemi")
    findings = []
    for name, path in PAGES.items():
        page.goto(path)
        findings += axe_findings(page)
        picture(page, f"{name}-fi-1280")
    page.goto("/desk/people/?q=Oleksandr")
    page.locator("[data-rows] a").first.click()
    page.wait_for_load_state()
    findings += axe_findings(page)
    if page.url.split("?")[0].endswith("/ask/"):  # The record of whom the counsellor does not serve asks why.
        picture(page, "ask-fi-1280")
        page.locator("input[name=reason]").first.check()
        page.locator("main button[type=submit]").first.click()
        page.wait_for_load_state()
        findings += axe_findings(page)
    picture(page, "person-fi-1280")
    page.goto("/desk/inbox/")
    page.locator("[data-rows] a").first.click()
    page.wait_for_load_state()
    findings += axe_findings(page)
    assert findings == []


def test_axe_finds_nothing_on_the_pages_of_a_main_user(sign_in: Callable[..., Page]) -> None:
    page = sign_in("maija.main")
    findings = []
    for path in ("/desk/staff/", "/desk/staff/new/", "/desk/region/"):
        page.goto(path)
        findings += axe_findings(page)
    assert findings == []


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_on_the_page_of_sign_in(open_page: Callable[..., Page], dark: bool) -> None:
    page = open_page("/accounts/login/", dark=dark)
    assert axe_findings(page) == []
    picture(page, "sign-in-fi-360")


@pytest.mark.parametrize("path", PAGES.values())
def test_a_workers_page_fits_a_phone(sign_in: Callable[..., Page], path: str) -> None:
    page = sign_in("aino.niemi", size=PHONE)
    page.goto(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


class Keys:
    """Presses keys and counts them."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.pressed = 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed += key.count("+") + 1 if len(key) > 1 else 1


def test_the_most_common_contact_takes_at_most_fifteen_keys(sign_in: Callable[..., Page]) -> None:
    """A drop-in at the worker's own place, home and language as last time: `n`, a few letters of the topic, save."""
    page = sign_in("aino.niemi", size=DESK)
    keys = Keys(page)
    keys.press("n")
    page.wait_for_url("**/desk/contacts/new/**")
    page.locator("[role=combobox]:focus").wait_for()
    keys.press(*"kirje", "Enter", "Control+Enter")
    page.locator(".ds-alert[data-color=success], [role=status]").first.wait_for()
    assert keys.pressed <= MOST_KEYS
    page.goto("/desk/contacts/")
    assert "Kirjeen" in page.locator("[data-rows] tr").first.inner_text()
