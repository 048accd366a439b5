"""Why this euro: each figure as a step that says how it was made, of what, and by which rule, down to its source.

A step has a code such as `claim.1.grant`. Its parts are further codes; a step without parts is a source: a voucher,
a line of the accounting's file, or a decision of the funder.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from kotisatama.funding import calculating, claim_queries
from kotisatama.funding.calculating import Calculation, Terms
from kotisatama.funding.claim_queries import Counted
from kotisatama.funding.models import Claim, CostKind, Project
from kotisatama.funding.wording import euros, percentage
from kotisatama.staff.models import Worker


@dataclass(frozen=True)
class Part:
    """What a figure is made of. `adds` is false for what is only compared or shown beside, such as a rule."""

    label: str
    amount: Decimal | None
    code: str
    adds: bool = True
    sign: int = 1


@dataclass(frozen=True)
class Step:
    """One figure: `how` in a sentence, `facts` as label and value, `parent` the step above."""

    code: str
    title: str
    amount: Decimal | None
    how: str
    parts: Sequence[Part] = ()
    facts: Sequence[tuple[str, str]] = field(default=())
    parent: str = ""
    is_source: bool = False


@dataclass(frozen=True)
class Asked:
    """Who asks about which project; the arguments of the code after its first word."""

    viewer: Worker
    project: Project
    code: str
    words: tuple[str, ...]


def claim(asked: Asked) -> Step | None:
    """A figure of a claim: `claim.1.grant`, `claim.1.kind.3.salary`."""
    number, *words = asked.words or ("",)
    found = claim_queries.claims(asked.viewer, asked.project).filter(number=_whole(number)).first()
    return of_claim(claim_queries.counted(found), ".".join(words)) if found else None


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _of(found: Counted, *words: object) -> str:
    return ".".join(map(str, (found.code, *words)))


def _terms_part(terms: Terms) -> Part:
    return Part(
        _("Terms of the grant from %s") % date_format(terms.valid_from, "SHORT_DATE_FORMAT"),
        None,
        f"terms.{terms.pk}",
        adds=False,
    )


def _cap_parts(found: Counted) -> list[Part]:
    calculation = found.calculation
    return [
        Part(_("Left of the cap before this claim"), calculation.left_before, _of(found, "left"), adds=False),
        _terms_part(found.terms_by(calculation.cap_terms)),
    ]


def _grant(found: Counted, code: str, _rest: Sequence[str]) -> Step:
    calculation = found.calculation
    how = _("The grant’s part by its rate. The cap leaves enough, so that nothing is cut.")
    if calculation.over_cap > 0:
        how = _(
            "The grant’s part by its rate would be %(by_rate)s. The cap leaves %(left)s, so that %(cut)s are cut."
        ) % {
            "by_rate": euros(calculation.by_rate),
            "left": euros(calculation.left_before),
            "cut": euros(calculation.over_cap),
        }
    parts = [Part(_("The grant’s part by its rate"), calculation.by_rate, _of(found, "by_rate"))]
    if calculation.over_cap > 0:
        parts.append(Part(_("Cut by the cap"), calculation.over_cap, _of(found, "over_cap"), sign=-1))
    return Step(code, _("The grant’s part"), calculation.grant, how, [*parts, *_cap_parts(found)])


def _over_cap(found: Counted, code: str, _rest: Sequence[str]) -> Step:
    calculation = found.calculation
    is_cut = calculation.over_cap > 0
    by_rate, left = _of(found, "by_rate"), _of(found, "left")
    parts = [
        Part(_("The grant’s part by its rate"), calculation.by_rate, by_rate, adds=is_cut),
        Part(_("Left of the cap before this claim"), calculation.left_before, left, adds=is_cut, sign=-1),
        _terms_part(found.terms_by(calculation.cap_terms)),
    ]
    how = (
        _("What the rate gives beyond what the cap leaves.") if is_cut else _("The cap leaves enough: nothing is cut.")
    )
    return Step(code, _("Cut by the cap"), calculation.over_cap, how, parts, parent=_of(found, "grant"))


def _by_rate(found: Counted, code: str, _rest: Sequence[str]) -> Step:
    parts = [
        Part(
            _("%(rate)s of %(accepted)s") % {"rate": percentage(each.rate), "accepted": euros(each.accepted)},
            each.grant,
            _of(found, "rate", each.terms),
        )
        for each in found.calculation.rates
    ]
    how = _("Each accepted cost by the rate that was in force on its day.")
    return Step(
        code, _("The grant’s part by its rate"), found.calculation.by_rate, how, parts, parent=_of(found, "grant")
    )


def _rate(found: Counted, code: str, rest: Sequence[str]) -> Step | None:
    line = next((each for each in found.calculation.rates if [str(each.terms)] == list(rest)), None)
    if line is None:
        return None
    terms = found.terms_by(line.terms)
    how = _("%(accepted)s × %(rate)s, rounded half up to the cent.") % {
        "accepted": euros(line.accepted),
        "rate": percentage(line.rate),
    }
    base = Part(_("Accepted under these terms"), line.accepted, _of(found, "under", line.terms), adds=False)
    return Step(code, _("Part by the rate"), line.grant, how, [base, _terms_part(terms)], parent=_of(found, "by_rate"))


def _under(found: Counted, code: str, rest: Sequence[str]) -> Step | None:
    line = next((each for each in found.calculation.rates if [str(each.terms)] == list(rest)), None)
    if line is None:
        return None
    how = _("Rows of accepted kinds and flat rates under the terms in force on their days.")
    parts = _accepted_parts(found, only=line.terms)
    return Step(code, _("Accepted under these terms"), line.accepted, how, parts, parent=_of(found, "rate", line.terms))


def _accepted_parts(found: Counted, *, only: int = 0) -> list[Part]:
    calculation = found.calculation
    order = CostKind.values.index
    kinds = [each for each in calculation.kinds if each.is_accepted and only in (0, each.terms)]
    kinds.sort(key=lambda each: (order(each.kind), each.terms))
    flats = [each for each in calculation.flats if only in (0, each.terms)]
    return [
        *(
            Part(str(CostKind(each.kind).label), each.amount, _of(found, "kind", each.terms, each.kind))
            for each in kinds
        ),
        *(Part(_flat_label(each), each.amount, _of(found, "flat", each.terms, each.kind)) for each in flats),
    ]


def _flat_label(each: calculating.FlatLine) -> str:
    return _("Flat rate: %(rate)s of %(kind)s") % {
        "rate": percentage(each.percent),
        "kind": str(CostKind(each.kind).label).lower(),
    }


def _accepted(found: Counted, code: str, _rest: Sequence[str]) -> Step:
    how = _("Rows of the kinds that the terms accept, and flat rates.")
    return Step(
        code, _("Accepted costs"), found.calculation.accepted, how, _accepted_parts(found), parent=_of(found, "grant")
    )


def _refused(found: Counted, code: str, _rest: Sequence[str]) -> Step:
    kinds = [each for each in found.calculation.kinds if not each.is_accepted]
    parts = [
        Part(str(CostKind(each.kind).label), each.amount, _of(found, "kind", each.terms, each.kind)) for each in kinds
    ]
    rules = [
        _terms_part(found.terms_by(pk))
        for pk in sorted({each.terms for each in kinds} or {found.calculation.cap_terms})
    ]
    how = _("Rows of kinds that the terms do not name. The project pays them without the grant.")
    return Step(
        code, _("Not accepted"), found.calculation.refused, how, [*parts, *rules], parent=_of(found, "accepted")
    )


def _own(found: Counted, code: str, _rest: Sequence[str]) -> Step:
    calculation = found.calculation
    parts = [
        Part(_("Accepted costs"), calculation.accepted, _of(found, "accepted")),
        Part(_("The grant’s part"), calculation.grant, _of(found, "grant"), sign=-1),
    ]
    how = _("Accepted costs without the grant’s part. The municipalities pay it.")
    return Step(code, _("Own part of the municipalities"), calculation.own, how, parts, parent=_of(found, "accepted"))


def _left(found: Counted, code: str, _rest: Sequence[str]) -> Step:
    calculation = found.calculation
    terms = found.terms_by(calculation.cap_terms)
    parts = [
        Part(_("Cap of the whole grant"), calculation.cap, f"terms.{terms.pk}"),
        Part(_("Claimed before"), calculation.granted_before, _of(found, "before"), sign=-1),
    ]
    how = _("The cap of the whole grant without what other claims have asked for.")
    return Step(
        code, _("Left of the cap before this claim"), calculation.left_before, how, parts, parent=_of(found, "grant")
    )


def _left_after(found: Counted, code: str, _rest: Sequence[str]) -> Step:
    calculation = found.calculation
    parts = [
        Part(_("Left of the cap before this claim"), calculation.left_before, _of(found, "left")),
        Part(_("The grant’s part"), calculation.grant, _of(found, "grant"), sign=-1),
    ]
    return Step(
        code,
        _("Left of the cap after this claim"),
        calculation.left_after,
        _("What later claims can ask for."),
        parts,
        parent=_of(found, "grant"),
    )


def _before(found: Counted, code: str, _rest: Sequence[str]) -> Step:
    claim = found.claim
    others = claim.project.claims.exclude(pk=claim.pk).exclude(state=Claim.State.DRAFT).order_by("number")
    if claim.state != Claim.State.DRAFT:  # one draft at a time: those that were there when this one was frozen
        others = others.filter(pk__lt=claim.pk)
    parts = [
        Part(_("Claim %(number)s") % {"number": each.number}, each.grant, f"claim.{each.number}.grant")
        for each in others
    ]
    how = _("What claims that were sent before this one ask for.") if parts else _("No claim was sent before this one.")
    return Step(
        code,
        _("Claimed before"),
        found.calculation.granted_before,
        how,
        parts,
        parent=_of(found, "left"),
        is_source=not parts,
    )


def _kind(found: Counted, code: str, rest: Sequence[str]) -> Step | None:
    line = next((each for each in found.calculation.kinds if [str(each.terms), each.kind] == list(rest)), None)
    if line is None:
        return None
    rows = {row.pk: row for row in found.rows}
    parts = [
        Part(row_label(rows[pk].on, rows[pk].voucher, rows[pk].line, rows[pk].text), rows[pk].amount, f"cost.{pk}")
        for pk in line.rows
    ]
    how = _("The rows of this kind in the claim.")
    if not line.is_accepted:
        how = _("The rows of this kind in the claim. The terms do not accept them.")
    parent = _of(found, "accepted" if line.is_accepted else "refused")
    title = str(CostKind(line.kind).label)
    return Step(code, title, line.amount, how, [*parts, _terms_part(found.terms_by(line.terms))], parent=parent)


def row_label(on: date, voucher: str, line: int, text: str) -> str:
    """A row of the ledger in one line."""
    words = [date_format(on, "SHORT_DATE_FORMAT"), f"{voucher}/{line}"]
    return " · ".join([*words, text] if text else words)


def _flat(found: Counted, code: str, rest: Sequence[str]) -> Step | None:
    line = next((each for each in found.calculation.flats if [str(each.terms), each.kind] == list(rest)), None)
    if line is None:
        return None
    how = _("%(base)s × %(rate)s, rounded half up to the cent. A flat rate needs no evidence of its own.") % {
        "base": euros(line.base),
        "rate": percentage(line.percent),
    }
    base = Part(str(CostKind(line.kind).label), line.base, _of(found, "kind", line.terms, line.kind), adds=False)
    parts = [base, _terms_part(found.terms_by(line.terms))]
    return Step(code, _flat_label(line), line.amount, how, parts, parent=_of(found, "accepted"))


OfClaim = Callable[[Counted, str, Sequence[str]], Step | None]
OF_CLAIMS: dict[str, OfClaim] = {
    "grant": _grant,
    "over_cap": _over_cap,
    "by_rate": _by_rate,
    "rate": _rate,
    "under": _under,
    "accepted": _accepted,
    "refused": _refused,
    "own": _own,
    "left": _left,
    "left_after": _left_after,
    "before": _before,
    "kind": _kind,
    "flat": _flat,
}


def of_claim(found: Counted, words: str) -> Step | None:
    """The step of a counted claim by the rest of its code, such as `kind.3.salary`."""
    what, *rest = words.split(".")
    maker = OF_CLAIMS.get(what)
    return maker(found, f"{found.code}.{words}", rest) if maker else None


def figures(found: Counted) -> list[Part]:
    """The figures at the head of a claim, each with the code of its chain."""
    calculation: Calculation = found.calculation
    return [
        Part(_("Accepted costs"), calculation.accepted, _of(found, "accepted")),
        Part(_("Not accepted"), calculation.refused, _of(found, "refused")),
        Part(_("The grant’s part"), calculation.grant, _of(found, "grant")),
        Part(_("Own part of the municipalities"), calculation.own, _of(found, "own")),
        Part(_("Cut by the cap"), calculation.over_cap, _of(found, "over_cap")),
        Part(_("Left of the cap after this claim"), calculation.left_after, _of(found, "left_after")),
    ]


def kinds(found: Counted) -> list[Part]:
    """Accepted costs by kind and flat rate."""
    return _accepted_parts(found)
