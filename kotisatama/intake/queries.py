"""The queue as a list: what narrows and sorts it, how many there are of each, its lines for the reader."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Func, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from kotisatama.contacts import queries as contacts
from kotisatama.documents import queries as documents
from kotisatama.documents.models import Document
from kotisatama.intake import access, rules, telling
from kotisatama.intake.models import Item
from kotisatama.people import queries as people
from kotisatama.people.models import Person
from kotisatama.staff.models import Worker
from kotisatama.translation import languages
from kotisatama.translation.queries import Localized

# The start page promises an answer in two working days: a line that is older says so.
PROMISED = timedelta(days=2)
AGES = (1, 2, 7)
MOST_OF_A_PERSON = 50
KEY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
CODE = re.compile(r"[a-z0-9_.-]{1,40}", re.IGNORECASE)
QUEUE = ("-is_urgent", "received_at", "pk")
SORTS = {
    "newest": ("-received_at", "pk"),
    "oldest": ("received_at", "pk"),
    "language": ("service_language", *QUEUE),
    "topic": ("topics", *QUEUE),
    "municipality": ("municipality", *QUEUE),
    "worker": (F("claimed_by__name").asc(nulls_first=True), *QUEUE),
}


@dataclass(frozen=True)
class Wanted:
    """Which part of the inbox is asked for; every field is a code or empty. `state` empty: what is not done."""

    state: str = ""
    municipality: str = ""
    language: str = ""
    topic: str = ""
    urgent: str = ""
    age: str = ""
    whose: str = ""
    sort: str = ""

    @property
    def filters(self) -> list[str]:
        """Names of the filters that are set."""
        return [name for name in vars(self) if name != "sort" and getattr(self, name)]


def wanted(sent: Mapping[str, str]) -> Wanted:
    """Read the parameters of an address; what is no code is left out."""
    given = {name: str(sent.get(name) or "") for name in Wanted.__dataclass_fields__}
    return Wanted(**{name: value for name, value in given.items() if CODE.fullmatch(value)})


def filtered(viewer: Worker, asked: Wanted) -> QuerySet[Item]:
    """The visible lines asked for, in the order asked for: by default urgent first, then the oldest."""
    found = _in_state(access.visible_items(viewer), asked.state)
    fields = {"municipality": asked.municipality, "service_language": asked.language}
    found = found.filter(**{name: value for name, value in fields.items() if value})
    if asked.topic:
        found = found.filter(topics__contains=[asked.topic])
    if asked.urgent:
        found = found.filter(is_urgent=asked.urgent == "yes")
    if asked.age.isdecimal() and int(asked.age) in AGES:
        found = found.filter(received_at__lte=timezone.now() - timedelta(days=int(asked.age)))
    found = found.filter(_whose(viewer, asked.whose)).select_related("claimed_by", "team", "service_point")
    return found.order_by(*SORTS.get(asked.sort, ("-done_at", "pk") if asked.state == Item.State.DONE else QUEUE))


def opened(viewer: Worker) -> QuerySet[Item]:
    """The visible lines with what the page of one shows."""
    rows = access.visible_items(viewer).select_related(
        "submission__version__form", "claimed_by", "contact", "case", "team", "service_point"
    )
    return rows.prefetch_related("corrections")


def opened_by_key(viewer: Worker, pk: UUID) -> Item:
    """One of them. Raises Http404."""
    return get_object_or_404(opened(viewer), pk=pk)


def answers_of(item: Item) -> dict[str, Any]:
    """What a submission says now: as it was sent, with what the person corrected since."""
    return telling.answers(item)


def people_by_reference(viewer: Worker, reference: str) -> list[UUID]:
    """Whose the submission with this reference is, when it was tied to somebody and the viewer sees it."""
    tied = access.visible_items(viewer).filter(submission__reference=reference, person__isnull=False)
    return [item.person_id for item in tied if item.person_id]


def _in_state(items: QuerySet[Item], state: str) -> QuerySet[Item]:
    if state == "all":
        return items
    return items.filter(state=state) if state in Item.State.values else items.exclude(state=Item.State.DONE)


def _whose(viewer: Worker, whose: str) -> Q:
    return {"mine": Q(claimed_by=viewer), "nobody": Q(claimed_by=None), "team": _of_team(viewer)}.get(whose, Q())


def _of_team(viewer: Worker) -> Q:
    """What the rules have sent to the viewer's team or place."""
    team = Q(team=viewer.team_id) if viewer.team_id else Q(pk__in=[])
    return team | Q(service_point=viewer.service_point_id) if viewer.service_point_id else team


@dataclass(frozen=True)
class Option:
    """One value of a filter with its number of lines."""

    value: str
    label: str
    number: int
    is_chosen: bool


@dataclass(frozen=True)
class Filter:
    """One filter of the list; the first option takes it away."""

    name: str
    label: str
    options: list[Option]


