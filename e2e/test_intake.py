"""From a form to the register in a browser, in Finnish: proposals, family, corrections, experts, rules."""

import re
from collections.abc import Callable

from playwright.sync_api import Page

from e2e.conftest import DESK, PHONE, axe_findings, picture

CODE = re.compile(r"(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}")


def looked_at(page: Page, name: str) -> list[str]:
    """What axe finds, and whether the page is wider than a phone; with a picture at both widths."""
    findings = axe_findings(page)
    picture(page, f"intake-{name}-fi-1280")
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    if page.evaluate("document.documentElement.scrollWidth") > PHONE["width"]:
        findings.append(f"{name} is wider than a phone")
    findings += axe_findings(page)
    picture(page, f"intake-{name}-fi-360")
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    return [f"{name}: {each}" for each in findings]


def take_with_a_new_client(page: Page) -> str:
    """Take a form that waits and make its sender a client; the address of the form's page."""
    page.goto("/desk/inbox/?state=new")
    addresses = page.locator("[data-rows] a").evaluate_all("links => links.map(link => link.href.split('?')[0])")
    texts = {str(each): _text(page, each) for each in addresses}
    # Where the place is secret no telephone and no address is compared.
    open_ones = [each for each, text in texts.items() if "turvakielto" not in text]
    families = [each for each in open_ones if "Hän on" in texts[each]]
    address = (families or open_ones)[0].rstrip("/")
    page.goto(f"{address}/")
    with page.expect_navigation():
        page.locator("form[action$='/take/'] button").click()
    page.goto(f"{address}/new-client/")
    page.locator("#id_name").fill("Testi Asiakas")
    page.locator("#id_email").fill("testi@posti.example")
    with page.expect_navigation():
        page.locator("main form button[type=submit]").first.click()
    return address


def _text(page: Page, address: str) -> str:
    page.goto(address)
    return page.locator("section[aria-labelledby=opened]").inner_text()


def test_a_worker_decides_asks_again_and_asks_an_expert(
    sign_in: Callable[..., Page], open_page: Callable[..., Page]
) -> None:
    page = sign_in("aino.niemi", size=DESK)
    address = take_with_a_new_client(page)
    findings = []
    for name in ("fields", "family", "files", "ask", "expert"):
        page.goto(f"{address}/{name}/")
        findings += looked_at(page, name)
    page.goto(f"{address}/fields/")
    page.locator("main fieldset.choices input").last.check()
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    findings += looked_at(page, "decided")
    findings += corrected(page, address, open_page)
    assert findings == []


def corrected(page: Page, address: str, open_page: Callable[..., Page]) -> list[str]:
    page.goto(f"{address}/ask/")
    page.locator("select[name='ask.phone']").select_option("add")
    page.locator("input[name=delivery][value=paper]").check()
    with page.expect_navigation():
        page.locator("main form button[type=submit]").first.click()
    findings = looked_at(page, "asked")
    found = CODE.search(page.locator("main").inner_text())
    assert found
    visitor = open_page("/fi/correct/")
    findings += looked_at(visitor, "code")
    visitor.locator("#code").fill(found[0].lower())
    with visitor.expect_navigation():
        visitor.locator("main button[type=submit]").click()
    findings += looked_at(visitor, "correction")
    with visitor.expect_navigation():
        visitor.locator("main button[type=submit]").click()
    findings += looked_at(visitor, "correction-empty")
    visitor.locator("[name=phone]").fill("040 555 1234")
    with visitor.expect_navigation():
        visitor.locator("main button[type=submit]").click()
    findings += looked_at(visitor, "correction-done")
    page.goto(f"{address}/")
    assert "040 555 1234" in page.locator("main").inner_text()
    return findings + looked_at(page, "corrected")


def test_a_main_user_orders_rules_by_the_keyboard(sign_in: Callable[..., Page]) -> None:
    page = sign_in("maija.main", size=DESK)
    findings = []
    for language in ("ar", "uk"):
        page.goto("/desk/inbox/rules/new/")
        findings += looked_at(page, "rule")
        page.locator("select[name=language]").evaluate("(field, code) => { field.value = code }", language)
        page.locator("select[name=place]").select_option(index=1)
        with page.expect_navigation():
            page.keyboard.press("Control+Enter")
    before = page.locator("[data-rows] tr").all_inner_texts()
    page.locator("button[name=position][value='1']").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    after = page.locator("[data-rows] tr").all_inner_texts()
    assert before != after
    findings += looked_at(page, "rules")
    page.locator("a[href$='/remove/']").first.click()
    page.wait_for_load_state()
    findings += looked_at(page, "rule-remove")
    assert findings == []
