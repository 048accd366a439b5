"""Which controller a submission belongs to."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from kotisatama.intake import mapping
from kotisatama.network import queries as network


class NoServicePoint(LookupError):
    """The region has no main service point: it is not set up yet."""


def controller_of(answers: Mapping[str, Any]) -> str:
    """The home municipality when it lets the centre serve its people today, else that of the main service point."""
    place = network.main_place(on=timezone.localdate())
    if place is None:
        raise NoServicePoint
    main, served = place
    home = mapping.municipality(answers)
    return home if home in served else main
