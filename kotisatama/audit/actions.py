"""Adding a line, in the transaction of what it tells about.

A worker's request leaves one line for what it showed, and one for each thing that it changed.
"""

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
# What this request has shown so far; None outside a worker's request.
_shown: ContextVar[list[Line] | None] = ContextVar("shown", default=None)
only_counting: ContextVar[bool] = ContextVar("only_counting", default=False)


# What actions that only look end in; everything else changed something, or is told apart whatever the page shows.
LOOKS = frozenset({"viewed", "listed", "searched", "rows_listed", "refused"})


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
    shown = _shown.get()
    if shown is not None and action.rpartition(".")[2] in LOOKS:
        shown.append(line)
    else:
        _write(line)
    lines_of_request.set(lines_of_request.get() + 1)


def _write(line: Line) -> None:
    line.mac = codes.line_code(codes.canonical([getattr(line, name) for name in codes.CONTENT]))
    Line.objects.bulk_create([line])


@contextmanager
def one_line_for_what_is_shown() -> Generator[list[Line]]:
    """Within this block looks are gathered; whoever opened it ends with `write_shown`."""
    token = _shown.set([])
    try:
        yield _shown.get() or []
    finally:
        _shown.reset(token)


def write_shown(*, has_content: bool) -> None:
    """Write one line for all that the request looked at: one a client, when it looked at several.

    A request that changed something and answers without content has shown nothing; the line of the change tells it.
    """
    shown = _shown.get() or []
    has_changed = lines_of_request.get() > len(shown)
    if has_changed and not has_content:
        return
    first, *others = dict.fromkeys(line.person_id for line in shown if line.person_id) or [None]
    if shown:
        _write(_merged([line for line in shown if line.person_id in (first, None)]))
    for person in others:
        _write(_merged([line for line in shown if line.person_id == person]))


def _merged(lines: list[Line]) -> Line:
    """The line that says the most, with what the others said in its details: `also` has their codes and rows."""
    best = max(lines, key=lambda line: (line.person_id is not None, line.subject_id is not None))
    others = [line for line in lines if line is not best]
    if others:
        more = {key: value for line in others for key, value in line.details.items()}
        also = [[line.action, str(line.subject_id)] if line.subject_id else [line.action] for line in others]
        best.details = more | best.details | {"also": also}
        best.controllers = sorted({code for line in lines for code in line.controllers})
    return best
