"""The direction that a language is written in, from its code alone."""

# Languages met in the service that are written from right to left, by the first part of their code.
RIGHT_TO_LEFT = frozenset(
    {"ar", "arc", "ckb", "dv", "fa", "glk", "he", "ks", "mzn", "pnb", "prs", "ps", "sd", "ug", "ur", "yi"}
)


def of(code: str | None) -> str:
    """`rtl` or `ltr`, or `auto` (the browser looks at the letters) when the language is not known."""
    if not code:
        return "auto"
    first, *rest = code.replace("_", "-").lower().split("-")
    if "arab" in rest:
        return "rtl"
    if {"latn", "cyrl"} & set(rest):
        return "ltr"
    return "rtl" if first in RIGHT_TO_LEFT else "ltr"
