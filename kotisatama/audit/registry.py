"""Which tables hold clients' data: whatever has a controller, apart from the lists named here."""

from functools import cache

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist

# Tables with a controller that tell nothing of a client: a mandate is public knowledge.
NOT_CLIENTS = frozenset({"network_mandate"})


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
