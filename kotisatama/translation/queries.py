"""Reading texts with their fallback chain."""

from dataclasses import dataclass

from kotisatama.translation import languages
from kotisatama.translation.models import Text


@dataclass(frozen=True)
class Localized:
    """A text and the language that it really is in, so that a fallback can carry its own `lang` and `dir`."""

    text: str
    language: str

    def __str__(self) -> str:
        return self.text

    @property
    def direction(self) -> str:
        return languages.direction(self.language)


def texts(namespace: str, language: str) -> dict[str, Localized]:
    """Every text of a namespace by key, each in the first language of the chain that has one. One query."""
    order = {code: number for number, code in enumerate(languages.chain(language))}
    best: dict[str, Localized] = {}
    for row in Text.objects.filter(namespace=namespace, language__in=order):
        current = best.get(row.key)
        if current is None or order[row.language] < order[current.language]:
            best[row.key] = Localized(row.value, row.language)
    return best
