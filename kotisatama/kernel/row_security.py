"""Row security: who asks is a setting of the transaction; without it a protected table has no rows."""

from collections.abc import Generator, Iterable
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.migrations.operations import RunSQL

CONTROLLERS = "kotisatama.controllers"
HOLDER = "kotisatama.holder"
RETENTION = "kotisatama.retention"

# The sub-select makes one InitPlan of the setting: read once a query, and usable by an index.
_CONTROLLERS_ARRAY = f"(SELECT string_to_array(current_setting('{CONTROLLERS}', true), ','))::text[]"
BY_CONTROLLER = f"controller_id = ANY ({_CONTROLLERS_ARRAY})"
BY_ANY_CONTROLLER = f"controllers && ({_CONTROLLERS_ARRAY})"
BY_RETENTION = f"(SELECT current_setting('{RETENTION}', true)) = 'on'"
BY_HOLDER = f"holder = (SELECT nullif(current_setting('{HOLDER}', true), ''))"


def set_context(*, controllers: Iterable[str] = (), holder: str = "") -> None:
    """Say for the rest of this transaction whose rows exist: municipality codes, and a visitor's hashed secret."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config(%s, %s, true), set_config(%s, %s, true)",
            [CONTROLLERS, ",".join(sorted(controllers)), HOLDER, holder],
        )


def _change_context(controllers: Iterable[str], holder: str) -> tuple[list[str], str]:
    """Set the context and return the one before: one statement, whose columns are worked out in their order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting(%s, true), current_setting(%s, true),"
            " set_config(%s, %s, true), set_config(%s, %s, true)",
            [CONTROLLERS, HOLDER, CONTROLLERS, ",".join(sorted(controllers)), HOLDER, holder],
        )
        row = cursor.fetchone() or ("", "")
    return [code for code in (row[0] or "").split(",") if code], row[1] or ""


@contextmanager
def context(*, controllers: Iterable[str] = (), holder: str = "") -> Generator[None]:
    """Open a transaction (or a savepoint) in which these controllers' and this holder's rows exist."""
    with transaction.atomic():
        before_controllers, before_holder = _change_context(controllers, holder)
        yield
        set_context(controllers=before_controllers, holder=before_holder)


@contextmanager
def retention() -> Generator[None]:
    """Open a transaction in which the job of retention finds what belongs to no controller yet."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, 'on', true)", [RETENTION])
        yield
        cursor.execute("SELECT set_config(%s, '', true)", [RETENTION])


class LetRetentionDelete(RunSQL):
    """Migration operation: rows of the table that match `only` may be found and deleted within `retention()`."""

    def __init__(self, table: str, only: str = "true") -> None:
        rule = f"{only} AND {BY_RETENTION}"
        super().__init__(
            [
                f'CREATE POLICY retention_finds ON "{table}" FOR SELECT USING ({rule})',
                f'CREATE POLICY retention_deletes ON "{table}" FOR DELETE USING ({rule})',
            ],
            [f'DROP POLICY retention_finds ON "{table}"', f'DROP POLICY retention_deletes ON "{table}"'],
        )


SHARED = "kotisatama.shared_"


@contextmanager
def also_reading(ids: Iterable[object], *, parts: Iterable[str]) -> Generator[None]:
    """Within this block the rows that hang on these ids can be read too, whoever's they are, in tables of these parts.

    A part is the name that a migration gave to `AlsoRead`. The caller has made sure that they are shared with who asks.
    """
    text, names = ",".join(sorted(str(each) for each in ids)), [SHARED + part for part in parts]
    with transaction.atomic(), connection.cursor() as cursor:
        for name in names:
            cursor.execute("SELECT set_config(%s, %s, true)", [name, text])
        yield
        for name in names:
            cursor.execute("SELECT set_config(%s, '', true)", [name])


class AlsoRead(RunSQL):
    """Migration operation: one more policy, for reading alone, for the rows whose column is one of the ids shared."""

    def __init__(self, table: str, column: str, *, part: str) -> None:
        ids = f"(SELECT string_to_array(current_setting('{SHARED}{part}', true), ','))::uuid[]"
        super().__init__(
            f'CREATE POLICY also_read ON "{table}" FOR SELECT USING ("{column}" = ANY ({ids}))',
            f'DROP POLICY also_read ON "{table}"',
        )


class Protect(RunSQL):
    """Migration operation: enable and force row security on a table, one policy a rule (they add up by OR).

    `may_read` is one more rule, for reading alone.
    """

    def __init__(self, table: str, *rules: str, may_read: str = "") -> None:
        policies = [
            f'CREATE POLICY protect_{number} ON "{table}" USING ({rule}) WITH CHECK ({rule})'
            for number, rule in enumerate(rules or (BY_CONTROLLER,), start=1)
        ]
        names = [f"protect_{number}" for number in range(1, len(policies) + 1)]
        if may_read:
            policies.append(f'CREATE POLICY protect_reading ON "{table}" FOR SELECT USING ({may_read})')
            names.append("protect_reading")
        super().__init__(
            [
                f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
                f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY',
                *policies,
            ],
            [
                *(f'DROP POLICY {name} ON "{table}"' for name in names),
                f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY',
                f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY',
            ],
        )
