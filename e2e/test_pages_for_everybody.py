"""The public pages: found nothing wrong by axe, small, whole at 320 pixels, and of one origin."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Response

from e2e.conftest import DESK, PHONE, axe_findings, picture

FORM = "form/yhteydenotto/"
PAGES = ["", "visit/", "privacy/", "accessibility/", FORM, f"{FORM}forget/"]
FIRST_VISIT_BYTES = 50_000
SCRIPT_BYTES = 15_000  # as they are sent


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("language", ["fi", "ar"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_on_a_public_page(
    open_page: Callable[..., Page], path: str, language: str, dark: bool
) -> None:
    assert axe_findings(open_page(f"/{language}/{path}", dark=dark)) == []


@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_wider_than_a_page_enlarged_four_times(open_page: Callable[..., Page], path: str) -> None:
    page = open_page(f"/ar/{path}", size={"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("path", ["", FORM])
def test_a_first_visit_stays_small_and_asks_nobody_else(open_page: Callable[..., Page], path: str) -> None:
    page = open_page("/fi/privacy/")
    page.context.clear_cookies()
    seen: list[Response] = []
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    sizes: dict[str, int] = {}
    session.on(
        "Network.loadingFinished", lambda event: sizes.update({event["requestId"]: int(event["encodedDataLength"])})
    )
    scripts: set[str] = set()
    session.on(
        "Network.responseReceived",
        lambda event: scripts.add(event["requestId"]) if event["response"]["url"].endswith(".js") else None,
    )
    page.on("response", lambda response: seen.append(response))
    page.goto(f"/ar/{path}", wait_until="networkidle")
    own = page.url.split("/ar/")[0]
    assert [response.url for response in seen if not response.url.startswith(own)] == []
    assert 0 < sum(sizes.values()) <= FIRST_VISIT_BYTES
    assert sum(sizes.get(each, 0) for each in scripts) <= SCRIPT_BYTES


def test_pictures_of_the_public_pages(open_page: Callable[..., Page]) -> None:
    for language in ("fi", "ar"):
        for name, path in (("start", ""), ("form", FORM), ("visit", "visit/")):
            for label, size in (("360", PHONE), ("1280", DESK)):
                page = open_page(f"/{language}/{path}", size=size)
                assert page.locator("h1").count() == 1
                picture(page, f"{name}-{language}-{label}")
