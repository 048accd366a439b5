"""The demo region: five municipalities that work together and one outside; their organisations, places and workers."""

from dataclasses import dataclass
from datetime import date, time

from django.contrib.auth.hashers import make_password

from kotisatama.network.models import Mandate, Municipality, OpeningHours, Organisation, ServicePoint
from kotisatama.staff.models import Team, Worker
from kotisatama.staff.permissions import Role

PASSWORD = "kotisatama-demo"  # noqa: S105 - printed on purpose; the demo region is refused in production
JOENSUU, KONTIOLAHTI, LIPERI, OUTOKUMPU, ILOMANTSI, KITEE = "167", "276", "426", "309", "146", "260"
SERVED = (JOENSUU, KONTIOLAHTI, LIPERI, OUTOKUMPU, ILOMANTSI)
CENTRE = "international-house-joensuu"

Kind = Organisation.Kind
Hours = OpeningHours.Kind


@dataclass(frozen=True)
class Place:
    """A service point with its hours: (ISO weekdays, opens, closes, kind, languages spoken)."""

    slug: str
    name: str
    organisation: str
    municipality: str
    hours: tuple[tuple[tuple[int, ...], int, int, str, str], ...]
    is_main: bool = False


@dataclass(frozen=True)
class Account:
    """One demo worker; the e-mail address is the name at demo.example unless given."""

    name: str
    email: str
    organisation: str
    role: Role
    place: str = ""
    team: str = ""
    also: tuple[Role, ...] = ()


# slug: name, kind, home municipality, municipalities whose mandate it holds.
ORGANISATIONS: dict[str, tuple[str, str, str, tuple[str, ...]]] = {
    CENTRE: ("International House Joensuu", Kind.CENTRE, JOENSUU, SERVED),
    "joensuu": ("Joensuun kaupunki", Kind.MUNICIPALITY, JOENSUU, (JOENSUU,)),
    "kontiolahti": ("Kontiolahden kunta", Kind.MUNICIPALITY, KONTIOLAHTI, (KONTIOLAHTI,)),
    "liperi": ("Liperin kunta", Kind.MUNICIPALITY, LIPERI, (LIPERI,)),
    "outokumpu": ("Outokummun kaupunki", Kind.MUNICIPALITY, OUTOKUMPU, (OUTOKUMPU,)),
    "ilomantsi": ("Ilomantsin kunta", Kind.MUNICIPALITY, ILOMANTSI, (ILOMANTSI,)),
    "luotsi": ("Ohjaamo Luotsi", Kind.AUTHORITY, JOENSUU, (JOENSUU,)),
    "setlementti": ("Joensuun Setlementti", Kind.ASSOCIATION, JOENSUU, (JOENSUU, KONTIOLAHTI, LIPERI)),
    "kielikahvila": ("Pielisjoen Kielikahvila ry", Kind.ASSOCIATION, JOENSUU, (JOENSUU,)),
    "kitee": ("Kiteen kaupunki", Kind.MUNICIPALITY, KITEE, (KITEE,)),
}

_WEEKDAYS = (1, 2, 3, 4)
PLACES = (
    Place(
        "ihj",
        "International House Joensuu",
        CENTRE,
        JOENSUU,
        ((_WEEKDAYS, 9, 15, Hours.DROP_IN, "fi en ru uk ar"), ((5,), 9, 15, Hours.BOOKED, "fi en ru uk ar prs")),
        is_main=True,
    ),
    Place("luotsi", "Luotsi", "luotsi", JOENSUU, ((_WEEKDAYS, 10, 15, Hours.DROP_IN, "fi en ru"),)),
    Place(
        "kontiolahti", "Kontiolahden kunnantalo", "kontiolahti", KONTIOLAHTI, (((2, 4), 9, 14, Hours.DROP_IN, "fi en"),)
    ),
    Place("liperi", "Liperin palvelupiste", "liperi", LIPERI, (((1, 3), 9, 14, Hours.DROP_IN, "fi en ru"),)),
    Place(
        "outokumpu", "Outokummun asiointipiste", "outokumpu", OUTOKUMPU, (((1, 4), 10, 14, Hours.DROP_IN, "fi en ru"),)
    ),
    Place("ilomantsi", "Ilomantsin kunnantalo", "ilomantsi", ILOMANTSI, (((3,), 10, 14, Hours.BOOKED, "fi ru"),)),
    Place(
        "setlementti",
        "Setlementin kohtaamispaikka",
        "setlementti",
        JOENSUU,
        (((2, 4), 17, 20, Hours.PEER_SUPPORT, "ru uk ar fa"), ((6,), 11, 14, Hours.PEER_SUPPORT, "uk ar so")),
    ),
    Place("kielikahvila", "Kielikahvila", "kielikahvila", JOENSUU, (((6,), 11, 14, Hours.PEER_SUPPORT, "fi en th"),)),
    Place("kitee", "Kiteen kaupungintalo", "kitee", KITEE, ((_WEEKDAYS, 9, 14, Hours.DROP_IN, "fi ru"),)),
)

