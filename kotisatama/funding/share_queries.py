"""Reading shares: as they would be while answers come, as they were agreed, and on paper."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Count, Max, Prefetch, Q, QuerySet, Sum
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kotisatama.funding import share_access, share_content, share_rules, splitting
from kotisatama.funding.models import Agreement, Invitation, Invoice, Partnership, Statistic
from kotisatama.funding.share_content import Frame
from kotisatama.funding.splitting import Change, Faulty, Part, Phase, Terms
from kotisatama.network import queries as network
from kotisatama.network.models import Municipality
from kotisatama.staff.models import Worker

Answer = Invitation.Answer


@dataclass(frozen=True)
class Step:
    """The shares as they were expected after something had happened; no parts when they could not be split."""

    label: str
    on: date | None
    parts: dict[str, Part]
    problem: str = ""

    @property
    def total(self) -> Decimal:
        """What the parts sum to."""
        return splitting.summed(self.parts.values())


@dataclass(frozen=True)
class Line:
    """A municipality in two splits beside one another."""

    name: str
    change: Change


@dataclass(frozen=True)
class Table:
    """Two splits of a year side by side, or of all years together (year None)."""

    year: int | None
    lines: list[Line]

    @property
    def before(self) -> Decimal:
        """What the parts before sum to."""
        return splitting.summed(line.change.before for line in self.lines if line.change.before)

    @property
    def after(self) -> Decimal:
        """What the parts after sum to."""
        return splitting.summed(line.change.after for line in self.lines if line.change.after)


@dataclass(frozen=True)
class Trial:
    """A simulation's question: who joins, from which day (None: the first), with how many people, by which method."""

    municipality: Municipality
    people: int | None = None
    joins_on: date | None = None
    method: str = ""


@dataclass(frozen=True)
class Row:
    """A municipality across the steps: its cells in their order, and how much the last differs from the first."""

    code: str
    name: str
    invitation: Invitation | None
    people: int | None
    cells: list[Part | None]

    @property
    def difference(self) -> Decimal | None:
        """Against the first step; None for whoever is not in both."""
        first, last = (self.cells or [None])[0], (self.cells or [None])[-1]
        return last.amount - first.amount if first and last else None


def partnerships(viewer: Worker) -> QuerySet[Partnership]:
    """All partnerships with how far they are: `asked`, `joined`, and `agreed`, the number of the latest agreement."""
    joined = Count("invitations", distinct=True, filter=Q(invitations__answer=Answer.JOINS))
    found = share_access.visible_partnerships(viewer).annotate(
        agreed=Max("agreements__number"), asked=Count("invitations", distinct=True), joined=joined
    )
    return found.prefetch_related("years")


def partnership(viewer: Worker, pk: int) -> QuerySet[Partnership]:
    """One partnership with everything that its pages show."""
    agreements = Agreement.objects.select_related("statistic", "frozen_by", "joiner__municipality")
    invitations = Invitation.objects.select_related("municipality")
    return (
        share_access.visible_partnerships(viewer)
        .filter(pk=pk)
        .prefetch_related("years", Prefetch("agreements", agreements), Prefetch("invitations", invitations))
    )


def frame(partnership: Partnership) -> Frame:
    """Its days and sums."""
    amounts = {each.year: each.amount for each in partnership.years.all()}
    return Frame(partnership.begins_on, partnership.ends_on, amounts)


def terms(partnership: Partnership) -> Terms:
    """Its terms as the splitter takes them."""
    return Terms(partnership.method, partnership.lead_id, partnership.minimum, partnership.fixed)


def phase(partnership: Partnership, codes: Iterable[str]) -> Phase:
    """These municipalities from the first day on, by the partnership's own statistic. Raises Faulty."""
    numbers, wanted = partnership.statistic.numbers, list(codes)
    share_rules.check_counted(wanted, numbers)
    return Phase(partnership.begins_on, {code: numbers[code] for code in wanted}, terms(partnership))


def shares(partnership: Partnership, codes: Iterable[str]) -> list[Part]:
    """The parts of all years together if these municipalities share from the first day on. Raises Faulty."""
    return share_content.over_years(share_content.parts_by_year(frame(partnership), [phase(partnership, codes)]))


def steps(partnership: Partnership) -> list[Step]:
    """As asked first, then after each answer or invitation that changed the shares; last of those who said yes.

    None after an agreement: what was agreed stands there instead.
    """
    if partnership.agreements.all():
        return []
    invitations, opened = list(partnership.invitations.all()), partnership.made_at
    codes = [each.municipality_id for each in invitations if each.invited_at == opened]
    found = [_step(partnership, _("All who were asked"), opened.date(), codes)]
    for moment, label, code, is_in in sorted(_events(invitations, opened)):
        codes = [*codes, code] if is_in else [each for each in codes if each != code]
        found.append(_step(partnership, label, moment.date(), codes))
    lead = partnership.lead_id
    joined = [
        each.municipality_id for each in invitations if each.answer == Answer.JOINS or each.municipality_id == lead
    ]
    return [*found, _step(partnership, _("The lead and those who have joined"), None, joined)]


def _events(invitations: list[Invitation], opened: datetime) -> Iterable[tuple[datetime, str, str, bool]]:
    for each in invitations:
        name = name_of(each.municipality)
        if each.invited_at != opened:
            yield each.invited_at, _("%(name)s is asked") % {"name": name}, each.municipality_id, True
        if each.answer == Answer.DECLINES and each.answered_at:
            yield each.answered_at, _("%(name)s does not join") % {"name": name}, each.municipality_id, False


