"""A small trail for tests, written as the application writes it, and read as whoever owns the database could."""

from collections.abc import Generator
from contextlib import contextmanager

from django.db import connection, connections, transaction

from kotisatama.audit import actions, sealing
from kotisatama.kernel import database_url, identifiers, row_security, testing

CONTROLLERS = ("167", "426")


def write(count: int, *, action: str = "person.viewed") -> None:
    """Write so many lines, each in a transaction of its own."""
    for number in range(count):
        with row_security.context(controllers=CONTROLLERS):
            actions.record(
                action,
                by=None,
                controllers=[CONTROLLERS[number % 2]],
                about=identifiers.new_id(),
                details={"page": number, "fields": ["name", "ä"]},
            )


def write_and_seal(*sizes: int) -> None:
    """Write and seal batches of so many lines."""
    for size in sizes:
        write(size)
        sealing.seal()


@contextmanager
def as_owner(server: testing.TestServer) -> Generator[None]:
    """Use the same database as its owner, in one transaction."""
    default, name = connections["default"], connections["default"].settings_dict["NAME"]
    app = dict(default.settings_dict)
    default.close()
    default.settings_dict.update(database_url.parse(server.owner(name)))
    try:
        with transaction.atomic():
            yield
    finally:
        default.close()
        default.settings_dict.update(app)


@contextmanager
def as_tamperer(server: testing.TestServer) -> Generator[None]:
    """As the owner, with what keeps lines final switched off; all of it is rolled back."""
    with as_owner(server):
        switch_guards_off()
        yield
        transaction.set_rollback(True)


def switch_guards_off() -> None:
    """What an owner of the tables, or a superuser, can do."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE (n.nspname = 'audit_months' OR c.relname IN ('audit_line', 'audit_batch')) "
            "AND c.relkind IN ('r', 'p')"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            cursor.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