def filters(viewer: Worker, asked: Wanted, reader: str) -> list[Filter]:
    """Every filter with the number of lines that each value would show by itself. Six queries."""
    every = access.visible_items(viewer).order_by()
    items = _in_state(every, asked.state)
    topics = Func(F("topics"), function="unnest")
    topics.set_returning = True
    named = {
        "municipality": people.municipality_names(reader),
        "language": {code: languages.name_in(code, reader) for code in languages.all_languages()},
        "topic": {code: str(name) for code, name in contacts.topic_names(reader).items()},
    }
    numbers = {
        "municipality": _numbers(items, F("municipality")),
        "language": _numbers(items, F("service_language")),
        "topic": _numbers(items, topics),
    }
    labels = {"municipality": _("Municipality"), "language": _("Language"), "topic": _("Topic")}
    found = [_state_filter(every, asked)]
    for name, label in labels.items():
        words = [(code, named[name].get(code, _other(code)), number) for code, number in numbers[name].items()]
        found.append(_filter(name, label, sorted(words, key=lambda each: each[1]), asked))
    return found + _plain_filters(viewer, items, asked)


def _other(code: str) -> str:
    return _("Another language") if code == "other" else code


def _numbers(items: QuerySet[Item], field: Any) -> dict[str, int]:
    rows = items.annotate(code=field).values("code").annotate(number=Count("pk")).values_list("code", "number")
    return dict(rows)


def _filter(name: str, label: str, values: Iterable[tuple[str, str, int]], asked: Wanted, *, first: str = "") -> Filter:
    chosen = getattr(asked, name)
    options = [Option("", first or _("All"), -1, not chosen)]
    options += [Option(value, words, number, value == chosen) for value, words, number in values]
    return Filter(name, label, options)


def _state_filter(every: QuerySet[Item], asked: Wanted) -> Filter:
    states = dict(every.values_list("state").annotate(number=Count("pk")))
    values = [(code, str(label), states.get(code, 0)) for code, label in Item.State.choices]
    values.append(("all", _("All"), sum(states.values())))
    return _filter("state", _("State"), values, asked, first=_("Not done"))


def _plain_filters(viewer: Worker, items: QuerySet[Item], asked: Wanted) -> list[Filter]:
    now = timezone.now()
    ages = {f"age{days}": Count("pk", filter=Q(received_at__lte=now - timedelta(days=days))) for days in AGES}
    number = items.aggregate(
        urgent=Count("pk", filter=Q(is_urgent=True)),
        mine=Count("pk", filter=Q(claimed_by=viewer)),
        nobody=Count("pk", filter=Q(claimed_by=None)),
        team=Count("pk", filter=_of_team(viewer)),
        **ages,
    )
    older = {1: _("Over a day"), 2: _("Over two days"), 7: _("Over a week")}
    return [
        _filter("urgent", _("Urgency"), [("yes", _("Urgent"), number["urgent"])], asked),
        _filter("age", _("Age"), [(str(days), older[days], number[f"age{days}"]) for days in AGES], asked),
        _filter(
            "whose",
            _("Worker"),
            [
                ("mine", _("Mine"), number["mine"]),
                ("nobody", _("Nobody"), number["nobody"]),
                ("team", _("My team"), number["team"]),
            ],
            asked,
        ),
    ]


@dataclass(frozen=True)
class Line:
    """A line of the list, with names for its codes in the reader's language and the language named in itself."""

    item: Item
    topics: list[Localized]
    municipality: str
    language: str
    worker: str
    is_late: bool
    team: str = ""


def lines(items: Iterable[Item], viewer: Worker, reader: str) -> list[Line]:
    """The lines of a page; two queries however many they are."""
    topics, municipalities = contacts.topic_names(reader), people.municipality_names(reader)
    return [_line(item, viewer, topics, municipalities) for item in items]


def _line(item: Item, viewer: Worker, topics: Mapping[str, Localized], municipalities: Mapping[str, str]) -> Line:
    language = item.service_language
    worker = item.claimed_by
    return Line(
        item=item,
        topics=[topics.get(code, Localized(code, "en")) for code in item.topics],
        municipality=municipalities.get(item.municipality, item.municipality),
        language=languages.own_name(language) if language in languages.all_languages() else _other(language),
        worker="" if worker is None else _("You") if worker.pk == viewer.pk else rules.short_name(worker.name),
        is_late=item.state != Item.State.DONE and timezone.now() - item.received_at > PROMISED,
        team=str(item.team or item.service_point or ""),
    )


@dataclass(frozen=True)
class Summary:
    """How many wait for somebody, and since when the oldest."""

    waiting: int
    oldest: Any


def summary(viewer: Worker) -> Summary:
    """The line under the heading of the inbox. One query."""
    waiting = access.visible_items(viewer).filter(state=Item.State.NEW).order_by("received_at")
    moments = list(waiting.values_list("received_at", flat=True))
    return Summary(len(moments), moments[0] if moments else None)


def of_person(viewer: Worker, person: Person) -> list[Item]:
    """What the client sent in, the latest first, as far as the viewer sees it. One query."""
    items = access.visible_items(viewer).filter(person=person).order_by("-received_at")[:MOST_OF_A_PERSON]
    rows = items.select_related("submission__version__form")
    return list(rows.defer("submission__version__source", "submission__version__definition"))


def files(viewer: Worker, items: Iterable[Item]) -> dict[UUID, list[Document]]:
    """The files that came with each submission, by the item's key. One query."""
    ids = {item.pk: list(_identifiers(item.submission.answers)) for item in items}
    known = documents.by_id(viewer, [each for every in ids.values() for each in every])
    return {key: [known[each] for each in every if each in known] for key, every in ids.items()}


def _identifiers(value: Any) -> Iterator[UUID]:
    """Whatever within answers, repeats included, is written as a key of a row."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from _identifiers(each)
    elif isinstance(value, str) and KEY.fullmatch(value):
        yield UUID(value)
