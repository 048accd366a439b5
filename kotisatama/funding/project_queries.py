"""What a project's pages show: its terms, its budget beside what was spent, and the forecast."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone

from kotisatama.funding import access
from kotisatama.funding.amounts import NOTHING, cents
from kotisatama.funding.calculating import Terms
from kotisatama.funding.models import Claim, Commitment, Cost, CostKind, Project, ReportingDate
from kotisatama.kernel import periods
from kotisatama.staff.models import Worker

PACE_MONTHS = 3


def projects(viewer: Worker) -> QuerySet[Project]:
    """The projects that the viewer sees, the latest first, each with what was spent and its number of claims."""
    return access.visible_projects(viewer).order_by("-begins_on", "name")


def spent_by_project(viewer: Worker) -> dict[int, Decimal]:
    """What stands in the ledgers of the projects that the viewer sees, by project."""
    costs = Cost.objects.filter(project__in=access.visible_projects(viewer))
    return dict(costs.order_by().values_list("project").annotate(total=Sum("amount")))


def terms_of(project: Project) -> list[Terms]:
    """The grant's terms as they are counted with, the oldest first. Two queries."""
    return [
        Terms(
            pk=each.pk,
            valid_from=each.valid_from,
            rate=each.rate,
            cap=each.cap,
            accepted=frozenset(each.accepted_kinds),
            flat=tuple(sorted((flat.kind, flat.percent) for flat in each.flat_rates.all())),
            legal_source=each.legal_source,
            decided_on=each.decided_on,
        )
        for each in project.terms.prefetch_related("flat_rates").order_by("valid_from")
    ]


@dataclass(frozen=True)
class ForecastLine:
    """One kind of cost until the project's end: spent, agreed and not yet paid, and the pace for the months left."""

    kind: str
    budget: Decimal | None
    spent: Decimal
    committed: Decimal
    recent: Decimal
    months_counted: int
    months_left: int

    @property
    def pace(self) -> Decimal:
        """The average of the last full months."""
        return cents(self.recent / self.months_counted) if self.months_counted else NOTHING

    @property
    def to_come(self) -> Decimal:
        """The pace for the months that are left."""
        return self.pace * self.months_left

    @property
    def forecast(self) -> Decimal:
        """What the kind will have cost at the end."""
        return self.spent + self.committed + self.to_come

    @property
    def over(self) -> Decimal | None:
        """How much more than planned; negative: how much less; None without a plan."""
        return None if self.budget is None else self.forecast - self.budget

    @property
    def label(self) -> str:
        """The kind in words."""
        return str(CostKind(self.kind).label)


@dataclass(frozen=True)
class Forecast:
    """The kinds, and the months by which the pace was counted: `since` and `until` (outside)."""

    lines: tuple[ForecastLine, ...]
    since: date
    until: date

    @property
    def total(self) -> ForecastLine:
        """All kinds together; the pace is the sum of their paces."""
        budgets = [each.budget for each in self.lines if each.budget is not None]
        return ForecastLine(
            kind="",
            budget=sum(budgets, NOTHING) if budgets else None,
            spent=sum((each.spent for each in self.lines), NOTHING),
            committed=sum((each.committed for each in self.lines), NOTHING),
            recent=sum((each.pace for each in self.lines), NOTHING),
            months_counted=1,
            months_left=self.lines[0].months_left if self.lines else 0,
        )


def forecast(project: Project, *, on: date | None = None) -> Forecast:
    """Spent until now, what is agreed, and the average of the last full months for the months left. Three queries."""
    on = on or timezone.localdate()
    until = first_of_month(min(on, first_after(project)))
    pace = periods.Period(PACE_MONTHS, periods.MONTHS)
    since = max(periods.latest_start(until, pace), first_of_month(project.begins_on))
    counted, left = months_between(since, until), months_between(until, first_after(project))
    sums: dict[str, dict[str, Any]] = {
        row["kind"]: dict(row)
        for row in Cost.objects.filter(project=project)
        .order_by()
        .values("kind")
        .annotate(spent=Sum("amount"), recent=Sum("amount", filter=Q(on__gte=since, on__lt=until)))
    }
    budget = dict(project.budget.values_list("kind", "amount"))
    agreed = open_commitments(project, on=on).order_by()
    committed = dict(agreed.values_list("kind").annotate(total=Sum("amount")))
    lines = tuple(
        ForecastLine(
            kind=kind,
            budget=budget.get(kind),
            spent=sums.get(kind, {}).get("spent") or NOTHING,
            committed=committed.get(kind) or NOTHING,
            recent=sums.get(kind, {}).get("recent") or NOTHING,
            months_counted=counted,
            months_left=left,
        )
        for kind in CostKind.values
        if kind in sums or kind in budget or kind in committed
    )
    return Forecast(lines, since, until)


def open_commitments(project: Project, *, on: date | None = None) -> QuerySet[Commitment]:
    """What is agreed and not yet due."""
    return project.commitments.filter(due_on__gte=on or timezone.localdate())


def first_after(project: Project) -> date:
    """The first day of the month after the project's last one."""
    return periods.first_of_next_month(project.ends_on)


def first_of_month(day: date) -> date:
    """The month's first day."""
    return day.replace(day=1)


def months_between(first: date, after: date) -> int:
    """Whole months from one first day to another; never negative."""
    return max((after.year - first.year) * 12 + after.month - first.month, 0)


def granted(claims: Iterable[Claim]) -> Decimal:
    """What the sent claims ask for together."""
    return sum((each.grant or NOTHING for each in claims), NOTHING)


def months_of(project: Project) -> list[tuple[date, Decimal, int]]:
    """Each month with costs: its first day, the sum and the number of rows."""
    months = Cost.objects.filter(project=project).order_by()
    found = months.values_list("on__year", "on__month").annotate(total=Sum("amount"), rows=Count("pk"))
    return [(date(year, month, 1), total, rows) for year, month, total, rows in sorted(found)]


def reporting_dates(project: Project, claims: Iterable[Claim]) -> list[tuple[ReportingDate, Claim | None]]:
    """Each reporting date with the claim that was made for its period, if there is one."""
    known = list(claims)
    return [
        (
            each,
            next(
                (claim for claim in known if claim.begins_on <= each.ends_on and claim.ends_on >= each.begins_on), None
            ),
        )
        for each in project.reporting_dates.order_by("due_on")
    ]
