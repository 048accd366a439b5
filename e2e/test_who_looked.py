"""From the counsellor's page to the client's phone: who has looked; and the pages of the data protection officer."""

from collections.abc import Callable

from playwright.sync_api import Page

from e2e.conftest import PHONE, axe_findings, picture


def test_a_client_reads_who_has_looked_by_a_link_from_the_counsellor(
    sign_in: Callable[..., Page], open_page: Callable[..., Page]
) -> None:
    page = sign_in("aino.niemi")
    page.goto("/desk/people/?q=Oleksandr")
    for address in page.locator("[data-rows] a").evaluate_all("links => links.map(link => link.href)"):
        page.goto(address)  # some ask for a reason first: they are other workers' clients
        if page.locator("a[href$='/looks/']").count():
            break
    page.locator("a[href$='/looks/']").click()
    page.select_option("select[name=language]", "ar")
    page.locator(".panel button[type=submit]").first.click()
    address = page.locator("a[rel=noreferrer]").inner_text()
    assert axe_findings(page) == []
    picture(page, "looks-link-fi-1280")
    client = open_page(address, script=True)
    assert client.url.endswith("/ar/looks/")
    assert client.locator("html").get_attribute("dir") == "rtl"
    assert client.locator("dl.summary dt").count() >= 2
    assert axe_findings(client) == []
    assert client.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    picture(client, "looks-ar-360")
    client.locator("main form button").click()
    client.goto("/ar/looks/")
    assert client.locator("dl.summary").count() == 0


def test_axe_finds_nothing_on_the_pages_of_the_trail(sign_in: Callable[..., Page]) -> None:
    page = sign_in("timo.tietosuoja")
    findings = []
    for name in ("", "unusual/", "own/"):
        page.goto(f"/desk/trail/{name}")
        findings += axe_findings(page)
        picture(page, f"trail-{name.strip('/') or 'search'}-fi-1280")
    assert findings == []


def test_the_trail_fits_a_phone(sign_in: Callable[..., Page]) -> None:
    page = sign_in("timo.tietosuoja", size=PHONE)
    page.goto("/desk/trail/")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
