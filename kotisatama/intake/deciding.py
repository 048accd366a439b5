"""Deciding on what a submission proposes: fields of the register, members of the family, files."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kotisatama.documents import queries as documents
from kotisatama.intake import mapping, proposing, rules, telling
from kotisatama.intake.locking import line, save, taken
from kotisatama.intake.models import Decision, Item, KeptFile
from kotisatama.kernel.errors import NotAllowed
from kotisatama.people import access as people_access
from kotisatama.people import actions as people
from kotisatama.people import queries as people_queries
from kotisatama.people.models import Person
from kotisatama.staff.models import Worker

Way = Decision.Way


def _client(item: Item, by: Worker) -> Person:
    """The client of the submission, whose record opens for the worker who has taken it."""
    rules.check_tied(item)
    found = people_access.openable_people(by).filter(pk=item.person_id) if item.person_id else Person.objects.none()
    person = found.first()
    if person is None:
        raise PermissionDenied
    return person


@transaction.atomic
def decide(item: Item, *, chosen: Mapping[str, str], version: int, person_version: int, by: Worker) -> Item:
    """Take over, keep beside or leave out what was told, several things at once. `chosen` is way by field.

    The same decisions again change nothing. What the register said before is in the client's history, with the
    submission's reference as the reason. Raises ChangedMeanwhile, NotAllowed.
    """
    item = taken(item, by=by)
    person = _client(item, by)
    before = proposing.latest(item)
    if chosen and all(field in before and before[field].way == way for field, way in chosen.items()):
        return item
    rules.check_version(item, version)
    reader = (get_language() or "fi")[:2]
    offered = proposing.proposals(item, person, reader)
    rules.check_offered(chosen, {each.field.code: each.ways for each in offered})
    fields = proposing.changes(chosen, offered, proposing.register_of(person, reader), telling.told(item))
    if fields:
        reason = _("From the form %(reference)s") % {"reference": item.submission.reference}
        people.change_person(person, version=person_version, by=by, reason=reason, **fields)
    _keep(item, person, {field: (way, None) for field, way in chosen.items()}, by=by)
    save(item)
    line("submission.decided", item, by, ways=dict(chosen))
    return item


def _keep(item: Item, person: Person, decided: Mapping[str, tuple[str, Person | None]], *, by: Worker) -> None:
    Decision.objects.bulk_create(
        Decision(
            controller_id=item.controller_id,
            item=item,
            person=person,
            field=field,
            way=Way(way),
            relative=relative,
            decided_by=by,
        )
        for field, (way, relative) in decided.items()
    )


@transaction.atomic
def settle_member(
    item: Item, place: int, *, way: str, role: str, version: int, by: Worker, key: UUID, relative: Person | None = None
) -> Item:
    """Say who a member of the family is: a known client, a new one (whose id is `key`), or left out of the register.

    `role` is what the member is to the client (people.queries.ROLES). A member who was settled stays as settled.
    """
    item = taken(item, by=by)
    person = _client(item, by)
    if _field(place) in proposing.latest(item):
        return item
    rules.check_version(item, version)
    member = _member(item, place)
    if way == Way.MADE:
        relative = _make(person, member, key=key, by=by)
    elif way == Way.FOUND:
        relative = _known(relative, person, by=by)
    else:
        relative = None
    if relative:
        _relate(person, relative, role, by=by)
    _keep(item, person, {_field(place): (way, relative)}, by=by)
    save(item)
    line("submission.member_settled", item, by, place=place, way=way, relative=str(relative.pk) if relative else "")
    return item


@transaction.atomic
def make_members(item: Item, *, keys: Sequence[UUID], version: int, by: Worker) -> tuple[Item, int]:
    """Make clients of all members of whom nobody was decided and whom no client resembles; how many were left.

    `keys` are ids for them by place, made in the page: the same page again makes nobody twice.
    """
    item = taken(item, by=by)
    person = _client(item, by)
    before, told = proposing.latest(item), mapping.members(telling.told(item))
    undecided = [place for place in places(told) if _field(place) not in before]
    if keys and any(decision.relative_id in keys for decision in before.values()):
        return item, len(undecided)
    rules.check_version(item, version)
    left = 0
    for place in undecided:
        if place >= len(keys) or alike(told[place], person, by):
            left += 1
            continue
        relative = _make(person, told[place], key=keys[place], by=by)
        _relate(person, relative, mapping.role(told[place]), by=by)
        _keep(item, person, {_field(place): (Way.MADE.value, relative)}, by=by)
        line("submission.member_settled", item, by, place=place, way=Way.MADE.value, relative=str(relative.pk))
    save(item)
    return item, left


def places(members: Sequence[mapping.Answers]) -> list[int]:
    """The places of the members who were named."""
    return [place for place, member in enumerate(members) if mapping.text(member, "member_name")]


def alike(member: mapping.Answers, person: Person, viewer: Worker) -> list[people_queries.Found]:
    """Clients of the same controller who may be this member, the likeliest first; never the client."""
    day, is_year = mapping.born(member)
    found = people_queries.candidates(
        viewer, name=mapping.text(member, "member_name"), born_on=None if is_year else day
    )
    same = [each for each in found if each.person.controller_id == person.controller_id]
    return [each for each in same if each.person.pk != person.pk and not each.person.archived_on]


def _field(place: int) -> str:
    return f"{mapping.MEMBER}-{place}"


def _member(item: Item, place: int) -> mapping.Answers:
    told = mapping.members(telling.told(item))
    if place not in places(told):
        raise NotAllowed(_("The form names no such member of the family."))
    return told[place]


def _make(person: Person, member: mapping.Answers, *, key: UUID, by: Worker) -> Person:
    day, is_year = mapping.born(member)
    return people.make_person(
        key=key,
        controller=person.controller_id,
        name=mapping.text(member, "member_name")[:160],
        date_of_birth=day,
        birthday_is_placeholder=is_year,
        by=by,
    )


def _known(relative: Person | None, person: Person, *, by: Worker) -> Person:
    found = people_access.visible_people(by).filter(pk=relative.pk).first() if relative else None
    if found is None or found.pk == person.pk:
        raise NotAllowed(_("Choose the person."))
    people_access.require_current(found)
    return found


def _relate(person: Person, relative: Person, role: str, *, by: Worker) -> None:
    if role not in people_queries.ROLES:
        raise NotAllowed(_("Choose from the list."))
    kind, relative_is_from = people_queries.ROLES[role]
    pair = (relative, person) if relative_is_from else (person, relative)
    people.relate(*pair, kind=kind, by=by)


@transaction.atomic
def keep_files(item: Item, *, chosen: Sequence[UUID], version: int, by: Worker) -> Item:
    """Keep files of the submission with its client, and with the case if there is one; kept ones stay kept."""
    item = taken(item, by=by)
    person = _client(item, by)
    kept = set(KeptFile.objects.filter(item=item).values_list("document_id", flat=True))
    new = [each for each in dict.fromkeys(chosen) if each not in kept]
    if not new:
        return item
    rules.check_version(item, version)
    sent = documents.by_id(by, [UUID(each) for each in mapping.documents(telling.form(item), telling.answers(item))])
    if not set(new) <= sent.keys():
        raise NotAllowed(_("Choose from the list."))
    KeptFile.objects.bulk_create(
        KeptFile(
            controller_id=item.controller_id,
            document_id=each,
            item=item,
            person=person,
            case_id=item.case_id,
            kept_by=by,
        )
        for each in new
    )
    save(item)
    line("submission.files_kept", item, by, files=[str(each) for each in new])
    return item
