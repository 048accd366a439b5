"""Texts: complete where they have to be, and each placeholder still there after translation."""

import re
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message

from kotisatama.translation import extraction

COMPLETE = ("fi", "sv")
COMPLETE_FOR_THE_PUBLIC = ("ru", "uk", "ar")
# Whatever a newcomer can see, error pages included.
PUBLIC_FILES = (
    "kotisatama/portal/*",
    "kotisatama/forms/*",
    "kotisatama/web/*",
    "kotisatama/network/models.py",  # kinds of opening hours
    "kotisatama/config/settings.py",
)
# What only workers see, and main users at a terminal.
NOT_PUBLIC = (
    "kotisatama/forms/management/*",
    "kotisatama/forms/importing/*",
    "kotisatama/forms/templates/forms/*",
    "kotisatama/forms/version*",
    "kotisatama/forms/workbench*",
    "kotisatama/forms/changes.py",
    "kotisatama/forms/models.py",
    "kotisatama/forms/table_files.py",
    "kotisatama/forms/toolbox.py",
    "kotisatama/forms/uploads.py",
    "kotisatama/portal/templates/portal/form_look.html",
    "kotisatama/forms/building*",
    "kotisatama/forms/templates/forms/building/*",
    "kotisatama/portal/trying*",
    "kotisatama/portal/templates/portal/try.html",
    "kotisatama/portal/templates/portal/parts/try_reason.html",
    "kotisatama/forms/translating*",
    "kotisatama/forms/templates/forms/translating/*",
    "kotisatama/web/templates/web/desk.html",
    "kotisatama/web/templates/web/tools.html",
    "kotisatama/web/templates/web/chart.html",
    "kotisatama/web/charts.py",
    "kotisatama/forms/clock*.py",
    "kotisatama/forms/exporting*.py",
    "kotisatama/forms/models.py",
    "kotisatama/forms/out_*.py",
    "kotisatama/forms/templates/forms/out/*",
    "kotisatama/forms/versions.py",
)
PLACEHOLDER = re.compile(r"%\([^)]+\)[a-z]|(?<!\{)\{[a-z_0-9]*\}(?!\})|%[sd]", re.IGNORECASE)
TAG = re.compile(r"</?\w+")


@cache
def found() -> Catalog:
    return extraction.template()


def key(message: Message) -> tuple[str | None, object]:
    return message.context, message.id


def is_public(message: Message) -> bool:
    places = {place for place, _ in message.locations}
    return any(
        any(fnmatch(place, each) for each in PUBLIC_FILES) and not any(fnmatch(place, each) for each in NOT_PUBLIC)
        for place in places
    )


def wanted(language: str) -> list[Message]:
    """Return the texts that the language must have."""
    every = list(extraction.messages(found()))
    return every if language in COMPLETE else [message for message in every if is_public(message)]


def say(faults: list[Message]) -> str:
    return "\n".join(f"{sorted({place for place, _ in each.locations})}: {each.id}" for each in faults)


def singular_and_plural(message: Message) -> tuple[str, ...]:
    return tuple(message.id) if isinstance(message.id, (list, tuple)) else (message.id,)


def forms(message: Message) -> list[str]:
    every = message.string if isinstance(message.string, (list, tuple)) else (message.string,)
    return [each or "" for each in every]


@pytest.mark.parametrize("language", [*COMPLETE, *COMPLETE_FOR_THE_PUBLIC])
def test_every_text_that_people_see_is_translated(language: str) -> None:
    translations = {key(message): message for message in extraction.messages(extraction.read(language))}
    needed = wanted(language)
    faults = [
        each for each in needed if key(each) not in translations or not extraction.translated(translations[key(each)])
    ]
    assert needed
    assert not faults, f"{len(faults)} of {len(needed)} texts lack {language}:\n{say(faults)}"


@pytest.mark.parametrize("language", extraction.LANGUAGES)
def test_catalogues_hold_the_texts_of_the_code_and_no_others(language: str) -> None:
    """`kotisatama texts-update` mends it."""
    in_code = {key(message) for message in extraction.messages(found())}
    in_file = {key(message) for message in extraction.messages(extraction.read(language))}
    assert in_file == in_code


def broken(message: Message, pattern: re.Pattern[str]) -> bool:
    """Whether a translation has another set of placeholders or tags than its source.

    A plural form may leave the number out ("one day" in words), but may not invent one; the last form has all.
    """
    sources = [set(pattern.findall(each)) for each in singular_and_plural(message)]
    targets = [set(pattern.findall(each)) for each in forms(message) if each]
    if len(sources) == 1:
        return any(target != sources[0] for target in targets)
    return bool(targets) and (
        any(not target <= sources[0] | sources[1] for target in targets) or targets[-1] != sources[1]
    )


@pytest.mark.parametrize("language", extraction.LANGUAGES)
def test_placeholders_and_tags_survive_translation(language: str) -> None:
    every = [message for message in extraction.messages(extraction.read(language)) if not message.fuzzy]
    faults = [each for each in every if broken(each, PLACEHOLDER) or broken(each, TAG)]
    assert every
    assert not faults, "\n".join(f"{each.id} → {each.string}" for each in faults)


def test_texts_are_calm_and_stand_on_one_line() -> None:
    """`trimmed` keeps a template's line breaks out of a text."""
    texts = [text for message in extraction.messages(found()) for text in singular_and_plural(message)]
    assert texts
    assert not [text for text in texts if "!" in text or text != text.strip() or "\n" in text]


def test_an_updated_catalogue_keeps_translations_and_does_not_change_by_itself(tmp_path: Path) -> None:
    folder = tmp_path / "kotisatama" / "templates"
    folder.mkdir(parents=True)
    page = folder / "a.html"
    days = "{% blocktranslate count n=n %}{{ n }} day{% plural %}{{ n }} days{% endblocktranslate %}"
    page.write_text(f'  <p title="{{% translate "Open" %}}">don\'t {days}')
    texts, locale = extraction.template(package=page.parents[1]), tmp_path / "locale"
    assert extraction.update("fi", texts, locale=locale) == 2
    file = extraction.file_of("fi", locale=locale)
    file.write_text(file.read_text().replace('msgid "Open"\nmsgstr ""', 'msgid "Open"\nmsgstr "Avoinna"'))
    before = file.read_bytes()
    assert extraction.update("fi", texts, locale=locale) == 1
    assert file.read_bytes() == before
    assert b"Avoinna" in extraction.compile_language("fi", locale=locale).read_bytes()
    page.write_text("")
    extraction.update("fi", extraction.template(package=page.parents[1]), locale=locale)
    assert "Avoinna" not in file.read_text()
