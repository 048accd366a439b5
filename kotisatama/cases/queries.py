"""Reading cases."""

from kotisatama.cases import access
from kotisatama.cases.models import Case
from kotisatama.people.models import Person
from kotisatama.staff.models import Worker


def open_case_of(person: Person) -> Case | None:
    """The person's open period of guidance; row security leaves only the viewer's controllers."""
    return Case.objects.filter(person=person, closed_on__isnull=True).select_related("worker").first()


def cases_of(viewer: Worker, person: Person) -> list[Case]:
    """All periods of guidance that the viewer may see, the latest first."""
    return list(access.visible_cases(viewer).filter(person=person).select_related("worker").order_by("-opened_on"))
