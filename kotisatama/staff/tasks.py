"""Letters about sign-in, sent after the answer: how long a page takes does not tell who works here."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from kotisatama.staff.models import Worker


def defer_password_link(worker: Worker, *, origin: str, template: str) -> None:
    """Send the letter `welcome` or `forgotten` once the transaction is committed."""
    send_password_link.defer(worker_id=worker.pk, origin=origin, template=template)


def password_link(worker: Worker, *, origin: str) -> str:
    """A link that lets its holder set the worker's password once, within PASSWORD_RESET_TIMEOUT seconds."""
    values = {"uidb36": user_pk_to_url_str(worker), "key": default_token_generator.make_token(worker)}
    return origin.rstrip("/") + reverse("account_reset_password_from_key", kwargs=values)


@app.task(name="staff.send_password_link", retry=RetryStrategy(max_attempts=5, exponential_wait=5))
def send_password_link(*, worker_id: int, origin: str, template: str) -> None:
    """Send the letter in the worker's language; nothing when the account was closed in the meantime."""
    worker = Worker.objects.filter(pk=worker_id, is_active=True).first()
    if worker is None:
        return
    context = {
        "worker": worker,
        "site_name": settings.SITE_NAME,
        "link": password_link(worker, origin=origin),
        "days": settings.PASSWORD_RESET_TIMEOUT // 86_400,
    }
    with translation.override(worker.language):
        subject = render_to_string(f"staff/letters/{template}_subject.txt", context).strip()
        send_mail(subject, render_to_string(f"staff/letters/{template}.txt", context), None, [worker.email])
