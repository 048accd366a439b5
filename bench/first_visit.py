"""A newcomer's first visit on a cheap phone: 400 kbit/s, 400 ms of delay, a processor slowed six times.

Prints, for the start page and the first page of the form in Arabic, the bytes that crossed the line, and the
milliseconds from the address to the moment in which the first control can be used: drawn, styled, and the thread free.
Needs a Chromium. The phone is Chromium's own emulation; the median of the rounds counts.
"""

import json
import os
import pathlib
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from kotisatama.kernel import testing
from kotisatama.kernel.live_app import LiveApp, free_port

ROUNDS = 7
KILOBITS, DELAY_MS, SLOWER = 400, 400, 6
FORM = testing.ROOT / "kotisatama" / "forms" / "definitions" / "yhteydenotto.xlsx"
PAGES = {"start": ("/ar/", "a.act.next"), "form": ("/ar/form/yhteydenotto/", "input[name=topics]")}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]


def visit(browser: Browser, url: str, control: str) -> tuple[float, int]:
    """Milliseconds until the control can be used, and bytes received, in a browser that was never here."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="ar")
    page = context.new_page()
    line = context.new_cdp_session(page)
    speed = KILOBITS * 1000 / 8
    received: list[int] = []

    def arrived(event: dict[str, Any]) -> None:
        received.append(int(event["encodedDataLength"]))

    line.on("Network.loadingFinished", arrived)
    line.send("Network.enable")
    conditions = {"offline": False, "latency": DELAY_MS, "downloadThroughput": speed, "uploadThroughput": speed}
    line.send("Network.emulateNetworkConditions", conditions)
    line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    began = time.perf_counter()
    page.goto(url, wait_until="commit")
    page.locator(control).first.wait_for(state="visible")
    page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
    took = 1000 * (time.perf_counter() - began)
    page.wait_for_load_state("networkidle")
    context.close()
    return took, sum(received)


def measure(base: str) -> dict[str, Any]:
    """Medians of the rounds for each page."""
    figures: dict[str, Any] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for name, (path, control) in PAGES.items():
            visits = [visit(browser, base + path, control) for _round in range(ROUNDS)]
            figures[name] = {
                "first_control_milliseconds": round(statistics.median(took for took, _bytes in visits)),
                "bytes": max(size for _took, size in visits),
            }
        browser.close()
    return figures


def main(words: Sequence[str] = ()) -> None:
    """Print the figures as JSON."""
    with tempfile.TemporaryDirectory() as folder, testing.server() as server:
        name = server.create(f"live_visit_{os.getpid()}")
        app = LiveApp(server, name, pathlib.Path(folder), free_port())
        try:
            app.command("collectstatic", "--noinput", "--verbosity", "0")
            app.command("demo-region")
            app.command("form-import", str(FORM), "--publish")
            app.start()
            figures = measure(app.url)
        finally:
            app.stop()
            server.drop(name)
    sys.stdout.write(json.dumps({"first_visit": figures}, indent=2) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
