"""What cases ask of the apps above: the app of contacts tells when somebody was last met."""

from collections.abc import Callable
from datetime import date

from kotisatama.people.models import Person

LastContact = Callable[[Person], date | None]

_sources: dict[str, LastContact] = {}


def add_last_contact(name: str, source: LastContact) -> None:
    """Ask this source too for the day of a client's last contact."""
    _sources[name] = source


def last_contact_on(person: Person) -> date | None:
    """The day of the client's last contact, as far as this transaction's context sees; one query a source."""
    days = [day for source in _sources.values() if (day := source(person))]
    return max(days, default=None)
