"""Rows for tests: plain functions with sensible defaults, each under the row security of the rows that it makes.

    point = builders.a_service_point()
    worker = builders.a_worker(Role.COUNSELLOR)
    contact = builders.a_contact(worker=worker, person=builders.a_person(name="Олена"))
    client = builders.signed_in(worker)

The centre (home Joensuu, 167) has a mandate from Joensuu and Liperi; Kitee (260) is outside the joint service.
"""

from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from itertools import count
from typing import Any

from django.test import Client
from django.utils import timezone

from kotisatama.audit.models import Line
from kotisatama.cases.models import Case
from kotisatama.contacts.models import Contact
from kotisatama.kernel import identifiers, row_security
from kotisatama.network.models import Mandate, Municipality, OpeningHours, Organisation, ServicePoint
from kotisatama.people.models import Person, PersonName
from kotisatama.staff.models import Team, Worker
from kotisatama.staff.permissions import Role

JOENSUU, LIPERI, KITEE = "167", "426", "260"
MANDATE_FROM = date(2020, 1, 1)
OFFICE_DAYS = range(1, 6)

_numbers = count(1)


def a_municipality(code: str = JOENSUU) -> Municipality:
    """The municipality of that code: the packaged table has them; another code is made."""
    names = {"name_fi": f"Kunta {code}", "name_sv": f"Kommun {code}", "region_code": "12"}
    return Municipality.objects.get_or_create(code=code, defaults=names)[0]


def a_mandate(
    organisation: Organisation,
    controller: str = JOENSUU,
    *,
    valid_from: date = MANDATE_FROM,
    valid_to: date | None = None,
) -> Mandate:
    """The controller lets the organisation serve its clients from a day to a day (without end by default)."""
    return Mandate.objects.get_or_create(
        controller=a_municipality(controller),
        organisation=organisation,
        valid_from=valid_from,
        defaults={"valid_to": valid_to, "basis": "Yhteistyösopimus"},
    )[0]


def an_organisation(
    slug: str = "centre",
    *,
    kind: str = Organisation.Kind.CENTRE,
    home: str = JOENSUU,
    mandates: Iterable[str] = (JOENSUU, LIPERI),
) -> Organisation:
    """The organisation of that slug with mandates from these controllers; the same slug twice is the same one."""
    organisation, is_new = Organisation.objects.get_or_create(
        slug=slug, defaults={"name": slug.capitalize(), "kind": kind, "home": a_municipality(home)}
    )
    if is_new:
        for controller in mandates:
            a_mandate(organisation, controller)
    return organisation


def a_service_point(
    organisation: Organisation | None = None, *, slug: str = "", municipality: str = "", is_main: bool = False
) -> ServicePoint:
    """A place open Monday to Friday 9–15; by default the organisation's own one, in its home municipality."""
    organisation = organisation or an_organisation()
    point, is_new = ServicePoint.objects.get_or_create(
        slug=slug or f"{organisation.slug}-point",
        defaults={
            "name": f"Palvelupiste {slug or organisation.slug}",
            "organisation": organisation,
            "municipality": a_municipality(municipality or organisation.home_id),
            "is_main": is_main,
        },
    )
    if is_new:
        OpeningHours.objects.bulk_create(
            OpeningHours(
                service_point=point, weekday=day, opens_at=time(9), closes_at=time(15), valid_from=MANDATE_FROM
            )
            for day in OFFICE_DAYS
        )
    return point


def a_team(name: str = "Team", organisation: Organisation | None = None) -> Team:
    """A team of the organisation (the centre by default)."""
    return Team.objects.get_or_create(name=name, organisation=organisation or an_organisation())[0]


def a_worker(
    role: str = Role.COUNSELLOR,
    organisation: Organisation | None = None,
    *,
    name: str = "",
    roles: Sequence[str] = (),
    language: str = "en",
    service_point: ServicePoint | None = None,
    team: Team | None = None,
) -> Worker:
    """A new worker of the organisation (the centre by default) at its service point, who reads English by default."""
    organisation = organisation or an_organisation()
    number = next(_numbers)
    return Worker.objects.create(
        email=f"worker{number}@test.example",
        name=name or f"Worker {number}",
        organisation=organisation,
        team=team,
        service_point=service_point or a_service_point(organisation),
        roles=[str(each) for each in roles or [role]],
        language=language,
        password="!",
    )


def an_outsider(role: str = Role.MUNICIPAL_WORKER) -> Worker:
    """A worker of Kitee, which is outside the joint service and has its own clients only."""
    kitee = an_organisation("kitee", kind=Organisation.Kind.MUNICIPALITY, home=KITEE, mandates=[KITEE])
    return a_worker(role, kitee)


def signed_in(worker: Worker) -> Client:
    """A browser in which the worker is signed in, without the sign-in page."""
    client = Client()
    client.force_login(worker)
    return client


@contextmanager
def as_worker(worker: Worker) -> Generator[Worker]:
    """The context of row security of the worker's request, for calling actions and queries."""
    with row_security.context(controllers=worker.controller_codes):
        yield worker


def a_person(
    name: str = "Olena Shevchenko", *, controller: str = JOENSUU, names: Sequence[str] = (), **fields: Any
) -> Person:
    """A client of the controller. Further names are spellings; tokens of search are made by `people.actions` only."""
    given = {"municipality": controller, "service_languages": ["uk"], "sort_key": name.casefold()} | fields
    with row_security.context(controllers=[controller]):
        person = Person.objects.create(controller=a_municipality(controller), name=name, **given)
        PersonName.objects.bulk_create(
            PersonName(controller=person.controller, person=person, text=text) for text in (name, *names)
        )
    return person


def a_case(person: Person, worker: Worker, *, opened_on: date | None = None, **fields: Any) -> Case:
    """A case of the person in the person's controller, open unless `closed_on` and `outcome` are given."""
    given = {"team": worker.team, "opened_on": opened_on or timezone.localdate()} | fields
    with row_security.context(controllers=[person.controller_id]):
        return Case.objects.create(controller=person.controller, person=person, worker=worker, **given)


def a_contact(
    worker: Worker | None = None,
    *,
    controller: str = JOENSUU,
    person: Person | None = None,
    at: datetime | None = None,
    service_point: ServicePoint | None = None,
    **fields: Any,
) -> Contact:
    """A contact of the controller (a person's contact: of the person's controller), now and anonymous by default."""
    worker = worker or a_worker()
    controller = person.controller_id if person else controller
    given = {
        "key": identifiers.new_id(),
        "channel": "drop_in",
        "municipality": controller,
        "service_language": "uk",
        "topics": ["housing.search"],
    } | fields
    with row_security.context(controllers=[controller]):
        return Contact.objects.create(
            controller=a_municipality(controller),
            at=at or timezone.now(),
            service_point=service_point or worker.service_point or a_service_point(worker.organisation),
            worker=worker,
            person=person,
            **given,
        )


def audit_lines(*controllers: str) -> list[Line]:
    """The audit lines of these controllers (Joensuu and Liperi by default), oldest first."""
    with row_security.context(controllers=controllers or (JOENSUU, LIPERI)):
        return list(Line.objects.order_by("at", "id"))


def audit_actions(*controllers: str) -> list[str]:
    """The codes of these controllers' audit lines, oldest first."""
    return [line.action for line in audit_lines(*controllers)]
