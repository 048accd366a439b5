"""Letters to leads about openings, after the answer to the worker; nothing of the client stands in them."""

from collections.abc import Iterable

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import translation
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from kotisatama.staff.models import Worker


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
