"""Cut the fonts of receipts out of Noto, into kotisatama/forms/fonts. Run by hand when a letter is missing.

    python -m venv /tmp/fonts
    /tmp/fonts/bin/pip install fonttools fontpkg-noto-sans fontpkg-noto-sans-arabic fontpkg-noto-sans-thai
    npm pack @expo-google-fonts/noto-sans-bengali @expo-google-fonts/noto-sans-sinhala    (unpacked into FOLDER)
    /tmp/fonts/bin/python tools/build_fonts.py FOLDER

Variable fonts become two weights, hints go, and only the listed letters stay. Writes `coverage.txt` too: the letters
that a receipt can print, as ranges of hexadecimal numbers.
"""

import importlib.util
import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

FONTS = Path(__file__).resolve().parent.parent / "kotisatama" / "forms" / "fonts"
LATIN = [
    *(range(0x20, 0x7F), range(0xA0, 0x530), range(0x1E00, 0x1F00), range(0x2000, 0x2070), range(0x2070, 0x20C0)),
    *(range(0x2116, 0x2117), range(0x2122, 0x2123), range(0x2212, 0x2213), range(0xFFFD, 0xFFFE)),
]
ARABIC = [range(0x600, 0x700), range(0x750, 0x780), range(0x8A0, 0x900), range(0x200C, 0x2010), range(0x20, 0x7F)]
VARIABLE = {"NotoSans": LATIN, "NotoSansArabic": ARABIC, "NotoSansThai": [range(0xE00, 0xE80), range(0x200B, 0x200C)]}
STATIC = {"Bengali": range(0x980, 0xA00), "Sinhala": range(0xD80, 0xE00)}
JOINERS = (0x200C, 0x200D, 0x25CC)


def main(folder: Path) -> None:
    """Write every font and the list of what they cover."""
    for name, ranges in VARIABLE.items():
        for weight, style in ((400, "Regular"), (700, "Bold")):
            if name == "NotoSansThai" and weight == 700:
                continue
            font = instancer.instantiateVariableFont(
                TTFont(source(name)), {"wght": weight, "wdth": 100}, updateFontNames=True
            )
            write(font, f"{name}-{style}.ttf", [sign for each in ranges for sign in each])
    for script, letters in STATIC.items():
        found = next(folder.rglob(f"NotoSans{script}_400Regular.ttf"))
        write(TTFont(found), f"NotoSans{script}-Regular.ttf", [*letters, *JOINERS])
    write_coverage()


def source(name: str) -> Path:
    """The variable font in its package."""
    package = {"NotoSans": "noto_sans", "NotoSansArabic": "noto_sans_arabic", "NotoSansThai": "noto_sans_thai"}[name]
    spec = importlib.util.find_spec(f"fontpkg_{package}")
    assert spec
    assert spec.origin
    return Path(spec.origin).parent / "files" / f"{name}[wdth,wght].ttf"


def write(font: TTFont, name: str, letters: list[int]) -> None:
    """Keep these letters with all that shapes them."""
    options = subset.Options(layout_features=["*"], hinting=False, name_IDs=["*"], notdef_outline=True)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=letters)
    cutter.subset(font)
    font.save(FONTS / name)


def write_coverage() -> None:
    """One line for each range of letters that some regular font has."""
    letters = sorted({sign for path in FONTS.glob("*-Regular.ttf") for sign in TTFont(path).getBestCmap()})
    runs: list[list[int]] = []
    for sign in letters:
        if runs and runs[-1][1] == sign - 1:
            runs[-1][1] = sign
        else:
            runs.append([sign, sign])
    text = "".join(f"{first:04x}-{last:04x}\n" for first, last in runs)
    (FONTS / "coverage.txt").write_text(text)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
