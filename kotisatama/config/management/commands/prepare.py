"""Before serving: refuse unsafe settings, migrate as the owner, load the demo region once as the application's role.

Progress goes to standard error; standard output gets the text about the demo accounts, if there is any. One process
does it all, because importing the application three times is most of the time of a start.
"""

import io
import os
from typing import Any

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connections
from django.db.migrations.executor import MigrationExecutor

from kotisatama.config import production
from kotisatama.kernel import database_url


class Command(BaseCommand):
    help = "Migrate as the owner and load the demo region, as `serve` does before it serves."
    requires_system_checks = []  # the settings are checked first, in sentences

    def handle(self, *args: Any, **options: Any) -> None:
        if found := production.problems(settings):
            raise CommandError("\n".join(["This site must not run with these settings:", *found]))
        self._migrate()
        connections["default"].close()
        connections["default"].settings_dict.update(database_url.parse(os.environ["DATABASE_URL"]))
        if settings.DEMO:
            self._load_demo()

    def _migrate(self) -> None:
        try:
            executor = MigrationExecutor(connections["default"])
        except OperationalError as reason:
            raise CommandError(f"The database does not answer: {reason}Check DATABASE_URL and that it runs.") from None
        waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
        if waiting:
            self._say(f"Database: applying {waiting} migrations as the owner ...")
            call_command("migrate", verbosity=0, interactive=False)
        else:
            self._say("Database: nothing to migrate.")
        call_command("audit-months", stdout=io.StringIO())

    def _load_demo(self) -> None:
        commands = get_commands()
        if "demo-region" in commands:
            self._say("Demo region: loading it, unless it is there already ...")
            call_command("demo-region", stdout=io.StringIO())
        if "demo-accounts" in commands:
            call_command("demo-accounts", stdout=self.stdout)

    def _say(self, text: str) -> None:
        self.stderr.write(text, style_func=str)  # not in the colour of errors
