"""What may not come in with a translation."""

import pytest

from kotisatama.forms.translating_checks import cleaned, complaints


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("Hei ${name}, vastaamme ${days} päivässä.", "مرحبا ${name}، نجيب خلال ${days} أيام."),
        ("Kirjoita <b>tähän</b>.", "اكتب <b>هنا</b>."),
        ("Alle 5 < 6", "5 < 6 и 7 > 6"),
        ("Kysymys", "می\u200cخواهم"),  # Persian is written with a joiner inside words
        ("Kysymys", "ක්\u200dෂ"),
        ("Kysymys", "Riviä\nkaksi"),
        ("Kysymys", ""),
    ],
)
def test_a_fair_translation_has_no_complaint(source: str, target: str) -> None:
    assert complaints(source, target) == []


@pytest.mark.parametrize(
    ("target", "word"),
    [
        ("مرحبا", "${name}"),
        ("Hello ${name} ${name}", "${name}"),
        ("Hello ${name} ${other}", "${other}"),
        ("Hello ${name} ${oth", "broken"),
        ("${name} ${Name}", "${Name}"),
        ("${name}<script>alert(1)</script>", "<script>"),
        ("${name}<img src=x onerror=alert(1)", "<img"),
        ("${name}\u202egnp.exe", "U+202E"),
        ("${name}\u2066x\u2069", "U+2066"),
        ("${name}\u200fx", "U+200F"),
        ("${name}\u200bx", "U+200B"),
        ("${name}\ufeff", "U+FEFF"),
        ("${name}a\u200cb", "U+200C"),  # no joiner between Latin letters
        ("${name}\u00ad", "U+00AD"),
        ("${name}\x07", "U+0007"),
        ("${name}\u3164", "U+3164"),
        ("${name}\U000e0041", "U+E0041"),
        ("${name}" + "x" * 10_001, "10000"),
    ],
)
def test_what_is_wrong_is_said_in_words(target: str, word: str) -> None:
    (sentence, *_more) = complaints("Hei ${name}", target)
    assert word in sentence


def test_words_are_kept_composed_and_without_edges() -> None:
    assert cleaned("  A\u0308iti\r\nja isä ") == "Äiti\nja isä"
