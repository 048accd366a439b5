"""Adding a line, in the transaction of what it tells about."""

from collections.abc import Generator, Iterable
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Protocol

from django.db import models

from kotisatama.audit.models import Line


class Actor(Protocol):
    """A worker, as far as the trail needs one."""

    pk: int
    organisation_id: int


lines_of_request: ContextVar[int] = ContextVar("lines_of_request", default=0)
only_counting: ContextVar[bool] = ContextVar("only_counting", default=False)


@contextmanager
def counting() -> Generator[None]:
    """Within this block a query gives a number for a badge, nothing of any client: it needs no line."""
    token = only_counting.set(True)
    try:
        yield
    finally:
        only_counting.reset(token)


def record(
    action: str,
    *,
    by: Actor | None,
    controllers: Iterable[str],
    subject: models.Model | None = None,
    details: dict[str, Any] | None = None,
) -> None:
    """Write one line: `action` in the past tense (`person.viewed`), `by` None for a visitor of the public pages.

    `controllers` must lie within the transaction's context, else the database refuses the line and with it the page.
    """
    Line.objects.bulk_create(
        [
            Line(
                worker_id=by.pk if by else None,
                organisation_id=by.organisation_id if by else None,
                action=action,
                controllers=sorted(set(controllers)),
                subject_type=subject._meta.label_lower if subject else "",
                subject_id=subject.pk if subject else None,
                details=details or {},
            )
        ]
    )
    lines_of_request.set(lines_of_request.get() + 1)
