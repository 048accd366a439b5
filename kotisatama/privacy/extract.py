"""Everything held about one person, in the person's language: what erasure would reach, less what is not theirs.

Rows and fields come from the same declarations by which data ends, so that nothing that is kept is left out. Workers'
names, links and the software's own states are not given; other persons' rows are not reached.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import models
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from kotisatama.privacy import reach, registry
from kotisatama.privacy.registry import Datum, Holding, Kind, Record
from kotisatama.translation import languages

GIVEN = frozenset({Kind.IDENTITY, Kind.CIRCUMSTANCES, Kind.FREE_TEXT, Kind.COUNTED})


@dataclass(frozen=True)
class Section:
    """The rows of one table."""

    name: str
    title: str
    records: list[Record]


@dataclass(frozen=True)
class Extract:
    """What is given to a person; `language` is that of labels and words."""

    subject: UUID
    language: str
    made_on: date
    sections: list[Section]

    @property
    def direction(self) -> str:
        """The direction in which it is read."""
        return languages.direction(self.language)

    def to_json(self) -> dict[str, Any]:
        """The same for machines: codes and ISO dates beside the words."""
        return {
            "person": str(self.subject),
            "language": self.language,
            "made_on": self.made_on.isoformat(),
            "sections": [
                {
                    "name": section.name,
                    "title": section.title,
                    "records": [{datum.name: _plain(datum) for datum in record} for record in section.records],
                }
                for section in self.sections
            ],
        }


def _plain(datum: Datum) -> dict[str, Any]:
    return {"label": str(datum.label), "value": datum.value, "words": datum.words}


def extract(subject: UUID, language: str) -> Extract:
    """Everything held about the person; a few queries for each table."""
    reached = reach.reach(registry.subject().model, [subject])
    with override(language):
        sections = [
            Section(holding.name, str(holding.label), records)
            for holding in reversed(registry.holdings())
            if holding.is_shown and holding in reached and (records := _records(holding, reached, language))
        ]
    return Extract(subject, language, timezone.localdate(), sections)


def _records(holding: Holding, reached: reach.Reached, language: str) -> list[Record]:
    rows = reached.rows(holding).order_by("pk")
    if holding.export:
        return holding.export(list(rows.values_list("pk", flat=True)), language)
    related = [each.name for each in _fields(holding) if each.is_relation]
    return [record(holding, row, language) for row in rows.select_related(*related)]


def _fields(holding: Holding) -> list[Any]:
    return [field for field in holding.model._meta.local_concrete_fields if holding.fields[field.name] in GIVEN]


def record(holding: Holding, row: models.Model, language: str, *, without: Sequence[str] = ()) -> Record:
    """What is given of one row; values that are empty are left out."""
    found = []
    for field in _fields(holding):
        value = getattr(row, field.attname)
        if value in (None, "", []) or field.name in without:
            continue
        label = holding.labels.get(field.name) or str(field.verbose_name).capitalize()
        found.append(Datum(field.name, label, as_plain(value), _words(holding, row, field, language)))
    return found


def _words(holding: Holding, row: models.Model, field: Any, language: str) -> str:
    value = getattr(row, field.name)
    if say := holding.words.get(field.name):
        return ", ".join(say(each, language) for each in value) if isinstance(value, list) else say(value, language)
    return said(value, dict(_choices(field)))


def _choices(field: Any) -> list[tuple[Any, Any]]:
    return list(getattr(field, "base_field", field).flatchoices)


def said(value: Any, choices: dict[Any, Any]) -> str:
    """A stored value in words of the current language."""
    if isinstance(value, list):
        return ", ".join(said(each, choices) for each in value)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, datetime):
        return formats.date_format(timezone.localtime(value), "SHORT_DATETIME_FORMAT")
    if isinstance(value, date):
        return formats.date_format(value, "SHORT_DATE_FORMAT")
    return str(choices.get(value, value))


def as_plain(value: Any) -> Any:
    """A stored value as JSON keeps it: days and moments as ISO 8601, keys as text."""
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
