"""The whole story: a request in the newcomer's language becomes recorded help and a figure of the municipality."""

import io
from collections.abc import Callable

from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from e2e.conftest import DESK, PHONE, axe_findings, picture

MESSAGE = "لا أفهم هذه الرسالة. هل يجب أن أعيد المال؟"
FORWARD = ".actions button[value=next]"


def a_letter() -> dict[str, object]:
    """A photograph of a letter."""
    paper, written = Image.new("RGB", (1400, 1900), "white"), io.BytesIO()
    ImageDraw.Draw(paper).text((120, 160), "Päätös 12.11.2026", fill="black", font_size=60)
    paper.save(written, "JPEG")
    return {"name": "kirje.jpg", "mimeType": "image/jpeg", "buffer": written.getvalue()}


def contacts_of_liperi(reader: Page) -> int:
    """This year's contacts of Liperi on the page of figures."""
    reader.goto("/desk/figures/")
    row = reader.locator("tr[data-place='426']").first
    return int("".join(sign for sign in row.locator("[data-count=contacts]").inner_text() if sign.isdigit()))


def ask_in_arabic(phone: Page) -> str:
    """Fill in the form on a phone without script; returns the reference on the receipt."""
    phone.locator("a.act.next").click()
    phone.check("input[name=topics][value=letters]")
    phone.fill("textarea[name=message]", MESSAGE)
    phone.set_input_files("input[name=letter]", a_letter())  # type: ignore[arg-type]
    phone.check("input[name=urgent][value=yes]")
    picture(phone, "form-ar-360")
    phone.click(FORWARD)
    phone.check("input[name=municipality][value='426']")
    phone.check("input[name=service_language][value=ar]")
    phone.fill("input[name=date_of_birth]", "11.2.1991")
    phone.click(FORWARD)
    phone.check("input[name=interpreter][value=yes]")  # the answer before brought this question up
    picture(phone, "form-new-question-ar-360")
    phone.click(FORWARD)
    phone.check("input[name=with_family][value=no]")
    phone.click(FORWARD)
    phone.check("input[name=reply_by][value=sms]")
    phone.check("input[name=consent]")
    phone.click(FORWARD)
    phone.fill("input[name=phone]", "+358 40 000 7001")
    phone.check("input[name=phone_safe][value=yes]")
    phone.fill("input[name=name]", "Salma Darwish")
    phone.click(FORWARD)
    expect(phone.locator("dl.summary").first).to_contain_text(MESSAGE)
    picture(phone, "check-ar-360")
    phone.click("button[value=send]")
    picture(phone, "receipt-ar-360")
    return phone.locator(".reference").inner_text().strip()


def test_an_arabic_request_on_a_phone_without_script_becomes_help_an_answer_in_arabic_and_a_figure(
    open_page: Callable[..., Page], sign_in: Callable[..., Page]
) -> None:
    reader = sign_in("raija.raportti", path="/desk/figures/")
    before = contacts_of_liperi(reader)
    reference = ask_in_arabic(open_page("/ar/", size=PHONE, script=False))

    worker = sign_in("aino.niemi", path="/desk/inbox/")
    worker.goto("/desk/inbox/?sort=newest")
    worker.locator("[data-rows] a[data-open]").first.click()
    page = worker.locator("main")
    expect(page).to_contain_text(reference)
    expect(page).to_contain_text("Mitä asiasi koskee?")
    expect(page.locator("dd[lang=ar]", has_text=MESSAGE)).to_be_visible()
    # Not `wait_for_function`: whatever is not true at once it looks at again by `eval`, which our pages forbid.
    widths = page.locator("dd img").evaluate_all(
        "images => Promise.all(images.map(image => image.decode().then(() => image.naturalWidth)))"
    )
    assert len(widths) == 1
    assert widths[0] > 100
    picture(worker, "inbox-fi-1280")
    worker.locator("form[action$='/take/'] button").click()
    worker.locator("a[href$='/new-client/']").click()
    assert worker.input_value("input[name=name]") == "Salma Darwish"
    worker.check("input[name=opens_case]")
    worker.select_option("select[name=case_reason]", "guidance")
    worker.locator("main form[method=post] .actions button").first.click()
    expect(worker.locator("main")).to_contain_text("Salma Darwish")
    worker.locator("a[href$='/contact/']").first.click()
    worker.locator("main form[method=post] .actions button").first.click()
    worker.locator("a[href$='/answer/sms/']").first.click()
    expect(worker.locator("main [lang=ar]").first).to_be_visible()
    picture(worker, "answer-fi-1280")
    worker.click("button[value=send]")
    worker.locator("a[href*='/desk/messages/']", has_text=":").or_(
        worker.locator("dd a[href*='/desk/messages/']")
    ).first.click()
    message = worker.locator("main [lang=ar][dir=rtl]", has_text=reference).last
    expect(message).to_contain_text("International House Joensuu")
    expect(message).to_contain_text(reference)
    expect(message).not_to_contain_text("Salma")
    assert contacts_of_liperi(reader) == before + 1
    picture(reader, "figures-fi-1280")


