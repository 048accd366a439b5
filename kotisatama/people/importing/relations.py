"""Which clients an import opens to whoever runs it."""

from django.db.models import QuerySet

from kotisatama.people.models import ImportRow
from kotisatama.staff.models import Worker

OPEN = (ImportRow.Outcome.WAITING, ImportRow.Outcome.DIFFERS)


def undecided(viewer: Worker) -> QuerySet[ImportRow]:
    """Rows of the viewer's own imports that wait for a decision about a known client."""
    return ImportRow.objects.filter(run__by=viewer, outcome__in=OPEN, person__isnull=False)
