"""A claim for the funder with its annex: every figure, the rule that it follows, and each row with its evidence."""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from kotisatama.funding import amounts, calculating, chains
from kotisatama.funding.claim_queries import Counted
from kotisatama.funding.models import Claim, Cost, CostKind
from kotisatama.funding.typesetting import pdf
from kotisatama.funding.wording import euros, percentage
from kotisatama.kernel.spreadsheets import harmless

MAKER = "Kotisatama"


@dataclass(frozen=True)
class AnnexRow:
    """A row of the claim with its evidence, the line of the accounting's file, and the rule by which it counts."""

    row: calculating.Row
    kind: str
    is_accepted: bool
    who: str
    file: str
    rule: str


def annex(found: Counted, *, sees_who: bool) -> list[AnnexRow]:
    """The rows of the claim in the order of kinds and days. One query."""
    costs = Cost.objects.filter(pk__in=[row.pk for row in found.rows]).select_related("file")
    known = {each.pk: each for each in costs}
    rows = []
    for row in sorted(
        found.rows, key=lambda each: (CostKind.values.index(each.kind), each.on, each.voucher, each.line)
    ):
        terms = calculating.terms_on(found.terms, row.on)
        cost = known.get(row.pk)
        file = f"{cost.file.name}, {cost.file_row}" if cost and cost.file else ""
        who = cost.who if cost and sees_who else ""
        accepted = bool(terms and row.kind in terms.accepted)
        rows.append(AnnexRow(row, str(CostKind(row.kind).label), accepted, who, file, _rule(terms)))
    return rows


def _rule(terms: calculating.Terms | None) -> str:
    return f"{terms.legal_source}, {terms.decided_on:%d.%m.%Y}" if terms else ""


def as_csv(found: Counted, _reader: str, sees_who: bool) -> bytes:
    """Figures first, then rows; semicolons, UTF-8 with a mark, amounts with a point and two decimals."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    headings = [_("Part"), _("Day"), _("Kind of cost"), _("Voucher number"), _("Line of the voucher"), _("What for")]
    headings += [
        _("Worker’s initials or role"),
        _("Amount"),
        _("Accepted"),
        _("Row of the accounting’s file"),
        _("Rule"),
    ]
    writer.writerow(headings)
    for part in [*chains.figures(found), *chains.kinds(found)]:
        amount = "" if part.amount is None else amounts.plain(part.amount)
        writer.writerow([_("Figure"), "", harmless(part.label), "", "", "", "", amount, "", "", _cap_rule(found)])
    for each in annex(found, sees_who=sees_who):
        row = each.row
        accepted = amounts.plain(row.amount if each.is_accepted else amounts.NOTHING)
        cells = [_("Row"), row.on.isoformat(), each.kind, row.voucher, row.line, row.text, each.who]
        cells += [row.amount, accepted, each.file, each.rule]
        writer.writerow([harmless(cell) for cell in cells])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _cap_rule(found: Counted) -> str:
    return _rule(found.terms_by(found.calculation.cap_terms))


def as_pdf(found: Counted, reader: str, sees_who: bool) -> bytes:
    """The claim in the reader's language, tagged for screen readers."""
    at = timezone.now()
    if found.claim.sent_on:  # a frozen claim's document is the same each time
        at = timezone.make_aware(datetime.combine(found.claim.sent_on, time(12)))
    with translation.override(reader):
        return pdf("claim.typ", _given(found, reader, sees_who), at=at)


def _given(found: Counted, reader: str, sees_who: bool) -> dict[str, Any]:
    claim, project = found.claim, found.claim.project
    return {
        "language": reader,
        "from": MAKER,
        "title": _("Payment claim %(number)s") % {"number": claim.number},
        "subtitle": project.name,
        "draft": _("Draft, not sent") if claim.state == Claim.State.DRAFT else "",
        "facts": _facts(found),
        "figures": _table([_("Figure"), _("Amount")], _figures(found)),
        "kinds": _table(
            [_("Accepted costs by kind"), _("Amount")], [[p.label, _euros(p)] for p in chains.kinds(found)]
        ),
        "how": [_("How the figures were made"), *_how(found)],
        "rules": [_("Rules"), *_rules(found)],
        "annex_title": _("Annex: rows and their evidence"),
        "annex": _annex_tables(found, sees_who),
        "hash": _("Fingerprint of the frozen claim (SHA-256): %s") % claim.sha256 if claim.sha256 else "",
    }


