"""Which controller a submission belongs to, and which team or place gets it by the rules."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, DateField, Exists, OuterRef, QuerySet
from django.utils import timezone

from kotisatama.intake import access, mapping
from kotisatama.intake.models import Item, RoutingRule
from kotisatama.kernel.compiled import Compiled, Given
from kotisatama.network import queries as network
from kotisatama.network.models import ServicePoint
from kotisatama.staff.models import Team, Worker

TRIED = 50
MOST_MOVED = 500


class NoServicePoint(LookupError):
    """The region has no main service point: it is not set up yet."""


def controller_of(answers: Mapping[str, Any]) -> str:
    """The home municipality when it lets the centre serve its people today, else that of the main service point."""
    place = network.main_place(on=timezone.localdate())
    if place is None:
        raise NoServicePoint
    main, served = place
    home = mapping.municipality(answers)
    return home if home in served else main


@dataclass(frozen=True)
class Facts:
    """What a rule looks at: nothing else of a submission decides where it goes."""

    form: int
    municipality: str
    language: str
    topics: tuple[str, ...]


@dataclass(frozen=True)
class Place:
    """Where a submission goes: a team, a service point or neither."""

    team: Team | None = None
    service_point: ServicePoint | None = None

    @property
    def name(self) -> str:
        """The place's name; empty for nowhere in particular."""
        return str(self.team or self.service_point or "")

    @property
    def key(self) -> tuple[int | None, int | None]:
        return (self.team.pk if self.team else None, self.service_point.pk if self.service_point else None)


NOWHERE = Place()


def facts_of(item: Item) -> Facts:
    """What the rules look at in a line of the inbox; its submission's version is loaded."""
    form = item.submission.version.form_id
    return Facts(form, item.municipality, item.service_language, tuple(item.topics))


def fits(rule: RoutingRule, facts: Facts) -> bool:
    """Whether every condition that the rule sets holds."""
    return (
        rule.form_id in (None, facts.form)
        and rule.municipality in ("", facts.municipality)
        and rule.language in ("", facts.language)
        and (not rule.topic or rule.topic in facts.topics)
    )


def where(rules: Iterable[RoutingRule], facts: Facts) -> Place:
    """Where the first rule that fits leads."""
    first = next((rule for rule in rules if fits(rule, facts)), None)
    return Place(first.team, first.service_point) if first else NOWHERE


def rules_of(controller: str) -> list[RoutingRule]:
    """The rules for what is sent to a controller, in the order in which they are asked. One query.

    They are those of every organisation that the controller lets serve its clients today: of the organisation with the
    main service point first.
    """
    return _rules_of.all(controller=controller, on=timezone.localdate())


def _rules_by_mandate() -> QuerySet[RoutingRule]:
    controller, on = Given("controller", CharField()), Given("on", DateField())
    organisations = network.organisations_with_mandate(controller, on=on)
    return _ordered(RoutingRule.objects.filter(organisation__in=organisations))


_rules_of = Compiled(_rules_by_mandate)


def _ordered(rules: QuerySet[RoutingRule]) -> QuerySet[RoutingRule]:
    main = ServicePoint.objects.filter(is_main=True, organisation=OuterRef("organisation"))
    rows = rules.select_related("team", "service_point").annotate(leads=Exists(main))
    return rows.order_by("-leads", "organisation", "position")


def rules_by_controller(codes: Sequence[str]) -> dict[str, list[RoutingRule]]:
    """The same for several controllers. Two queries."""
    mandates = network.organisations_by_controller(codes, on=timezone.localdate())
    rules = list(_ordered(RoutingRule.objects.all()))
    return {code: [rule for rule in rules if rule.organisation_id in mandates.get(code, ())] for code in codes}


def own_rules(viewer: Worker) -> list[RoutingRule]:
    """The rules of the viewer's organisation, in their order. One query."""
    rows = RoutingRule.objects.filter(organisation_id=viewer.organisation_id)
    return list(rows.select_related("form", "team", "service_point").order_by("position"))


def deciding_rules(viewer: Worker) -> dict[str, list[RoutingRule]]:
    """The rules for each controller of the viewer, those of other organisations too. Two queries."""
    return rules_by_controller(sorted(viewer.controller_codes))


def fingerprint_of_all(rules: Mapping[str, Iterable[RoutingRule]]) -> str:
    """Changes with every change of the rules that decide for some controller, or of their order."""
    return fingerprint(rule for code in sorted(rules) for rule in rules[code])


def fingerprint(rules: Iterable[RoutingRule]) -> str:
    """Changes with every change of the rules or of their order."""
    content = [[rule.pk, rule.position, rule.version] for rule in rules]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Tried:
    """Submissions that are alike to the rules: how many, where they are now, where the rules of now would send them."""

    facts: Facts
    title: str
    number: int
    now: Place
    then: Place

    @property
    def moves(self) -> bool:
        return self.now.key != self.then.key


def latest(viewer: Worker) -> list[Item]:
    """The latest submissions, for a trial. One query."""
    return list(_routable(viewer).order_by("-received_at")[:TRIED])


def waiting(viewer: Worker) -> list[Item]:
    """What is not done yet, the oldest first. One query."""
    return list(_routable(viewer).exclude(state=Item.State.DONE).order_by("received_at")[:MOST_MOVED])


def _routable(viewer: Worker) -> QuerySet[Item]:
    rows = access.routable_items(viewer).select_related("submission__version__form", "team", "service_point")
    return rows.defer("submission__version__source", "submission__version__definition", "submission__answers")


def place_by_rules(items: Sequence[Item], rules: Mapping[str, Sequence[RoutingRule]]) -> list[tuple[Item, Place]]:
    """Where each would go by these rules of each controller."""
    return [(item, where(rules[item.controller_id], facts_of(item))) for item in items]


def tried(items: Sequence[Item], rules: Mapping[str, Sequence[RoutingRule]]) -> list[Tried]:
    """The trial: those that are alike stand in one row with their number, those that would move first."""
    groups: dict[Any, list[tuple[Item, Place]]] = {}
    for item, then in place_by_rules(items, rules):
        now = Place(item.team, item.service_point)
        groups.setdefault((facts_of(item), now.key, then.key), []).append((item, then))
    rows = [_row(group) for group in groups.values()]
    return sorted(rows, key=lambda row: (not row.moves, -row.number, row.title, row.facts.municipality))


def _row(group: list[tuple[Item, Place]]) -> Tried:
    item, then = group[0]
    title = item.submission.version.form.title
    return Tried(facts_of(item), title, len(group), Place(item.team, item.service_point), then)
