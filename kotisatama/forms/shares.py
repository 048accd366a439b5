"""How far a form is in each of its languages: the texts that are finished there, as translators count them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from kotisatama.forms import columns, xlsform
from kotisatama.forms.models import Version
from kotisatama.forms.translating_states import Kept, kept_states, state_shares
from kotisatama.forms.translating_texts import NONE, FormTexts, Rows, texts_of
from kotisatama.translation import languages

MOST_KNOWN = 200  # versions whose texts a process remembers


@dataclass(frozen=True)
class LanguageShare:
    """`done` of `total` texts are finished in the language; the name is the language's own."""

    code: str
    name: str
    done: int
    total: int

    @property
    def share(self) -> float:
        """From 0 to 1; a form without any text is finished in every language."""
        return self.done / self.total if self.total else 1.0

    @property
    def is_finished(self) -> bool:
        return self.done == self.total


@dataclass(frozen=True)
class _Counted:
    """What the rows of a version say: its texts, and how many of all that stand there stand in its own language."""

    texts: FormTexts
    own: LanguageShare


def language_shares(version: Version) -> list[LanguageShare]:
    """Each language of the form in the order of its columns."""
    return _shares(version, _counted(version.source), kept_states([version.form_id]))


_known: dict[int, tuple[str, _Counted]] = {}


def shares_of(versions: Iterable[Version]) -> dict[int, list[LanguageShare]]:
    """The same for several versions by their keys: one query, and one for those whose rows have changed since."""
    wanted = {version.pk: version for version in versions}
    found = {pk: _known[pk] for pk in wanted if pk in _known}
    stale = [pk for pk, version in wanted.items() if pk not in found or found[pk][0] != version.sha256]
    if stale:
        for version in Version.objects.filter(pk__in=stale).only("sha256", "source"):
            found[version.pk] = (version.sha256, _counted(version.source))
    _remember({pk: found[pk] for pk in stale if pk in found})
    kept = kept_states({version.form_id for version in wanted.values()})
    return {pk: _shares(wanted[pk], counted, kept) for pk, (_sha256, counted) in found.items()}


def _remember(found: dict[int, tuple[str, _Counted]]) -> None:
    """Keep the latest; the oldest go."""
    for pk, counted in found.items():
        _known.pop(pk, None)
        _known[pk] = counted
    for pk in list(_known)[:-MOST_KNOWN]:
        _known.pop(pk, None)


def unfinished(version: Version, wanted: Collection[str]) -> list[LanguageShare]:
    """Those of the wanted languages in which a text is not finished, or that are not in the form at all."""
    found = {each.code: each for each in language_shares(version)}
    missing = (LanguageShare(code, languages.own_name(code), 0, 1) for code in wanted if code not in found)
    return [*(each for code, each in found.items() if code in wanted and not each.is_finished), *missing]


def _shares(version: Version, counted: _Counted, kept: Mapping[tuple[int, str, str], Kept]) -> list[LanguageShare]:
    others = {each.language: each for each in state_shares(version.form_id, counted.texts, kept)}
    return [
        LanguageShare(code, languages.own_name(code), others[code].finished, others[code].total)
        if code in others
        else counted.own
        for code in counted.texts.languages
    ]


def _counted(rows: Rows) -> _Counted:
    texts, source = texts_of(rows), xlsform.source_from_json(rows)
    headings, done, total = columns.read_headings(source), 0, 0
    for sheet, kinds in columns.TRANSLATED.items():
        for kind in sorted(kinds):
            by_language = [(each.language, each.text) for each in columns.language_columns(headings, sheet, kind)]
            if kind == columns.TITLE:  # in the form's own language it stands in a column of its own
                by_language.append((texts.default, headings.heading(sheet, "form_title")))
            for row in source.rows(sheet):
                said = {code for code, heading in by_language if row.get(heading) not in NONE}
                total += bool(said)
                done += texts.default in said
    return _Counted(texts, LanguageShare(texts.default, languages.own_name(texts.default), done, total))
