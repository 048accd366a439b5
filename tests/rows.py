"""Making one row of any model, with the rows that it needs: only what the columns demand, nothing believable."""

import datetime
import itertools
from typing import Any

from django.db import models
from django.utils import timezone

from kotisatama.kernel import identifiers
from kotisatama.network.models import Municipality

_numbers = itertools.count(1)

# What a column's type does not tell: values that the tables' own constraints ask for.
BY_FIELD: dict[str, Any] = {
    "municipality": "unknown",
    "topics": ["permits"],
    "data_kinds": ["situation"],
    "service_languages": ["uk"],
    "actor_kind": "x",
}
# Fields that may be empty, but not in a row that has no other one of their kind.
NOT_EMPTY = {"cases.Transfer": {"to_worker"}}
BY_TYPE: "list[tuple[type[models.Field[Any, Any]], Any]]" = [
    (models.BooleanField, False),
    (models.DateTimeField, timezone.now),
    (models.DateField, timezone.localdate),
    (models.TimeField, lambda: datetime.time(9)),
    (models.EmailField, lambda: f"x{next(_numbers)}@kotisatama.example"),
    (models.IntegerField, 1),
    (models.DecimalField, 1),
    (models.JSONField, dict),
    (models.BinaryField, lambda: str(next(_numbers)).encode()),
    (models.UUIDField, identifiers.new_id),
    (models.CharField, lambda: f"x{next(_numbers)}"),
    (models.TextField, "x"),
]


def value_of(field: "models.Field[Any, Any]") -> Any:
    """Return a value that the field accepts."""
    if field.name in BY_FIELD and not field.is_relation:
        return BY_FIELD[field.name]
    if field.choices:
        return next(iter(field.choices))[0]
    for kind, value in BY_TYPE:
        if isinstance(field, kind):
            return value() if callable(value) else value
    raise LookupError(f"Say in tests/rows.py what a row needs in {field}.")


def is_needed(field: "models.Field[Any, Any]") -> bool:
    """Whether the row cannot be made without a value of ours."""
    counts_itself = field.primary_key and field.get_internal_type().endswith("AutoField")
    tells_the_time = getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
    may_be_empty = field.null or (field.blank and not field.is_relation)
    return not (counts_itself or tells_the_time or may_be_empty or field.has_default())


def make(model: type[models.Model], given: dict[str, Any]) -> models.Model:
    """Make a row; `given` are values by field name (controller, holder), for it and for the rows that it needs."""
    values: dict[str, Any] = {}
    for field in model._meta.local_concrete_fields:
        if field.name in given:
            values[field.name] = given[field.name]
        elif field.is_relation and (is_needed(field) or field.name in NOT_EMPTY.get(model._meta.label, ())):
            values[field.name] = another() if field.name == "to_controller" else related(field.related_model, given)
        elif is_needed(field):
            values[field.name] = value_of(field)
    return model._base_manager.create(**values)


def another() -> Municipality:
    """Return a municipality that no test of row security asks as."""
    return Municipality.objects.order_by("-code")[0]


def related(model: Any, given: dict[str, Any]) -> models.Model:
    """Return a row to point at; municipalities are there from the beginning."""
    return given["controller"] if model is Municipality else make(model, given)
