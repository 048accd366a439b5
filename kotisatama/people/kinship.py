"""What one person is to another, in the reader's words: a relation read from either end."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kotisatama.people.models import Gender, Person, Relation

Kind = Relation.Kind
FEMALE, MALE, ANY = Gender.FEMALE.value, Gender.MALE.value, ""

# (kind, whether the one who is named is `from_person`): words by the gender of the one who is named.
WORDS: dict[tuple[str, bool], dict[str, Promise]] = {
    (Kind.PARENT, True): {FEMALE: _("mother"), MALE: _("father"), ANY: _("parent")},
    (Kind.PARENT, False): {FEMALE: _("daughter"), MALE: _("son"), ANY: _("child")},
    (Kind.GUARDIAN, True): {ANY: _("guardian")},
    (Kind.GUARDIAN, False): {ANY: _("in this person's guardianship")},
    (Kind.SPOUSE, True): {ANY: _("spouse or partner")},
    (Kind.SPOUSE, False): {ANY: _("spouse or partner")},
    (Kind.SIBLING, True): {FEMALE: _("sister"), MALE: _("brother"), ANY: _("brother or sister")},
    (Kind.SIBLING, False): {FEMALE: _("sister"), MALE: _("brother"), ANY: _("brother or sister")},
    (Kind.RELATIVE, True): {ANY: _("relative")},
    (Kind.RELATIVE, False): {ANY: _("relative")},
    (Kind.SUPPORTS, True): {ANY: _("supports this person")},
    (Kind.SUPPORTS, False): {ANY: _("is supported by this person")},
}

# What the page of a person asks of another one: (kind, whether the other one is `from_person`).
ROLES: dict[str, tuple[str, bool]] = {
    "parent": (Kind.PARENT, True),
    "child": (Kind.PARENT, False),
    "spouse": (Kind.SPOUSE, True),
    "sibling": (Kind.SIBLING, True),
    "guardian": (Kind.GUARDIAN, True),
    "ward": (Kind.GUARDIAN, False),
    "relative": (Kind.RELATIVE, True),
    "supporter": (Kind.SUPPORTS, True),
    "supported": (Kind.SUPPORTS, False),
}


def other_of(relation: Relation, person: Person) -> Person:
    """The one at the other end."""
    return relation.to_person if relation.from_person_id == person.pk else relation.from_person


def word(relation: Relation, person: Person) -> str:
    """What the other one is to `person`: mother, son, guardian, …"""
    other = other_of(relation, person)
    words = WORDS[relation.kind, relation.from_person_id == other.pk]
    return str(words.get(other.gender, words[ANY]))


def role_choices() -> list[tuple[str, str]]:
    """(role, word) of what the other one can be, without regard to gender."""
    return [(role, str(WORDS[key][ANY]).capitalize()) for role, key in ROLES.items()]
