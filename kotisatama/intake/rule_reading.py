"""The rules and their trial in the reader's words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from kotisatama.contacts import queries as contacts
from kotisatama.intake.models import RoutingRule
from kotisatama.intake.routing import Tried
from kotisatama.people import queries as people
from kotisatama.translation import languages


@dataclass(frozen=True)
class Words:
    """Names for codes in the reader's language."""

    municipalities: Mapping[str, str]
    topics: Mapping[str, str]
    reader: str

    def language(self, code: str) -> str:
        if code in languages.all_languages():
            return languages.name_in(code, self.reader)
        return _("Another language") if code == "other" else code


def _words(reader: str) -> Words:
    topics = {code: str(name) for code, name in contacts.topic_names(reader).items()}
    return Words(people.municipality_names(reader), topics, reader)


@dataclass(frozen=True)
class Line:
    """One rule: each condition in words, empty for any."""

    rule: RoutingRule
    form: str
    municipality: str
    language: str
    topic: str
    place: str
    before: int
    after: int
    is_last: bool


def lines(rules: Iterable[RoutingRule], reader: str) -> list[Line]:
    """The rules in their order. Two queries."""
    words, found = _words(reader), list(rules)
    return [_line(rule, words, len(found)) for rule in found]


def _line(rule: RoutingRule, words: Words, number: int) -> Line:
    return Line(
        rule=rule,
        form=rule.form.title if rule.form else "",
        municipality=words.municipalities.get(rule.municipality, rule.municipality),
        language=words.language(rule.language) if rule.language else "",
        topic=words.topics.get(rule.topic, rule.topic),
        place=str(rule.team or rule.service_point),
        before=rule.position - 1,
        after=rule.position + 1,
        is_last=rule.position >= number,
    )


@dataclass(frozen=True)
class TrialLine:
    """Submissions that are alike to the rules, in words."""

    row: Tried
    municipality: str
    language: str
    topics: list[str]


def trial(rows: Iterable[Tried], reader: str) -> list[TrialLine]:
    """The rows of a trial. Two queries."""
    words = _words(reader)
    return [
        TrialLine(
            row,
            words.municipalities.get(row.facts.municipality, row.facts.municipality),
            words.language(row.facts.language),
            [words.topics.get(code, code) for code in row.facts.topics],
        )
        for row in rows
    ]
