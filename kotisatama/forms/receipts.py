"""A receipt as PDF: what a person sent, in the person's language, with the counsellor's language beside.

Tagged for screen readers as PDF/UA-1. The words that people typed reach the typesetter as data, never as markup.
"""

import json
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache
from importlib.resources import files
from typing import Any

import typst
from django.http import HttpResponse
from django.utils import formats, timezone
from django.utils.translation import gettext, override

from kotisatama.forms import queries
from kotisatama.forms.models import Submission
from kotisatama.forms.queries import AnswerRow
from kotisatama.translation import languages
from kotisatama.translation.queries import Localized

FOLDER = files("kotisatama.forms")
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
# Own words longer than this are not printed twice.
LONG = 60
# Marks with which text could turn the words around it: each run has its own direction anyway.
TURNING = frozenset(range(0x202A, 0x202F)) | frozenset(range(0x2066, 0x206A))
# No font has these, and typst sets them without one; other spaces need a font.
SPACES = frozenset("\t\n\v\f\r\x85\u3000")
MAKER = "Kotisatama"


def receipt_pdf(submission: Submission, *, beside: str) -> bytes:
    """The receipt in the language in which the form was filled in, and beside it in the language `beside`.

    With the same language twice there is one column. Letters that no font has become a sign of their own, and the
    receipt says so: it never fails.
    """
    *attempts, last = _attempts(_given(submission, beside))
    for content, own_fonts in attempts:
        try:
            return _set(content, submission, own_fonts=own_fonts)
        except typst.TypstError:
            continue
    return _set(last[0], submission, own_fonts=last[1])


def _attempts(given: dict[str, Any]) -> Iterator[tuple[dict[str, Any], bool]]:
    """What to set and whether with our fonts alone, the best first; the last one can always be set."""
    cleaned = _replaced(given, _is_printable)
    if cleaned == given:
        yield given, True
    yield given, False  # the machine may have a font for the rest
    yield _with_note(cleaned), True
    # A mark or a joiner is set with the font of what stands before it, which need not have it.
    yield _with_note(_replaced(given, _stands_alone)), True


def receipt_file(submission: Submission, *, beside: str) -> HttpResponse:
    """The receipt as a download that nothing on the way keeps."""
    headers = {
        "Content-Disposition": f'attachment; filename="{submission.version.form.code}-{submission.reference}.pdf"',
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(receipt_pdf(submission, beside=beside), content_type="application/pdf", headers=headers)


def _set(given: Any, submission: Submission, *, own_fonts: bool) -> bytes:
    content: bytes = typst.compile(
        str(FOLDER / "receipt.typ"),
        font_paths=[str(FOLDER / "fonts")],
        ignore_system_fonts=own_fonts,
        sys_inputs={"given": json.dumps(given, ensure_ascii=False)},
        format="pdf",
        pdf_standards=["ua-1"],
        timestamp=submission.submitted_at.replace(microsecond=0),
    )
    return content


def _given(submission: Submission, beside: str) -> dict[str, Any]:
    own = submission.language
    with override(own):
        title, headings = gettext("Receipt of a form"), [gettext("Question"), gettext("Answer")]
        notes = [gettext("The answers are not shown on this receipt.")] if submission.is_concealed else []
    return {
        "title": title,
        "from": MAKER,
        "language": own,
        "way": languages.direction(own),
        "own_language": _run(Localized(languages.own_name(own), own)),
        "beside": None if beside == own else _beside(beside),
        "reference": submission.reference,
        "facts": list(_facts(submission)),
        "headings": headings,
        "notes": [_run(Localized(note, own)) for note in notes],
        "groups": _groups(submission, beside),
    }


def _beside(language: str) -> dict[str, Any]:
    with override(language):
        title = gettext("Receipt of a form")
    return {
        "title": _run(Localized(title, language)),
        "way": languages.direction(language),
        "own_language": _run(Localized(languages.own_name(language), language)),
    }


def _facts(submission: Submission) -> Iterator[dict[str, Any]]:
    own, sent = submission.language, timezone.localtime(submission.submitted_at)
    with override(own):
        rows = [
            (gettext("Reference"), Localized(submission.reference, "")),
            (gettext("Form"), Localized(submission.version.form.title, "")),
            (gettext("Sent"), Localized(f"{formats.date_format(sent, 'SHORT_DATE_FORMAT')} {sent:%H:%M}", "")),
        ]
    for label, value in rows:
        yield {"label": _run(Localized(label, own)), "value": _run(value)}


def _groups(submission: Submission, beside: str) -> list[dict[str, Any]]:
    """The answered pages, each row in both languages: the same questions in the same order."""
    mine = queries.readable_answers(submission, submission.language)
    theirs = queries.readable_answers(submission, beside)
    with override(beside):
        see_beside = Localized(gettext("In the person's own words beside."), beside)
    return [
        {
            "title": _run(page.title),
            "rows": [
                {
                    "label": _run(row.label),
                    "value": _run(row.original),
                    "beside_label": _run(twin.label),
                    "beside_value": _run(see_beside if _is_long(row) else twin.reader),
                }
                for row, twin in zip(page.rows, other.rows, strict=True)
            ],
        }
        for page, other in zip(mine, theirs, strict=True)
    ]


def _is_long(row: AnswerRow) -> bool:
    return row.is_free_text and len(row.original.text) > LONG


def _run(each: Localized) -> dict[str, str]:
    """A run with its language and the way in which it is read: by its first letter, else from left to right."""
    text = "".join(sign for sign in each.text if ord(sign) not in TURNING)
    return {"text": text, "language": each.language, "way": _way(text)}


def _way(text: str) -> str:
    for sign in text:
        if (kind := unicodedata.bidirectional(sign)) in ("L", "R", "AL"):
            return "ltr" if kind == "L" else "rtl"
    return "ltr"


@cache
def _coverage() -> frozenset[int]:
    """Numbers of the letters that the fonts have."""
    lines = (FOLDER / "fonts" / "coverage.txt").read_text().splitlines()
    ranges = (line.split("-") for line in lines)
    return frozenset(sign for first, last in ranges for sign in range(int(first, 16), int(last, 16) + 1))


def _is_printable(sign: str) -> bool:
    return ord(sign) in _coverage() or sign in SPACES


def _stands_alone(sign: str) -> bool:
    return sign == "\n" or (ord(sign) in _coverage() and unicodedata.category(sign)[0] in "LNPSZ")


def _with_note(cleaned: dict[str, Any]) -> dict[str, Any]:
    """The same with a sentence about the signs in the place of letters that cannot be printed."""
    with override(cleaned["language"]):
        note = gettext("Some letters could not be printed. What you sent has them all.")
    return cleaned | {"notes": [*cleaned["notes"], _run(Localized(note, cleaned["language"]))]}


def _replaced(value: Any, is_kept: Callable[[str], bool]) -> Any:
    """The same with a sign in the place of each letter that is not kept."""
    if isinstance(value, str):
        return "".join(sign if is_kept(sign) else REPLACEMENT for sign in value)
    if isinstance(value, list):
        return [_replaced(each, is_kept) for each in value]
    return {name: _replaced(each, is_kept) for name, each in value.items()} if isinstance(value, dict) else value
