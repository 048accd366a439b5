"""After the answer and by the clock: letters to leads about openings (nothing of the client in them), imports, days."""

from collections.abc import Iterable
from uuid import UUID

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import timezone, translation
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from kotisatama.kernel import row_security
from kotisatama.network.models import Municipality
from kotisatama.people import calendar, duplicates, merging
from kotisatama.people.importing import jobs
from kotisatama.people.models import Person
from kotisatama.staff import queries as staff
from kotisatama.staff.models import Worker

MOST_ATTEMPTS = 5


def defer_letters(worker_ids: Iterable[int], *, link: str) -> None:
    """Tell each lead once the transaction is committed; a letter that fails is tried again alone."""
    for worker_id in worker_ids:
        tell_of_opening.defer(worker_id=worker_id, link=link)


@app.task(name="people.tell_of_opening", retry=RetryStrategy(max_attempts=5, exponential_wait=5))
def tell_of_opening(*, worker_id: int, link: str) -> None:
    """Send the letter in the lead's language; nothing when the account was closed in the meantime."""
    worker = Worker.objects.filter(pk=worker_id, is_active=True).first()
    if worker is None:
        return
    context = {"worker": worker, "site_name": settings.SITE_NAME, "link": link}
    context["days"] = settings.OPENING_REVIEW_WORKDAYS
    with translation.override(worker.language):
        subject = render_to_string("people/letters/opening_subject.txt", context).strip()
        send_mail(subject, render_to_string("people/letters/opening.txt", context), None, [worker.email])


@app.task(
    name="people.import_clients",
    retry=RetryStrategy(max_attempts=MOST_ATTEMPTS, exponential_wait=4),
    pass_context=True,
)
def import_clients(context: JobContext, run_id: str, controller: str, worker_id: int) -> None:
    """Carry out an import that a worker started; safe to run twice, it goes on where it was."""
    worker = staff.worker_by_id(worker_id)
    if worker is None:
        return
    try:
        jobs.carry_out(UUID(run_id), controller, worker)
    except Exception:
        if context.job.attempts + 1 >= MOST_ATTEMPTS:
            jobs.fail(UUID(run_id), controller, worker, why="error")
        raise


@app.periodic(cron="10 0 * * *")
@app.task(name="people.follow_calendar", queueing_lock="people.follow_calendar")
def follow_calendar(timestamp: int) -> None:
    """Residences and grounds of stay that begin today; safe to run twice."""
    calendar.follow(timezone.localdate())


@app.task(name="people.look_for_duplicates")
def look_for_duplicates(person_id: str, controller: str) -> None:
    """Look who may be the same as this person; safe to run twice."""
    with row_security.context(controllers=[controller]):
        person = Person.objects.filter(pk=UUID(person_id)).first()
        if person:
            duplicates.look_for(person)


@app.periodic(cron="17 3 * * *", periodic_id="forget_merges")
@app.task(name="people.forget_merges")
def forget_merges(timestamp: int = 0) -> None:
    """Empty what was kept for undoing merges when its days are over."""
    for controller in Municipality.objects.values_list("pk", flat=True):
        with row_security.context(controllers=[controller]):
            merging.forget_undoable(controller)
