"""Exactly one line per view: workers wander through all their pages, and each look leaves one line.

KOTISATAMA_WALK_STEPS=10000 walks as long as one likes; without it, a walk that a test run can afford.
"""

import os
import random
from collections import Counter
from collections.abc import Iterator

import pytest

from kotisatama.audit import trail
from kotisatama.audit.models import Line
from kotisatama.intake import actions as intake
from kotisatama.intake.tests import rows as intake_rows
from kotisatama.kernel import identifiers
from kotisatama.messages import actions as messages
from kotisatama.people import actions as people
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Role
from tests import builders
from tests.test_urls import Address, addresses
from tests.walking import Seen, Wanderer

STEPS = int(os.environ.get("KOTISATAMA_WALK_STEPS", "600"))
SEED = 11_2026

pytestmark = pytest.mark.django_db


@pytest.fixture(name="workers")
def workers_fixture() -> list[Worker]:
    roles = [Role.COUNSELLOR, Role.TEAM_LEAD, Role.MUNICIPAL_WORKER, Role.DATA_PROTECTION_OFFICER, Role.PARTNER_WORKER]
    workers = [builders.a_worker(role) for role in roles]
    several = [Role.MAIN_USER, Role.REPORT_READER, Role.COUNSELLOR]
    return [*workers, builders.a_worker(roles=several), builders.an_outsider()]


def fill(workers: list[Worker]) -> dict[str, list[str]]:
    """Clients with all that hangs on them; ids by the name of an argument of an address."""
    counsellor = workers[0]
    intake_rows.the_form()
    found: dict[str, list[object]] = {"person_pk": [], "pk": [], "int": [1, 2, 3]}
    for number in range(6):
        with builders.as_worker(counsellor):
            person = people.make_person(
                controller=builders.JOENSUU,
                name=f"Olena Shevchenko {number}",
                by=counsellor,
                hetu="",
                channels=[("phone", f"+35840000{number:04}", True)],
                municipality=builders.JOENSUU,
            )
            message = messages.queue_message(
                key=identifiers.new_id(),
                controller=builders.JOENSUU,
                channel="email",
                address="olena@post.example",
                language="uk",
                template="answer.free",
                parameters={"reference": "ABCD-EFGH", "text": "x"},
                by=counsellor,
                person=person,
            )
        case = builders.a_case(person, counsellor)
        for worker in workers[1:3]:
            builders.a_contact(worker, person=person)
        contacts = [builders.a_contact(counsellor, person=person), builders.a_contact(counsellor)]
        item = intake_rows.an_item()
        if number % 2:  # Whoever has taken it is shown who the sender may be: one more search on the page.
            with builders.as_worker(counsellor):
                intake.claim(item, by=counsellor)
        found["person_pk"].append(person.pk)
        found["pk"] += [person.pk, message.pk, case.pk, item.pk, *(contact.pk for contact in contacts)]
    return {name: [str(value) for value in values] for name, values in found.items()}


def staff_addresses(ids: dict[str, list[str]], draw: random.Random) -> list[str]:
    """Addresses of every page of the desk, several times with drawn ids."""
    return [path for each in addresses() for path in _drawn(each, ids, draw) if path.startswith("/desk/")]


def known_pages(ids: dict[str, list[str]]) -> list[str]:
    """One of each kind of page that certainly exists, in the order in which `fill` made the rows."""
    person, message, case, item, contact = ids["pk"][-6:-1]
    people_pages = [f"/desk/people/{person}/", f"/desk/people/{person}/edit/", f"/desk/people/{person}/looks/"]
    own = [f"/desk/messages/{message}/", f"/desk/cases/{case}/close/", f"/desk/inbox/{item}/"]
    contact_pages = [f"/desk/contacts/{contact}/", f"/desk/contacts/{contact}/?q=Olena", "/desk/people/?q=Olena"]
    both = [
        f"/desk/inbox/{item}/compare/{person}/",
        f"/desk/contacts/new/?person={person}",
        f"/desk/inbox/{item}/contact/",
    ]
    return [*people_pages, *own, *contact_pages, *both, "/desk/trail/own/"]


def _drawn(each: Address, ids: dict[str, list[str]], draw: random.Random) -> Iterator[str]:
    """The address's path with ids drawn for its placeholders."""
    for _ in range(6 if "019e0000" in each.path else 1):
        path = each.path
        while "019e0000-0000-7000-8000-000000000000" in path:
            path = path.replace("019e0000-0000-7000-8000-000000000000", draw.choice(ids["pk"]), 1)
        yield path


def walk(workers: list[Worker], steps: int) -> list[Seen]:
    draw = random.Random(SEED)
    ids = fill(workers)
    kept = staff_addresses(ids, draw)
    wanderers = [Wanderer(builders.signed_in(worker), kept, draw) for worker in workers]
    toured = [seen for wanderer in wanderers[:3] for seen in wanderer.tour(known_pages(ids))]
    return toured + [
        seen for _ in range(steps // len(wanderers) + 1) for wanderer in wanderers for seen in wanderer.steps(1)
    ]


def test_wherever_workers_wander_each_view_leaves_exactly_one_line(workers: list[Worker]) -> None:
    with trail.whole():
        before = Line.objects.count()
    walked = walk(workers, STEPS)
    faults = Counter(seen.fault() for seen in walked if seen.fault())
    assert not faults, "\n".join(f"{count} × {fault}" for fault, count in faults.most_common(20))
    views = [seen for seen in walked if seen.status == 200 and seen.method == "GET" and seen.touched]
    with trail.whole():
        written = Line.objects.count() - before
    assert len(walked) >= STEPS
    assert len(views) > STEPS // 4
    assert len({seen.lines[0] for seen in views}) >= 10
    assert written >= sum(len(seen.lines) for seen in walked)
