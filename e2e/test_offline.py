"""The newcomer who loses the network: what was written waits on the phone, goes on elsewhere, and leaves nothing."""

import gzip
import io
import json
import sys
import urllib.request
from collections.abc import Callable, Iterator

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from e2e.bad_line import LATE_SECONDS, BadLine
from e2e.conftest import DESK, PHONE, axe_findings, picture
from e2e.test_going_on_later import FORM, FORWARD, MESSAGE, finish, share_first_page, type_code
from e2e.test_pages_for_everybody import FIRST_VISIT_BYTES, SCRIPT_BYTES
from kotisatama.kernel.live_app import LiveApp
from kotisatama.portal import ahead

PATIENCE = 40_000  # ms; what waits is tried again every five seconds, and a test machine may be busy

BAR = "[data-offline]"
TOLD = """async () => {
  const base = await new Promise((resolve) => {
    const asked = indexedDB.open("kotisatama", 1);
    asked.onsuccess = () => resolve(asked.result);
  });
  const all = (name) => new Promise((resolve) => {
    const asked = base.transaction(name).objectStore(name).getAll();
    asked.onsuccess = () => resolve(asked.result);
  });
  const things = await all("things"), [key] = await all("keys");
  base.close();
  const plain = things.map((each) => new TextDecoder().decode(each.data)).join();
  return { things: things.length, plain, extractable: key.extractable, usages: key.usages };
}"""
# More than a page may send (DATA_UPLOAD_MAX_NUMBER_FIELDS): the answer is 400, which no page of the form gives.
MORE_FIELDS = """() => {
  for (let number = 0; number < 1_001; number += 1) {
    const field = Object.assign(document.createElement("input"), { type: "hidden", name: `page:more${number}` });
    document.getElementById("page").append(field);
  }
}"""
SENT_AND_OVER = """async sending => {
  const until = Date.now() + 40000;
  while (!seen.includes(sending) || seen.at(-1) === sending) {
    if (Date.now() > until) throw new Error(`only seen: ${seen}`);
    await new Promise(go => setTimeout(go, 50));
  }
}"""
STATES_SEEN = """() => {
  window.seen = [];
  const said = document.querySelector("[data-offline] p");
  new MutationObserver(() => seen.push(said.textContent)).observe(said, { childList: true });
}"""
ASSETS_KEPT = "async () => (await (await caches.open('kotisatama')).keys()).length"
LEFT = """async () => [
  localStorage.length, sessionStorage.length, (await caches.keys()).length, (await indexedDB.databases()).length,
  (await navigator.serviceWorker.getRegistrations()).length,
]"""


@pytest.fixture
def line(region: LiveApp) -> Iterator[BadLine]:
    made = BadLine(region.port)
    yield made
    made.close()


@pytest.fixture
def open_over(browser: Browser, line: BadLine) -> Iterator[Callable[[str], Page]]:
    """A phone whose only way to the application is the line."""
    contexts = []

    def open_one(path: str) -> Page:
        context = browser.new_context(base_url=line.url, viewport=PHONE, locale="fi-FI")  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.goto(path)
        wait_until_kept(page)
        return page

    yield open_one
    for context in contexts:
        context.close()


def wait_until_kept(page: Page) -> None:
    """Until the worker has all that is needed to go on."""
    for _attempt in range(100):
        if page.evaluate(ASSETS_KEPT) >= len(ahead.ASSETS):
            return
        page.wait_for_timeout(100)
    raise AssertionError("the pages were not kept")


def lose(phone: Page, line: BadLine) -> None:
    line.cut()
    phone.context.set_offline(True)


def find_again(phone: Page, line: BadLine) -> None:
    line.mend()
    phone.context.set_offline(False)


def state(phone: Page, word: str) -> None:
    """The bar says the sentence of this state."""
    bar = phone.locator(BAR)
    expect(bar).to_be_visible()
    expect(bar.locator("p")).to_have_text(str(bar.get_attribute(f"data-{word}")), timeout=PATIENCE)


def a_photo() -> dict[str, object]:
    held = io.BytesIO()
    Image.new("RGB", (40, 30), "#20603f").save(held, "PNG")
    return {"name": "лист.png", "mimeType": "image/png", "buffer": held.getvalue()}


def first_page(phone: Page) -> None:
    phone.check("input[name=topics][value=letters]")
    phone.fill("textarea[name=message]", MESSAGE)
    phone.check("input[name=urgent][value=yes]")
    phone.set_input_files("input[type=file]", a_photo())  # type: ignore[arg-type]


