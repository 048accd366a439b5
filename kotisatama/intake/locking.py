"""The item of a step under its lock, and saving it with the next version."""

from django.core.exceptions import PermissionDenied

from kotisatama.intake import access
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
