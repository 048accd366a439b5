"""Reading what belongs to a client's rights."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from kotisatama.network import queries as network
from kotisatama.network.models import Organisation
from kotisatama.people import access, identity_codes, names
from kotisatama.people.models import Consent, Person, Rectification, Restriction
from kotisatama.people.rights_forms import as_key
from kotisatama.privacy import queries as privacy
from kotisatama.privacy.models import Hold
from kotisatama.staff.models import Worker
from kotisatama.translation import languages

MOST_FOUND = 20


@dataclass(frozen=True)
class Rights:
    """What a client has agreed to, asked for, and how long the data is kept."""

    consents: list[Consent]
    rectifications: list[Rectification]
    restrictions: list[Restriction]
    hold: Hold | None
    goes_on: date | None


def rights_of(person: Person) -> Rights:
    """All of it, the latest first."""
    today = timezone.localdate()
    return Rights(
        list(person.consents.select_related("recipient").order_by("-given_on", "-id")),
        list(person.rectifications.order_by("-asked_on", "-id")),
        list(person.restrictions.order_by("-valid_from", "-id")),
        privacy.hold_of(person.pk, on=today),
        privacy.goes_on(person.pk),
    )


def consents_in_force(person: Person, *, on: date) -> list[Consent]:
    """Consents by which data may be used on a day."""
    in_force = (Q(until__isnull=True) | Q(until__gte=on)) & (Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gt=on))
    return list(person.consents.filter(in_force, given_on__lte=on).select_related("recipient").order_by("-given_on"))


def restriction_of(person: Person, *, on: date) -> Restriction | None:
    """The restriction under which the client's data rests on a day."""
    in_force = Q(valid_to__isnull=True) | Q(valid_to__gte=on)
    return person.restrictions.filter(in_force, valid_from__lte=on).first()


def recipients() -> list[Organisation]:
    """Organisations that may get data, by name."""
    return list(network.organisations())


def readers_language(person: Person) -> str:
    """The language of the service's own words that the client reads best: the first of the chains that we speak."""
    ours = [code for code, _name in settings.LANGUAGES]
    spoken = [each for code in [*person.service_languages, person.mother_tongue] for each in languages.chain(code)]
    return next((code for code in spoken if code in ours), settings.LANGUAGE_CODE)


def text_languages(person: Person) -> list[tuple[str, str]]:
    """(code, own name) of the languages of texts, the client's first."""
    first = readers_language(person)
    codes = [first, *(code for code, _name in settings.LANGUAGES if code != first)]
    return [(code, languages.own_name(code)) for code in codes]


def find(viewer: Worker, text: str) -> list[Person]:
    """Clients by identity code, key, address of their page, or whole name: for requests that came by letter."""
    visible = access.people_with_rights(viewer)
    found: Any = Q(sort_key=names.sort_key(text))
    if identity_codes.looks_like_one(text):
        index = identity_codes.blind_index(identity_codes.normalised(text))
        found = Q(identifiers__blind_index=index)
    elif key := as_key(text):
        found = Q(pk=key)
    return list(visible.filter(found).distinct().order_by("sort_key", "pk")[:MOST_FOUND])