def second_page(phone: Page) -> None:
    phone.check("input[name=municipality][value='167']")
    phone.check("input[name=service_language][value=uk]")
    phone.check("input[name=interpreter][value=yes]")
    phone.click(FORWARD)


def kept(region: LiveApp, reference: str) -> str:
    """How many rows, and how many files in them."""
    program = (
        "from kotisatama.kernel import row_security\n"
        "from kotisatama.forms.models import Submission\n"
        "with row_security.context(controllers=['167']):\n"
        f"    found = Submission.objects.filter(reference='{reference}')\n"
        "    files = [each for one in found for each in one.answers.values() if isinstance(each, dict)]\n"
        "    print(len(found), sum('document' in each for each in files))\n"
    )
    return region.command("shell", "--no-imports", "-c", program).stdout.strip().splitlines()[-1]


def test_loses_the_net_on_a_phone_goes_on_at_the_library_with_a_helper_and_submits_alone(
    open_over: Callable[[str], Page], open_page: Callable[..., Page], region: LiveApp, line: BadLine
) -> None:
    phone = open_over(FORM)
    lose(phone, line)
    first_page(phone)
    phone.click(FORWARD)
    state(phone, "waiting")
    expect(phone.locator("input[name=municipality][value='167']")).to_be_visible()
    picture(phone, "offline-waiting-uk-360")
    told = phone.evaluate(TOLD)
    assert told["things"] > 1
    assert told["extractable"] is False
    assert not any(word in told["plain"] for word in (MESSAGE, "textarea", "csrfmiddlewaretoken"))
    phone.goto(FORM)
    expect(phone.locator("textarea[name=message]")).to_have_value(MESSAGE)
    expect(phone.locator("form#page")).to_contain_text("лист.png")

    find_again(phone, line)
    state(phone, "saved")
    picture(phone, "offline-saved-uk-360")
    phone.goto(FORM)
    expect(phone.locator("textarea[name=message]")).to_have_value(MESSAGE)
    phone.click("button[value=later]")
    phone.click("button[value=code]")
    code = phone.locator(".reference").inner_text().strip()

    library = open_page("/uk/", size=DESK, script=False)
    type_code(library, code)
    expect(library.locator("textarea[name=message]")).to_have_value(MESSAGE)
    expect(library.locator(".attached")).to_have_count(1)
    helper = open_page("/uk/", size=PHONE, script=False)
    type_code(helper, share_first_page(library))
    helper.locator("a.act").first.click()
    helper.fill("textarea[name=message]", f"{MESSAGE} Лист від Kela.")
    helper.click(FORWARD)
    assert helper.locator("button[value=send]").count() == 0
    finish(library)
    library.click("button[value=send]")
    assert kept(region, library.locator(".reference").inner_text().strip()) == "1 1"

    phone.goto(f"{FORM}forget/")
    phone.locator("main form button").first.click()
    phone.wait_for_url("**/uk/")
    assert phone.evaluate(LEFT) == [0, 0, 0, 0, 0]
    assert [each["name"] for each in phone.context.cookies() if each["name"] != "kotisatama_csrf"] == []


def test_a_whole_form_without_a_network_is_read_and_sent_once_when_it_is_back(
    open_over: Callable[[str], Page], region: LiveApp, line: BadLine
) -> None:
    phone = open_over("/ar/form/yhteydenotto/")
    lose(phone, line)
    first_page(phone)
    phone.click(FORWARD)
    second_page(phone)
    phone.check("input[name=with_family][value=no]")
    phone.click(FORWARD)
    phone.check("input[name=reply_by][value=visit]")
    phone.check("input[name=consent]")
    phone.click(FORWARD)
    assert phone.url.endswith("/check/")
    state(phone, "waiting")
    assert axe_findings(phone) == []
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    picture(phone, "offline-check-ar-360")

    find_again(phone, line)
    expect(phone.locator("dl.summary").first).to_contain_text(MESSAGE, timeout=PATIENCE)
    lose(phone, line)
    phone.click("button[value=send]")
    state(phone, "later")
    assert phone.locator(".reference").count() == 0
    picture(phone, "offline-later-ar-360")
    find_again(phone, line)
    phone.wait_for_url("**/sent/**")
    reference = phone.locator(".reference").inner_text().strip()
    assert kept(region, reference) == "1 1"
    picture(phone, "offline-sent-ar-360")
    assert phone.evaluate("async () => (await caches.keys()).length") == 0


