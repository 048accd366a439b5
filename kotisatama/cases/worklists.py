"""The lists that a worker works from: whose cases, which of them, in which order, and how many there are of each.

Every list is bounded by one worker or one team, not by the register: its cases come by an index of the open cases of
that worker or team (`case_open_by_worker`, `case_open_by_team`), and all that narrows, sorts and counts looks at these
few rows. `bench/worklists.py` keeps it so.
"""

import re
import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, F, Func, OuterRef, Prefetch, Q, QuerySet, TextChoices
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kotisatama.cases import access
from kotisatama.cases.models import Case, Reason, Transfer
from kotisatama.people import access as people_access
from kotisatama.people import queries as people
from kotisatama.people.models import PersonName
from kotisatama.staff import access as staff_access
from kotisatama.staff.models import Team, Worker
from kotisatama.translation import languages

# The days are in the lists' names: a matter of how this service works, not of law.
SILENT_AFTER = timedelta(days=60)
ENDING_WITHIN = timedelta(days=90)
CODE = re.compile(r"[a-z0-9_.:-]{1,40}", re.IGNORECASE)
MOST_FOUND = 200


class List(TextChoices):
    """The tabs of the screen."""

    MINE = "mine", gettext_lazy("Mine")
    TEAM = "team", gettext_lazy("My team")
    SILENT = "silent", gettext_lazy("No contact for 60 days")
    ENDING = "ending", gettext_lazy("Ground of stay ends in 90 days")
    LEFT = "left", gettext_lazy("Without a worker")
    TRANSFERS = "transfers", gettext_lazy("Transfers to me")


# PostgreSQL's GREATEST passes over NULL: whoever was never met is silent since the opening.
CONTACT = Greatest("last_contact_on", "opened_on")
GROUND = F("person__ground_ends_on").asc(nulls_last=True)
SORTS: dict[str, tuple[Any, ...]] = {
    "name": ("person__sort_key",),
    "municipality": ("person__municipality", "person__sort_key"),
    "contact": (CONTACT.asc(), "opened_on"),
    "ground": (GROUND, "person__sort_key"),
    "opened": ("opened_on",),
    "worker": ("worker__name", "person__sort_key"),
}
SORTED_BY = {List.SILENT: "contact", List.ENDING: "ground", List.LEFT: "contact"}


@dataclass(frozen=True)
class Asked:
    """Which list is asked for, narrowed and sorted how; every field but `q` is a code or empty.

    `whose` is "mine", "team" (the own one) or "team:3"; empty is the list's own habit.
    """

    tab: str = List.MINE
    q: str = ""
    whose: str = ""
    municipality: str = ""
    language: str = ""
    reason: str = ""
    worker: str = ""
    sort: str = ""

    @property
    def filters(self) -> list[str]:
        """Names of the filters that are set."""
        return [name for name in vars(self) if name not in {"tab", "sort"} and getattr(self, name)]

    @property
    def sorted_by(self) -> str:
        """The code of the order."""
        return self.sort if self.sort in SORTS else SORTED_BY.get(List(self.tab), "name")

    @property
    def may_choose_whose(self) -> bool:
        """Whether the list is either mine or a team's."""
        return self.tab in {List.SILENT, List.ENDING}


def asked(sent: Mapping[str, Any]) -> Asked:
    """Read the parameters of an address; what is no code is left out."""
    given = {name: str(sent.get(name) or "") for name in Asked.__dataclass_fields__ if name != "q"}
    given = {name: value for name, value in given.items() if CODE.fullmatch(value)}
    if given.get("tab") not in List.values:
        given["tab"] = List.MINE.value
    return Asked(q=str(sent.get("q") or "").strip()[:100], **given)


def open_cases(viewer: Worker) -> QuerySet[Case]:
    """Open cases that exist for a worker who manages cases."""
    if not access.manages(viewer):
        return Case.objects.none()
    return access.visible_cases(viewer).filter(closed_on__isnull=True)


def scope(viewer: Worker, wanted: Asked) -> QuerySet[Case]:
    """The cases of the list before anything narrows it."""
    cases = open_cases(viewer)
    if wanted.tab == List.TRANSFERS:
        return cases.filter(pk__in=access.waiting_for(viewer).values("case_id"))
    if wanted.tab == List.LEFT:
        return cases.filter(_left(viewer))
    cases = cases.filter(_whose(viewer, wanted))
    today = timezone.localdate()
    due = {List.SILENT.value: silent(today), List.ENDING.value: ending(today)}
    return cases.filter(due.get(wanted.tab, Q()))


