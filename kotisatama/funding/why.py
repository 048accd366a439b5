"""The door to chains: a code becomes a step, if the viewer may see it."""

from kotisatama.funding import access, chains, sources
from kotisatama.funding.chains import Asked, Step
from kotisatama.funding.models import Cost, Project
from kotisatama.staff.models import Worker

MAKERS = sources.MAKERS | {"claim": chains.claim}


def step(viewer: Worker, project: Project, code: str) -> Step | None:
    """The step of that code; None when there is none that the viewer may see."""
    first, *words = code.split(".")
    maker = MAKERS.get(first)
    return maker(Asked(viewer, project, code, tuple(words))) if maker else None


def changeable(viewer: Worker, project: Project, found: Step) -> Cost | None:
    """The row of the ledger that the step is about, for whoever keeps the project."""
    word, _dot, key = found.code.partition(".")
    if word != "cost" or not access.can_manage(viewer, project):
        return None
    return access.visible_costs(viewer, project).filter(pk=int(key)).first()


def claim_number(code: str) -> int | None:
    """The number of the claim whose figure the code names; None for other figures."""
    word, number, *_rest = [*code.split("."), ""]
    return int(number) if word == "claim" else None
