"""What the pages of proposals show: the members of the family with whom they may be, and the files."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from kotisatama.documents import queries as documents
from kotisatama.documents.models import Document
from kotisatama.intake import deciding, mapping, proposing, telling
from kotisatama.intake.models import Decision, Item, KeptFile
from kotisatama.people import queries as people
from kotisatama.people.models import Person
from kotisatama.staff.models import Worker


@dataclass(frozen=True)
class Member:
    """A member of the family as the form names it, with what was decided."""

    place: int
    name: str
    born: str
    role: str
    role_label: str
    last: Decision | None


def members(item: Item) -> list[Member]:
    """The members who were named, in the order of the form."""
    told, decided = mapping.members(telling.told(item)), proposing.latest(item)
    labels = dict(people.role_choices())
    return [_member(place, told[place], labels, decided) for place in deciding.places(told)]


def _member(place: int, told: mapping.Answers, labels: dict[str, str], decided: dict[str, Decision]) -> Member:
    day, is_year = mapping.born(told)
    role = mapping.role(told)
    born = "" if day is None else str(day.year) if is_year else f"{day.day}.{day.month}.{day.year}"
    return Member(
        place=place,
        name=mapping.text(told, "member_name"),
        born=born,
        role=role,
        role_label=labels.get(role, role),
        last=decided.get(f"{mapping.MEMBER}-{place}"),
    )


def candidates(item: Item, person: Person, place: int, viewer: Worker, reader: str) -> list[people.FoundRow]:
    """Clients who may be the member, and relatives of the client who are known already, each once."""
    told = mapping.members(telling.told(item))[place]
    return people.rows(viewer, deciding.alike(told, person, viewer), reader)


@dataclass(frozen=True)
class File:
    """A file of the submission, and whether it is kept with the client."""

    document: Document
    is_kept: bool
    is_picture: bool


def files(item: Item, viewer: Worker) -> list[File]:
    """The files that can become documents of the client. Three queries."""
    ids = [UUID(each) for each in mapping.documents(telling.form(item), telling.answers(item))]
    known = documents.by_id(viewer, ids)
    kept = set(KeptFile.objects.filter(item=item).values_list("document_id", flat=True)) if ids else set()
    found = [known[each] for each in ids if each in known]
    return [File(each, each.pk in kept, documents.is_picture(each)) for each in found]


def kept_files(viewer: Worker, person: Person) -> list[KeptFile]:
    """The files that are kept with a client, the latest first, as far as the viewer sees files. Two queries."""
    rows = list(KeptFile.objects.filter(person=person).select_related("item__submission", "kept_by"))
    known = documents.by_id(viewer, [row.document_id for row in rows]) if rows else {}
    seen = [row for row in rows if row.document_id in known]
    for row in seen:
        row.document = known[row.document_id]
    return seen


def kept_ids(ids: Collection[UUID]) -> set[UUID]:
    """Those of the files that are kept with a client."""
    return set(KeptFile.objects.filter(document__in=ids).values_list("document_id", flat=True))
