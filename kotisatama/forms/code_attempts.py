"""Guessing codes: tries that opened nothing are counted, by network address and altogether, in the database.

A code has 24^12 values (55 bits). With at most 1,000 wrong tries in a quarter of an hour from the whole world, and
10,000 codes alive, a hit takes some thousand years.
"""

from datetime import timedelta

from django.db import connection
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from kotisatama.forms.models import CodeAttempt
from kotisatama.kernel.errors import NotAllowed

WINDOW = timedelta(minutes=15)
# A library has one address for all its visitors.
MOST_FROM_AN_ADDRESS = 20
MOST_ALTOGETHER = 1_000


class TooManyTries(NotAllowed):
    """Wait: too many codes were wrong."""


def check_tries(address: str) -> None:
    """Raise TooManyTries. Tries sent all at once from one address are counted one after another."""
    key = _key(address)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(('x' || %s)::bit(64)::bigint)", [key[:16]])
    recent = CodeAttempt.objects.filter(at__gt=timezone.now() - WINDOW)
    if recent.filter(key=key).count() >= MOST_FROM_AN_ADDRESS or recent.count() >= MOST_ALTOGETHER:
        raise TooManyTries(_("Too many codes were wrong. Wait 15 minutes and try again."))


def count_try(address: str) -> None:
    """Count a code that opened nothing, and forget those that are too old to matter."""
    CodeAttempt.objects.filter(at__lt=timezone.now() - 2 * WINDOW).delete()
    CodeAttempt.objects.create(key=_key(address))


def _key(address: str) -> str:
    return salted_hmac("kotisatama.forms.code_attempts", address, algorithm="sha256").hexdigest()
