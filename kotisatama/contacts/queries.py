"""Reading contacts, topics, and what a new contact starts from."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from kotisatama.contacts import access
from kotisatama.contacts.models import Change, Channel, Contact, Topic
from kotisatama.kernel.errors import NotAllowed
from kotisatama.network import queries as network
from kotisatama.network.models import Organisation, ServicePoint
from kotisatama.people import access as people_access
from kotisatama.people import queries as people
from kotisatama.people.models import Person
from kotisatama.staff.models import Worker
from kotisatama.translation import languages
from kotisatama.translation import queries as translation
from kotisatama.translation.queries import Localized

NO_PLACE = "secret"
# Office hours of a service point that has none written down.
OFFICE_OPENS, OFFICE_CLOSES, LAST_OFFICE_DAY = time(8), time(16), 5


@dataclass(frozen=True)
class Defaults:
    """What a new contact starts from; the topic is never remembered."""

    service_point: ServicePoint | None
    channel: str
    municipality: str
    service_language: str


def topics(language: str) -> list[tuple[str, Localized, str]]:
    """(code, name, code of the parent or empty) of every topic in order. Two queries."""
    named = translation.texts("topic", language)
    return [
        (topic.code, named.get(topic.code, Localized(topic.code, "en")), topic.parent_id or "")
        for topic in Topic.objects.all()
    ]


def topic_choices(language: str) -> list[tuple[str, str]]:
    """(code, name) of every topic; one of the second level stands under its parent's name."""
    found = topics(language)
    named = {code: str(name) for code, name, _parent in found}
    return [(code, f"{name} · {named[parent]}" if parent else str(name)) for code, name, parent in found]


def topic_names(language: str) -> dict[str, Localized]:
    """Names of the topics by code, each with the language that it is really in. One query."""
    return translation.texts("topic", language)


def controller_for(municipality: str, service_point: ServicePoint, worker: Worker) -> str:
    """Who answers for the row: the home municipality when the worker's organisation has a mandate from it today.

    Else the service point's municipality; NotAllowed when there is no mandate from that either.
    """
    for code in (municipality, service_point.municipality_id):
        if code in worker.controller_codes:
            return code
    raise NotAllowed(_("Your organisation has no mandate for this service point's municipality today."))


def service_points(worker: Worker) -> list[ServicePoint]:
    """Where the worker may have met somebody: the own place first, then the organisation's others."""
    own = [worker.service_point] if worker.service_point else []
    return own + [point for point in network.service_points(worker.organisation) if point not in own]


def defaults(worker: Worker) -> Defaults:
    """What the worker's next contact most likely says: the place of work, the rest as in the contact recorded last."""
    point = worker.service_point or next(iter(service_points(worker)), None)
    own = access.visible_contacts(worker).filter(worker=worker).order_by("-created_at")
    last = own.values_list("channel", "municipality", "service_language").first()
    if last:
        channel, municipality, language = last
        return Defaults(point, channel, municipality, language)
    return Defaults(point, Channel.DROP_IN, point.municipality_id if point else "", worker.language)


def of_person_defaults(person: Person, given: Defaults, *, shows_home: bool) -> Defaults:
    """The same for a contact with a client: the first language is the client's; so is the home, if `shows_home`."""
    language = person.service_languages[0] if person.service_languages else given.service_language
    home = person.municipality if shows_home else given.municipality
    home = NO_PLACE if people_access.is_shielded(person) else home
    return Defaults(given.service_point, given.channel, home, language)


def is_out_of_hours(service_point: ServicePoint, at: datetime) -> bool:
    """Whether a moment falls outside the service point's office hours; evenings of peer support are outside too."""
    local = timezone.localtime(at)
    today = network.opening_hours(service_point, on=local.date())
    offices = [hours for hours in today if hours.kind != hours.Kind.PEER_SUPPORT]
    if offices:
        return not any(network.is_open(hours, at=local) for hours in offices)
    if today or service_point.opening_hours.exists():
        return True
    return local.isoweekday() > LAST_OFFICE_DAY or not OFFICE_OPENS <= local.time() < OFFICE_CLOSES


def association_of(worker: Worker) -> Organisation | None:
    """The association whose work the worker's contacts are, if any."""
    organisation = worker.organisation
    return organisation if organisation.kind == Organisation.Kind.ASSOCIATION else None


def own_contacts(worker: Worker) -> QuerySet[Contact]:
    """The worker's own contacts, latest first, with what a row of a list shows."""
    return listed(access.visible_contacts(worker).filter(worker=worker))


def listed(contacts: QuerySet[Contact]) -> QuerySet[Contact]:
    """The same contacts, latest first, with what a row of a list shows."""
    return contacts.select_related("person", "service_point", "worker").order_by("-at", "-id")


def last_day_with(person: Person) -> date | None:
    """The day on which the client was met last, as far as this transaction's context sees. One query, by an index."""
    moments = Contact.objects.filter(person=person).order_by("-at").values_list("at", flat=True)
    at = moments.first()
    return timezone.localdate(at) if at else None


def on_day(contacts: QuerySet[Contact], day: date) -> QuerySet[Contact]:
    """Those of one local day."""
    return contacts.filter(at__gte=_midnight(day), at__lt=_midnight(day) + timedelta(days=1))


def count_on(worker: Worker, day: date) -> int:
    """How many contacts the worker had on that day."""
    return on_day(access.visible_contacts(worker).filter(worker=worker), day).count()


