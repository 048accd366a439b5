"""Looking at rows as the database has them."""

from typing import Any

from django.apps import apps
from django.db import connection

from kotisatama.kernel import row_security
from kotisatama.network.models import Municipality
from kotisatama.people.models import Person

# What tells of the merge itself.
STORIES = {"people.Merge", "people.LikelyPair"}


def dump(*persons: Person) -> dict[str, list[Any]]:
    """Every row, with every column, of every table that points at one of the persons, and the persons themselves."""
    found: dict[str, list[Any]] = {}
    ids = [str(person.pk) for person in persons]
    with (
        row_security.context(controllers=Municipality.objects.values_list("pk", flat=True)),
        connection.cursor() as cursor,
    ):
        for model in apps.get_models(include_auto_created=True):
            table, label = model._meta.db_table, model._meta.label
            columns = [field.column for field in model._meta.local_concrete_fields if field.related_model is Person]
            columns += ["id"] if model is Person else []
            for column in columns if label not in STORIES else ():
                sql = f'SELECT to_jsonb(t)::text FROM "{table}" t WHERE "{column}"::text = ANY(%s) ORDER BY 1'
                cursor.execute(sql, [ids])
                found[f"{label}.{column}"] = cursor.fetchall()
    return found
