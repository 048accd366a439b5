"""What keeps a person: the days of their contacts, cases and messages, also of those that ended before the person."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from kotisatama.privacy import registry
from kotisatama.privacy.models import LastActivity
from kotisatama.privacy.reach import Reached
from kotisatama.privacy.registry import Holding


def quiet_since(persons: QuerySet[Any], day: date) -> QuerySet[Any]:
    """Persons of whom no row tells of anything after that day, and none is open."""
    for holding in _telling():
        later = holding.is_open or Q(pk__in=[])
        for name in holding.activity:
            later |= after(holding.model, name, day)
        rows = holding.model._base_manager.filter(later, **{holding.person: OuterRef("pk")})
        persons = persons.filter(~Exists(rows))
    return persons.filter(~Exists(LastActivity.objects.filter(subject_id=OuterRef("pk"), on__gt=day)))


def keep_days(reached: Reached, controller: str) -> None:
    """Remember the latest day that rows tell of, which are about to end before their person."""
    latest: dict[UUID, date] = {}
    for holding in _telling():
        if holding in reached:
            for subject, day in _days(holding, reached.rows(holding)):
                latest[subject] = max(day, latest.get(subject, day))
    for known in LastActivity.objects.filter(pk__in=latest):
        latest[known.pk] = max(latest[known.pk], known.on)
    kept = [LastActivity(controller_id=controller, subject_id=subject, on=day) for subject, day in latest.items()]
    LastActivity.objects.bulk_create(kept, update_conflicts=True, unique_fields=["subject_id"], update_fields=["on"])


def last_days(subjects: Sequence[UUID]) -> dict[UUID, date]:
    """The last day that anything tells of each person, as far as something does; open things do not count."""
    latest = {each.pk: each.on for each in LastActivity.objects.filter(pk__in=subjects)}
    for holding in _telling():
        rows = holding.model._base_manager.filter(**{f"{holding.person}__in": subjects})
        for subject, day in _days(holding, rows):
            latest[subject] = max(day, latest.get(subject, day))
    return latest


def _telling() -> list[Holding]:
    return [each for each in registry.holdings() if each.person and (each.activity or each.is_open is not None)]


def _days(holding: Holding, rows: QuerySet[Any]) -> Iterator[tuple[UUID, date]]:
    whose = holding.person
    of_persons = rows.filter(**{f"{whose}__isnull": False}).order_by()
    columns = {f"latest_{number}": Max(name) for number, name in enumerate(holding.activity)}
    for subject, *found in of_persons.values_list(whose).annotate(**columns):
        for day in found:
            if day is not None:
                yield subject, timezone.localdate(day) if isinstance(day, datetime) else day


def not_after(model: type[models.Model], name: str, day: date) -> Q:
    """The field's day is that day or an earlier one, in local time."""
    if isinstance(model._meta.get_field(name), models.DateTimeField):
        return Q(**{f"{name}__lt": midnight(day + timedelta(days=1))})
    return Q(**{f"{name}__lte": day})


def after(model: type[models.Model], name: str, day: date) -> Q:
    """The field's day is a later one."""
    if isinstance(model._meta.get_field(name), models.DateTimeField):
        return Q(**{f"{name}__gte": midnight(day + timedelta(days=1))})
    return Q(**{f"{name}__gt": day})


def midnight(day: date) -> datetime:
    """The first moment of a local day."""
    return timezone.make_aware(datetime.combine(day, time()))


def is_open(subject_id: UUID) -> bool:
    """Whether something of the person is open, such as a case."""
    return any(
        holding.model._base_manager.filter(holding.is_open, **{holding.person: subject_id}).exists()
        for holding in _telling()
        if holding.is_open is not None
    )


def day_of(moment: Any) -> date | None:
    """The local day of a moment, or the day itself."""
    if moment is None or not isinstance(moment, datetime):
        return moment
    return timezone.localdate(moment)
