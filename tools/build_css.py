"""Write kotisatama/web/static/web/public.css and desk.css from the vendored parts and our own styles.

    python tools/build_css.py            write both files and say their sizes
    python tools/build_css.py --check    write nothing; exit 1 when a file is not what the sources give

Standard library only. Vendored rules go into the layer "ds", so that every rule of ours wins over them; only our plain
elements stand in a layer below. Rules for
parts that no page uses are left out, and so are pictures inside the style ("data:"), which our content policy refuses.
"""

import gzip
import re
import sys
from collections.abc import Iterator
from pathlib import Path

WEB = Path(__file__).resolve().parent.parent / "kotisatama" / "web"
COMMON_PARTS = ["base", "button", "fieldset", "error-summary", "validation-message", "input", "field", "alert"]
SHEETS = {
    "public.css": (COMMON_PARTS, ["tokens", "base", "public-form", "public", "print"]),
    "desk.css": (
        [*COMMON_PARTS, "table", "dialog"],
        ["tokens", "base", "desk", "desk-parts", "desk-lists", "person", "workbench", "building", "print"],
    ),
}
UNUSED = re.compile(
    r"ds-(floating|focus|checkbox|readonly|print|list|icon|sr-only|field-affix|dialog__)|skiplink|role=switch|field=counter"
    r"|clickdelegate|click-delegate|data-position|data-variant=outline|type=checkbox\]:indeterminate|aria-invalid=true\]:where\(:ind"
    r"|data-sticky|data-zebra|data-border|aria-sort|(?<!:not\()\[data-size|data-placement|command=close|method=dialog|readonly|data-fullwidth"
    r"|data-weight|validation-message(:before|\[)|ds-alert(:not\(:has|>:is|\[data-color=)|ds-field:has\(input\[type"
    r"|ds-button :is\(img|is_visible|_is-visible|ds-fade-in|slide-(up|down|left|right)|:open\b|-moz-read-only"
)

DECLARATION = re.compile(r"(?:[^;\"'(]|\"[^\"]*\"|'[^']*'|\((?:[^()\"']|\"[^\"]*\"|'[^']*'|\([^()]*\))*\)|\()+")
PICTURE = re.compile("data:image|-icon-url")


def blocks(css: str) -> Iterator[tuple[str, str | None]]:
    """Top-level pieces of a style sheet: (selector or at-rule, body), or (statement, None) for one without braces."""
    start = depth = opened = 0
    quote = ""
    for index, letter in enumerate(css):
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "\"'":
            quote = letter
        elif letter == "{":
            opened, depth = (index if depth == 0 else opened), depth + 1
        elif letter == "}":
            depth -= 1
            if depth == 0:
                yield css[start:opened].strip(), css[opened + 1 : index]
                start = index + 1
        elif letter == ";" and depth == 0:
            yield css[start:index].strip(), None
            start = index + 1


def declarations(body: str) -> Iterator[str]:
    """The declarations of a rule, split at semicolons outside quotes and brackets."""
    for piece in DECLARATION.findall(body):
        if piece.strip():
            yield piece.strip()


def used(css: str) -> str:
    """The rules of a vendored file that our pages use, without pictures inside the style."""
    kept = []
    for head, body in blocks(css):
        if body is None or UNUSED.search(head):
            continue
        if head.startswith(("@media", "@supports")):
            inner = used(body)
        else:
            inner = ";".join(line for line in declarations(body) if not PICTURE.search(line))
        if inner:
            kept.append(f"{head}{{{inner}}}")
    return "".join(kept)


def small(css: str) -> str:
    """The same style without comments and needless space."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.S)
    css = re.sub(r"\s+", " ", css)
    css = re.sub(r"\s*([{};,>])\s*", r"\1", css)
    css = re.sub(r"(?<=[\w-]): (?=[^{}]*[;}])", ":", css)
    return css.replace(";}", "}").strip()


def sheet(parts: list[str], styles: list[str]) -> str:
    """One finished style sheet."""
    vendored = "".join(used((WEB / "vendor" / "designsystemet" / f"{name}.css").read_text("utf-8")) for name in parts)
    elements, *own = ((WEB / "styles" / f"{name}.css").read_text("utf-8") for name in ["elements", *styles])
    licence = "/* layer ds: parts of Designsystemet 1.22.0, (c) Digitaliseringsdirektoratet, MIT */"
    return f"{licence}\n@layer elements{{{small(elements)}}}\n@layer ds{{{vendored}}}\n{small(chr(10).join(own))}\n"


def main() -> int:
    """Write or check the style sheets; the number of files that differ is the exit code when checking."""
    stale = 0
    for name, (parts, styles) in SHEETS.items():
        target, css = WEB / "static" / "web" / name, sheet(parts, styles)
        if "--check" in sys.argv:
            stale += not target.exists() or target.read_text("utf-8") != css
            continue
        target.write_text(css, "utf-8")
        sys.stdout.write(f"{name}: {len(css)} bytes, {len(gzip.compress(css.encode(), 9))} compressed\n")
    return min(stale, 1)


if __name__ == "__main__":
    sys.exit(main())
