"""Filling tables by COPY.

PostgreSQL refuses COPY into a table with row security from a role that it binds; so rows are copied into a temporary
table of the same shape and inserted from there, where the policies check each one.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models
from psycopg import sql


def fill(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Copy rows (values in the order of `columns`) into the model's table; return how many. Needs a transaction."""
    table, names = sql.Identifier(model._meta.db_table), sql.SQL(", ").join(map(sql.Identifier, columns))
    staging = sql.Identifier(f"staging_{model._meta.db_table}")
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("CREATE TEMPORARY TABLE {} ON COMMIT DROP AS SELECT {} FROM {} WITH NO DATA").format(
                staging, names, table
            )
        )
        with cursor.copy(sql.SQL("COPY {} ({}) FROM STDIN").format(staging, names)) as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(sql.SQL("INSERT INTO {} ({}) SELECT {} FROM {}").format(table, names, names, staging))
        count = cursor.rowcount
        cursor.execute(sql.SQL("DROP TABLE {}").format(staging))
    return int(count)
