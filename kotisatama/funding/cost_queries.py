"""The ledger as its page and its file show it."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from kotisatama.funding import access, amounts
from kotisatama.funding.cost_forms import SORTS, Wish
from kotisatama.funding.models import Cost, CostKind, Project
from kotisatama.kernel.spreadsheets import harmless
from kotisatama.staff.models import Worker


def costs(viewer: Worker, project: Project, wish: Wish) -> QuerySet[Cost]:
    """The rows that are asked for, in the order asked for."""
    found = access.visible_costs(viewer, project)
    if wish.kind:
        found = found.filter(kind=wish.kind)
    if wish.month:
        year, month = map(int, wish.month.split("-"))
        found = found.filter(on__year=year, on__month=month)
    if wish.state == "corrections":
        found = found.filter(Q(amount__lt=0) | Q(corrects__isnull=False))
    elif wish.state:
        found = found.filter(claim__isnull=wish.state == "open")
    if wish.text:
        found = found.filter(
            Q(text__icontains=wish.text) | Q(voucher__icontains=wish.text) | _who(viewer, project, wish)
        )
    return found.select_related("claim", "corrects").order_by(*SORTS[wish.sort])


def _who(viewer: Worker, project: Project, wish: Wish) -> Q:
    return Q(who__iexact=wish.text) if access.can_see_who(viewer, project) else Q(pk__in=[])


@dataclass(frozen=True)
class Sums:
    """The sum of the rows asked for, by kind and by month."""

    number: int
    total: Decimal
    by_kind: list[tuple[str, str, Decimal]]
    by_month: list[tuple[date, Decimal]]


def sums(found: QuerySet[Cost]) -> Sums:
    """Sums over the rows asked for, whatever page of them is shown. Two queries."""
    plain = found.order_by()
    kinds = {
        kind: (total, rows) for kind, total, rows in plain.values_list("kind").annotate(Sum("amount"), Count("pk"))
    }
    months = plain.annotate(year=F("on__year"), month=F("on__month")).values_list("year", "month")
    return Sums(
        number=sum(rows for _total, rows in kinds.values()),
        total=sum((total for total, _rows in kinds.values()), amounts.NOTHING),
        by_kind=[(kind, str(label), kinds[kind][0]) for kind, label in CostKind.choices if kind in kinds],
        by_month=[(date(year, month, 1), total) for year, month, total in sorted(months.annotate(Sum("amount")))],
    )


def as_csv(rows: Iterable[Cost], *, sees_who: bool) -> bytes:
    """Semicolons and UTF-8 with a mark, as Finnish spreadsheets open it; amounts with a point and two decimals."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    writer.writerow(
        [
            *(_("Day"), _("Kind of cost"), _("Voucher number"), _("Line of the voucher"), _("What for")),
            *(
                _("Worker’s initials or role"),
                _("Hours"),
                _("Cost of an hour"),
                _("Amount"),
                _("Funding line"),
                _("Claim"),
            ),
        ]
    )
    for row in rows:
        writer.writerow([harmless(cell) for cell in _cells(row, sees_who)])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _cells(row: Cost, sees_who: bool) -> list[object]:
    texts = [row.on.isoformat(), str(row.get_kind_display()), row.voucher, row.line, row.text]
    hours = "" if row.hours is None else row.hours
    price = "" if row.hourly_cost is None else row.hourly_cost
    claim = row.claim.number if row.claim else ""
    return [*texts, row.who if sees_who else "", hours, price, row.amount, str(row.get_funding_line_display()), claim]
