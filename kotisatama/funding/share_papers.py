"""The annex to a municipality's decision, and its invoice: as PDF and as CSV, in Finnish, Swedish and English."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from kotisatama.funding import papers, share_content, share_invoices, share_queries
from kotisatama.funding.models import Agreement, Invoice, Partnership
from kotisatama.funding.papers import Grid, Paper, Row
from kotisatama.funding.share_queries import Table
from kotisatama.funding.splitting import Method, Part
from kotisatama.kernel.spreadsheets import harmless
from kotisatama.network.models import Municipality

LANGUAGES = ("fi", "sv", "en")


@dataclass(frozen=True)
class Annexed:
    """What an annex is about: shares that are proposed (no agreement) or agreed, and whose body decides."""

    partnership: Partnership
    municipality: Municipality
    agreement: Agreement | None = None
    earlier: Agreement | None = None

    @property
    def tables(self) -> list[Table]:
        """Everybody's shares; beside those of the agreement before, when there is one."""
        if self.agreement:
            return share_queries.agreement_tables(self.agreement, self.earlier)
        return share_queries.proposed(self.partnership)

    @property
    def source(self) -> dict[str, str]:
        """Title, day and source of the statistic."""
        if self.agreement:
            found: dict[str, str] = self.agreement.content["statistic"]
            return found
        statistic = self.partnership.statistic
        return {"title": statistic.title, "as_of": statistic.as_of.isoformat(), "source": statistic.source}


def annex_pdf(annexed: Annexed, *, language: str) -> bytes:
    """The annex in that language."""
    with override(language):
        paper = Paper(
            title=_title(annexed),
            language=language,
            foot=annexed.partnership.name,
            facts=list(_facts(annexed)),
            sentences=[_how(annexed.partnership), *_own(annexed)],
            tables=[_grid(each, annexed.municipality.code) for each in annexed.tables],
            notes=list(_notes(annexed)),
        )
    return papers.pdf(paper, at=annexed.agreement.frozen_at if annexed.agreement else timezone.now())


def annex_csv(annexed: Annexed, *, language: str) -> bytes:
    """Everybody's shares, a line a municipality and year; amounts with a point before the cents."""
    with override(language):
        first = [_("Year"), _("Code"), _("Municipality"), _("People"), _("Per cent")]
        rows: list[list[Any]] = [[*first, _("Share before"), _("Share"), _("Difference")]]
        for table in annexed.tables:
            for line in table.lines if table.year else ():
                rows.append([table.year, line.change.municipality, line.name, *_numbers(line.change.after)])
                rows[-1] += [_amount(line.change.before), _amount(line.change.after), line.change.difference]
    return _csv(rows)


def invoice_pdf(invoice: Invoice, *, language: str) -> bytes:
    """The invoice in that language."""
    with override(language):
        paper = Paper(
            title=_("Credit note") if invoice.is_credit else _("Invoice"),
            language=language,
            foot=share_invoices.in_groups(invoice.reference),
            facts=list(_invoice_facts(invoice)),
            sentences=[],
            tables=[_invoice_grid(invoice)],
            notes=[_("The share is that of agreement %(number)s.") % {"number": invoice.agreement.number}],
        )
    return papers.pdf(paper, at=timezone.now().replace(hour=12, minute=0, second=0))


def invoices_csv(invoices: Iterable[Invoice], *, language: str) -> bytes:
    """All invoices, a line each."""
    with override(language):
        first = [_("Reference number"), _("Payer"), _("Code"), _("Year"), _("Amount")]
        rows: list[list[Any]] = [[*first, _("Invoice date"), _("To be paid by"), _("Account")]]
    for each in invoices:
        account = each.agreement.partnership.account
        days = [each.made_on.isoformat(), each.due_on.isoformat()]
        rows.append([each.reference, each.payer, each.municipality_id, each.year, each.amount, *days, account])
    return _csv(rows)


def _title(annexed: Annexed) -> str:
    name = {"name": share_queries.name_of(annexed.municipality)}
    if annexed.agreement:
        return _("Annex to the decision: share of %(name)s") % name
    return _("Annex to the proposal: share of %(name)s") % name


def _facts(annexed: Annexed) -> Iterator[tuple[str, str]]:
    partnership, source = annexed.partnership, annexed.source
    yield _("Shares"), partnership.name
    yield _("Time"), f"{_day(partnership.begins_on)} – {_day(partnership.ends_on)}"
    if partnership.basis:
        yield _("Where the amount comes from"), partnership.basis
    yield _("Lead municipality"), share_queries.name_of(partnership.lead)
    yield _("Numbers of people"), f"{source['title']}, {_day(date.fromisoformat(source['as_of']))}, {source['source']}"
    if annexed.agreement:
        yield _("Agreed on"), _day(timezone.localdate(annexed.agreement.frozen_at))
        yield _("Holds from"), _day(annexed.agreement.begins_on)


