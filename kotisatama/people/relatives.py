"""The family of a person as pages name it: read from the person's end, each relative once."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from kotisatama.people import access, kinship, registry, rules
from kotisatama.people.models import HouseholdMember, MayKnow, Person, Relation
from kotisatama.staff.models import Worker


def age(person: Person) -> int | None:
    """Whole years today; None when not even the year of birth is known."""
    return rules.age(person.date_of_birth, timezone.localdate()) if person.date_of_birth else None


@dataclass(frozen=True)
class Relative:
    """Somebody of the family or the household as the person's page names them."""

    person: Person
    words: str
    age: int | None
    lives_here: bool
    relations: tuple[Relation, ...] = ()

    @property
    def is_minor(self) -> bool:
        return self.age is not None and self.age < rules.ADULT


def family(person: Person) -> list[Relative]:
    """Relatives and who lives in the same household, each person once: those at home first, then the youngest."""
    today = timezone.localdate()
    relations = Relation.objects.filter(Q(from_person=person) | Q(to_person=person))
    by_other: dict[Any, list[Relation]] = {}
    people: dict[Any, Person] = {}
    for relation in relations.select_related("from_person", "to_person").order_by("-kind"):
        other = kinship.other_of(relation, person)
        people[other.pk] = other
        by_other.setdefault(other.pk, []).append(relation)
    at_home = {member.person_id: member.person for member in _housemates(person, today)}
    found = [_relative(person, other, by_other.get(other.pk, []), at_home) for other in (at_home | people).values()]
    return sorted(found, key=lambda each: (not each.lives_here, each.age is None, each.age or 0, each.person.sort_key))


def _relative(person: Person, other: Person, relations: list[Relation], at_home: dict[Any, Person]) -> Relative:
    today = timezone.localdate()
    running = tuple(each for each in relations if each.valid_to is None or each.valid_to >= today)
    words = [kinship.word(each, person) for each in running if each.kind != Relation.Kind.SUPPORTS]
    return Relative(other, ", ".join(dict.fromkeys(words)), age(other), other.pk in at_home, running)


def _housemates(person: Person, on: date) -> list[HouseholdMember]:
    """Who is in the person's household today, the person apart."""
    today = (Q(valid_from__isnull=True) | Q(valid_from__lte=on)) & (Q(valid_to__isnull=True) | Q(valid_to__gte=on))
    own = HouseholdMember.objects.filter(today, person=person).values("household")
    return list(
        HouseholdMember.objects.filter(today, household__in=own).exclude(person=person).select_related("person")
    )


def friends(relatives: list[Relative], person: Person) -> list[registry.Supporter]:
    """People who support this person by a relation of that kind."""
    return [
        registry.Supporter(relative.person.name, _("supports this person"))
        for relative in relatives
        for relation in relative.relations
        if relation.kind == Relation.Kind.SUPPORTS and relation.to_person_id == person.pk
    ]


def knowledge(relation: Relation, person: Person) -> list[str]:
    """Who of the two may know what of the other, in sentences; nothing for nothing."""
    other = kinship.other_of(relation, person)
    person_is_from = relation.from_person_id == person.pk
    theirs = relation.to_may_know if person_is_from else relation.from_may_know
    ours = relation.from_may_know if person_is_from else relation.to_may_know
    said = {
        MayKnow.VISITS: _("%(who)s may know of visits of %(whom)s."),
        MayKnow.MESSAGES: _("%(who)s may get messages for %(whom)s."),
    }
    pairs = [(theirs, other.name, person.name), (ours, person.name, other.name)]
    return [said[MayKnow(code)] % {"who": who, "whom": whom} for code, who, whom in pairs if code != MayKnow.NOTHING]


def guardians(person: Person, relatives: list[Relative]) -> str:
    """Who decides for a minor, as a sentence."""
    names = [
        relative.person.name
        for relative in relatives
        for relation in relative.relations
        if relation.kind == Relation.Kind.GUARDIAN and relation.to_person_id == person.pk
    ]
    if not names:
        return _("No guardian is known. Find out who may decide for the child.")
    return _("Guardians: %(names)s.") % {"names": ", ".join(names)}


def relation(person: Person, pk: Any) -> Relation | None:
    """One of the person's relations, from either end."""
    found = Relation.objects.filter(Q(from_person=person) | Q(to_person=person), pk=pk)
    return found.select_related("from_person", "to_person").first()


@dataclass(frozen=True)
class Links:
    """What ties one relative to the person: each relation with its word, and who may know what in sentences."""

    relations: list[tuple[Relation, str]]
    sentences: list[str]


def links(relative: Relative, person: Person) -> Links:
    """The relations to one relative that hold today."""
    sentences = [sentence for relation in relative.relations for sentence in knowledge(relation, person)]
    named = [(relation, kinship.word(relation, person)) for relation in relative.relations]
    return Links(named, list(dict.fromkeys(sentences)))


def relative_to_be(viewer: Worker, person: Person, chosen: str) -> Person | None:
    """The client just made for this family, whom no search has to find again."""
    try:
        same = access.visible_people(viewer).filter(controller_id=person.controller_id).exclude(pk=person.pk)
        return same.filter(pk=chosen).first() if chosen else None
    except ValidationError:
        return None