def _step(partnership: Partnership, label: str, on: date | None, codes: list[str]) -> Step:
    try:
        return Step(label, on, {part.municipality: part for part in shares(partnership, codes)})
    except Faulty as reason:
        return Step(label, on, {}, str(reason))


def rows(partnership: Partnership, found: Sequence[Step]) -> list[Row]:
    """Each invited municipality with its part in every step; people as counted in the latest agreement if any."""
    numbers = next((each.content["people"] for each in reversed(list(partnership.agreements.all()))), None)
    numbers = numbers or partnership.statistic.numbers
    return [
        Row(
            code=each.municipality_id,
            name=name_of(each.municipality),
            invitation=each,
            people=numbers.get(each.municipality_id),
            cells=[step.parts.get(each.municipality_id) for step in found],
        )
        for each in partnership.invitations.all()
    ]


def name_of(municipality: Municipality) -> str:
    """The name in the page's language."""
    return municipality.name_sv if get_language() == "sv" else municipality.name_fi


def names(codes: Iterable[str]) -> dict[str, str]:
    """Names by code in the page's language. One query."""
    return {each.code: name_of(each) for each in network.municipalities(codes)}


def tables(before: dict[int, list[Part]], after: dict[int, list[Part]]) -> list[Table]:
    """Side by side: all years together first when there are several, then each year."""
    codes = {part.municipality for years in (before, after) for parts in years.values() for part in parts}
    known = names(codes)

    def table(year: int | None, earlier: list[Part], later: list[Part]) -> Table:
        changes = splitting.compared(earlier, later)
        return Table(year, [Line(known.get(each.municipality, each.municipality), each) for each in changes])

    single = [table(year, before.get(year, []), after[year]) for year in sorted(after)]
    together = table(None, share_content.over_years(before), share_content.over_years(after))
    return single if len(single) == 1 else [together, *single]


def agreed(partnership: Partnership, number: int) -> tuple[Agreement, Agreement | None] | None:
    """The agreement of that number and the one before it."""
    found = {each.number: each for each in partnership.agreements.all()}
    return (found[number], found.get(number - 1)) if number in found else None


def agreement_tables(agreement: Agreement, earlier: Agreement | None) -> list[Table]:
    """An agreement's shares beside those of the one before it."""
    before = share_content.parts(earlier.content) if earlier else {}
    return tables(before, share_content.parts(agreement.content))


def proposed(partnership: Partnership) -> list[Table]:
    """The shares of everybody who was asked and has not declined. Raises Faulty."""
    return tables({}, share_content.parts_by_year(frame(partnership), _phases(partnership, [])))


def is_unchanged(agreement: Agreement) -> bool:
    """Whether the content is what was frozen: its hash computed anew."""
    return share_content.sha256(agreement.content) == agreement.sha256


def simulated(partnership: Partnership, trial: Trial) -> list[Table]:
    """The shares as they are and as they would be; nothing is stored. Raises Faulty."""
    agreements = list(partnership.agreements.all())
    now = _phases(partnership, agreements)
    last, code = now[-1], trial.municipality.code
    if code in last.people:
        raise Faulty("municipality", _("This municipality takes part already."))
    number = trial.people or (agreements[-1] if agreements else partnership).statistic.numbers.get(code)
    if number is None:
        raise Faulty("people", _("The statistic has no number of this municipality. Type one in."))
    old = last.terms
    changed = Terms(trial.method or old.method, old.lead, old.minimum, old.fixed)
    begins = trial.joins_on or partnership.begins_on
    later = Phase(begins, {**last.people, code: number}, changed)
    if not partnership.begins_on <= begins <= partnership.ends_on:
        raise Faulty("joins_on", _("This day is not within the time of these shares."))
    if begins <= last.begins_on and trial.joins_on and agreements and len(now) > 1:
        raise Faulty("joins_on", _("Another municipality joined after that day already."))
    then = [later] if begins == partnership.begins_on else [*now, later]
    of = frame(partnership)
    return tables(share_content.parts_by_year(of, now), share_content.parts_by_year(of, then))


def _phases(partnership: Partnership, agreements: list[Agreement]) -> list[Phase]:
    """As agreed; before that, everybody who has not declined, from the first day on."""
    if agreements:
        return [share_content.phase(each.content) for each in agreements]
    open_to = [each.municipality_id for each in partnership.invitations.all() if each.answer != Answer.DECLINES]
    return [phase(partnership, open_to)]


def statistics(viewer: Worker) -> QuerySet[Statistic]:
    """All statistics, the newest first."""
    return share_access.visible_statistics(viewer)


def invoices(partnership: Partnership) -> QuerySet[Invoice]:
    """All invoices of the partnership, by year."""
    found = Invoice.objects.filter(agreement__partnership=partnership)
    return found.select_related("municipality", "agreement__partnership").order_by("year", "municipality", "reference")


def invoiced(partnership: Partnership, year: int) -> dict[str, Decimal]:
    """What each municipality has been invoiced of that year so far."""
    found = Invoice.objects.filter(agreement__partnership=partnership, year=year)
    return dict(found.values_list("municipality_id").annotate(Sum("amount")))
