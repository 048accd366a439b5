"""The console script `kotisatama`: every command, with its database at hand.

Without DATABASE_URL the embedded PostgreSQL is started when it does not run, and stopped again by whoever uses it last.
Standard output belongs to the command; what is said here goes to standard error.
"""

import os
import pathlib
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from kotisatama.config import prepared
from kotisatama.kernel import database_url, embedded_postgres

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
# They change or describe the schema, which the application's role must not.
OWNER_COMMANDS = frozenset(
    [
        *("audit-months", "audit-new-epoch", "flush", "makemigrations", "migrate", "optimizemigration", "prepare"),
        *("showmigrations", "sqlflush", "sqlmigrate"),
    ]
)
WITHOUT_DATABASE = frozenset(
    [
        "check",
        "collectstatic",
        "compilemessages",
        "diffsettings",
        "findstatic",
        "form-evaluate",
        "form-functions-doc",
        "help",
        "makemessages",
        "split",
        "version",
    ]
)


def main(words: list[str] | None = None) -> NoReturn:
    """Run one command and exit with its code."""
    words = list(sys.argv if words is None else words)
    words[0] = "kotisatama"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kotisatama.config.settings")
    name = next((word for word in words[1:] if not word.startswith("-")), "help")
    try:
        sys.exit(_run(name, words))
    except (embedded_postgres.EmbeddedPostgresFailed, database_url.BadDatabaseUrl) as reason:
        sys.exit(f"kotisatama: {reason}")
    except KeyboardInterrupt:
        sys.exit(130)


def var_directory() -> pathlib.Path:
    """Where everything is kept that is not in the repository: KOTISATAMA_VAR, else var beside the package."""
    return pathlib.Path(os.environ.get("KOTISATAMA_VAR") or ROOT / "var").absolute()


def is_production() -> bool:
    """Whether anything but the demo was asked for; a misspelt mode counts, and is refused later."""
    return os.environ.get("KOTISATAMA_MODE", "demo") != "demo"


def check_addresses() -> None:
    """Refuse a database address that cannot be used before anything starts. Raises BadDatabaseUrl."""
    for name in ("DATABASE_URL", "KOTISATAMA_OWNER_DATABASE_URL"):
        if address := os.environ.get(name):
            try:
                database_url.parse(address)
            except database_url.BadDatabaseUrl as reason:
                raise database_url.BadDatabaseUrl(f"{name}: {reason}") from None


def _run(name: str, words: list[str]) -> int:
    check_addresses()
    if name == "serve":
        from kotisatama.config import serve  # apart, because it has no use for Django

        return serve.main(words[2:])
    if name in OWNER_COMMANDS:
        os.environ.setdefault("KOTISATAMA_AS_OWNER", "1")
    from django.core.management import execute_from_command_line

    needed = not (name in WITHOUT_DATABASE or {"-h", "--help", "--version"} & set(words))
    if needed and name != "prepare" and is_production() and not os.environ.get("DATABASE_URL"):
        raise database_url.BadDatabaseUrl("DATABASE_URL is missing; production does not use the embedded PostgreSQL.")
    with _database(needed=needed and not is_production()):
        execute_from_command_line(words)
    return 0


@contextmanager
def _database(*, needed: bool) -> Iterator[None]:
    """Name the database in the environment, where the settings look for it."""
    if address := os.environ.get("DATABASE_URL"):
        os.environ.setdefault("KOTISATAMA_OWNER_DATABASE_URL", address)
        yield
    elif needed:
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
        server = embedded_postgres.ensure_running(var_directory())
        _name(server.app_url, server.owner_url)
        if os.environ.get("KOTISATAMA_AS_OWNER") == "1":
            prepared.forget(server.home)
        try:
            yield
        finally:
            _close_connections()
            embedded_postgres.release(server)
    elif is_production():
        yield  # `prepare` says what is missing
    else:
        _name(*embedded_postgres.urls(var_directory()))
        yield


def _name(app_url: str, owner_url: str) -> None:
    os.environ["DATABASE_URL"], os.environ["KOTISATAMA_OWNER_DATABASE_URL"] = app_url, owner_url


def _close_connections() -> None:
    from django.conf import settings
    from django.db import connections

    if settings.configured:
        connections.close_all()


if __name__ == "__main__":
    main()
