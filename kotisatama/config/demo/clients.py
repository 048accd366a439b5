"""Drawing the clients of the demo region in the handbook's mix of languages, grounds of stay and municipalities."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from django.utils import timezone

from kotisatama.config.demo import draw, region
from kotisatama.config.demo.names import NAMES
from kotisatama.people.models import Gender, GroundOfStay

CLIENTS, NEW_IN_A_YEAR = 445, 221
SECRET = 2  # clients with non-disclosure for personal safety: their municipality is hidden everywhere

# Mother tongues of clients (handbook, 6); "other" is shared between the rest.
TONGUES = {
    "uk": 30, "ru": 20, "ar": 13, "si": 7, "prs": 6, "bn": 4, "en": 4, "so": 3, "fa": 3, "th": 2, "et": 2,
    "tr": 1, "ckb": 1, "vi": 0.8, "fr": 0.8, "es": 0.6, "ti": 0.6, "my": 0.6, "zh-Hans": 0.6,
}  # fmt: skip

# Shares of foreign citizens (project plan; the four smaller ones synthetic).
MUNICIPALITIES = {
    region.JOENSUU: 2302, region.KONTIOLAHTI: 184, region.LIPERI: 142, region.OUTOKUMPU: 133, region.ILOMANTSI: 76,
}  # fmt: skip

G = GroundOfStay
GROUNDS = {G.FAMILY: 19, G.STUDY: 11, G.INTERNATIONAL_PROTECTION: 12, G.WORK: 5, G.EU: 1, G.TEMPORARY_PROTECTION: 52}
# How likely a mother tongue goes with a ground; tongues not named have the weight of "".
LIKELY: dict[str, dict[str, float]] = {
    G.EU: {"et": 1000, "es": 3, "fr": 3, "": 0.001},
    G.INTERNATIONAL_PROTECTION: {"ar": 6, "prs": 8, "so": 6, "fa": 5, "ti": 6, "ckb": 6, "my": 5, "": 0.001},
    G.STUDY: {"si": 6, "bn": 8, "en": 6, "vi": 5, "zh-Hans": 6, "fr": 3, "fa": 2, "uk": 0.02, "ru": 0.2, "": 0.5},
    G.WORK: {"si": 3, "th": 4, "vi": 4, "en": 3, "tr": 3, "et": 5, "ru": 0.3, "uk": 0.1, "": 1},
    G.FAMILY: {"uk": 0.02, "ru": 0.4, "": 5},
}

CITIZENSHIPS: dict[str, dict[str, float]] = {
    "uk": {"UA": 1}, "ru": {"UA": 7, "RU": 3}, "ar": {"SY": 5, "IQ": 5, "SD": 1}, "si": {"LK": 1}, "prs": {"AF": 1},
    "bn": {"BD": 1}, "en": {"NG": 4, "GH": 3, "GB": 1}, "so": {"SO": 1}, "fa": {"IR": 4, "AF": 1}, "th": {"TH": 1},
    "et": {"EE": 1}, "tr": {"TR": 1}, "ckb": {"IQ": 3, "IR": 1}, "vi": {"VN": 1}, "fr": {"CD": 3, "FR": 1},
    "es": {"CO": 1, "ES": 1}, "ti": {"ER": 1}, "my": {"MM": 1}, "zh-Hans": {"CN": 1},
}  # fmt: skip

# Languages in which people of a mother tongue are served, the first most often.
SERVED_IN: dict[str, dict[str, float]] = {
    "uk": {"ru": 52, "uk": 28, "en": 10, "fi": 10},
    "ru": {"ru": 88, "fi": 12},
    "ar": {"ar": 78, "en": 8, "fi": 14},
    "si": {"en": 92, "fi": 8},
    "prs": {"prs": 76, "fa": 8, "fi": 16},
    "fa": {"fa": 72, "en": 14, "fi": 14},
    "so": {"so": 66, "en": 14, "fi": 20},
    "et": {"fi": 60, "et": 25, "ru": 15},
    "ckb": {"ckb": 50, "ar": 36, "fi": 14},
    "ti": {"ti": 60, "en": 30, "fi": 10},
    "fr": {"fr": 60, "en": 28, "fi": 12},
}
ANY_TONGUE = {"en": 82.0, "fi": 18.0}


@dataclass(frozen=True)
class Client:
    """One client as drawn; what the tables hold is made from it."""

    id: uuid.UUID
    controller: str
    municipality: str
    name: str
    name_in_own_script: str
    mother_tongue: str
    gender: str
    citizenship: str
    ground: str
    born_on: date
    only_year_known: bool
    since: datetime
    activity: float


def served_in(tongue: str) -> Mapping[str, float]:
    """How often each language serves a person of the mother tongue."""
    return SERVED_IN.get(tongue, ANY_TONGUE)


def clients(seed: int, *, today: date) -> list[Client]:
    """The region's clients, oldest first; the newest 221 came within the year."""
    source = draw.stream(seed, "clients")
    tongues = _shuffled(source, draw.quotas(CLIENTS, TONGUES))
    homes = _shuffled(source, draw.quotas(CLIENTS, MUNICIPALITIES))
    grounds = _grounds(source, tongues)
    days = sorted((_days_ago(source, number) for number in range(CLIENTS)), reverse=True)
    drawn = zip(days, homes, tongues, grounds, strict=True)
    secret = set(source.sample(range(CLIENTS), SECRET))
    return [
        client(source, today - timedelta(days=ago), home, "secret" if number in secret else home, tongue, ground)
        for number, (ago, home, tongue, ground) in enumerate(drawn)
    ]


