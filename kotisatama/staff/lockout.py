"""Lock-out: failures are counted in the database, so that every process of the site counts the same ones.

What is counted (an e-mail address, a network address, a worker's codes) is kept as a keyed hash. An address that
belongs to nobody is counted and locked like any other: the answer does not tell who works here.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from kotisatama.kernel.errors import NotAllowed
from kotisatama.staff.models import SignInAttempt

EMAIL, ADDRESS, CODE = "email", "address", "code"
# A code of an authenticator app is valid for its own half minute and one on either side.
CODE_SECONDS = 120


def check(kind: str, value: object) -> None:
    """Raise NotAllowed while too many failures are counted.

    Holds a lock on the counter until the transaction ends: tries sent all at once are counted one after another.
    """
    key = _key(kind, value)
    _lock(key)
    if is_locked(_latest(key, settings.STAFF_LOCKOUT_FAILURES[kind]), settings.STAFF_LOCKOUT_FAILURES[kind]):
        minutes = settings.STAFF_LOCKOUT_SECONDS // 60
        sentence = _("Too many tries did not succeed. Wait %(minutes)d minutes and try again.")
        raise NotAllowed(sentence % {"minutes": minutes})


def is_locked(failures: list[datetime], limit: int) -> bool:
    """Whether these failures (the latest first, at most `limit`) fill the limit, and the latest is still fresh."""
    window = timedelta(seconds=settings.STAFF_LOCKOUT_SECONDS)
    return (
        len(failures) >= limit and failures[0] - failures[limit - 1] <= window and timezone.now() - failures[0] < window
    )


def count_failure(kind: str, value: object) -> None:
    """Count one more failure, and forget those that are too old to matter."""
    key = _key(kind, value)
    old = timezone.now() - timedelta(seconds=2 * settings.STAFF_LOCKOUT_SECONDS)
    SignInAttempt.objects.filter(at__lt=old).delete()
    SignInAttempt.objects.create(key=key)


def forget(kind: str, value: object) -> None:
    """After a success the counter begins from nothing."""
    SignInAttempt.objects.filter(key=_key(kind, value)).delete()


def use_once(worker_id: int, code: str) -> bool:
    """Mark the worker's code as used; False when it had been used already, in this process or another."""
    key = _key("used", f"{worker_id}:{code}")
    _lock(key)
    fresh = timezone.now() - timedelta(seconds=CODE_SECONDS)
    if SignInAttempt.objects.filter(key=key, at__gt=fresh).exists():
        return False
    SignInAttempt.objects.create(key=key)
    return True


def _key(kind: str, value: object) -> str:
    text = str(value).strip().casefold()
    return salted_hmac("kotisatama.staff.lockout", f"{kind}:{text}", algorithm="sha256").hexdigest()


def _lock(key: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(('x' || %s)::bit(64)::bigint)", [key[:16]])


def _latest(key: str, limit: int) -> list[datetime]:
    return list(SignInAttempt.objects.filter(key=key).order_by("-at").values_list("at", flat=True)[:limit])
