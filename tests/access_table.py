"""What each role really sees of one client in each relation: every page and file is opened and searched for markers.

`tests/test_access_table.py` compares what was seen with docs/access.md; `make docs` writes it there. Pages are found in
the resolver, so that one that somebody adds is opened too.
"""

import html
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core import mail
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from kotisatama.cases.models import Case, Overlap
from kotisatama.contacts.models import Contact
from kotisatama.documents.models import Document
from kotisatama.forms.models import Submission
from kotisatama.intake.models import Item
from kotisatama.intake.tests import rows as intake_rows
from kotisatama.kernel import identifiers, row_security
from kotisatama.messages.models import Message
from kotisatama.network.models import Organisation
from kotisatama.people import actions, tasks
from kotisatama.people.models import ImportRow, ImportRun, Opening, Person, Sharing
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Role
from tests import builders

# A spelling by which the client is searched for: a page repeats what was asked, so it is no marker itself.
ALIAS = "Searchalias"
HETU = "281137-944X"
CHANNELS = [("phone", "0401112233", True), ("phone", "0407778899", False), ("email", "zmarker@post.example", True)]
# Apps that know no client.
WITHOUT_CLIENTS = frozenset({"staff", "network"})
BORN, MOVED = date(1937, 11, 28), date(2011, 2, 3)


def any_day(day: date) -> str:
    """A pattern of the day as pages, fields and files write it."""
    d, m, y = day.day, day.month, day.year
    return rf"{day.isoformat()}|\b0?{d}\.0?{m}\.{y}|\b0?{m}/0?{d}/{y}"


# The fields of a client, each by a pattern that stands nowhere else.
MARKERS = {
    "First name": "Zorkovna",
    "Last name": "Qwillibert",
    "Name in other letters": "Цвіркунець",
    "Year of birth": r"\b1937\b",
    "Date of birth": any_day(BORN),
    "Identity code": HETU,
    "Service language": "සිංහල",
    "Mother tongue": "kurmancî",
    "Citizenship": "Tuvalu",
    "Ground of stay": "Nordic citizen",
    "Moved to Finland": any_day(MOVED),
    "Municipality": "Kunta 890",
    "Telephone, safe": "401112233",
    "Telephone, not safe": "407778899",
    "E-mail": "zmarker@post.example",
    "Cases": "Case opened|There is an open case",
    "Note of a contact": "notemarker",
    "Text of a message": "messagemarker",
    "Receiver of a message": "receivermarker@post.example",
    "What was sent in": "answermarker",
    "File that was sent in": "the letter",
}
SHARED_FIELDS = frozenset(MARKERS) - {
    "Date of birth",
    "Identity code",
    "Note of a contact",
    "Text of a message",
    "Receiver of a message",
    "What was sent in",
    "File that was sent in",
}
FOUND = frozenset({"First name", "Last name", "Name in other letters", "Year of birth", "Service language"})


@dataclass(frozen=True)
class Scene:
    """One client with everything that can be known, a colleague elsewhere who knows it, and the viewer."""

    viewer: Worker
    colleague: Worker
    person: Person
    contact: Contact
    item: Item
    untied: Item
    message: Message
    letter: Document

    def ids(self, namespace: str) -> list[object]:
        """What an address of this app may name."""
        known: dict[str, list[object]] = {
            "people": [self.person.pk, *self._openings(), *self._sharings()],
            "contacts": [self.contact.pk],
            "intake": [self.item.pk, self.untied.pk],
            "messages": [self.message.pk],
            "documents": [self.letter.pk],
            "cases": [self.person.pk, *self._cases()],
        }
        return known.get(namespace) or [each for several in known.values() for each in several]

    def _cases(self) -> list[object]:
        with row_security.context(controllers=[builders.JOENSUU]):
            return list(Case.objects.values_list("pk", flat=True))

    def _sharings(self) -> list[object]:
        with row_security.context(controllers=[builders.JOENSUU]):
            return list(Sharing.objects.values_list("pk", flat=True))

    def _openings(self) -> list[object]:
        with row_security.context(controllers=[builders.JOENSUU]):
            return list(Opening.objects.values_list("pk", flat=True))


