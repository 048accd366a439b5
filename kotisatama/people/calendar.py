"""What a day changes by itself: a residence or a ground of stay that was recorded ahead begins."""

from datetime import date, timedelta

from django.db.models import Q

from kotisatama.audit import actions as audit
from kotisatama.kernel import row_security
from kotisatama.network.models import Municipality
from kotisatama.people import history, living
from kotisatama.people.models import Person

# A job that did not run for some days catches up.
DAYS_BACK = 14


def follow(on: date) -> int:
    """Bring municipality and ground of every person in step with what has begun; how many changed. Repeatable."""
    return sum(_follow(code, on) for code in Municipality.objects.order_by("pk").values_list("pk", flat=True))


def _follow(controller: str, on: date) -> int:
    """Those of one controller, in a transaction of their own."""
    days = (on - timedelta(days=DAYS_BACK), on)
    with row_security.context(controllers=[controller]):
        begun = Q(residences__valid_from__range=days) | Q(ground_periods__valid_from__range=days)
        keys = Person.objects.filter(begun, controller=controller).values("pk")
        people = Person.objects.filter(pk__in=keys).select_for_update(of=("self",)).order_by("pk")
        return sum(_changed(person, on) for person in people)


def _changed(person: Person, on: date) -> bool:
    before = living.keep_current(person, on=on)
    if before:
        history.keep(person, before, by=None, version=person.version)
        details = {"fields": sorted(before)}
        audit.record("person.changed", by=None, controllers=[person.controller_id], subject=person, details=details)
    return bool(before)
