"""`kotisatama create-worker`: the first main user of a site, or a worker when nobody can sign in."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, no_translations
from django.core.validators import validate_email

from kotisatama.kernel.errors import NotAllowed
from kotisatama.network import queries as network
from kotisatama.staff import actions, tasks
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Role


class Command(BaseCommand):
    help = "Make a worker and print a link with which the worker sets the password; it works once, for 3 days."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("email", help="the worker's e-mail address")
        parser.add_argument("--name", required=True, help="the worker's name")
        parser.add_argument("--organisation", required=True, metavar="SLUG", help="short name of the organisation")
        parser.add_argument("--role", required=True, action="append", choices=Role.values, help="may be repeated")
        parser.add_argument("--language", default="fi", choices=Worker.Language.values, help="language of the screens")
        site = next(iter(settings.CSRF_TRUSTED_ORIGINS), "http://localhost:8000")
        parser.add_argument("--site", default=site, help="the site's address in the link (default: %(default)s)")

    @no_translations
    def handle(self, *args: Any, **options: Any) -> None:
        """Print the link to standard output."""
        organisation = network.organisation(options["organisation"])
        if organisation is None:
            known = ", ".join(network.organisation_slugs()) or "none yet; make one with create-organisation"
            raise CommandError(f"There is no organisation {options['organisation']}. There are: {known}.")
        try:
            validate_email(options["email"])
            worker = actions.create_first_worker(
                email=options["email"],
                name=options["name"],
                organisation=organisation,
                roles=options["role"],
                language=options["language"],
            )
        except (ValidationError, NotAllowed) as reason:
            raise CommandError(" ".join(getattr(reason, "messages", [str(reason)]))) from reason
        self.stderr.write(f"{worker.name} can now set a password with this link:")
        self.stdout.write(tasks.password_link(worker, origin=options["site"]))
