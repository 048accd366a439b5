"""`kotisatama people-refresh`: make anew what persons are found by, and look who may stand twice."""

from typing import Any

from django.core.management.base import BaseCommand

from kotisatama.kernel import row_security
from kotisatama.network.models import Municipality
from kotisatama.people import duplicates, tokens


class Command(BaseCommand):
    """After an update that changed how names are read; may be stopped and run again."""

    help = "Make the tokens of all persons anew and look for likely pairs, one municipality after the other."

    def handle(self, *args: Any, **options: Any) -> None:
        for controller in Municipality.objects.values_list("pk", flat=True):
            with row_security.context(controllers=[controller]):
                done = tokens.renew_all(controller)
            with row_security.context(controllers=[controller]):
                for number in duplicates.look_at_all(controller):
                    self.stderr.write(f"{controller}: {number} of {done} persons", style_func=str)
