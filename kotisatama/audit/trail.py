"""The whole trail, past the contexts of workers: for sealing and verifying alone."""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from kotisatama.audit import codes
from kotisatama.audit.models import Line

SETTING = "kotisatama.whole_trail"
_ROWS_AT_ONCE = 2000


@contextmanager
def whole() -> Generator[None]:
    """Open a transaction (or a savepoint) in which all lines can be read, whoever's clients they concern."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, 'on', true)", [SETTING])
        yield
        cursor.execute("SELECT set_config(%s, '', true)", [SETTING])


@dataclass(frozen=True)
class Row:
    """A line as it is sealed; `partition` is the table in which it lies."""

    content: bytes
    id: Any
    at: Any
    epoch: int
    txid: int
    code: bytes
    partition: str

    @property
    def position(self) -> tuple[int, int]:
        """Its place in the order of sealing."""
        return self.epoch, self.txid


def in_order(lines: "QuerySet[Line]") -> Iterator[Row]:
    """Read lines in the order of sealing, a few thousand at a time; within `whole`."""
    partition = RawSQL("(SELECT relname FROM pg_class WHERE oid = audit_line.tableoid)", [])
    found = lines.annotate(partition=partition).order_by("epoch", "txid", "id")
    for row in found.values_list(*codes.CONTENT, "epoch", "txid", "mac", "partition").iterator(_ROWS_AT_ONCE):
        *content, epoch, txid, mac, name = row
        yield Row(codes.canonical(content), content[0], content[1], epoch, txid, bytes(mac), name)
