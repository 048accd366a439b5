"""Keeping what was known before a change."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from kotisatama.people.models import Person, PersonChange
from kotisatama.staff.models import Worker


def keep(
    person: Person,
    before: Mapping[str, Any],
    *,
    by: Worker | None,
    what: str = "person.changed",
    version: int | None = None,
    reason: str = "",
) -> None:
    """Write down earlier values (as JSON can hold them, identifiers masked); `by` None when the calendar did it."""
    PersonChange.objects.create(
        controller_id=person.controller_id,
        person=person,
        what=what,
        version=version,
        worker=by,
        reason=reason.strip()[:200],
        before=dict(before),
    )


def plain(value: Any) -> Any:
    """A value as JSON can hold it: days as ISO 8601, codes as text."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    return str(value) if isinstance(value, str) else value
