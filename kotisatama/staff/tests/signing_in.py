"""Steps that the tests of sign-in share."""

import time
from typing import Any

from allauth.mfa.totp.internal import auth as totp
from django.test import Client
from django.urls import reverse

from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Role
from tests import builders

PASSWORD = "three words in a row"


def a_worker_with_password(role: str = Role.COUNSELLOR) -> Worker:
    """A worker who can sign in by the page."""
    worker = builders.a_worker(role)
    worker.set_password(PASSWORD)
    worker.save()
    return worker


def sign_in(client: Client, email: str, password: str = PASSWORD, **more: Any) -> Any:
    """Send the sign-in page."""
    return client.post(reverse("account_login"), {"login": email, "password": password}, **more)


def is_signed_in(client: Client) -> bool:
    """Whether the worker's own page opens."""
    return client.get(reverse("staff:profile")).status_code == 200


def code_of(secret: str, *, steps: int = 0) -> str:
    """The code that an authenticator app shows now, or so many half minutes later."""
    counter = int(time.time()) // 30 + steps
    return str(totp.format_hotp_value(totp.hotp_value(secret, counter)))


def set_up_app(worker: Worker) -> str:
    """Give the worker an authenticator app as the page does; return its secret."""
    secret = str(totp.generate_totp_secret())
    totp.TOTP.activate(worker, secret)
    return secret
