"""A translator's day in a real browser: found by axe, whole at 400 % zoom, done by keyboard alone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from e2e.conftest import DESK, PHONE, axe_findings, picture

ZOOMED = {"width": 320, "height": 640}


def faults(page: Page, name: str) -> list[str]:
    """What axe finds, and a page that is wider than a window zoomed to 400 %."""
    found = axe_findings(page)
    for label, size in (("1280", DESK), ("360", PHONE), ("320", ZOOMED)):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        width = page.evaluate("document.documentElement.scrollWidth")
        found += [f"{name} is {width} wide in a window of {label}"] if width > size["width"] else []
        picture(page, f"translating-{name}-{label}")
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    return found


@pytest.mark.slow
def test_a_text_is_translated_by_keyboard_alone_and_no_page_of_it_has_a_fault(sign_in: Callable[..., Page]) -> None:
    page = sign_in("maija.main", "/desk/forms/translations/", size=DESK)
    found = faults(page, "forms")
    page.locator("a[href*='/vertaistuki-toive/versions/']").first.click()
    found += faults(page, "languages")
    page.locator("a[href$='/texts/ar/']").first.click()
    found += faults(page, "published")
    page.locator("form[action$='/begin/'] button").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("textarea:enabled")
    found += faults(page, "open")
    first = page.locator("textarea").first
    first.focus()
    assert (first.get_attribute("lang"), first.get_attribute("dir")) == ("ar", "rtl")
    page.keyboard.press("Control+A")
    page.keyboard.type("طلب دعم")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert page.locator("input[type=checkbox]").first.is_checked()
    page.locator("main form[method=post] button[type=submit]").last.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".ds-alert[data-color=success]")
    assert page.locator("textarea").first.input_value() == "طلب دعم"
    page.locator("textarea").nth(1).fill("<b>نص</b>")
    page.locator("main form[method=post] button[type=submit]").last.click()
    page.wait_for_selector(".ds-validation-message")
    found += faults(page, "refused")
    page.get_by_role("link", name="Tuo tiedosto").click()
    found += faults(page, "import")
    assert found == []
