"""How much of a form is said in each language, by the columns of its rows."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from kotisatama.forms import columns, xlsform
from kotisatama.forms.models import Version
from kotisatama.translation import languages


@dataclass(frozen=True)
class LanguageShare:
    """`done` of `total` texts stand in the language; the name is the language's own."""

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


def language_shares(version: Version) -> list[LanguageShare]:
    """Each language of the form in the order of its columns: a text counts when it stands in any of the languages."""
    return list(_shares(version))


_known: dict[int, tuple[str, list[LanguageShare]]] = {}


def shares_of(versions: Iterable[Version]) -> dict[int, list[LanguageShare]]:
    """The same for several versions by their keys: at most one query, for those whose content has changed since."""
    wanted = {version.pk: version for version in versions}
    stale = [pk for pk, version in wanted.items() if _known.get(pk, ("",))[0] != version.sha256]
    if stale:
        for version in Version.objects.filter(pk__in=stale).only("sha256", "source"):
            _known[version.pk] = (version.sha256, language_shares(version))
    return {pk: _known[pk][1] for pk in wanted if pk in _known}


def unfinished(version: Version, wanted: Collection[str]) -> list[LanguageShare]:
    """Those of the wanted languages that miss a text, or are not in the form at all."""
    found = {each.code: each for each in language_shares(version)}
    missing = (LanguageShare(code, languages.own_name(code), 0, 1) for code in wanted if code not in found)
    return [*(each for code, each in found.items() if code in wanted and not each.is_finished), *missing]


def _shares(version: Version) -> Iterable[LanguageShare]:
    source = xlsform.source_from_json(version.source)
    headings = columns.read_headings(source)
    done, total = dict.fromkeys(headings.languages, 0), 0
    for sheet, kinds in columns.TRANSLATED.items():
        for kind in sorted(kinds):
            by_language = [(each.language, each.text) for each in columns.language_columns(headings, sheet, kind)]
            for row in source.rows(sheet):
                said = {code for code, heading in by_language if row.get(heading) not in ("", "-")}
                total += bool(said)
                for code in said:
                    done[code] = done.get(code, 0) + 1
    return (LanguageShare(code, languages.own_name(code), number, total) for code, number in done.items())