def _how(partnership: Partnership) -> str:
    if partnership.method == Method.AS_DECIDED:
        return _(
            "Each municipality's people are a percentage of everybody's, rounded to two decimals, and its share is that"
            " percentage of the amount, rounded to cents. The lead municipality pays what is left."
        )
    return _(
        "Each municipality pays by its people, in whole cents. Cents that are left over go to the largest remainders."
        " Percentages are rounded for reading: the shares are not computed from them."
    )


def _own(annexed: Annexed) -> Iterator[str]:
    for table in annexed.tables[:1]:
        for line in table.lines:
            if line.change.municipality == annexed.municipality.code and line.change.after:
                told = {"name": line.name, "amount": _euros(line.change.after.amount)}
                yield _("The share of %(name)s is %(amount)s in all.") % told


def _notes(annexed: Annexed) -> Iterator[str]:
    partnership = annexed.partnership
    if partnership.fixed:
        yield _("Each pays %(amount)s a year whatever its people.") % {"amount": _euros(partnership.fixed)}
    if partnership.minimum:
        yield _("Each pays at least %(amount)s a year.") % {"amount": _euros(partnership.minimum)}
    if annexed.earlier:
        yield _("The agreement of before stays as it was frozen; this one stands beside it.")
    if annexed.agreement:
        yield f"SHA-256 {annexed.agreement.sha256}"


def _grid(table: Table, own: str) -> Grid:
    has_before = any(line.change.before for line in table.lines)
    headings = [_("Municipality"), _("People"), _("Per cent"), _("Share")]
    rows = []
    for line in table.lines:
        after = line.change.after
        cells = [line.name, *([_count(after.people), _decimals(after.percent)] if after else ["–", "–"])]
        more = [_money(line.change.before), _money(after), _decimals(line.change.difference)]
        rows.append(Row([*cells, *(more if has_before else more[1:2])], line.change.municipality == own))
    sums = [_decimals(table.before), _decimals(table.after), _decimals(table.after - table.before)]
    rows.append(Row([_("Together"), "", "", *(sums if has_before else sums[1:2])], is_strong=True))
    title = _("Year %(year)s") % {"year": table.year} if table.year else _("All years together")
    return Grid(title, [*headings[:3], _("Before"), _("After"), _("Difference")] if has_before else headings, rows)


def _invoice_facts(invoice: Invoice) -> Iterator[tuple[str, str]]:
    partnership = invoice.agreement.partnership
    yield _("Payer"), invoice.payer
    yield _("Payee"), share_queries.name_of(partnership.lead)
    yield _("For"), f"{partnership.name}, {invoice.year}"
    yield _("Reference number"), share_invoices.in_groups(invoice.reference)
    yield _("Invoice date"), _day(invoice.made_on)
    yield _("To be paid by"), _day(invoice.due_on)
    if partnership.account:
        yield _("Account"), share_invoices.in_fours(partnership.account)
    yield _("Amount"), _euros(invoice.amount)


def _invoice_grid(invoice: Invoice) -> Grid:
    parts = share_content.parts(invoice.agreement.content)[invoice.year]
    part = next(each for each in parts if each.municipality == invoice.municipality_id)
    rows = [Row([_("Share of the year %(year)s") % {"year": invoice.year}, _decimals(part.amount)])]
    if part.amount != invoice.amount:
        rows.append(Row([_("Invoiced before"), _decimals(invoice.amount - part.amount)]))
    rows.append(Row([_("To be returned") if invoice.is_credit else _("To be paid"), _decimals(invoice.amount)], True))
    return Grid(_("Share"), [_("What"), _("Euros")], rows)


def _numbers(part: Part | None) -> list[Any]:
    return [part.people, part.percent] if part else ["", ""]


def _amount(part: Part | None) -> Decimal | str:
    return part.amount if part else ""


def _money(part: Part | None) -> str:
    return _decimals(part.amount) if part else "–"


def _day(day: date) -> str:
    return formats.date_format(day, "SHORT_DATE_FORMAT")


def _count(number: int) -> str:
    return formats.number_format(number, force_grouping=True)


def _decimals(number: Decimal) -> str:
    return formats.number_format(number, decimal_pos=2, force_grouping=True)


def _euros(number: Decimal) -> str:
    return f"{_decimals(number)} €"


def _csv(rows: list[list[Any]]) -> bytes:
    """RFC 4180 in UTF-8 with a mark at its start; no cell is a formula."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([harmless(cell) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + text.getvalue().encode()
