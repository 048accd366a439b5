"""Looks that somebody should ask about: computed once a day, a controller at a time, from the lines of one day."""

import statistics
from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q

from kotisatama.audit import actions as audit
from kotisatama.audit import queries as trail
from kotisatama.audit.queries import DayOfWorker
from kotisatama.cases.models import Case
from kotisatama.contacts.models import Contact
from kotisatama.intake.models import Item
from kotisatama.kernel import row_security
from kotisatama.people import actions as people
from kotisatama.people import queries as people_queries
from kotisatama.people.models import UnusualLook
from kotisatama.staff import queries as staff

Reason = UnusualLook.Reason

COMPARED_DAYS = 30
# Far above the usual: beyond the median by so many median deviations, which one wild day does not move.
DEVIATIONS = 5
LEAST_DEVIATION = 2
LEAST_TO_NOTE = 15
# A contact this close to the look explains it.
NEAR = timedelta(days=30)


def note_day(controller: str, day: date) -> int:
    """Find and note the unusual looks of one day at one controller's clients; safe to run twice. How many were new."""
    with row_security.context(controllers=[controller]):
        workers = trail.day_of_workers(day)
        new = people.note_unusual_looks(_rows(controller, day, workers))
        if new:
            audit.record("unusual_looks.noted", by=None, controllers=[controller], details={"count": new})
    return new


def _rows(controller: str, day: date, workers: list[DayOfWorker]) -> Iterator[UnusualLook]:
    for reason, worker, person, count, usual in _found(day, workers):
        yield UnusualLook(
            controller_id=controller,
            worker_id=worker,
            person_id=person,
            day=day,
            reason=reason,
            count=count,
            usual=usual,
        )


Found = tuple[Reason, int, UUID | None, int, int | None]


def _found(day: date, workers: list[DayOfWorker]) -> Iterator[Found]:
    pairs = {(each.worker_id, person): count for each in workers for person, count in each.persons.items()}
    names = staff.worker_names(each.worker_id for each in workers)
    for worker, person in sorted(people_queries.with_surname_of(names, pairs), key=str):
        yield Reason.SAME_NAME, worker, person, pairs[worker, person], None
    for worker, person in sorted(people_queries.with_address_of_namesake(names, pairs), key=str):
        yield Reason.SAME_ADDRESS, worker, person, pairs[worker, person], None
    for worker, person in sorted(pairs.keys() - _related(set(pairs), day), key=str):
        yield Reason.NO_RELATION, worker, person, pairs[worker, person], None
    yield from ((Reason.NIGHT, each.worker_id, None, each.at_night, None) for each in workers if each.at_night)
    before = trail.persons_a_day(list(names), since=day - timedelta(days=COMPARED_DAYS), before=day)
    for each in workers:
        most = most_usual(before.get(each.worker_id, []))
        if len(each.persons) > most:
            yield Reason.MANY, each.worker_id, None, len(each.persons), most


def most_usual(days: list[int]) -> int:
    """How many clients a day are not yet unusual for a worker with these days behind."""
    if not days:
        return LEAST_TO_NOTE
    middle = statistics.median(days)
    deviation = max(LEAST_DEVIATION, statistics.median(abs(each - middle) for each in days))
    return max(LEAST_TO_NOTE, int(middle + DEVIATIONS * deviation))


def _related(pairs: set[tuple[int, UUID]], day: date) -> set[tuple[int, UUID]]:
    """Those pairs in which the worker has something to do with the client: a case, a contact near that day, a form."""
    workers, persons = {worker for worker, _person in pairs}, {person for _worker, person in pairs}
    still_open = Q(closed_on__isnull=True) | Q(closed_on__gte=day - NEAR)
    cases = Case.objects.filter(still_open, worker_id__in=workers, person_id__in=persons)
    contacts = Contact.objects.filter(worker_id__in=workers, person_id__in=persons, at__date__gte=day - NEAR)
    forms = Item.objects.filter(claimed_by_id__in=workers, person_id__in=persons)
    return {
        *cases.values_list("worker_id", "person_id"),
        *contacts.values_list("worker_id", "person_id"),
        *forms.values_list("claimed_by_id", "person_id"),
    }