def _left(viewer: Worker) -> Q:
    mine = Q(worker__organisation_id=viewer.organisation_id) if access.leads(viewer) else access.of_team(viewer)
    return mine & Q(worker__is_active=False)


def _whose(viewer: Worker, wanted: Asked) -> Q:
    if wanted.tab == List.MINE or (wanted.may_choose_whose and _is_mine(viewer, wanted.whose)):
        return Q(worker=viewer)
    kind, _colon, number = wanted.whose.partition(":")
    if kind == "team" and number.isdecimal() and access.leads(viewer):
        return Q(team_id=int(number), team__organisation_id=viewer.organisation_id)
    return access.of_team(viewer)


def _is_mine(viewer: Worker, whose: str) -> bool:
    """Leads look at their team first, others at their own cases."""
    return whose == "mine" or (not whose.startswith("team") and not access.leads(viewer))


def silent(today: date) -> Q:
    """No contact for 60 days, and open as long."""
    limit = today - SILENT_AFTER
    return Q(opened_on__lte=limit) & (Q(last_contact_on__isnull=True) | Q(last_contact_on__lte=limit))


def ending(today: date) -> Q:
    """The client's ground of stay ends within 90 days, or has ended."""
    return Q(person__ground_ends_on__lte=today + ENDING_WITHIN)


def narrowed(cases: QuerySet[Case], viewer: Worker, wanted: Asked) -> QuerySet[Case]:
    """Those of the cases that the filters and the search let through, in the order asked for."""
    if wanted.q:
        cases = cases.filter(_named(viewer, wanted.q))
    if wanted.municipality:
        cases = cases.filter(person__municipality=wanted.municipality)
        cases = cases.exclude(person__in=people_access.shielded_relatives())
    if wanted.language:
        cases = cases.filter(person__service_languages__contains=[wanted.language])
    if wanted.reason:
        cases = cases.filter(Q(reason=wanted.reason) | Q(further_reasons__contains=[wanted.reason]))
    if wanted.worker.isdecimal():
        cases = cases.filter(worker_id=int(wanted.worker))
    return cases.order_by(*SORTS[wanted.sorted_by], "pk")


def _named(viewer: Worker, text: str) -> Q:
    """Clients whom the search of the register finds, and whose name in any script holds the text.

    The second looks at the names of the list's own clients only, so that it needs no index.
    """
    found = [each.person.pk for each in people.search(viewer, text, limit=MOST_FOUND)]
    holds = PersonName.objects.filter(person_id=OuterRef("person_id"), text__icontains=text)
    return Q(person_id__in=found) | Q(Exists(holds))


def listed(viewer: Worker, wanted: Asked) -> QuerySet[Case]:
    """The list with what its lines show."""
    return shown(narrowed(scope(viewer, wanted), viewer, wanted))


def shown(cases: QuerySet[Case]) -> QuerySet[Case]:
    """The same cases with what a line shows; two queries."""
    waiting = Transfer.objects.filter(state=Transfer.State.PROPOSED).select_related(
        "to_worker", "to_team", "proposed_by__organisation"
    )
    return cases.select_related("person", "worker", "team").prefetch_related(
        Prefetch("transfers", queryset=waiting, to_attr="waiting")
    )


@dataclass(frozen=True)
class Line:
    """A case as a line of a list, with names for its codes."""

    case: Case
    municipality: str
    languages: list[tuple[str, str]]
    silent_days: int
    is_silent: bool
    ground: str
    waiting: Transfer | None


def lines(cases: Iterable[Case], reader: str) -> list[Line]:
    """The lines of a page; the same number of queries however many. No place of a shielded client is named."""
    municipalities, today, given = people.municipality_names(reader), timezone.localdate(), list(cases)
    hidden = people_access.shielded(case.person for case in given)
    return [_line(case, municipalities, today, hidden) for case in given]


def _line(case: Case, municipalities: Mapping[str, str], today: date, hidden: Collection[uuid.UUID]) -> Line:
    person, since = case.person, max(case.opened_on, case.last_contact_on or case.opened_on)
    place = people_access.place_of(person, hidden)
    return Line(
        case=case,
        municipality=municipalities.get(place, place),
        languages=[(code, languages.own_name(code)) for code in person.service_languages],
        silent_days=(today - since).days,
        is_silent=today - since >= SILENT_AFTER,
        ground=ground_state(person.ground_ends_on, today),
        waiting=next(iter(case.waiting), None),  # type: ignore[attr-defined]
    )


def ground_state(ends_on: date | None, today: date) -> str:
    """How urgent the end of the ground of stay is: "ended", "soon" or nothing."""
    if ends_on is None or ends_on > today + ENDING_WITHIN:
        return ""
    return "ended" if ends_on < today else "soon"


