"""What the builder reads: the version, and the steps that can be taken back."""

from typing import NamedTuple

from django.http import Http404

from kotisatama.forms import access
from kotisatama.forms.building_models import Step
from kotisatama.forms.models import Version


class Steps(NamedTuple):
    """The step that can be taken back and the one that can be taken again; None where there is none."""

    back: Step | None
    again: Step | None


def version_to_build(code: str, number: str) -> Version:
    """The version with its form and who changed it last; raises Http404."""
    version = access.at_address(code, number).first()
    if version is None:
        raise Http404(f"{code} {number}")
    return version


def steps(version: Version) -> Steps:
    """What can be taken back or again now; nothing when somebody changed the rows outside the builder."""
    kept = list(Step.objects.filter(version=version).defer("rows").order_by("place"))
    at = next((place for place, step in enumerate(kept) if step.revision == version.revision), None)
    if at is None:
        return Steps(None, None)
    return Steps(kept[at] if at > 0 else None, kept[at + 1] if at + 1 < len(kept) else None)


def repeated(version: Version, request: str) -> Step | None:
    """The last step, when it was made by this very POST: the repeat of a save that has happened."""
    return Step.objects.filter(version=version, revision=version.revision, request=request).defer("rows").last()
