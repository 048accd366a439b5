"""What the start page tells about today."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from kotisatama.network import queries as network
from kotisatama.network.models import OpeningHours, ServicePoint


@dataclass(frozen=True)
class Today:
    """One place today: its hours in order, those that hold at this moment, and the languages spoken in them."""

    place: ServicePoint
    hours: list[OpeningHours]
    now: list[OpeningHours]

    @property
    def daytime(self) -> list[OpeningHours]:
        """The centre's own hours of the day."""
        return [hours for hours in self.hours if hours.kind != OpeningHours.Kind.PEER_SUPPORT]

    @property
    def evening(self) -> list[OpeningHours]:
        """Hours in which an association gives peer support."""
        return [hours for hours in self.hours if hours.kind == OpeningHours.Kind.PEER_SUPPORT]

    @property
    def languages_now(self) -> list[str]:
        """Codes of the languages spoken at this moment, each once."""
        return list(dict.fromkeys(code for hours in self.now for code in hours.languages))


def today(*, at: datetime | None = None) -> Today | None:
    """The main service point at a moment (now by default); None before the region is set up."""
    place = network.main_service_point()
    if place is None:
        return None
    moment = timezone.localtime(at)
    hours = network.opening_hours(place, on=moment.date())
    return Today(place, hours, [each for each in hours if network.is_open(each, at=moment)])


@dataclass(frozen=True)
class PlaceWeek:
    """One place and its rows of the week, Monday first."""

    place: ServicePoint
    hours: list[OpeningHours]


def week() -> list[PlaceWeek]:
    """Every place with its opening hours of the week, for the page about visiting."""
    places: dict[int, PlaceWeek] = {}
    for hours in network.week(on=timezone.localdate()):
        place = places.setdefault(hours.service_point_id, PlaceWeek(hours.service_point, []))
        place.hours.append(hours)
    return sorted(places.values(), key=lambda each: (not each.place.is_main, each.place.name))
