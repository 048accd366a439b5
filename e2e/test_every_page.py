"""Whatever a worker can reach by links: found nothing wrong by axe in Finnish, and whole at 320 pixels (zoom 400 %)."""

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve
from playwright.sync_api import Error, Page, Response

from e2e.conftest import DESK, axe_findings
from e2e.test_the_main_job import FORWARD

# Each goes where the ones before could not: together they reach every page that has a link.
WORKERS = ["petra.kettunen", "aino.niemi", "maija.main", "raija.raportti", "timo.tietosuoja", "sofia.setlementti"]
ZOOMED = {"width": 320, "height": 640}
# Not pages: files to save, pictures of letters, the way out.
LEFT_ALONE = frozenset({"account_logout", "documents:content"})
MOST_PAGES = 150


def view_of(url: str, base: str) -> str:
    """The name of the view that answers the address; empty for what is not a worker's page of ours."""
    parts = urlsplit(url)
    if not url.startswith(base) or not parts.path.startswith(("/desk/", "/accounts/")):
        return ""
    try:
        return resolve(parts.path).view_name
    except Resolver404:
        return ""


def links(page: Page) -> list[str]:
    """Where the open page leads to."""
    found: list[str] = page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
    return found


def opened(page: Page, address: str) -> Response | None:
    """The answer of a page; None for a file that the browser saves instead."""
    try:
        return page.goto(address)
    except Error as reason:
        if "Download is starting" not in str(reason):
            raise
        return None


def pages_of(page: Page, base: str, seen: set[str]) -> Iterator[str]:
    """Follow links, one address for each view; yields the name of each view whose page is open now."""
    waiting = [page.url, *links(page)]
    while waiting and len(seen) < MOST_PAGES:
        address = waiting.pop(0)
        name = view_of(address, base)
        if not name or name in seen | LEFT_ALONE:
            continue
        seen.add(name)
        answer = opened(page, address)
        if answer is None or "text/html" not in answer.headers.get("content-type", ""):
            continue
        assert answer.status == 200, f"{address} answers {answer.status}"
        yield name
        waiting += links(page)


@pytest.mark.slow
def test_no_page_that_a_worker_can_reach_has_a_fault_that_axe_finds_or_is_wider_than_a_zoomed_window(
    sign_in: Callable[..., Page],
) -> None:
    seen: set[str] = set()
    faults: list[str] = []
    for worker in WORKERS:
        page = sign_in(worker, size=DESK)
        base = page.url.split("/desk/")[0]
        for name in pages_of(page, base, seen):
            faults += [f"{name}: {finding}" for finding in axe_findings(page)]
            page.set_viewport_size(ZOOMED)  # type: ignore[arg-type]
            width = page.evaluate("document.documentElement.scrollWidth")
            faults += [f"{name} is {width} pixels wide"] if width > ZOOMED["width"] else []
            page.set_viewport_size(DESK)  # type: ignore[arg-type]
    assert len(seen) >= 25, f"only {sorted(seen)}"
    assert not faults, "\n".join(faults)


def test_axe_finds_nothing_on_any_page_of_the_form_in_arabic(open_page: Callable[..., Page]) -> None:
    """With what is missing marked, with what an answer brings up, on the summary and on the receipt."""
    page = open_page("/ar/form/yhteydenotto/")
    page.click(FORWARD)
    findings = axe_findings(page)
    assert page.locator("[aria-invalid=true], .wrong").count() > 0
    page.check("input[name=topics][value=letters]")
    page.fill("textarea[name=message]", "لا أفهم هذه الرسالة.")
    page.check("input[name=urgent][value=no]")
    for answers in (
        {"municipality": "426", "service_language": "ar", "interpreter": "yes"},
        {"with_family": "no"},
        {"reply_by": "sms"},
    ):
        page.click(FORWARD)
        for name, value in answers.items():
            page.check(f"input[name={name}][value='{value}']")
        findings += axe_findings(page)
    page.fill("input[name=phone]", "+358 40 000 7003")
    page.check("input[name=phone_safe][value=yes]")
    page.check("input[name=consent]")
    page.click(FORWARD)
    page.wait_for_url("**/check/")
    findings += axe_findings(page)
    page.click("button[value=send]")
    page.wait_for_url("**/sent/**")
    assert findings + axe_findings(page) == []
