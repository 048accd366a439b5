"""Migrations: one line for each app, and nothing in the models that no migration tells."""

from collections import Counter

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from tests import source

pytestmark = pytest.mark.django_db


def own_migrations() -> list[tuple[str, str]]:
    graph = MigrationLoader(connection).graph
    return [key for key in graph.nodes if (source.PACKAGE / key[0]).is_dir()]


def test_each_app_has_one_line_of_migrations() -> None:
    graph = MigrationLoader(connection).graph
    labels = {app for app, _ in own_migrations()}
    assert labels
    assert not {app: graph.leaf_nodes(app) for app in labels if len(graph.leaf_nodes(app)) != 1}
    parents = {
        key: [parent.key for parent in graph.node_map[key].parents if parent.key[0] == key[0]]
        for key in own_migrations()
    }
    assert not {key: found for key, found in parents.items() if len(found) > 1}


def test_numbers_of_migrations_are_not_used_twice() -> None:
    numbers = Counter((app, name.split("_")[0]) for app, name in own_migrations())
    assert not [key for key, count in numbers.items() if count > 1]


def test_models_and_migrations_say_the_same() -> None:
    """Exits with 1, and with it this test, when a migration is missing."""
    call_command("makemigrations", "--check", "--dry-run", verbosity=1)


def test_migrations_use_no_code_of_the_apps_of_today() -> None:
    """A migration that calls an action of today does something else next year."""
    allowed = ("kotisatama.kernel",)
    faults = [
        f"{source.name_of(path)}:{number} imports {name}"
        for path in source.files(".py")
        if path.parent.name == "migrations"
        for number, name in source.imports(path)
        if name.startswith("kotisatama.") and not name.startswith(allowed)
        if name.split(".")[-1] in {"actions", "queries", "access", "rules"}
    ]
    assert not faults, "\n".join(faults)
