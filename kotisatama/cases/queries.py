"""Reading cases."""

from kotisatama.cases import access
from kotisatama.cases.models import Case
from kotisatama.people.models import Person
from kotisatama.staff.models import Worker


def open_case_of(person: Person) -> Case | None:
    """The client's open case in the client's controller, if there is one in this transaction's context."""
    cases = Case.objects.filter(person=person, controller_id=person.controller_id, closed_on__isnull=True)
    return cases.select_related("worker").first()


def of_person(viewer: Worker, person: Person) -> list[Case]:
    """The client's cases that the viewer sees, the latest first."""
    return list(access.visible_cases(viewer).filter(person=person).select_related("worker").order_by("-opened_on"))


def of_shared_person(person: Person) -> list[Case]:
    """The cases of a client whom another municipality shares, within row_security.also_reading."""
    return list(Case.objects.filter(person=person, controller_id=person.controller_id).order_by("-opened_on"))
