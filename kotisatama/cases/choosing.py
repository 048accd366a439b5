"""From a list to the cases that are assigned: which were chosen, and the plan that the page shows and sends back."""

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import QueryDict

from kotisatama.cases import access, assigning, receivers, worklists
from kotisatama.cases.assigning import MOST_AT_ONCE, Move
from kotisatama.cases.models import Case
from kotisatama.cases.worklists import Asked, Line
from kotisatama.kernel import identifiers
from kotisatama.staff.models import Worker


@dataclass(frozen=True)
class Chosen:
    """The cases of a list that may be assigned, at most 200 at once; `left_out` may not be, or were too many."""

    asked: Asked
    ids: list[uuid.UUID]
    cases: list[Case]
    left_out: int

    @property
    def controllers(self) -> list[str]:
        """The controllers of these cases."""
        return sorted({case.controller_id for case in self.cases})


@dataclass(frozen=True)
class Plan:
    """Who would get what. `key` makes the same page sent twice one assignment."""

    key: uuid.UUID
    moves: list[tuple[Line, Worker]]
    loads: list[tuple[Worker, int, int]]
    kept: int


def chosen(viewer: Worker, sent: QueryDict) -> Chosen:
    """The cases that an address names, or all of the list that it describes."""
    wanted, ids = worklists.asked(sent), _ids(sent.getlist("case"))
    found = worklists.listed(viewer, wanted)
    cases = list((found.filter(pk__in=ids) if ids else found)[: MOST_AT_ONCE + 1])
    may = [case for case in cases[:MOST_AT_ONCE] if access.can_assign(viewer, case)]
    return Chosen(wanted, ids, may, len(cases) - len(may))


def _ids(texts: Sequence[str]) -> list[uuid.UUID]:
    found = []
    for text in texts[:MOST_AT_ONCE]:
        try:
            found.append(uuid.UUID(text))
        except ValueError:
            continue
    return found


def plan(found: Chosen, candidates: Sequence[Worker], reader: str) -> Plan | None:
    """Each case to the least loaded of the candidates, with their loads before and after; None without candidates."""
    if not candidates or not found.cases:
        return None
    before = receivers.loads(candidates)
    moves = assigning.plan(found.cases, candidates, before)
    more = Counter(worker.pk for _case, worker in moves)
    lines = worklists.lines([case for case, _worker in moves], reader)
    return Plan(
        key=identifiers.new_id(),
        moves=[(line, worker) for line, (_case, worker) in zip(lines, moves, strict=True)],
        loads=[(worker, before[worker.pk], before[worker.pk] + more[worker.pk]) for worker in candidates],
        kept=len(found.cases) - len(moves),
    )


def moves(sent: Mapping[str, str] | QueryDict) -> tuple[uuid.UUID | None, list[Move]]:
    """The key and the plan that a page sends back, one `move` as `case:version:worker`; what is none is left out."""
    keys = _ids([str(sent.get("key"))])
    texts = sent.getlist("move") if isinstance(sent, QueryDict) else []
    found = [move for text in texts[:MOST_AT_ONCE] if (move := _move(text))]
    return (keys[0] if keys else None), found


def _move(text: str) -> Move | None:
    case, _colon, numbers = text.partition(":")
    version, _colon, worker = numbers.partition(":")
    ids = _ids([case])
    if not ids or not version.isdecimal() or not worker.isdecimal():
        return None
    return Move(ids[0], int(version), int(worker))
