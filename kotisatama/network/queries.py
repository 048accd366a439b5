"""Reading the region."""

from collections.abc import Iterable
from datetime import date, datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import DateField, OuterRef, Q, QuerySet

from kotisatama.kernel import reference_data
from kotisatama.kernel.compiled import Compiled, Given
from kotisatama.network.models import Mandate, Municipality, OpeningHours, Organisation, ServicePoint


def valid_on(day: date | Given) -> Q:
    """Rows with `valid_from` and `valid_to` (inclusive) that hold on that day."""
    return Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gte=day))


def controller_codes(organisation_id: int, *, on: date) -> list[str]:
    """Codes of the municipalities that have given the organisation a mandate for that day, in order."""
    mandates = Mandate.objects.filter(valid_on(on), organisation_id=organisation_id)
    return sorted(set(mandates.values_list("controller_id", flat=True)))


def controllers_with_mandates(*, on: date) -> list[str]:
    """Codes of the municipalities that have given any organisation a mandate for that day, in order."""
    return sorted(set(Mandate.objects.filter(valid_on(on)).values_list("controller_id", flat=True)))


def organisations_with_mandate(controller: str | Given, *, on: date | Given) -> QuerySet[Organisation]:
    """The organisations that the municipality lets serve its clients on that day."""
    mandates = Mandate.objects.filter(valid_on(on), controller_id=controller)
    return Organisation.objects.filter(pk__in=mandates.values("organisation_id"))


def served_municipalities(*, on: date) -> QuerySet[Municipality]:
    """Municipalities that take part in the joint service on that day."""
    return Municipality.objects.filter(served_from__lte=on)


def controllers_ever() -> list[str]:
    """Codes of all municipalities that have clients' data here, or had: whoever gave a mandate or is served."""
    found = Municipality.objects.filter(Q(mandates__isnull=False) | Q(served_from__isnull=False))
    return sorted(set(found.values_list("code", flat=True)))


def municipalities(codes: Iterable[str]) -> QuerySet[Municipality]:
    """The municipalities of these codes, by name."""
    return Municipality.objects.filter(code__in=list(codes))


def service_points(organisation: Organisation) -> QuerySet[ServicePoint]:
    """The organisation's own service points."""
    return organisation.service_points.all()


def main_service_point() -> ServicePoint | None:
    """The place that the start page names first; none before the region is set up."""
    return ServicePoint.objects.filter(is_main=True).select_related("municipality", "organisation").first()


def main_place(*, on: date) -> tuple[str, frozenset[str]] | None:
    """The main service point's municipality, and the municipalities that its organisation serves on that day.

    None before the region is set up. One query.
    """
    found = _main_place.first(on=on)
    return (found[0], frozenset(found[1])) if found else None


def _main_places() -> "QuerySet[ServicePoint, tuple[str, list[str]]]":
    mandates = Mandate.objects.filter(valid_on(Given("on", DateField())), organisation_id=OuterRef("organisation_id"))
    places = ServicePoint.objects.filter(is_main=True).order_by("pk")
    return places.values_list("municipality_id", ArraySubquery(mandates.values("controller_id")))[:1]


_main_place = Compiled(_main_places)


def opening_hours(service_point: ServicePoint, *, on: date) -> list[OpeningHours]:
    """The opening hours of one day at one place, earliest first."""
    return list(service_point.opening_hours.filter(valid_on(on), weekday=on.isoweekday()).order_by("opens_at"))


def week(*, on: date) -> QuerySet[OpeningHours]:
    """Opening hours valid on that day at every place of the joint service, for a table of the week."""
    return (
        OpeningHours.objects.filter(valid_on(on), service_point__municipality__served_from__lte=on)
        .select_related("service_point__organisation", "service_point__municipality")
        .order_by("service_point__name", "weekday", "opens_at")
    )


def is_open(hours: OpeningHours, *, at: datetime) -> bool:
    """Whether a local moment falls into these hours."""
    return hours.weekday == at.isoweekday() and hours.opens_at <= at.time() < hours.closes_at


def organisations() -> QuerySet[Organisation]:
    """All organisations, by name."""
    return Organisation.objects.order_by("name")


def organisation(slug: str) -> Organisation | None:
    """The organisation of that short name."""
    return Organisation.objects.filter(slug=slug).first()


def organisation_slugs() -> list[str]:
    """Short names of all organisations, in order."""
    return list(Organisation.objects.order_by("slug").values_list("slug", flat=True))


def organisations_serving(controller: str, *, on: date) -> "QuerySet[Mandate, int]":
    """Ids of the organisations that hold a mandate of the controller on that day, for a sub-query."""
    return Mandate.objects.filter(valid_on(on), controller_id=controller).values_list("organisation_id", flat=True)


def organisation_names(ids: Iterable[int]) -> dict[int, str]:
    """Names of these organisations by their keys."""
    return dict(Organisation.objects.filter(pk__in=set(ids)).values_list("pk", "name"))


def organisations_by_controller(codes: Iterable[str], *, on: date) -> dict[str, set[int]]:
    """By municipality the keys of the organisations that it lets serve its clients on that day. One query."""
    found: dict[str, set[int]] = {}
    rows = Mandate.objects.filter(valid_on(on), controller_id__in=list(codes))
    for code, organisation in rows.values_list("controller_id", "organisation_id"):
        found.setdefault(code, set()).add(organisation)
    return found


def packaged_names() -> dict[str, str]:
    """Finnish names by code of the municipalities that come with the software; needs no database."""
    return {row["code"]: row["name_fi"] for row in reference_data.rows("kotisatama.network", "municipalities.csv")}


def own_organisations(codes: Iterable[str]) -> dict[str, str]:
    """Names of the municipalities' own organisations (not those that serve them) by code. One query."""
    kind = Organisation.Kind.MUNICIPALITY
    return dict(Organisation.objects.filter(kind=kind, home__in=list(codes)).values_list("home_id", "name"))


def every_municipality() -> QuerySet[Municipality]:
    """All municipalities that are known here, by name."""
    return Municipality.objects.all()
