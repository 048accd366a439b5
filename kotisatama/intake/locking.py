"""The item of a step under its lock, saving it with the next version, and the line of the step."""

from typing import Any

from django.core.exceptions import PermissionDenied

from kotisatama.audit import actions as audit
from kotisatama.intake import access, rules
from kotisatama.intake.models import Item
from kotisatama.staff.models import Worker


def locked(item: Item, *, by: Worker) -> Item:
    """The item as it is now, locked to the end of the transaction. Raises PermissionDenied."""
    # Without joins: after a wait PostgreSQL gives the new row of the table locked, but the old ones of those joined.
    found = access.visible_items(by).select_for_update().filter(pk=item.pk).first()
    if found is None or not access.can_handle(by, found):
        raise PermissionDenied
    return found


def save(item: Item, *fields: str) -> None:
    """Write the fields; whoever still has a page of the version before is told."""
    item.version += 1
    item.save(update_fields=[*fields, "version"])


def taken(item: Item, *, by: Worker) -> Item:
    """The item under its lock, for the worker who has taken it. Raises PermissionDenied, NotAllowed."""
    item = locked(item, by=by)
    rules.check_taken_by(item, by)
    return item


def line(action: str, item: Item, by: Worker | None, **details: Any) -> None:
    """One line about the submission and its client."""
    audit.record(
        action,
        by=by,
        controllers=[item.controller_id],
        subject=item.submission,
        about=item.person_id,
        details=details,
    )
