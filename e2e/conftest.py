"""A real browser against the real application with the demo region."""

import os
import pathlib
import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from kotisatama.kernel import testing
from kotisatama.kernel.live_app import LiveApp

AXE = pathlib.Path(__file__).parent / "vendor" / "axe.min.js"
PICTURES = os.environ.get("KOTISATAMA_PICTURES", "")
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 800}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium where there is one, else the one that Playwright brought."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def region(start_live_app: Callable[[], LiveApp]) -> LiveApp:
    """The application with the demo region, shared by the journeys: each adds, none counts on being alone."""
    app = start_live_app()
    app.command("form-import", str(testing.ROOT / "kotisatama/forms/definitions/yhteydenotto.xlsx"), "--publish")
    app.command("demo-region")
    return app


@pytest.fixture
def open_page(browser: Browser, region: LiveApp) -> Iterator[Callable[..., Page]]:
    """Open a page of the region in a context of its own: `open_page("/ar/", script=False)`."""
    contexts: list[BrowserContext] = []

    def open_one(path: str = "/", *, size: dict[str, int] = PHONE, script: bool = True, dark: bool = False) -> Page:
        context = browser.new_context(
            base_url=region.url,
            viewport=size,  # type: ignore[arg-type]
            java_script_enabled=script,
            color_scheme="dark" if dark else "light",
            locale="fi-FI",
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.goto(path)
        return page

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture
def sign_in(open_page: Callable[..., Page]) -> Callable[..., Page]:
    """Sign in as one of the demo workers, by the first name: `sign_in("aino.niemi")`."""

    def enter(name: str, path: str = "/desk/", *, size: dict[str, int] = DESK, script: bool = True) -> Page:
        page = open_page(path, size=size, script=script)
        page.fill("input[name=login]", f"{name}@demo.example")
        page.fill("input[name=password]", "kotisatama-demo")
        page.locator("main button[type=submit]").first.click()
        page.wait_for_url(f"**{path}")
        return page

    return enter


def axe_findings(page: Page) -> list[str]:
    """What axe-core has to say against WCAG 2.2 A and AA, a line each; scripts have to be on for it."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})"
    )
    return [
        f"{page.url}: {each['id']}: {node['target']} {node.get('failureSummary', '')[:200]}"
        for each in found["violations"]
        for node in each["nodes"]
    ]


def picture(page: Page, name: str) -> None:
    """Keep a screenshot when KOTISATAMA_PICTURES names a folder."""
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)
