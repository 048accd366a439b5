"""Reading what is due, by which rules, and what is held."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kotisatama.kernel import periods
from kotisatama.network import queries as network
from kotisatama.privacy import access, activity, registry, retention
from kotisatama.privacy.extract import Extract, extract, record
from kotisatama.privacy.models import Hold, RetentionRule, Tombstone
from kotisatama.privacy.registry import Text
from kotisatama.privacy.retention import Line
from kotisatama.staff.models import Worker

__all__ = ["Extract", "extract", "record"]

CLASSES: dict[str, Text] = {
    "client": _("Clients with all that hangs on them"),
    "contact_note": _("Free text of contacts"),
    "submission": _("Forms sent in"),
    "message": _("Messages"),
    "draft": _("Unfinished forms"),
    "upload": _("Files that were never sent in"),
    "trail": _("Who looked and who changed"),
    "worker": _("Accounts of workers"),
}

# Clocks that end less than the row.
PARTS: dict[str, Text] = {"submission.anonymised": _("Forms sent in: answers anonymised")}


@dataclass(frozen=True)
class DueRow:
    """A line of the dry run in words."""

    retention: Text
    what: Text
    municipality: str
    count: int


def due(*, on: date, controllers: Iterable[str] | None = None) -> list[Line]:
    """What a run on that day would end, for all controllers by default."""
    return retention.due(on=on, controllers=network.controllers_ever() if controllers is None else controllers)


def due_rows(viewer: Worker, *, on: date, reader: str) -> list[DueRow]:
    """The same for the viewer's controllers, with names in the reader's language.

    Drafts and files that belong to no controller are left out: their number would tell of other municipalities.
    """
    codes = viewer.controller_codes if access.can_manage(viewer) else []
    named = {each.code: each.name_sv if reader == "sv" else each.name_fi for each in network.municipalities(codes)}
    return [
        DueRow(
            class_name(line.retention),
            registry.holding(line.what).label,
            named.get(line.controller, ""),
            line.count,
        )
        for line in retention.due(on=on, controllers=codes, with_unowned=False)
    ]


def class_name(code: str) -> Text:
    """A retention class in words, or what a clock of its own ends of it."""
    return PARTS.get(code) or CLASSES.get(code.partition(".")[0], code)


@dataclass(frozen=True)
class RuleRow:
    """A rule with the name of its class."""

    name: Text
    rule: RetentionRule
    is_coming: bool


def rules(*, on: date) -> list[RuleRow]:
    """The rules in force on a day and those to come, by class. One query."""
    found = RetentionRule.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on))
    return [RuleRow(class_name(rule.code), rule, rule.valid_from > on) for rule in found]


def holds_in_force(viewer: Worker, *, on: date) -> list[Hold]:
    """Holds of the viewer's controllers, those that end first on top."""
    found = access.visible_holds(viewer).filter(released_on__isnull=True, until__gte=on)
    return list(found.select_related("made_by", "controller").order_by("until"))


def hold_of(subject_id: UUID, *, on: date) -> Hold | None:
    """The hold that keeps this person's data, the longest if there are several."""
    found = Hold.objects.filter(subject_id=subject_id, released_on__isnull=True, until__gte=on)
    return found.order_by("-until").first()


def erased_lately(viewer: Worker, *, limit: int = 12) -> list[tuple[date, str, int]]:
    """(day, class, how many) of what was erased, the latest first."""
    codes = viewer.controller_codes if access.can_manage(viewer) else []
    counted: dict[tuple[date, str], int] = {}
    stones = Tombstone.objects.filter(controller_id__in=codes).order_by("-erased_on")
    for day, code in stones.values_list("erased_on", "retention")[:5000]:
        counted[day, code] = counted.get((day, code), 0) + 1
    return [(day, str(class_name(code)), count) for (day, code), count in list(counted.items())[:limit]]


def period_of(code: str, *, on: date) -> periods.Period | None:
    """How long data of a class is kept by the rule in force on a day; None without a rule, which keeps all."""
    rule = retention.rules_on(on).get(code)
    return rule.period if rule else None


def goes_on(subject_id: UUID) -> date | None:
    """The day on which a person goes if nothing more happens; None while an open case or a missing rule keeps them.

    By the rule in force today.
    """
    subject = registry.subject()
    clock = next(clock for clock in subject.clocks if clock.waits)
    rule = retention.rules_on(timezone.localdate()).get(clock.retention)
    if rule is None or activity.is_open(subject_id):
        return None
    made = subject.model._base_manager.filter(pk=subject_id).values_list(clock.since, flat=True).first()
    days = [day for day in (activity.last_days([subject_id]).get(subject_id), activity.day_of(made)) if day]
    return periods.due_on(max(days), rule.period) if days else None