TEAM, SECOND_TEAM = "Neuvonta", "Perheet ja asuminen"
# The first eight and the last one are named in the README; the others make the figures look like a real desk.
ACCOUNTS = (
    Account("Aino Niemi", "aino.niemi", CENTRE, Role.COUNSELLOR, "ihj", TEAM),
    Account("Petra Kettunen", "petra.kettunen", CENTRE, Role.TEAM_LEAD, "ihj", TEAM),
    Account("Liisa Lappalainen", "liisa.liperi", "liperi", Role.MUNICIPAL_WORKER, "liperi"),
    Account("Mika Mononen", "mika.luotsi", "luotsi", Role.PARTNER_WORKER, "luotsi"),
    Account("Sofia Salmi", "sofia.setlementti", "setlementti", Role.ASSOCIATION_COORDINATOR, "setlementti"),
    Account("Raija Räsänen", "raija.raportti", CENTRE, Role.REPORT_READER),
    Account("Timo Turunen", "timo.tietosuoja", CENTRE, Role.DATA_PROTECTION_OFFICER),
    Account("Maija Martikainen", "maija.main", CENTRE, Role.MAIN_USER, "ihj"),
    Account("Paula Pöyhönen", "paula.projekti", CENTRE, Role.COORDINATOR, "ihj", TEAM, (Role.COUNSELLOR,)),
    Account("Lauri Lehtinen", "lauri.liperi", "liperi", Role.DECISION_MAKER),
    Account("Oleh Bondar", "oleh.bondar", CENTRE, Role.COUNSELLOR, "ihj", TEAM),
    Account("Nour Haddad", "nour.haddad", CENTRE, Role.COUNSELLOR, "ihj", SECOND_TEAM),
    Account("Saara Lind", "saara.lind", CENTRE, Role.COUNSELLOR, "ihj", SECOND_TEAM),
    Account("Kari Korhonen", "kari.kontiolahti", "kontiolahti", Role.MUNICIPAL_WORKER, "kontiolahti"),
    Account("Outi Ollikainen", "outi.outokumpu", "outokumpu", Role.MUNICIPAL_WORKER, "outokumpu"),
    Account("Ilkka Immonen", "ilkka.ilomantsi", "ilomantsi", Role.MUNICIPAL_WORKER, "ilomantsi"),
    Account("Kirsi Kähkönen", "kirsi.kielikahvila", "kielikahvila", Role.ASSOCIATION_COORDINATOR, "kielikahvila"),
    Account("Kaisa Karvonen", "kaisa.kitee", "kitee", Role.MUNICIPAL_WORKER, "kitee"),
)

# Has left: the account is closed, and the cases wait for somebody else.
FORMER = Account("Tuula Tanskanen", "tuula.tanskanen", CENTRE, Role.COUNSELLOR, team=TEAM)


def address(account: Account) -> str:
    """The e-mail address to sign in with."""
    return f"{account.email}@demo.example"


def is_loaded() -> bool:
    """Whether the region stands already. One query by a unique key."""
    return Organisation.objects.filter(slug=CENTRE).exists()


def build(*, begins_on: date) -> None:
    """Make organisations, mandates, places, hours, teams and workers, all valid from that day."""
    Municipality.objects.filter(code__in=SERVED).update(served_from=begins_on)
    organisations = _build_organisations(begins_on)
    places = _build_places(organisations, begins_on)
    _build_workers(organisations, places)


def _build_organisations(begins_on: date) -> dict[str, Organisation]:
    made = Organisation.objects.bulk_create(
        Organisation(slug=slug, name=name, kind=kind, home_id=home)
        for slug, (name, kind, home, _mandates) in ORGANISATIONS.items()
    )
    by_slug = {organisation.slug: organisation for organisation in made}
    Mandate.objects.bulk_create(
        Mandate(controller_id=code, organisation=by_slug[slug], valid_from=begins_on, basis="Yhteistyösopimus")
        for slug, (_name, _kind, _home, codes) in ORGANISATIONS.items()
        for code in codes
    )
    return by_slug


def _build_places(organisations: dict[str, Organisation], begins_on: date) -> dict[str, ServicePoint]:
    made = ServicePoint.objects.bulk_create(
        ServicePoint(
            slug=place.slug,
            name=place.name,
            organisation=organisations[place.organisation],
            municipality_id=place.municipality,
            street_address=f"Esimerkkikatu {number}",
            phone=f"+358 40 000 {number:04}",
            email=f"{place.slug}@example.org",
            is_main=place.is_main,
        )
        for number, place in enumerate(PLACES, start=1)
    )
    by_slug = {place.slug: place for place in made}
    OpeningHours.objects.bulk_create(
        OpeningHours(
            service_point=by_slug[place.slug],
            weekday=weekday,
            opens_at=time(opens),
            closes_at=time(closes),
            kind=kind,
            languages=languages.split(),
            valid_from=begins_on,
        )
        for place in PLACES
        for weekdays, opens, closes, kind, languages in place.hours
        for weekday in weekdays
    )
    return by_slug


def _build_workers(organisations: dict[str, Organisation], places: dict[str, ServicePoint]) -> None:
    centre = organisations[CENTRE]
    teams = {name: Team.objects.create(name=name, organisation=centre) for name in (TEAM, SECOND_TEAM)}
    password = make_password(PASSWORD)  # one hash for all: each takes tens of milliseconds
    Worker.objects.bulk_create(
        Worker(
            email=address(account),
            name=account.name,
            password=password,
            organisation=organisations[account.organisation],
            team=teams.get(account.team),
            service_point=places.get(account.place),
            roles=[account.role.value, *(role.value for role in account.also)],
            is_active=account is not FORMER,
        )
        for account in (*ACCOUNTS, FORMER)
    )
