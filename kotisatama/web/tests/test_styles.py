"""The styles: built from their sources, small enough, readable in both schemes, the same in both directions."""

import gzip
import re
import subprocess
import sys
from pathlib import Path

import pytest

WEB = Path(__file__).resolve().parent.parent
STATIC = WEB / "static" / "web"
OWN = sorted((WEB / "styles").glob("*.css"))
AA, AAA, EDGE = 4.5, 7.0, 3.0


def tokens(scheme: str) -> dict[str, str]:
    """The colours of a scheme by name; dark ones stand on the light ones, as in the browser."""
    text = (WEB / "styles" / "tokens.css").read_text("utf-8")
    light, dark = text.split("@media (prefers-color-scheme: dark)")
    colour = re.compile(r"--([a-z-]+): (#[0-9a-f]{3,6});")
    found = dict(colour.findall(light))
    return found | dict(colour.findall(dark.split("[data-color-scheme]")[0])) if scheme == "dark" else found


def luminance(colour: str) -> float:
    """Relative luminance of a #rgb or #rrggbb colour, as WCAG 2 counts it."""
    digits = colour[1:] if len(colour) == 7 else "".join(letter * 2 for letter in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, 1 to 21."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_the_style_sheets_are_what_their_sources_give() -> None:
    built = subprocess.run([sys.executable, str(WEB.parent.parent / "tools" / "build_css.py"), "--check"], check=False)
    assert built.returncode == 0, "run python tools/build_css.py"


@pytest.mark.parametrize(
    ("name", "most"), [("public.css", 8_000), ("desk.css", 10_000), ("desk.js", 4_000), ("combobox.js", 4_000)]
)
def test_a_slow_connection_gets_small_files(name: str, most: int) -> None:
    assert len(gzip.compress((STATIC / name).read_bytes(), 6)) <= most


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("text", "ground", "least"),
    [
        ("ink", "fog", AAA),
        ("ink", "paper", AAA),
        ("ink", "sky", AAA),
        ("ink", "brick-soft", AAA),
        ("ink", "lantern-soft", AAA),
        ("ink", "moss-soft", AAA),
        ("soft", "fog", AAA),
        ("soft", "paper", AAA),
        ("soft", "sky", AA),
        ("soft", "moss-soft", AA),
        ("soft", "brick-soft", AA),
        ("sea", "fog", AA),
        ("sea", "brick-soft", AA),
        ("on-sea", "sea", AA),
        ("sea-deep", "sky", AA),
        ("brick", "paper", AA),
        ("brick", "fog", AA),
        ("brick", "brick-soft", AA),
        ("moss", "moss-soft", AA),
        ("moss", "sky", AA),
        ("lantern-ink", "lantern-soft", AA),
        ("edge", "paper", EDGE),
        ("edge", "fog", EDGE),
        ("lantern", "rail", EDGE),
    ],
)
def test_colours_can_be_told_apart(scheme: str, text: str, ground: str, least: float) -> None:
    colours = tokens(scheme)
    assert contrast(colours[text], colours[ground]) >= least


@pytest.mark.parametrize("style", OWN, ids=lambda path: path.name)
def test_no_rule_knows_left_from_right(style: Path) -> None:
    sided = (
        r"(?:margin|padding|border|inset)-(?:left|right)|(?:^|\s)(?:left|right|float)\s*:|text-align:\s*(?:left|right)"
    )
    assert re.findall(sided, style.read_text("utf-8")) == []


@pytest.mark.parametrize("name", ["public.css", "desk.css"])
def test_a_style_sheet_asks_for_nothing_else(name: str) -> None:
    assert re.findall(r"url\(|@import|@font-face", (STATIC / name).read_text("utf-8")) == []
