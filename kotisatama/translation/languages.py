"""Languages by BCP 47 code: own name, direction, whom to fall back to."""

from dataclasses import dataclass
from functools import cache

from babel import Locale, UnknownLocaleError

from kotisatama.kernel import reference_data


@dataclass(frozen=True)
class Language:
    """One language of the public side; `fallback` lists the codes to try next, in order."""

    code: str
    own_name: str
    english: str
    direction: str
    fallback: tuple[str, ...]


@cache
def all_languages() -> dict[str, Language]:
    """Every known language by its code, in the order of the packaged table."""
    return {
        row["code"]: Language(
            row["code"], row["own_name"], row["english"], row["direction"], tuple(row["fallback"].split())
        )
        for row in reference_data.rows("kotisatama.translation", "languages.csv")
    }


def chain(code: str) -> tuple[str, ...]:
    """The language itself, then its fallbacks; for an unknown code English and Finnish."""
    language = all_languages().get(code)
    return (code, *language.fallback) if language else (code, "en", "fi")


def own_name(code: str) -> str:
    """The language's name in itself; the code itself when unknown."""
    language = all_languages().get(code)
    return language.own_name if language else code


def direction(code: str) -> str:
    """`rtl` or `ltr`; unknown languages read from left to right."""
    language = all_languages().get(code)
    return language.direction if language else "ltr"


@cache
def name_in(code: str, reader: str) -> str:
    """The language's name for a reader of another language, e.g. `arabia` for ("ar", "fi")."""
    known = all_languages().get(code)
    try:
        name = Locale.parse(reader).languages.get(code.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        name = None
    return name or (known.english if known else code)