@dataclass(frozen=True)
class Tab:
    """One list with its number of cases."""

    code: str
    label: str
    number: int
    is_chosen: bool


def tabs(viewer: Worker, wanted: Asked) -> list[Tab]:
    """Every list with its number. Four queries, each over the cases of one worker, one team or the departed."""
    numbers = counts(viewer)
    return [Tab(code, str(label), numbers[code], code == wanted.tab) for code, label in List.choices]


def counts(viewer: Worker) -> dict[str, int]:
    """The number of cases of each list as it opens."""
    cases, today = open_cases(viewer), timezone.localdate()
    due = {"silent": Count("pk", filter=silent(today)), "ending": Count("pk", filter=ending(today))}
    leads = access.leads(viewer)
    own = cases.filter(worker=viewer).aggregate(mine=Count("pk"), **({} if leads else due))
    team = cases.filter(access.of_team(viewer)).aggregate(team=Count("pk"), **(due if leads else {}))
    left, transfers = cases.filter(_left(viewer)).count(), access.waiting_for(viewer).count()
    return own | team | {"left": left, "transfers": transfers}


@dataclass(frozen=True)
class Filter:
    """One filter of a list: (value, words, whether it is chosen); the first takes it away."""

    name: str
    label: str
    options: list[tuple[str, str, bool]]


def filters(viewer: Worker, wanted: Asked, reader: str) -> list[Filter]:
    """The filters that can narrow this list, each with the values that occur in it. Five queries at most."""
    cases = scope(viewer, wanted).order_by()
    spoken = Func(F("person__service_languages"), function="unnest")
    spoken.set_returning = True
    found_languages = cases.annotate(code=spoken).values_list("code", flat=True).distinct()
    municipalities = people.municipality_names(reader)
    homes = cases.values_list("person__municipality", flat=True).distinct()
    found = [
        _filter("municipality", _("Municipality"), [(code, municipalities.get(code, code)) for code in homes], wanted),
        _filter(
            "language", _("Language"), [(code, languages.name_in(code, reader)) for code in found_languages], wanted
        ),
        _filter("reason", _("Reason"), [(code, str(label)) for code, label in Reason.choices], wanted),
    ]
    if wanted.tab not in {List.MINE, List.TRANSFERS}:
        workers = cases.values_list("worker", "worker__name").distinct()
        found.append(_filter("worker", _("Worker"), [(str(pk), name) for pk, name in workers], wanted))
    return _whose_filter(viewer, wanted) + found


def _filter(name: str, label: str, values: list[tuple[str, str]], wanted: Asked) -> Filter:
    chosen = getattr(wanted, name)
    options = [(value, words, value == chosen) for value, words in sorted(values, key=lambda each: each[1])]
    return Filter(name, label, [("", _("All"), not chosen), *options])


def _whose_filter(viewer: Worker, wanted: Asked) -> list[Filter]:
    """Mine or my team's; leads choose among the teams of their organisation."""
    teams = teams_to_choose(viewer) if wanted.may_choose_whose or wanted.tab == List.TEAM else []
    values = [("mine", _("My cases"))] if wanted.may_choose_whose else []
    if wanted.may_choose_whose or teams:
        values.append(("team", _("My team")))
    values += [(f"team:{team.pk}", team.name) for team in teams if team.pk != viewer.team_id]
    chosen = wanted.whose or ("mine" if wanted.may_choose_whose and not access.leads(viewer) else "team")
    options = [(value, words, value == chosen) for value, words in values]
    return [Filter("whose", _("Team"), options)] if options else []


def teams_to_choose(viewer: Worker) -> list[Team]:
    """The teams of the organisation for whoever leads it, else none. One query."""
    if not access.leads(viewer):
        return []
    return list(staff_access.visible_teams(viewer).filter(organisation_id=viewer.organisation_id))


def due(viewer: Worker, kind: str, *, limit: int) -> list[Case]:
    """The first of the viewer's own cases on a list, for the page of the day; two queries."""
    return list(listed(viewer, replace(Asked(tab=kind), whose="mine"))[:limit])


def own_counts(viewer: Worker) -> dict[str, int]:
    """How many of the viewer's own cases are on the lists of what is due, and how many are offered. Two queries."""
    today = timezone.localdate()
    due_now = {"silent": Count("pk", filter=silent(today)), "ending": Count("pk", filter=ending(today))}
    own = open_cases(viewer).filter(worker=viewer).aggregate(**due_now)
    return own | {"transfers": access.waiting_for(viewer).count()}
