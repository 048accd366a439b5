"""Which tables hold clients' data: whatever has a controller, apart from the lists named here. And whose a row is."""

from collections.abc import Callable
from functools import cache
from typing import Any
from uuid import UUID

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models

# Tables with a controller that tell nothing of a client: public knowledge, or a setting.
NOT_CLIENTS = frozenset({"network_mandate", "people_lookssetting"})


@cache
def client_tables() -> frozenset[str]:
    """Names of the tables whose reading must leave a line."""
    found = set()
    for model in apps.get_models():
        try:
            model._meta.get_field("controller")
        except FieldDoesNotExist:
            continue
        found.add(model._meta.db_table)
    return frozenset(found - NOT_CLIENTS)


PersonOf = Callable[[Any], UUID | None]
_person_of: dict[str, PersonOf] = {}


def add_person_of(label: str, person_of: PersonOf) -> None:
    """Say how the client is found whom a row of this model (`people.person`) concerns; apps say it when they start."""
    _person_of[label.lower()] = person_of


def person_of(subject: models.Model) -> UUID | None:
    """The id of the client whom a row concerns: as its app has said, else the row's own `person`; None for nobody."""
    said = _person_of.get(subject._meta.label_lower)
    return said(subject) if said else getattr(subject, "person_id", None)