def a_scene(viewer: Worker) -> Scene:
    """The client as yesterday left it: nothing in it is the viewer's."""
    elsewhere = builders.an_organisation("elsewhere", kind=Organisation.Kind.MUNICIPALITY, mandates=[builders.JOENSUU])
    colleague = builders.a_worker(organisation=elsewhere, name="Colleague Elsewhere")
    builders.a_municipality("890")
    with builders.as_worker(colleague):
        person = actions.make_person(
            controller=builders.JOENSUU,
            name="Zorkovna Qwillibert",
            by=colleague,
            names=["Зорковна Цвіркунець", ALIAS],
            date_of_birth=BORN,
            hetu=HETU,
            service_languages=["si"],
            mother_tongue="kmr",
            citizenships=["TV"],
            municipality="890",
            ground_of_stay="nordic",
            moved_to_finland_on=MOVED,
            channels=CHANNELS,
        )
    yesterday = timezone.now() - timedelta(days=1)
    contact = builders.a_contact(colleague, person=person, at=yesterday, note="notemarker")
    sent: dict[str, Any] = {"name": ALIAS, "date_of_birth": None, "phone": None, "email": None}
    item = intake_rows.an_item(builders.JOENSUU, **sent, message="answermarker")
    untied = intake_rows.an_item(builders.JOENSUU, **sent, message="Somebody's words")
    with row_security.context(controllers=[builders.JOENSUU]):
        Contact.objects.filter(pk=contact.pk).update(created_at=yesterday)
        Item.objects.filter(pk=item.pk).update(
            person=person, state=Item.State.DONE, claimed_by=colleague, claimed_at=yesterday, done_at=yesterday
        )
        Item.objects.filter(pk=untied.pk).update(state=Item.State.CLAIMED, claimed_by=viewer, claimed_at=yesterday)
        message = Message.objects.create(
            controller_id=builders.JOENSUU,
            channel="email",
            address="receivermarker@post.example",
            language="en",
            template="answer.free",
            subject="An answer",
            body="messagemarker",
            person=person,
            created_by=colleague,
        )
        letter = intake_rows.a_letter(builders.JOENSUU)
        Submission.objects.filter(pk=item.submission_id).update(holder="1" * 64)
        Document.objects.filter(pk=letter.pk).update(holder="1" * 64)
    return Scene(viewer, colleague, person, contact, item, untied, message, letter)


def _no_relation(scene: Scene) -> None:
    builders.a_case(scene.person, scene.colleague)


def _own_case(scene: Scene) -> None:
    builders.a_case(scene.person, scene.viewer)


def _team_case(scene: Scene) -> None:
    teammate = builders.a_worker(organisation=scene.viewer.organisation, team=scene.viewer.team)
    builders.a_case(scene.person, teammate)


def _case_transfer(scene: Scene) -> None:
    case = builders.a_case(scene.person, scene.colleague)
    with row_security.context(controllers=[builders.JOENSUU]):
        Overlap.objects.create(
            controller_id=builders.JOENSUU, case=case, worker=scene.viewer, until=timezone.localdate()
        )


def _import(scene: Scene) -> None:
    _no_relation(scene)
    with row_security.context(controllers=[builders.JOENSUU]):
        run = ImportRun.objects.create(
            controller_id=builders.JOENSUU, source="old", file_name="a.csv", file_hash="0" * 64, by=scene.viewer
        )
        ImportRow.objects.create(
            controller_id=builders.JOENSUU, run=run, number=2, outcome="differs", person=scene.person
        )


def _met_today(scene: Scene) -> None:
    _no_relation(scene)
    builders.a_contact(scene.viewer, person=scene.person)


def _visit_today(scene: Scene) -> None:
    _no_relation(scene)
    builders.a_contact(scene.colleague, person=scene.person, service_point=scene.viewer.service_point)


def _submission(scene: Scene) -> None:
    _no_relation(scene)
    with row_security.context(controllers=[builders.JOENSUU]):
        Item.objects.filter(pk=scene.item.pk).update(state=Item.State.CLAIMED, claimed_by=scene.viewer, done_at=None)


def _made_today(scene: Scene) -> None:
    _no_relation(scene)
    with row_security.context(controllers=[builders.JOENSUU]):
        Person.objects.filter(pk=scene.person.pk).update(made_by=scene.viewer)


def _opened(scene: Scene) -> None:
    _no_relation(scene)
    answer = builders.signed_in(scene.viewer).post(f"/desk/people/{scene.person.pk}/ask/", {"reason": "emergency"})
    assert answer.status_code in {302, 403}


def _opened_by_another(scene: Scene) -> None:
    _no_relation(scene)
    with builders.as_worker(scene.colleague):
        link = "https://desk.example/"
        actions.open_without_relation(scene.person, reason="emergency", by=scene.colleague, link=link)
    tasks.tell_of_opening(worker_id=scene.viewer.pk, link="https://desk.example/")


def _shared(scene: Scene) -> None:
    _no_relation(scene)
    lead = builders.a_worker(Role.TEAM_LEAD, scene.colleague.organisation)
    today = timezone.localdate()
    with builders.as_worker(lead):
        actions.share_person(
            scene.person,
            to_controller=builders.KITEE,
            basis="consent",
            scope="all",
            begins_on=today,
            ends_on=today,
            by=lead,
        )


RELATIONS: dict[str, Callable[[Scene], None]] = {
    "None": _no_relation,
    "Own case": _own_case,
    "Team's case": _team_case,
    "Transfer": _case_transfer,
    "Own import": _import,
    "Met today": _met_today,
    "Visit at the same place": _visit_today,
    "Own submission": _submission,
    "Made today": _made_today,
    "Opened for a reason": _opened,
    "Opened by another": _opened_by_another,
    "Another municipality": _own_case,
    "Shared with it": _shared,
}
OUTSIDE, SHARED = "Another municipality", "Shared with it"


