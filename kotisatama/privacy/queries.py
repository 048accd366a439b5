"""Reading what is due and what is declared."""

from collections.abc import Iterable
from datetime import date

from kotisatama.network import queries as network
from kotisatama.privacy import retention
from kotisatama.privacy.retention import Line


def due(*, on: date, controllers: Iterable[str] | None = None) -> list[Line]:
    """What a run on that day would end, for all controllers by default."""
    return retention.due(on=on, controllers=network.controllers_ever() if controllers is None else controllers)
