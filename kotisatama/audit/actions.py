"""Adding a line, in the transaction of what it tells about."""

import json
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Protocol
from uuid import UUID

from django.db import models

from kotisatama.audit import codes, registry
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
    about: UUID | None = None,
    details: dict[str, Any] | None = None,
) -> None:
    """Write one line: `action` in the past tense (`person.viewed`), `by` None for a visitor of the public pages.

    `about` is the client whom it concerns, when it is one: the client's own view of looks finds the line by it. Left
    out, it follows from the subject (registry.person_of). Whatever concerned several clients tells their number.
    `controllers` must lie within the transaction's context, else the database refuses the line and with it the page.
    """
    line = Line(
        worker_id=by.pk if by else None,
        organisation_id=by.organisation_id if by else None,
        action=action,
        controllers=sorted(set(controllers)),
        subject_type=subject._meta.label_lower if subject else "",
        subject_id=subject.pk if subject else None,
        person_id=about or (registry.person_of(subject) if subject else None),
        details=json.loads(json.dumps(details or {})),  # as it will be read back: plain texts and numbers
    )
    line.mac = codes.line_code(codes.canonical([getattr(line, name) for name in codes.CONTENT]))
    Line.objects.bulk_create([line])
    lines_of_request.set(lines_of_request.get() + 1)
