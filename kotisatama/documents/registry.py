"""Apps that know whose a file is ask more before it opens: they add their question when they start."""

from collections.abc import Callable

from kotisatama.documents.models import Document
from kotisatama.staff.models import Worker

Gate = Callable[[Worker, Document], None]

_gates: dict[str, Gate] = {}


def add_gate(name: str, gate: Gate) -> None:
    """Let this be asked of each file before it is shown; it raises Http404 or AskFirst to refuse."""
    _gates[name] = gate


def ask_gates(viewer: Worker, document: Document) -> None:
    """Ask everything that was added; the first refusal goes on to the page."""
    for gate in _gates.values():
        gate(viewer, document)