# The control itself or the tile around it is outlined.
SEEN_FOCUS = """[document.activeElement, document.activeElement.closest('label')].some(element => {
    const style = element && getComputedStyle(element);
    return style && (style.outlineStyle !== 'none' || style.boxShadow !== 'none');
})"""


class Keyboard:
    """A person who has no mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def to(self, selector: str) -> None:
        """Press Tab until the wanted control has the focus, and that focus can be seen."""
        for _press in range(80):
            if self.page.evaluate("wanted => document.activeElement?.matches(wanted)", selector):
                assert self.page.evaluate(SEEN_FOCUS), f"the focus on {selector} cannot be seen"
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab never reached {selector}")

    def press(self, selector: str, key: str = "Enter") -> None:
        self.to(selector)
        self.page.keyboard.press(key)

    def type(self, selector: str, text: str) -> None:
        self.to(selector)
        self.page.keyboard.type(text)

    def choose(self, name: str, steps: int = 0) -> None:
        """Choose in a group of radio buttons: Tab enters it, arrows move in it."""
        self.to(f"input[name={name}]")
        self.page.keyboard.press("Space")
        for _step in range(steps):
            self.page.keyboard.press("ArrowDown")


def test_a_finnish_request_with_script_is_sent_and_recorded_by_keyboard_alone(
    open_page: Callable[..., Page], sign_in: Callable[..., Page]
) -> None:
    reader = sign_in("raija.raportti", path="/desk/figures/")
    before = contacts_of_liperi(reader)
    page = open_page("/fi/", size=PHONE)
    keys = Keyboard(page)
    keys.press("a.act.next")
    page.wait_for_url("**/form/yhteydenotto/**")
    keys.press("input[name=topics][value=letters]", "Space")
    keys.type("textarea[name=message]", "En ymmärrä tätä kirjettä.")
    keys.choose("urgent", steps=1)
    keys.press(FORWARD)
    page.wait_for_url("**/2/")
    keys.choose("municipality", steps=2)
    keys.choose("service_language")
    keys.press(FORWARD)
    page.wait_for_url("**/3/")
    keys.choose("with_family", steps=1)
    keys.press(FORWARD)
    page.wait_for_url("**/4/")
    keys.choose("reply_by", steps=1)
    keys.type("input[name=phone]", "+358 40 000 7002")  # brought up by the script, without asking the server
    keys.choose("phone_safe")
    keys.press("input[name=consent]", "Space")
    keys.press(FORWARD)
    page.wait_for_url("**/check/")
    assert axe_findings(page) == []
    keys.press("button[value=send]")
    page.wait_for_url("**/sent/**")
    assert axe_findings(page) == []
    reference = page.locator(".reference").inner_text().strip()

    worker = sign_in("aino.niemi", path="/desk/inbox/", size=DESK)
    worker.goto("/desk/inbox/?sort=newest")
    keys = Keyboard(worker)
    worker.keyboard.press("j")
    worker.keyboard.press("Enter")
    expect(worker.locator("main")).to_contain_text(reference)
    worker.keyboard.press("t")
    worker.wait_for_selector("a[href$='/contact/']")
    keys.press("a[href$='/contact/']")
    worker.wait_for_url("**/contact/")
    worker.keyboard.press("Control+Enter")
    worker.wait_for_url(lambda url: not url.endswith("/contact/"))
    assert contacts_of_liperi(reader) == before + 1
