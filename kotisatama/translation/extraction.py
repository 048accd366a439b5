"""Finding the translatable texts of code and templates, and keeping their catalogues, without gettext's programs."""

import io
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

PACKAGE = Path(__file__).resolve().parents[1]
LOCALE = PACKAGE / "locale"
LANGUAGES = ("fi", "sv", "en", "ru", "uk", "ar")
SKIPPED_FOLDERS = frozenset({"tests", "migrations", "node_modules", "static", "locale"})
UNSTABLE_HEADERS = (
    "Generated-By:",
    "POT-Creation-Date:",
    "PO-Revision-Date:",
    "Last-Translator:",
    "Language-Team:",
    "Report-Msgid-Bugs-To:",
)
# Babel numbers the Arabic forms "many" and "other" the other way round than gettext and its translators do.
ARABIC_FORMS = (
    "nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 && n%100<=99 ? 4 : 5;"
)
KEYWORDS = DEFAULT_KEYWORDS | {
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}


def sources(package: Path = PACKAGE) -> Iterator[Path]:
    """Yield the Python files and templates whose texts are shown to people, in the order of their paths."""
    for path in sorted(package.rglob("*")):
        folders = path.relative_to(package).parts[:-1]
        if SKIPPED_FOLDERS.isdisjoint(folders) and (
            path.suffix == ".py" or ("templates" in folders and path.suffix in {".html", ".txt"})
        ):
            yield path


def python_of(path: Path) -> bytes:
    """Return the file as Python; a template becomes calls of gettext, its own text blanked out."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        # templatize() keeps the template's indentation, which Python's tokenizer would read as blocks.
        text = "\n".join(line.lstrip() for line in templatize(text, origin=str(path)).splitlines())
    return text.encode()


def template(paths: Iterable[Path] | None = None, *, package: Path = PACKAGE) -> Catalog:
    """Return a catalogue of every text in the files, each with the files where it stands and no line numbers."""
    catalog = Catalog(project="kotisatama", charset="utf-8")
    for path in sources(package) if paths is None else paths:
        place = path.relative_to(package.parent).as_posix()
        for _line, text, comments, context in extract(
            "python", io.BytesIO(python_of(path)), KEYWORDS, ["Translators:"]
        ):
            catalog.add(text, locations=[(place, 0)], auto_comments=comments, context=context)
    return catalog


def file_of(language: str, *, locale: Path = LOCALE) -> Path:
    """Where a language's texts stand; the compiled file has the suffix `.mo` beside it."""
    return locale / language / "LC_MESSAGES" / "django.po"


def read(language: str, *, locale: Path = LOCALE) -> Catalog:
    """Return the language's catalogue, an empty one when it has no file yet."""
    path = file_of(language, locale=locale)
    if not path.exists():
        return empty(language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def empty(language: str) -> Catalog:
    """Return a catalogue without texts, with the language's plural forms in its header."""
    catalog = Catalog(
        language,
        header_comment="# The same licence as the software: EUPL-1.2.",
        project="kotisatama",
        version="",
        msgid_bugs_address="",
        last_translator="",
        language_team="",
        charset="utf-8",
        fuzzy=False,
    )
    if language == "ar":
        catalog.mime_headers = [("Plural-Forms", ARABIC_FORMS)]
    return catalog


def messages(catalog: Catalog) -> Iterator[Message]:
    """Yield the catalogue's texts without its header."""
    return (message for message in catalog if message.id)


def written(catalog: Catalog) -> bytes:
    """Return the catalogue as a file: sorted by text, nothing in it that changes by itself."""
    file = io.BytesIO()
    write_po(file, catalog, width=120, sort_output=True, ignore_obsolete=True, include_lineno=False)
    unstable = tuple(f'"{name}'.encode() for name in UNSTABLE_HEADERS)
    return b"".join(line for line in file.getvalue().splitlines(keepends=True) if not line.startswith(unstable))


def update(language: str, found: Catalog, *, locale: Path = LOCALE) -> int:
    """Bring new texts to the language's file and take away those that are gone; return how many lack a translation."""
    catalog = read(language, locale=locale)
    catalog.update(found, no_fuzzy_matching=True)
    path = file_of(language, locale=locale)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(written(catalog))
    return sum(not translated(message) for message in messages(catalog))


def compile_language(language: str, *, locale: Path = LOCALE) -> Path:
    """Write the language's compiled file, without fuzzy texts, and return its path; untouched when nothing changed."""
    file = io.BytesIO()
    write_mo(file, read(language, locale=locale))
    path = file_of(language, locale=locale).with_suffix(".mo")
    if not path.exists() or path.read_bytes() != file.getvalue():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.getvalue())
    return path


def translated(message: Message) -> bool:
    """Whether each form of the text has a translation that a person has accepted (none fuzzy)."""
    forms = message.string if isinstance(message.string, (list, tuple)) else (message.string,)
    return bool(forms) and all(forms) and not message.fuzzy
