"""Begun on a phone, finished at the library with a helper, sent by the person alone; and the pages around it."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from e2e.conftest import DESK, PHONE, axe_findings, picture
from kotisatama.kernel.live_app import LiveApp

FORWARD = ".actions button[value=next]"
FORM = "/uk/form/yhteydenotto/"
MESSAGE = "Я не розумію цього листа. Чи маю я повернути гроші?"
HELPERS = "Лист від Kela про житлову допомогу."


def begin(phone: Page) -> str:
    """The first page on the phone, and the code for going on."""
    phone.locator("a.act.next").click()
    phone.check("input[name=topics][value=letters]")
    phone.fill("textarea[name=message]", MESSAGE)
    phone.check("input[name=urgent][value=yes]")
    phone.click("button[value=later]")
    phone.click("button[value=code]")
    return phone.locator(".reference").inner_text().strip()


def type_code(page: Page, code: str) -> None:
    page.goto("/uk/")
    page.locator("main a[href$='/go-on/']").click()
    page.fill("input[name=code]", code.lower())
    page.locator("main form .actions button").first.click()


def share_first_page(page: Page) -> str:
    page.click("button[value=helper]")
    page.locator("input[name=pages]").first.check()
    page.click("button[value=make]")
    return page.locator(".reference").inner_text().strip()


def finish(library: Page) -> None:
    """All pages but the first."""
    library.goto(f"{FORM}2/")
    library.check("input[name=municipality][value='167']")
    library.check("input[name=service_language][value=uk]")
    library.click(FORWARD)
    library.check("input[name=interpreter][value=yes]")
    library.click(FORWARD)
    library.check("input[name=with_family][value=no]")
    library.click(FORWARD)
    library.check("input[name=reply_by][value=visit]")
    library.check("input[name=consent]")
    library.click(FORWARD)


def test_begun_on_a_phone_finished_at_the_library_with_a_helper_and_sent_by_the_person_alone(
    open_page: Callable[..., Page], region: LiveApp
) -> None:
    phone = open_page("/uk/", size=PHONE, script=False)
    code = begin(phone)
    library = open_page("/uk/", size=DESK, script=False)
    type_code(library, code)
    expect(library.locator("textarea[name=message]")).to_have_value(MESSAGE)

    helpers_code = share_first_page(library)
    helper = open_page("/uk/", size=PHONE, script=False)
    type_code(helper, helpers_code)
    helper.locator("a.act").first.click()
    helper.fill("textarea[name=message]", f"{MESSAGE} {HELPERS}")
    helper.click(FORWARD)
    helper.goto(f"{FORM}check/")
    assert helper.locator("button[value=send]").count() == 0

    finish(library)
    expect(library.locator("dl.summary .marked")).to_have_count(1)
    expect(library.locator("dl.summary").first).to_contain_text(HELPERS)
    library.click("button[value=send]")
    reference = library.locator(".reference").inner_text().strip()
    receipt = library.url

    told = region.command("shell", "--no-imports", "-c", count_of(reference)).stdout.split()
    assert told[-1] == "1"
    helper.goto("/uk/helping/")
    assert helper.locator("textarea").count() == 0
    phone.goto(receipt)
    assert phone.locator(".reference").count() == 0
    phone.goto(FORM)
    expect(phone.locator("textarea[name=message]")).to_have_value("")

    library.locator("a[href$='/forget/']").click()
    library.locator("main form button").first.click()
    library.goto(receipt)
    assert library.locator(".reference").count() == 0
    assert [each["name"] for each in library.context.cookies() if each["name"] != "kotisatama_csrf"] == []


def count_of(reference: str) -> str:
    return (
        "from kotisatama.kernel import row_security\n"
        "from kotisatama.forms.models import Submission\n"
        "with row_security.context(controllers=['167']):\n"
        f"    print(Submission.objects.filter(reference='{reference}', filled_by__message='helper').count())\n"
    )


def test_forgetting_leaves_nothing_in_the_browser(open_page: Callable[..., Page]) -> None:
    phone = open_page("/uk/", size=PHONE)
    begin(phone)
    phone.goto(f"{FORM}forget/")
    phone.locator("main form button").first.click()
    left = phone.evaluate(
        "async () => [localStorage.length, sessionStorage.length, (await caches.keys()).length, document.cookie.length]"
    )
    assert left[:3] == [0, 0, 0]
    phone.go_back()
    phone.goto(f"{FORM}later/")
    assert phone.url.endswith("/form/yhteydenotto/")
    expect(phone.locator("textarea[name=message]")).to_have_value("")


def test_the_pages_around_a_form_hold_on_a_phone_and_a_desk_in_arabic_and_finnish(
    open_page: Callable[..., Page],
) -> None:
    findings = []
    for language, size in (("ar", PHONE), ("fi", DESK), ("fi", PHONE), ("ar", DESK)):
        page = open_page(f"/{language}/", size=size)
        findings += walk(page, f"/{language}/form/yhteydenotto/", f"{language}-{size['width']}", size["width"])
    assert findings == []


def walk(page: Page, form: str, name: str, width: int) -> list[str]:
    """Every page of going on, helping and forgetting; what axe finds, and pages that are wider than the screen."""
    begin(page)
    seen = [look(page, f"later-code-{name}", width)]
    page.goto(f"{form}later/")
    seen.append(look(page, f"later-{name}", width))
    page.goto("/".join(page.url.split("/")[:4]) + "/go-on/")
    page.fill("input[name=code]", "3KXQ 9TRA WC7F")
    page.locator("main form .actions button").first.click()
    seen.append(look(page, f"go-on-wrong-{name}", width))
    page.goto(form)
    code = share_first_page(page)
    seen.append(look(page, f"helper-code-{name}", width))
    page.goto("/".join(page.url.split("/")[:4]) + "/go-on/")
    page.fill("input[name=code]", code)
    page.locator("main form .actions button").first.click()
    seen.append(look(page, f"helping-{name}", width))
    page.locator("a.act").first.click()
    page.fill("textarea[name=message]", "Kela.")
    seen.append(look(page, f"helping-page-{name}", width))
    page.click(FORWARD)
    for path in ("helper/", "check/", "forget/", ""):
        page.goto(f"{form}{path}")
        seen.append(look(page, f"{path.strip('/') or 'helped-page'}-{name}", width))
    return [finding for each in seen for finding in each]


def look(page: Page, name: str, width: int) -> list[str]:
    picture(page, name)
    too_wide = page.evaluate("document.documentElement.scrollWidth") > width
    return axe_findings(page) + ([f"{page.url} is wider than the screen"] if too_wide else [])


def test_two_browsers_that_differ_are_asked(open_page: Callable[..., Page]) -> None:
    phone = open_page("/uk/", size=PHONE)
    code = begin(phone)
    library = open_page("/uk/", size=DESK)
    type_code(library, code)
    phone.goto(FORM)
    library.fill("textarea[name=message]", "З бібліотеки.")
    library.click(FORWARD)
    phone.fill("textarea[name=message]", "З телефону.")
    phone.click(FORWARD)
    expect(phone.locator("#both")).to_be_visible()
    picture(phone, "both-uk-360")
    assert axe_findings(phone) == []
    phone.check("input[name='page:keep-message'][value=here]")
    phone.click(FORWARD)
    phone.goto(FORM)
    expect(phone.locator("textarea[name=message]")).to_have_value("З телефону.")