def a_viewer(role: str, relation: str) -> Worker:
    """A worker of the centre at a desk of one's own, or one of another municipality."""
    if relation in {OUTSIDE, SHARED}:
        return builders.an_outsider(role)
    centre = builders.an_organisation()
    place = builders.a_service_point(centre, slug="viewers-place")
    return builders.a_worker(role, centre, service_point=place, team=builders.a_team("Viewers", centre))


def walk(found: list[Any], before: str = "", namespace: str = "") -> Iterator[tuple[str, str]]:
    """Yield (namespace, pattern of the path) of each address of the desk."""
    for each in found:
        path = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from walk(each.url_patterns, path, each.namespace or namespace)
        elif isinstance(each, URLPattern) and path.startswith("desk/") and namespace not in WITHOUT_CLIENTS:
            yield namespace, path


def paths(scene: Scene) -> Iterator[str]:
    """Yield the addresses to open: every one of the desk with what it may name, and lists with a question."""
    for namespace, pattern in walk(get_resolver().url_patterns):
        filled = re.sub(r"<uuid:person_pk>", str(scene.person.pk), pattern)
        filled = re.sub(r"<int:\w+>", str(timezone.localdate().year), filled)
        for form in ("csv", "xlsx", "json") if "<str:" in filled else ("",):
            path = re.sub(r"<str:\w+>", form, filled)
            ids = scene.ids(namespace) if "<uuid:" in path else [""]
            yield from ("/" + re.sub(r"<uuid:\w+>", str(each), path) for each in ids)
    person, year = scene.person.pk, timezone.localdate().year
    yield from (
        f"/desk/people/?q={ALIAS}",
        "/desk/contacts/?whose=all",
        f"/desk/contacts/new/?person={person}",
        f"/desk/contacts/new/people/?q={ALIAS}",
        f"/desk/contacts/new/home/?person={person}",
        f"/desk/contacts/{scene.contact.pk}/?q={ALIAS}",
        f"/desk/figures/rows/?year={year}&place=total",
        f"/desk/inbox/{scene.untied.pk}/?find={ALIAS}",
        "/desk/inbox/?state=all",
    )


def answers(scene: Scene) -> Iterator[tuple[str, str]]:
    """Yield (kind, text) of everything that the viewer gets to see."""
    browser = builders.signed_in(scene.viewer)
    for path in dict.fromkeys(paths(scene)):
        yield from _read(browser.get(path))
    yield from _read(browser.post(f"/desk/people/{scene.person.pk}/identity-code/"))
    new = {"key": str(identifiers.new_id()), "name": ALIAS, "municipality": "167"}
    yield from _read(browser.post("/desk/people/new/", new))
    yield from (("L", f"{letter.subject}\n{letter.body}") for letter in mail.outbox)


def _read(answer: Any) -> Iterator[tuple[str, str]]:
    if answer.status_code != 200:
        return
    kind, content = str(answer.headers.get("Content-Type", "")), answer.getvalue()
    if "spreadsheetml" in kind:
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            yield "F", "\n".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))
        return
    text = content.decode("utf-8", "replace")
    if "text/html" in kind:
        yield ("P" if "<html" in text else "H"), _source(text)
    else:
        yield {"application/json": "J", "text/calendar": "C"}.get(kind.split(";")[0], "F"), text


def _source(page: str) -> str:
    """The page's source without the choices that nobody chose, and without random keys."""
    page = re.sub(r"<option(?![^>]*\bselected)[^>]*>[^<]*(</option>)?", "", page)
    page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"|X-CSRFToken[^}]*}', "", page)
    return html.unescape(re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "", page))


def seen(role: str, relation: str) -> dict[str, str]:
    """Field to the kinds of answers in which the role sees it in this relation: letters of KINDS, in their order."""
    mail.outbox.clear()
    scene = a_scene(a_viewer(role, relation))
    RELATIONS[relation](scene)
    found: dict[str, set[str]] = {field: set() for field in MARKERS}
    for kind, text in answers(scene):
        for field, pattern in MARKERS.items():
            if re.search(pattern, text):
                found[field].add(kind)
    return {field: "".join(kind for kind in KINDS if kind in kinds) for field, kinds in found.items()}


KINDS = {
    "P": "a page or its source",
    "H": "a part that a script puts into a page",
    "J": "JSON",
    "F": "a file: CSV, spreadsheet or another",
    "C": "a calendar",
    "L": "a letter to the worker",
}


def section(role: str, cells: dict[str, dict[str, str]]) -> str:
    """The table of one role in Markdown: fields by relation."""
    heading = f"### {Role(role).label}\n\n"
    if not any(mark for column in cells.values() for mark in column.values()):
        return f"{heading}Sees none of these fields in any relation.\n"
    lines = [["Field", *cells], ["---"] * (len(cells) + 1)]
    lines += [[field, *(column[field] for column in cells.values())] for field in MARKERS]
    return heading + "".join(f"| {' | '.join(line)} |\n" for line in lines)
