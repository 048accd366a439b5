"""Queries of a hot path: put together once in a thread, asked many times.

Django puts a query together each time it is asked. For a row with its relations that takes four times as long as asking
PostgreSQL and making objects of the answer (0.7 of 0.9 ms), so that a page of seven small queries spends most of its
time on it. A `Compiled` query is an ordinary queryset, written with `Given` where a value comes each time:

    _own = Compiled(lambda: Draft.objects.filter(holder=Given("holder", CharField()))[:1])
    draft = _own.first(holder=holder)

What depends on more than values (which filters, how many values in a list) is no such query.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, TypeVar

from django.db import connections
from django.db.models import Expression, Field, QuerySet
from django.db.models.sql import Query
from django.db.models.sql.compiler import SQLCompiler

Row = TypeVar("Row")


class Given(Expression):
    """The place of a value that is given each time the query is asked."""

    def __init__(self, name: str, output_field: "Field[Any, Any]") -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> Any:
        """A placeholder, with this as the parameter until the query is asked."""
        return "%s", [self]


class _KeptCompiler(SQLCompiler):
    """Makes its SQL once, and from then on puts the values into it."""

    given: Mapping[str, object] = {}
    _kept: tuple[str, Sequence[Any]] | None = None

    def as_sql(self, with_limits: bool = True, with_col_aliases: bool = False) -> Any:
        """The SQL with the values of now."""
        if self._kept is None:
            self._kept = super().as_sql(with_limits, with_col_aliases)
        sql, params = self._kept
        return sql, tuple(self._value(each) if isinstance(each, Given) else each for each in params)

    def _value(self, place: Given) -> Any:
        return place.output_field.get_db_prep_value(self.given[place.name], self.connection)


class _KeptQuery(Query):
    """A query that always has the same compiler."""

    kept: _KeptCompiler

    def get_compiler(self, using: Any = None, connection: Any = None, elide_empty: bool = True) -> Any:
        """The one that has made the SQL already."""
        return self.kept


class Compiled(Generic[Row]):
    """A queryset that is put together once in each thread: connections belong to threads."""

    def __init__(self, build: Callable[[], "QuerySet[Any, Row]"]) -> None:
        self._build = build
        self._local = threading.local()

    def all(self, **given: object) -> list[Row]:
        """The rows with these values, each time asked anew."""
        if not hasattr(self._local, "rows"):
            self._put_together()
        self._local.compiler.given = given
        return list(self._local.rows)

    def first(self, **given: object) -> Row | None:
        """The first row with these values; the queryset itself limits itself to one."""
        return next(iter(self.all(**given)), None)

    def _put_together(self) -> None:
        queryset = self._build()
        makes_rows: Any = queryset._iterable_class
        connection = connections[queryset.db]
        query: Any = queryset.query.chain(_KeptQuery)
        self._local.compiler = query.kept = _KeptCompiler(query, connection, queryset.db)
        queryset.query = query
        self._local.rows = makes_rows(queryset)  # unlike the queryset, it asks each time that it is gone through
