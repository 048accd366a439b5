"""The municipalities' shares in a browser: found nothing wrong by axe in Finnish, no wider than a phone, and joined."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from e2e.conftest import DESK, PHONE, axe_findings, picture

SHARES = "/desk/funding/shares/"
PAGES = {
    "shares": "",
    "shares-agreed": "1/",
    "shares-before-after": "1/agreements/2/",
    "shares-asked": "2/",
    "share-decision": "2/decisions/167/",
    "share-simulation": "2/simulation/?municipality=607",
    "share-invoices": "1/invoices/",
    "share-statistics": "statistics/",
    "share-statistic": "statistics/2/",
    "new-shares": "new/",
}


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_every_page_fits_and_axe_finds_nothing_on_a_desk(sign_in: Callable[..., Page], size: dict[str, int]) -> None:
    page, findings = sign_in("paula.projekti", size=size), []
    for name, path in PAGES.items():
        answer = page.goto(SHARES + path)
        assert answer
        assert answer.status == 200
        findings += axe_findings(page) if size is DESK else []
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], name
        picture(page, f"{name}-fi-{size['width']}")
    assert findings == []


def test_a_decision_maker_sees_every_share_before_and_after_on_one_screen(sign_in: Callable[..., Page]) -> None:
    page = sign_in("lauri.liperi", f"{SHARES}1/agreements/2/")
    table = page.locator("main table").first
    assert "Kitee" in table.inner_text()
    for amount in ("36 958,77", "2 956,52", "2 282,31", "2 136,53", "1 220,87"):
        assert amount in table.inner_text().replace("\u00a0", " ")
    sums = table.locator("tfoot td").all_inner_texts()
    assert [each.replace("\u00a0", " ") for each in sums[:2]] == ["45 555,00", "45 555,00"]
