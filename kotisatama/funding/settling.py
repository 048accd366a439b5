"""The settlement of a year between the municipalities: proposed by an agreed key, then agreed and frozen."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kotisatama.funding import use
from kotisatama.funding.amounts import NOTHING, cents, plain
from kotisatama.funding.models import Project, Settlement
from kotisatama.funding.project_actions import check_version, line, locked
from kotisatama.funding.use import UseLine
from kotisatama.kernel.errors import NotAllowed
from kotisatama.staff.models import Worker


@dataclass(frozen=True)
class Proposal:
    """What each municipality would pay of the year's own part. The amounts sum to the total to the cent."""

    total: Decimal
    by_share: dict[str, Decimal]
    by_use: dict[str, Decimal]

    @property
    def amounts(self) -> dict[str, Decimal]:
        """Both parts of the key together, by municipality."""
        return {code: self.by_share[code] + self.by_use.get(code, NOTHING) for code in self.by_share}

    @property
    def fingerprint(self) -> str:
        """Stands for every amount: what the page shows is what is agreed."""
        return hashlib.sha256(repr(sorted(self.amounts.items())).encode()).hexdigest()[:20]


def propose(project: Project, found: Sequence[UseLine], *, year: int, weight: Decimal) -> Proposal:
    """The year's own part by a key in which use weighs `weight` percent. NotAllowed when use cannot be told."""
    parts = use.agreed_parts(project, on=date(year, 12, 31))
    if not parts:
        raise NotAllowed(_("Write down first which municipalities pay, and the people by which they do."))
    total = use.own_part(project, year)
    of_use = cents(total * weight / 100)
    by_use = use.shared(of_use, _use_parts(found)) if weight else {}
    return Proposal(total, use.shared(total - of_use if weight else total, parts), by_use)


def _use_parts(found: Sequence[UseLine]) -> dict[str, Fraction]:
    if all(each.contacts.mark == "unrecorded" for each in found):
        raise NotAllowed(_("No use was recorded in this year. Settle by share."))
    if any(each.contacts.mark == "unseen" for each in found):
        raise NotAllowed(_("You do not see the use of every municipality. Settle by share."))
    if any(each.contacts.value is None for each in found):
        raise NotAllowed(
            _("The use of a municipality is too small to be shown, and this key would tell it. Settle by share.")
        )
    parts = {each.municipality: Fraction(each.contacts.value or 0) for each in found}
    if not sum(parts.values()):
        raise NotAllowed(_("No use was recorded in this year. Settle by share."))
    return parts


@transaction.atomic
def agree(project: Project, *, year: int, way: str, weight: Decimal, seen: str, on: date, by: Worker) -> Settlement:
    """Freeze the settlement of a year as the page showed it; agreed already, nothing happens."""
    current = locked(project, by=by)
    known = Settlement.objects.filter(project=current, year=year).first()
    if known:
        return known
    if on <= min(date(year, 12, 31), current.ends_on):
        raise NotAllowed(_("The year is not over yet."))
    found = use.lines(by, current, year)
    proposal = propose(current, found, year=year, weight=weight)
    if proposal.fingerprint != seen:
        check_version(1, 0)
    settlement = Settlement.objects.create(
        controller_id=current.controller_id,
        project=current,
        year=year,
        way=way,
        weight=weight,
        total=proposal.total,
        parts=_parts(proposal, found),
        agreed_on=on,
        agreed_by=by,
    )
    line("settlement.agreed", current, by, year=year, way=way)
    return settlement


def _parts(proposal: Proposal, found: Sequence[UseLine]) -> list[dict[str, str | int | None]]:
    amounts = proposal.amounts
    return [
        {
            "municipality": each.municipality,
            "percent": plain(each.percent),
            "contacts": each.contacts.value,
            "by_share": plain(proposal.by_share[each.municipality]),
            "by_use": plain(proposal.by_use.get(each.municipality, NOTHING)),
            "amount": plain(amounts[each.municipality]),
        }
        for each in found
    ]


def is_over(project: Project, year: int) -> bool:
    """Whether the year of the project is past."""
    return timezone.localdate() > min(date(year, 12, 31), project.ends_on)


@dataclass(frozen=True)
class PageRow:
    """A municipality's line on the page: its use, and what it pays as agreed or proposed."""

    code: str
    name: str
    use: UseLine
    by_share: Decimal | None
    by_use: Decimal | None
    amount: Decimal | None


def page_rows(
    found: Sequence[UseLine], proposal: Proposal | None, agreed: Settlement | None, names: Mapping[str, str]
) -> list[PageRow]:
    """The lines of the page; what was agreed stands whatever the parts are now."""
    known = {each["municipality"]: each for each in agreed.parts} if agreed else {}
    year = agreed.year if agreed else 0
    rows = []
    for each in found:
        code = each.municipality
        paid: tuple[Decimal | None, Decimal | None, Decimal | None] = (None, None, None)
        if code in known:
            share, of_use, amount = (Decimal(known[code][name]) for name in ("by_share", "by_use", "amount"))
            paid = (share, of_use, amount)
        elif proposal:
            paid = (proposal.by_share[code], proposal.by_use.get(code, NOTHING), proposal.amounts[code])
        rows.append(PageRow(f"settled.{year}.{code}", names.get(code, code), each, *paid))
    return rows
