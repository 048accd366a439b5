"""`kotisatama create-organisation`: an organisation and the mandates that it begins with, on a real site."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, no_translations

from kotisatama.kernel.errors import NotAllowed
from kotisatama.network import actions
from kotisatama.network.models import Organisation


class Command(BaseCommand):
    help = "Make an organisation (or find it by its short name) and give it mandates from municipalities."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("slug", help="short name in small letters, such as joensuu")
        parser.add_argument("--name", required=True, help="the organisation's name")
        parser.add_argument("--kind", required=True, choices=Organisation.Kind.values)
        parser.add_argument("--home", required=True, metavar="CODE", help="municipality code, such as 167")
        parser.add_argument("--mandate", action="append", default=[], metavar="CODE", help="may be repeated")
        parser.add_argument("--from", dest="valid_from", type=date.fromisoformat, required=True, metavar="YYYY-MM-DD")
        parser.add_argument("--basis", default="", help="the agreement or decision behind the mandates")

    @no_translations
    def handle(self, *args: Any, **options: Any) -> None:
        """Print the short name to standard output."""
        if options["mandate"] and not options["basis"]:
            raise CommandError("A mandate needs --basis: the agreement or decision behind it.")
        try:
            organisation = actions.set_up_organisation(
                slug=options["slug"],
                name=options["name"],
                kind=options["kind"],
                home=options["home"],
                mandates=options["mandate"],
                valid_from=options["valid_from"],
                basis=options["basis"],
            )
        except NotAllowed as reason:
            raise CommandError(str(reason)) from reason
        self.stderr.write(f"{organisation.name} is there.")
        self.stdout.write(organisation.slug)
