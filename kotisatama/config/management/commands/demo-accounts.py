"""`kotisatama demo-accounts`: who may sign in to the demo."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from kotisatama.config.demo import region


class Command(BaseCommand):
    """Prints e-mail address, name, role and password of each demo account, one a line, tabs between."""

    help = "Print the demo accounts: e-mail address, name, role, password."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("There are no demo accounts in production.")
        for account in region.ACCOUNTS:
            self.stdout.write(
                "\t".join([region.address(account), account.name, str(account.role.label), region.PASSWORD])
            )