def _table(headings: list[str], rows: list[list[str]]) -> dict[str, Any]:
    return {"headings": headings, "rows": rows}


def _euros(part: chains.Part) -> str:
    return "–" if part.amount is None else euros(part.amount)


def _day(value: Any) -> str:
    return date_format(value, "SHORT_DATE_FORMAT")


def _facts(found: Counted) -> list[list[str]]:
    claim, project = found.claim, found.claim.project
    facts = [
        [_("Funder"), project.funder],
        [_("Number of the decision"), project.decision or "–"],
        [_("Period"), f"{_day(claim.begins_on)} – {_day(claim.ends_on)}"],
        [_("State"), str(claim.get_state_display())],
    ]
    if claim.sent_on:
        facts.append([_("Sent"), _day(claim.sent_on)])
    if claim.paid_on and claim.paid is not None:
        facts.append([_("Paid"), f"{_day(claim.paid_on)}, {euros(claim.paid)}"])
    return facts


def _figures(found: Counted) -> list[list[str]]:
    return [[part.label, _euros(part)] for part in chains.figures(found)]


def _how(found: Counted) -> list[str]:
    """The chain in sentences, from the grant's part down to the kinds."""
    words = ["grant", "by_rate", *(f"rate.{each.terms}" for each in found.calculation.rates), "left", "own", "accepted"]
    words += [f"flat.{each.terms}.{each.kind}" for each in found.calculation.flats]
    steps = [chains.of_claim(found, word) for word in words]
    return [f"{step.title}, {euros(step.amount)}: {step.how}" for step in steps if step and step.amount is not None]


def _rules(found: Counted) -> list[str]:
    sentence = _("%(source)s, decided on %(day)s, in force from %(from)s: %(rate)s of %(kinds)s, at most %(cap)s.")
    return [
        sentence
        % {
            "source": each.legal_source,
            "day": _day(each.decided_on),
            "from": _day(each.valid_from),
            "rate": percentage(each.rate),
            "kinds": ", ".join(str(label).lower() for kind, label in CostKind.choices if kind in each.accepted),
            "cap": euros(each.cap),
        }
        for each in found.terms
        if each.pk in {line.terms for line in found.calculation.rates} | {found.calculation.cap_terms}
    ]


def _annex_tables(found: Counted, sees_who: bool) -> list[dict[str, Any]]:
    headings = [_("Day"), _("Voucher"), _("What for"), _("Row of the accounting’s file"), _("Amount")]
    tables: dict[str, list[AnnexRow]] = {}
    for each in annex(found, sees_who=sees_who):
        name = each.kind if each.is_accepted else f"{each.kind} ({_('not accepted')})"
        tables.setdefault(name, []).append(each)
    return [
        {
            "title": name,
            "headings": headings,
            "rows": [_annex_cells(each) for each in rows],
            "sum": euros(sum((each.row.amount for each in rows), amounts.NOTHING)),
            "sum_label": _("Together"),
        }
        for name, rows in tables.items()
    ]


def _annex_cells(each: AnnexRow) -> list[str]:
    what = " · ".join(text for text in (each.row.text, each.who) if text)
    return [
        _day(each.row.on),
        f"{each.row.voucher}/{each.row.line}",
        what or "–",
        each.file or "–",
        euros(each.row.amount),
    ]


WRITERS: dict[str, tuple[Callable[[Counted, str, bool], bytes], str]] = {
    "pdf": (as_pdf, "application/pdf"),
    "csv": (as_csv, "text/csv; charset=utf-8"),
}
