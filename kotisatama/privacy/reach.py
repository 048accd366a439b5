"""What hangs together: from some rows to all that goes with them, by the declarations alone."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import Q, QuerySet

from kotisatama.privacy import registry
from kotisatama.privacy.models import LastActivity
from kotisatama.privacy.registry import Holding

Model = type[models.Model]


class Reached:
    """Rows that go together: for each table by which field its rows are found, and the values of that field."""

    def __init__(self) -> None:
        self._found: dict[Model, dict[str, set[Any]]] = defaultdict(lambda: defaultdict(set))

    def add(self, model: Model, field: str, values: Iterable[Any]) -> set[Any]:
        """Note rows; return the values that are new."""
        known = self._found[model][field]
        new = {value for value in values if value is not None} - known
        known |= new
        return new

    def keys(self, model: Model) -> list[Any]:
        """Primary keys of the table's rows, as far as they were read: of every table on which another hangs."""
        return sorted(self._found[model]["pk"]) if model in self._found else []

    def rows(self, holding: Holding) -> QuerySet[Any]:
        """The table's rows that go."""
        condition = Q(pk__in=[])
        for field, values in self._found[holding.model].items() if holding.model in self._found else ():
            condition |= Q(**{f"{field}__in": values})
        return holding.model._base_manager.filter(condition)

    def __contains__(self, holding: Holding) -> bool:
        return any(self._found[holding.model].values()) if holding.model in self._found else False


def reach(model: Model, keys: Iterable[Any]) -> Reached:
    """Everything that goes when these rows go, themselves included. Reads only; a few queries for each table."""
    reached = Reached()
    todo: list[tuple[Model, Iterable[Any]]] = [(model, keys)]
    while todo:
        model, keys = todo.pop()
        new = reached.add(model, "pk", keys)
        if new:
            todo += _brought(model, new)
            for holding in registry.holdings():
                todo += _hanging(reached, holding, model, new)
    return reached


def _brought(model: Model, keys: set[Any]) -> list[tuple[Model, Iterable[Any]]]:
    holding = registry.of_model(model)
    brought: list[tuple[Model, Iterable[Any]]] = []
    if holding and holding.brings:
        brought += holding.brings(sorted(keys)).items()
    if holding is registry.subject():
        brought.append((LastActivity, keys))
    return brought


def _hanging(reached: Reached, holding: Holding, model: Model, keys: set[Any]) -> list[tuple[Model, Iterable[Any]]]:
    found: list[tuple[Model, Iterable[Any]]] = []
    for name in holding.parents:
        if holding.target(name) is not model:
            continue
        rows = holding.model._base_manager.filter(**{f"{name}__in": keys})
        if name == holding.person:
            found += [(holding.target(each), list(rows.values_list(each, flat=True))) for each in holding.draws]
        if _is_leaf(holding):
            reached.add(holding.model, name, keys)
        else:
            found.append((holding.model, list(rows.values_list("pk", flat=True))))
    return found


def _is_leaf(holding: Holding) -> bool:
    """Whether nothing hangs on the table's rows, so that nobody needs their keys."""
    hung_on = any(
        each.target(name) is holding.model for each in registry.holdings() for name in (*each.parents, *each.cuts)
    )
    return not (hung_on or holding.brings or holding.erase)


def end(reached: Reached, *, spared: Holding | None = None) -> None:
    """Erase what was reached: cut what may stay, then each table by its declaration, those that hang first.

    The rows of the table `spared` stay.
    """
    for holding in registry.holdings():
        for name in holding.cuts:
            if keys := reached.keys(holding.target(name)):
                holding.model._base_manager.filter(**{f"{name}__in": keys}).update(**{name: None})
    for holding in registry.holdings():
        if holding not in reached or holding is spared:
            continue
        if holding.erase:
            holding.erase(reached.keys(holding.model))
        else:
            reached.rows(holding).delete()
