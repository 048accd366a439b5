"""Apps that know whose a file is ask more before it opens: they add their question when they start."""

from collections.abc import Callable, Collection
from uuid import UUID

from kotisatama.documents.models import Document
from kotisatama.staff.models import Worker

Gate = Callable[[Worker, Document], None]

# Those of the ids that are kept for a reason of their own, when what they came with ends.
Kept = Callable[[Collection[UUID]], Collection[UUID]]

_kept: dict[str, Kept] = {}
_gates: dict[str, Gate] = {}


def add_gate(name: str, gate: Gate) -> None:
    """Let this be asked of each file before it is shown; it raises Http404 or AskFirst to refuse."""
    _gates[name] = gate


def ask_gates(viewer: Worker, document: Document) -> None:
    """Ask everything that was added; the first refusal goes on to the page."""
    for gate in _gates.values():
        gate(viewer, document)


def add_kept(name: str, kept: Kept) -> None:
    """Let the app say which files outlive what they came with: it declares whose they are, and ends them."""
    _kept[name] = kept


def not_kept(ids: Collection[UUID]) -> list[UUID]:
    """Those of the ids that nobody keeps."""
    kept = {each for found in _kept.values() for each in found(ids)}
    return [each for each in ids if each not in kept]
