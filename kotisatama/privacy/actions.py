"""Ending data on its day, by a job, a command or after a restore."""

from collections.abc import Iterable
from datetime import date

from kotisatama.network import queries as network
from kotisatama.privacy import retention, tombstones
from kotisatama.privacy.retention import Line
from kotisatama.privacy.tombstones import Applied


def run_retention(*, on: date, controllers: Iterable[str] | None = None, batch: int = retention.BATCH) -> list[Line]:
    """End whatever is due on that day, for all controllers by default, and write the tombstones out."""
    codes = list(network.controllers_ever() if controllers is None else controllers)
    lines = retention.run(on=on, controllers=codes, batch=batch)
    tombstones.write_out(codes)
    return lines


def apply_erasures_again() -> Applied:
    """After a restore: erase again what the file of erasures names."""
    applied = tombstones.apply_again()
    tombstones.write_out(network.controllers_ever())
    return applied