def neighbours(seed: int, *, today: date) -> list[Client]:
    """A few clients of Kitee, which takes no part: nobody in the region may ever see them."""
    source = draw.stream(seed, "neighbours")
    return [
        client(source, today - timedelta(days=source.randint(30, 700)), region.KITEE, region.KITEE, "ru", G.FAMILY)
        for _number in range(9)
    ]


def _days_ago(source: Random, number: int) -> int:
    return source.randint(1, 364) if number < NEW_IN_A_YEAR else source.randint(365, 1300)


def _shuffled(source: Random, counts: Mapping[str, int]) -> list[str]:
    items = [name for name, count in counts.items() for _number in range(count)]
    source.shuffle(items)
    return items


def _grounds(source: Random, tongues: list[str]) -> list[str]:
    """A ground for each tongue: the quotas hold exactly, the likely ones first; the rest has temporary protection."""
    left = dict(enumerate(tongues))
    found: dict[int, str] = {}
    counts = draw.quotas(len(tongues), GROUNDS)
    for ground, likely in LIKELY.items():
        for _number in range(counts[GroundOfStay(ground)]):
            chosen = draw.one(source, {index: likely.get(tongue, likely[""]) for index, tongue in left.items()})
            found[chosen] = ground
            del left[chosen]
    return [str(found.get(index, G.TEMPORARY_PROTECTION)) for index in range(len(tongues))]


def client(source: Random, day: date, controller: str, municipality: str, tongue: str, ground: str) -> Client:
    since = timezone.make_aware(datetime.combine(day, time(9 + source.randint(0, 5), source.randint(0, 59))))
    gender = draw.one(source, {Gender.FEMALE: 57.0, Gender.MALE: 43.0})
    latin, own = _name(source, tongue, gender)
    born_on = day - timedelta(days=int(source.triangular(0.5, 82, 31) * 365.25))
    only_year_known = tongue in {"so", "prs", "ti"} and source.random() < 0.4
    return Client(
        id=draw.key(source, since),
        controller=controller,
        municipality=municipality,
        name=latin,
        name_in_own_script=own,
        mother_tongue=tongue,
        gender=gender,
        citizenship=draw.one(source, CITIZENSHIPS[tongue]),
        ground=ground,
        born_on=born_on.replace(month=1, day=1) if only_year_known else born_on,
        only_year_known=only_year_known,
        since=since,
        activity=source.paretovariate(1.3),
    )


def _name(source: Random, tongue: str, gender: str) -> tuple[str, str]:
    """Given name and surname in Latin letters, and in the language's own script."""
    names, woman = NAMES[tongue], gender == Gender.FEMALE
    given = source.choice(names.women if woman else names.men)
    family = source.choice(names.family)[1 if woman else 0]
    return f"{given.latin} {family.latin}", f"{given.own} {family.own}"
