"""Submissions over a bad line: each arrives once, and counts as sent only where its receipt was seen.

KOTISATAMA_BAD_LINE=200 sends so many with a delay of 2 s; without it, fewer with a short delay.
"""

import http.client
import os
import sys
import time
import urllib.error
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import psycopg

from e2e.bad_line import BadLine
from e2e.visitor import FORM, PAGES, Visitor
from kotisatama.kernel import row_security
from kotisatama.kernel.live_app import LiveApp

MANY = int(os.environ.get("KOTISATAMA_BAD_LINE", "0"))
SUBMISSIONS, DELAY = (MANY, 2.0) if MANY else (25, 0.02)
AT_ONCE, SEED, RESETS = 50 if MANY else 12, 2026, 0.05
MOST_TRIES = 60
WORDS = "Kirje huonolta linjalta"
LOST = (OSError, http.client.HTTPException, StopIteration)


class Patient(Visitor):
    """Tries again whatever broke, as a browser or a person does; knows nothing but what it has seen."""

    def __init__(self, base: str, words: str) -> None:
        super().__init__(base)
        self.pages = [PAGES[0] | {"message": words}, *PAGES[1:]]
        self.tries = 0

    def again(self, act: Callable[[], str]) -> str:
        for _attempt in range(MOST_TRIES):
            self.tries += 1
            try:
                return act()
            except urllib.error.HTTPError as refused:
                raise AssertionError(f"{refused.code} {refused.url}") from refused
            except LOST:
                time.sleep(0.05)
        raise AssertionError("the line never held")

    def whole(self) -> str:
        """Fill in and send; returns the reference that the receipt showed."""
        self.again(lambda: self.get(FORM))
        for number, fields in enumerate(self.pages, start=1):
            self.again(lambda number=number, fields=fields: self._page(number, fields))  # type: ignore[misc]
        key = self.again(self._key)
        return self.again(lambda: self._sent(key))

    def _page(self, number: int, fields: dict[str, str]) -> str:
        return self.post(f"{FORM}{number}/", {**fields, "page:go": "next"})[0]

    def _key(self) -> str:
        page = self.get(f"{FORM}check/")
        assert all(fields in page for fields in (self.pages[0]["message"], 'name="page:key"')), page[:500]
        return page.partition('name="page:key" value="')[2].partition('"')[0]

    def _sent(self, key: str) -> str:
        reference = self.send(key)
        assert reference in self.get(f"{FORM}sent/{reference}/")
        return reference


def kept(app: LiveApp) -> dict[str, str]:
    """Reference by the words of the message, of those who sent here."""
    with psycopg.connect(app.database_url) as connection:
        connection.execute("SELECT set_config(%s, '426', true)", [row_security.CONTROLLERS])
        rows = connection.execute("SELECT answers ->> 'message', reference FROM forms_submission").fetchall()
    rows = [(words, reference) for words, reference in rows if str(words).startswith(WORDS)]
    assert len(rows) == len({words for words, _reference in rows}), "somebody's answers stand twice"
    return {str(words): str(reference) for words, reference in rows}


def test_each_of_many_submissions_over_a_bad_line_is_there_once_and_seen_as_sent_after_its_commit(
    region: LiveApp,
) -> None:
    line = BadLine(region.port, delay=DELAY, share=RESETS, seed=SEED)

    def send(number: int) -> tuple[str, str, int, bool]:
        words = f"{WORDS} {number:04}."
        visitor = Patient(line.url, words)
        reference = visitor.whole()
        return words, reference, visitor.tries, kept(region).get(words) == reference

    with ThreadPoolExecutor(AT_ONCE) as visitors:
        seen = list(visitors.map(send, range(SUBMISSIONS)))
    line.close()
    assert [words for words, _reference, _tries, is_there in seen if not is_there] == []
    assert kept(region) == {words: reference for words, reference, _tries, _is_there in seen}
    assert len(kept(region)) == SUBMISSIONS
    assert line.broken["there"]
    assert line.broken["back"]
    tries = sum(tries for _words, _reference, tries, _is_there in seen)
    sys.stdout.write(f"{SUBMISSIONS} rows, broken {line.broken}, {tries} tries\n")
