"""A version as it would be if it were published now."""

from kotisatama.forms import queries
from kotisatama.forms.building import drawing
from kotisatama.forms.building.explaining import Hidden as Hidden
from kotisatama.forms.building.explaining import hidden as hidden
from kotisatama.forms.models import Version
from kotisatama.forms.structure import Definition


def definition(version: Version) -> Definition | None:
    """The compiled form, of a draft too; None while something is wrong with it."""
    if version.definition:
        return queries.definition(version)
    compiled = drawing.compiled(version.source, version.sha256, version.attachments)
    return None if compiled.problems else compiled.definition