def of_person(viewer: Worker, person: Person, *, limit: int = 50) -> list[Contact]:
    """The latest contacts of a client that the viewer may see."""
    return list(listed(access.visible_contacts(viewer).filter(person=person))[:limit])


def last_on(viewer: Worker, person: Person) -> date | None:
    """The day of the client's latest contact that the viewer may see."""
    at = access.visible_contacts(viewer).filter(person=person).order_by("-at").values_list("at", flat=True).first()
    return timezone.localtime(at).date() if at else None


def organisations_of(viewer: Worker, person: Person, *, since: datetime) -> list[str]:
    """Names of the organisations, the viewer's own apart, whose places the client visited since a moment."""
    found = access.visible_contacts(viewer).filter(person=person, at__gte=since)
    others = found.exclude(service_point__organisation=viewer.organisation_id)
    return list(others.values_list("service_point__organisation__name", flat=True).distinct().order_by())


def of_shared_person(person: Person, *, limit: int = 50) -> list[Contact]:
    """The latest contacts of a client whom another municipality shares, within row_security.also_reading."""
    return list(Contact.objects.filter(person=person, controller_id=person.controller_id).order_by("-at")[:limit])


@dataclass(frozen=True)
class Row:
    """A contact as a list shows it, with names for its codes in the reader's language.

    `person` is the client, as far as the viewer may open the record: a page says no more of another than "a client".
    """

    contact: Contact
    topics: list[Localized]
    municipality: str
    language: str
    person: Person | None
    hides_place: bool

    @property
    def place(self) -> str:
        """The service point, unless a non-disclosure hides where the client is met; a query when it is not joined."""
        return str(people.NO_MUNICIPALITY[NO_PLACE]) if self.hides_place else str(self.contact.service_point)


def rows(viewer: Worker, contacts: Iterable[Contact], reader: str) -> list[Row]:
    """The contacts with the names of their codes; the same number of queries however many they are.

    Of a client whose place is hidden neither the municipality nor the service point is named.
    """
    named, municipalities, shown = topic_names(reader), people.municipality_names(reader), list(contacts)
    openable = people_access.openable_ids(viewer, (contact.person_id for contact in shown))
    hidden = people_access.shielded(contact.person for contact in shown if contact.person)
    return [
        _row(
            contact,
            named,
            municipalities,
            person=contact.person if contact.person_id in openable else None,
            hides_place=contact.person_id in hidden,
        )
        for contact in shown
    ]


def _row(
    contact: Contact,
    named: Mapping[str, Localized],
    municipalities: Mapping[str, str],
    *,
    person: Person | None,
    hides_place: bool,
) -> Row:
    municipality = NO_PLACE if hides_place else contact.municipality
    return Row(
        contact,
        [named.get(code, Localized(code, "en")) for code in contact.topics],
        municipalities.get(municipality, municipality),
        languages.own_name(contact.service_language),
        person,
        hides_place,
    )


def filtered(viewer: Worker, wanted: Mapping[str, Any]) -> QuerySet[Contact]:
    """The viewer's own contacts, or with `whose` = "all" every visible one, narrowed by the fields of the filter."""
    found = access.visible_contacts(viewer)
    if wanted.get("whose") != "all":
        found = found.filter(worker=viewer)
    if wanted.get("from_day"):
        found = found.filter(at__gte=_midnight(wanted["from_day"]))
    if wanted.get("to_day"):
        found = found.filter(at__lt=_midnight(wanted["to_day"]) + timedelta(days=1))
    codes = {"channel": "channel", "municipality": "municipality", "language": "service_language"}
    found = found.filter(**{field: wanted[name] for name, field in codes.items() if wanted.get(name)})
    if wanted.get("municipality"):
        found = found.exclude(person__in=people_access.shielded_relatives())
    return listed(found.filter(topics__contains=[wanted["topic"]]) if wanted.get("topic") else found)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


@dataclass(frozen=True)
class Before:
    """A change as the page shows it: who, when, why, and what each field said."""

    change: Change
    values: list[tuple[str, str]]


def history(contact: Contact, reader: str) -> list[Before]:
    """The changes of a contact, the latest first, with field names and values in the reader's words."""
    found = list(contact.changes.select_related("worker"))
    if not found:
        return []
    spoken, order = _spoken(reader), [field.name for field in Contact._meta.fields]
    return [
        Before(change, [(_label(name), spoken(name, change.before[name])) for name in order if name in change.before])
        for change in found
    ]


def _label(name: str) -> str:
    return str(Contact._meta.get_field(name).verbose_name).capitalize()  # type: ignore[union-attr]


def _spoken(reader: str) -> Callable[[str, Any], str]:
    """How a stored value is said: codes by their names, moments in local time."""
    topics_by_code, municipalities = topic_names(reader), people.municipality_names(reader)

    def say(name: str, value: Any) -> str:
        if name == "topics":
            return ", ".join(str(topics_by_code.get(code, code)) for code in value)
        if name == "at":
            return formats.date_format(timezone.localtime(datetime.fromisoformat(value)), "SHORT_DATETIME_FORMAT")
        if name in {"service_language", "mother_tongue"}:
            return languages.own_name(value)
        if isinstance(value, bool):
            return _("Yes") if value else _("No")
        choices = dict(getattr(Contact._meta.get_field(name), "choices", None) or municipalities)
        return str(choices.get(value, value)) if value else "–"

    return say