def test_an_answer_that_does_not_fit_stops_and_leads_to_its_page(
    open_over: Callable[[str], Page], line: BadLine
) -> None:
    phone = open_over(FORM)
    lose(phone, line)
    phone.fill("textarea[name=message]", MESSAGE)
    phone.click(FORWARD)
    find_again(phone, line)
    state(phone, "look")
    picture(phone, "offline-look-uk-360")
    phone.click(f"{BAR} a")
    expect(phone.locator("#errors")).to_be_visible()
    expect(phone.locator("textarea[name=message]")).to_have_value(MESSAGE)
    first_page(phone)
    phone.click(FORWARD)
    assert phone.url.endswith("/2/")
    expect(phone.locator(BAR)).to_be_hidden()


def test_forgetting_without_a_network_removes_what_waited(open_over: Callable[[str], Page], line: BadLine) -> None:
    phone = open_over(FORM)
    lose(phone, line)
    first_page(phone)
    phone.click(FORWARD)
    state(phone, "waiting")
    phone.goto(f"{FORM}forget/")
    phone.locator("main form button").first.click()
    expect(phone.locator("h1")).to_be_visible()
    assert phone.evaluate(LEFT) == [0, 0, 0, 0, 0]
    picture(phone, "offline-forgotten-uk-360")


def test_what_is_on_its_way_while_all_is_forgotten_leaves_nothing_behind(
    open_over: Callable[[str], Page], line: BadLine
) -> None:
    phone = open_over(FORM)
    lose(phone, line)
    first_page(phone)
    phone.click(FORWARD)
    state(phone, "waiting")
    phone.goto(f"{FORM}forget/")
    line.late = b"POST /uk/form/yhteydenotto/1/"
    find_again(phone, line)
    phone.evaluate("async () => (await navigator.serviceWorker.ready).active.postMessage('')")
    assert line.held.wait(10), "the answers are on their way"
    phone.locator("main form button").first.click()
    phone.wait_for_url("**/uk/")
    phone.wait_for_timeout(LATE_SECONDS * 1_000 + 1_000)
    assert phone.evaluate(LEFT) == [0, 0, 0, 0, 0]
    assert [each["name"] for each in phone.context.cookies() if each["name"] != "kotisatama_csrf"] == []


def test_an_answer_that_was_not_taken_waits_whatever_the_server_says(
    open_over: Callable[[str], Page], line: BadLine
) -> None:
    phone = open_over(FORM)
    lose(phone, line)
    first_page(phone)
    phone.evaluate(MORE_FIELDS)
    phone.click(FORWARD)
    state(phone, "waiting")
    phone.evaluate(STATES_SEEN)
    find_again(phone, line)
    words = [phone.locator(BAR).get_attribute(f"data-{word}") for word in ("sending", "waiting")]
    phone.evaluate(SENT_AND_OVER, words[0])
    assert phone.evaluate("seen.at(-1)") == words[1]
    lose(phone, line)
    phone.goto(FORM)
    expect(phone.locator("textarea[name=message]")).to_have_value(MESSAGE)


def test_what_was_saved_is_shown_when_the_network_is_lost_again(
    open_over: Callable[[str], Page], line: BadLine
) -> None:
    phone = open_over(FORM)
    lose(phone, line)
    first_page(phone)
    phone.click(FORWARD)
    state(phone, "waiting")
    find_again(phone, line)
    state(phone, "saved")
    lose(phone, line)
    phone.goto(FORM)
    expect(phone.locator("textarea[name=message]")).to_have_value(MESSAGE)
    expect(phone.locator("input[name=urgent][value=yes]")).to_be_checked()


def test_a_first_visit_with_all_that_is_kept_ahead_stays_small(region: LiveApp) -> None:
    def on_the_line(path: str) -> bytes:
        request = urllib.request.Request(region.url + path, headers={"Accept-Encoding": "gzip"})
        with urllib.request.urlopen(request, timeout=20) as answer:
            return bytes(answer.read())

    form = "/ar/form/yhteydenotto/"
    assets = json.loads(gzip.decompress(on_the_line(f"{form}ahead/")))["assets"]
    sizes = {path: len(on_the_line(path)) for path in [form, *assets, "/sw.js", f"{form}ahead/"]}
    assert sum(sizes.values()) <= FIRST_VISIT_BYTES, sizes
    scripts = sum(size for path, size in sizes.items() if path.endswith(".js"))
    assert scripts <= SCRIPT_BYTES, sizes
    sys.stdout.write(f"{sum(sizes.values())} bytes, {scripts} of them scripts: {sizes}\n")
