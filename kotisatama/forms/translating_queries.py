"""What translators' pages show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kotisatama.forms import access
from kotisatama.forms.models import Version
from kotisatama.forms.translating import open_version
from kotisatama.forms.translating_checks import complaints
from kotisatama.forms.translating_states import Share, State, kept_states, shares_of, state_of
from kotisatama.forms.translating_texts import FormText, FormTexts, digest, texts_of
from kotisatama.translation import languages


@dataclass(frozen=True)
class Line:
    """One text in one language with its state; `source_digest` and `seen` travel with the page."""

    text: FormText
    target: str
    state: State

    @property
    def source_digest(self) -> str:
        return digest(self.text.source)

    @property
    def seen(self) -> str:
        return digest(self.target)

    @property
    def faults(self) -> list[str]:
        """What is wrong with the words as they stand: they may have come by another way than the translator's."""
        return complaints(self.text.source, self.target)


@dataclass(frozen=True)
class Sheet:
    """The texts of a version in one language: what its page shows and its files carry."""

    version: Version
    language: str
    default: str
    lines: tuple[Line, ...]
    newer: Version | None

    @property
    def own_name(self) -> str:
        return languages.own_name(self.language)

    @property
    def default_name(self) -> str:
        return languages.own_name(self.default)

    @property
    def default_direction(self) -> str:
        return languages.direction(self.default)

    @property
    def is_open(self) -> bool:
        """Whether its words can be changed."""
        return self.version.is_open

    @property
    def counts(self) -> dict[State, int]:
        """How many texts are in each state, in the order of the states."""
        return {state: sum(1 for line in self.lines if line.state == state) for state in State}

    def by_key(self) -> dict[str, Line]:
        return {line.text.key: line for line in self.lines}


def version_of(code: str, number: str) -> Version | None:
    """A version of a form by the form's code."""
    return access.at_address(code, number).first()


def is_language(texts: FormTexts, code: str) -> bool:
    """Whether a form can have words in the language: one of its own columns, or one that the service knows."""
    return code in texts.languages or code in languages.all_languages()


def sheet(version: Version, language: str) -> Sheet | None:
    """The texts of a version in a language; None when nobody knows the language. Two queries."""
    texts = texts_of(version.source)
    if not is_language(texts, language):
        return None
    kept = kept_states([version.form_id], language)
    lines = tuple(
        Line(
            text,
            text.target(language),
            state_of(text, language, kept.get((version.form_id, language, text.key), {})),
        )
        for text in texts.texts
    )
    newer = None if version.is_open else open_version(version.form_id)
    return Sheet(version, language, texts.default, lines, newer)


def matching(lines: Sequence[Line], *, state: str, words: str) -> list[Line]:
    """The lines in that state whose key, source or target has the words; empty asks for all."""
    wanted = words.casefold().strip()
    return [
        line
        for line in lines
        if (not state or line.state == state)
        and (not wanted or any(wanted in each.casefold() for each in (line.text.key, line.text.source, line.target)))
    ]


@dataclass(frozen=True)
class Work:
    """A form for a translator: the version to work on, and how far each language is."""

    version: Version
    shares: list[Share]


def works() -> list[Work]:
    """Every form that is published or about to be, with its open version, else its published one. Two queries."""
    states = (*Version.OPEN, Version.State.PUBLISHED)
    versions = Version.objects.filter(state__in=states).select_related("form").defer("definition", "attachments")
    latest = {version.form_id: version for version in sorted(versions, key=_age)}
    shares = shares_of(list(latest.values()))
    found = [Work(version, shares[version.pk]) for version in latest.values()]
    return sorted(found, key=lambda work: work.version.form.title.casefold())


def _age(version: Version) -> tuple[bool, int]:
    """Open ones last, among them the latest."""
    return version.is_open, version.pk


def further_languages(known: Mapping[str, object] | Sequence[str]) -> list[str]:
    """Languages of the service that a form has no words in yet."""
    return [code for code in languages.all_languages() if code not in known]
