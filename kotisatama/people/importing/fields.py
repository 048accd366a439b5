"""The fields that an old register can fill: how each is read from text, by the same rules as on the desk.

A new field of a person gets a line in `table()`; what its rows are made of stands in `making`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from typing import Any

from babel import Locale
from babel.core import get_global
from django.db.models import TextChoices
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kotisatama.kernel.errors import NotAllowed
from kotisatama.network.models import Municipality
from kotisatama.people import identity_codes, queries, rules
from kotisatama.people.importing import dates
from kotisatama.people.models import Channel, Gender, GroundOfStay
from kotisatama.translation import languages

READERS = ("fi", "sv", "en")
TRUTH = {"yes": True, "no": False, "kyllä": True, "ei": False, "ja": True, "nej": False, "true": True, "false": False}
TRUTH |= {"x": True, "1": True, "0": False, "on": True}
FIRST_OF_JANUARY = "first-of-january"
LONGEST_NAME = 160


@dataclass(frozen=True)
class Context:
    """What reading needs beside the text: the ways in which days are written, and the municipalities by code."""

    date_formats: tuple[str, ...]
    municipalities: Mapping[str, str]


@dataclass(frozen=True)
class Field:
    """One field: `read` makes a value of a text that is not empty, or raises NotAllowed with a sentence.

    `many` takes several texts. `headings` are words by which a column is guessed.
    """

    name: str
    label: Any
    read: Callable[[str, Context], Any]
    many: bool = False
    headings: tuple[str, ...] = ()


def context(date_formats: Iterable[str]) -> Context:
    """The context of a whole table; one query."""
    return Context(tuple(date_formats), _municipalities())


@cache
def table() -> dict[str, Field]:
    """Every field by its name, in the order of the screen."""
    gender, ground = partial(_choice, Gender), partial(_choice, GroundOfStay)
    rows = (
        Field("name", gettext_lazy("Name"), _name, headings=("nimi", "namn", "name", "sukunimi", "etunimi")),
        Field(
            "spellings",
            gettext_lazy("The name in other spellings and letters"),
            _name,
            many=True,
            headings=("muut nimet", "alias", "kutsumanimi", "entinen nimi", "nimi omalla kielellä"),
        ),
        Field("date_of_birth", gettext_lazy("Date of birth"), _birthday, headings=("syntymäaika", "syntynyt", "född")),
        Field("birthday_is_placeholder", gettext_lazy("Only the year is certain"), _placeholder),
        Field("gender", gettext_lazy("Gender"), gender, headings=("sukupuoli", "kön", "gender", "sex")),
        Field(
            "hetu",
            gettext_lazy("Personal identity code"),
            _hetu,
            headings=("hetu", "henkilötunnus", "personbeteckning"),
        ),
        Field(
            "citizenships",
            gettext_lazy("Citizenships"),
            _country,
            many=True,
            headings=("kansalaisuus", "medborgarskap"),
        ),
        Field("mother_tongue", gettext_lazy("Mother tongue"), _language, headings=("äidinkieli", "modersmål")),
        Field(
            "service_languages",
            gettext_lazy("Service languages, the best first"),
            _language,
            many=True,
            headings=("asiointikieli", "asiointikielet", "kieli", "kontaktspråk", "ärendespråk"),
        ),
        Field(
            "municipality", gettext_lazy("Municipality"), _municipality, headings=("kotikunta", "kunta", "hemkommun")
        ),
        Field("ground_of_stay", gettext_lazy("Ground of stay"), ground, headings=("oleskelun peruste", "oleskelulupa")),
        Field("ground_ends_on", gettext_lazy("Ground of stay ends"), _day, headings=("lupa päättyy", "voimassa")),
        Field("moved_to_finland_on", gettext_lazy("Moved to Finland"), _day, headings=("muuttopäivä", "saapui")),
        Field(
            "phone",
            gettext_lazy("Telephone"),
            _phone,
            many=True,
            headings=("puhelin", "puh", "gsm", "telefon", "phone"),
        ),
        Field("phone_safe", gettext_lazy("A message may be left at this number"), _truth),
        Field("email", gettext_lazy("E-mail"), _email, many=True, headings=("sähköposti", "e-post", "email", "e-mail")),
        Field("email_safe", gettext_lazy("A message may be sent to this address"), _truth),
    )
    return {each.name: each for each in rows}


def plain(text: str) -> str:
    """A word as it is looked up."""
    return " ".join(text.split()).casefold()


def _name(text: str, _context: Context) -> str:
    if len(text) > LONGEST_NAME:
        raise NotAllowed(_("A name has at most %(number)s characters.") % {"number": LONGEST_NAME})
    if not any(letter.isalpha() for letter in text):
        raise NotAllowed(_("A name has letters."))
    return text


def _hetu(text: str, _context: Context) -> str:
    return identity_codes.check(text)


def _phone(text: str, _context: Context) -> str:
    return rules.channel_value(Channel.Kind.PHONE, text)


def _email(text: str, _context: Context) -> str:
    return rules.channel_value(Channel.Kind.EMAIL, text)


def _birthday(text: str, context: Context) -> tuple[date, bool]:
    found = dates.read(text, context.date_formats)
    if not found:
        raise NotAllowed(_no_day())
    rules.check_birthday(found[0])
    return found


def _day(text: str, context: Context) -> date:
    found = dates.read(text, context.date_formats)
    if not found or found[1]:
        raise NotAllowed(_no_day())
    return found[0]


def _no_day() -> str:
    return _("This is not a date in any of the ways of writing that the mapping names.")


def _truth(text: str, _context: Context) -> bool:
    if plain(text) not in TRUTH:
        raise NotAllowed(_("Yes or no is expected here."))
    return TRUTH[plain(text)]


def _placeholder(text: str, context: Context) -> bool | str:
    return FIRST_OF_JANUARY if plain(text) == FIRST_OF_JANUARY else _truth(text, context)


def _choice(choices: type[TextChoices], text: str, _context: Context) -> str:
    found = _choices(choices).get(plain(text))
    if found is None:
        known = ", ".join(choices.values)
        raise NotAllowed(
            _("This value is not known. The mapping can translate it into one of: %(known)s.") % {"known": known}
        )
    return found


@cache
def _choices(choices: type[TextChoices]) -> dict[str, str]:
    """Values and their names in the languages of the desk."""
    found = {value: value for value in choices.values}
    for reader in READERS:
        with translation.override(reader):
            found |= {plain(str(label)): str(value) for value, label in choices.choices}
    return found


def _language(text: str, _context: Context) -> str:
    found = _languages().get(plain(text))
    if not found:
        raise NotAllowed(_("This language is not known. The mapping can translate it into a code such as “uk”."))
    return found


@cache
def _languages() -> dict[str, str]:
    """Codes of two and three letters, names in the languages of the desk and in the language itself."""
    known = languages.all_languages()
    found = {plain(other): code for other, code in get_global("language_aliases").items() if code in known}
    for code, each in known.items():
        names = (languages.name_in(code, reader) for reader in READERS)
        found |= dict.fromkeys(map(plain, (code, each.own_name, each.english, *names)), code)
    return found


def _country(text: str, _context: Context) -> str:
    found = _countries().get(plain(text))
    if not found:
        raise NotAllowed(_("This country is not known. The mapping can translate it into a code such as “UA”."))
    return found


@cache
def _countries() -> dict[str, str]:
    """Codes of two and three letters, names in the languages of the desk."""
    aliases = get_global("territory_aliases")
    found = {plain(other): codes[0] for other, codes in aliases.items() if len(other) == 3 and other.isalpha()}
    for reader in READERS:
        for code, name in Locale.parse(reader).territories.items():
            if len(code) == 2 and code.isalpha():
                found[plain(name)] = found[plain(code)] = code
    return found


def _municipality(text: str, context: Context) -> str:
    word = plain(text)
    found = context.municipalities.get(word.zfill(3) if word.isdigit() else word)
    if not found:
        raise NotAllowed(_("This municipality is not known. The mapping can translate it into a code such as “167”."))
    return found


def _municipalities() -> dict[str, str]:
    """Codes and names of municipalities, and the reasons not to name one."""
    found: dict[str, str] = {}
    for each in Municipality.objects.all():
        found |= {each.code: each.code, plain(each.name_fi): each.code, plain(each.name_sv): each.code}
    for code, label in queries.NO_MUNICIPALITY.items():
        found[code] = code
        for reader in READERS:
            with translation.override(reader):
                found[plain(str(label))] = code
    return found
