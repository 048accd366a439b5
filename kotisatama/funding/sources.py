"""The lower ends of chains: rows of the ledger, lines of the accounting's files, the funder's terms, plans."""

from decimal import Decimal
from typing import Any

from django.db.models import QuerySet, Sum
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from kotisatama.funding import access, calculating, chains, project_queries, use
from kotisatama.funding.amounts import NOTHING
from kotisatama.funding.chains import Asked, Part, Step, row_label
from kotisatama.funding.models import Cost, CostKind
from kotisatama.funding.project_queries import ForecastLine
from kotisatama.funding.wording import euros, percentage


def _key(asked: Asked, place: int = 0) -> int:
    text = ([*asked.words, "", ""])[place]
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


def _day(value: Any) -> str:
    return date_format(value, "SHORT_DATE_FORMAT")


def cost(asked: Asked) -> Step | None:
    """A row of the ledger with its evidence; the row that it corrects, and the line of the file that it came with."""
    found = access.visible_costs(asked.viewer, asked.project).select_related("file", "claim", "made_by", "corrects")
    row = found.filter(pk=_key(asked)).first()
    if row is None:
        return None
    title = _("Correction") if row.amount < 0 else str(CostKind(row.kind).label)
    return Step(
        asked.code,
        f"{title} · {row.voucher}/{row.line}",
        row.amount,
        _how(row),
        _beside(row),
        _facts(row, sees_who=access.can_see_who(asked.viewer, asked.project)),
        parent=_above(asked, row),
        is_source=row.file_id is None,
    )


def _how(row: Cost) -> str:
    if row.hours is not None and row.hourly_cost is not None:
        return _("%(hours)s hours at %(price)s.") % {
            "hours": percentage(row.hours).split("\u00a0%")[0],
            "price": euros(row.hourly_cost),
        }
    if row.file_id:
        return _("As the accounting has it.")
    return _("As the voucher says.")


def _beside(row: Cost) -> list[Part]:
    parts = []
    if row.file_id:
        parts.append(
            Part(
                _("Row %(row)s of the accounting’s file") % {"row": row.file_row},
                row.amount,
                f"file.{row.file_id}.{row.file_row}",
            )
        )
    others = [(_("Corrects"), row.corrects)] if row.corrects else []
    others += [(_("Corrected by"), each) for each in row.corrections.order_by("pk")]
    for word, each in others:
        label = f"{word}: {row_label(each.on, each.voucher, each.line, each.text)}"
        parts.append(Part(label, each.amount, f"cost.{each.pk}", adds=False))
    return parts


def _facts(row: Cost, *, sees_who: bool) -> list[tuple[str, str]]:
    facts = [
        (_("Voucher number"), f"{row.voucher}/{row.line}"),
        (_("Day"), _day(row.on)),
        (_("Kind of cost"), str(row.get_kind_display())),
        (_("Funding line"), str(row.get_funding_line_display())),
    ]
    if row.text:
        facts.append((_("What for"), row.text))
    if row.who and sees_who:
        facts.append((_("Worker’s initials or role"), row.who))
    facts.append((_("Written down"), _("%(day)s by %(name)s") % {"day": _day(row.made_at), "name": row.made_by.name}))
    claim = _("Claim %(number)s") % {"number": row.claim.number} if row.claim else _("Not claimed yet")
    return [*facts, (_("Claim"), claim)]


def _above(asked: Asked, row: Cost) -> str:
    if row.claim is None:
        return f"ledger.{row.kind}"
    _calculation, _rows, terms = calculating.from_content(row.claim.content)
    under = calculating.terms_on(terms, row.on)
    return f"claim.{row.claim.number}.kind.{under.pk if under else 0}.{row.kind}"


def file_row(asked: Asked) -> Step | None:
    """A line of a file of the accounting: the file by its name and hash, and the line as it stood."""
    found = access.visible_costs(asked.viewer, asked.project).select_related("file", "file__added_by")
    row = found.filter(file=_key(asked), file_row=_key(asked, 1)).first()
    if row is None or row.file is None:
        return None
    facts = [
        (_("File"), row.file.name),
        (_("Fingerprint of the file (SHA-256)"), row.file.sha256),
        (_("Row"), str(row.file_row)),
        (_("Taken in"), _("%(day)s by %(name)s") % {"day": _day(row.file.added_at), "name": row.file.added_by.name}),
    ]
    if row.raw and access.can_see_who(asked.viewer, asked.project):
        facts.append((_("The row as it stood"), row.raw))
    how = _("The file itself stays with the accounting. Its fingerprint tells whether a file is the same.")
    title = _("Row %(row)s of the accounting’s file") % {"row": row.file_row}
    return Step(asked.code, title, row.amount, how, (), facts, parent=f"cost.{row.pk}", is_source=True)


def terms(asked: Asked) -> Step | None:
    """The funder's decision."""
    found = next((each for each in project_queries.terms_of(asked.project) if each.pk == _key(asked)), None)
    if found is None:
        return None
    flat = [f"{percentage(percent)}: {CostKind(kind).label}" for kind, percent in found.flat]
    accepted = [str(label) for kind, label in CostKind.choices if kind in found.accepted]
    facts = [
        (_("Funder"), asked.project.funder),
        (_("Number of the decision"), asked.project.decision or "–"),
        (_("Decided on"), _day(found.decided_on)),
        (_("In force from"), _day(found.valid_from)),
        (_("Legal source"), found.legal_source),
        (_("Part that the grant pays"), percentage(found.rate)),
        (_("Cap of the whole grant"), euros(found.cap)),
        (_("Kinds of cost accepted"), ", ".join(accepted) or "–"),
        (_("Flat rates"), ", ".join(flat) or "–"),
    ]
    title = _("Terms of the grant from %s") % _day(found.valid_from)
    how = _("What the funder decided. Terms are never changed, only followed by later ones.")
    return Step(asked.code, title, found.cap, how, (), facts, is_source=True)


def ledger(asked: Asked) -> Step | None:
    """A sum of the ledger: all of it, a kind, or a month (`ledger.all`, `ledger.2022-09.salary`)."""
    rows, titles = access.visible_costs(asked.viewer, asked.project).order_by("on", "voucher", "line"), []
    for word in asked.words:
        narrowed = _narrowed(rows, word)
        if narrowed is None:
            return None
        rows = narrowed[1]
        titles.append(narrowed[0])
    if not titles:
        return None
    parts = [
        Part(row_label(each.on, each.voucher, each.line, each.text), each.amount, f"cost.{each.pk}") for each in rows
    ]
    total = sum((each.amount or NOTHING for each in parts), NOTHING)
    how = _("The rows of the ledger added up.") if parts else _("The ledger has no such row.")
    return Step(asked.code, " · ".join(titles), total, how, parts, is_source=not parts)


def _narrowed(rows: "QuerySet[Cost]", word: str) -> "tuple[str, QuerySet[Cost]] | None":
    if word == "all":
        return _("All costs"), rows
    if word in CostKind.values:
        return str(CostKind(word).label), rows.filter(kind=word)
    year, _dash, month = word.partition("-")
    if year.isdecimal() and month.isdecimal() and len(year) == 4 and len(month) == 2:
        return f"{int(month)}/{year}", rows.filter(on__year=int(year), on__month=int(month))
    return None


def forecast(asked: Asked) -> Step | None:
    """What a kind will have cost at the end: spent, agreed, and the pace of the last months for the months left."""
    found = project_queries.forecast(asked.project)
    word = asked.words[0] if asked.words else ""
    if word == "total":
        parts = [Part(each.label, each.forecast, f"forecast.{each.kind}") for each in found.lines]
        how = _("The forecasts of all kinds added up.")
        return Step(asked.code, _("Forecast"), found.total.forecast, how, parts, is_source=not parts)
    line = next((each for each in found.lines if each.kind == word), None)
    if line is None:
        return None
    parts = [
        Part(_("Spent until now"), line.spent, f"ledger.{line.kind}"),
        Part(_("Agreed and not yet paid"), line.committed, f"commitments.{line.kind}"),
        Part(_("To come at the pace of the last months"), line.to_come, f"pace.{line.kind}"),
    ]
    how = _("Spent, agreed, and the average of the last full months for each month that is left.")
    return Step(asked.code, f"{_('Forecast')} · {line.label}", line.forecast, how, parts, parent="forecast.total")


def pace(asked: Asked) -> Step | None:
    """The average of the last full months, and the months that are left."""
    found = project_queries.forecast(asked.project)
    line = next((each for each in found.lines if [each.kind] == list(asked.words)), None)
    if line is None:
        return None
    facts = [(_("Months left"), str(line.months_left)), (_("Average of a month"), euros(line.pace))]
    parts = [
        Part(f"{month.month}/{month.year}", total, f"ledger.{month:%Y-%m}.{line.kind}", adds=False)
        for month, total in _recent(asked, line, found)
    ]
    how = _("%(recent)s in %(months)s full months make %(pace)s a month, for %(left)s months.") % {
        "recent": euros(line.recent),
        "months": line.months_counted,
        "pace": euros(line.pace),
        "left": line.months_left,
    }
    title = _("To come at the pace of the last months")
    return Step(asked.code, title, line.to_come, how, parts, facts, parent=f"forecast.{line.kind}", is_source=not parts)


def _recent(asked: Asked, line: ForecastLine, found: project_queries.Forecast) -> list[tuple[Any, Decimal]]:
    rows = access.visible_costs(asked.viewer, asked.project)
    months = rows.filter(kind=line.kind, on__gte=found.since, on__lt=found.until).order_by()
    sums = months.values_list("on__year", "on__month").annotate(total=Sum("amount"))
    return [(found.since.replace(year=year, month=month), total) for year, month, total in sorted(sums)]


def commitments(asked: Asked) -> Step | None:
    """What is agreed and not yet paid."""
    word = asked.words[0] if asked.words else ""
    if word not in CostKind.values:
        return None
    line = next((each for each in project_queries.forecast(asked.project).lines if each.kind == word), None)
    open_ones = project_queries.open_commitments(asked.project).filter(kind=word).order_by("due_on")
    facts = [(f"{_day(each.due_on)} · {each.text}", euros(each.amount)) for each in open_ones]
    how = _("As it was written down with the project.") if facts else _("Nothing is agreed that is not paid.")
    amount = line.committed if line else NOTHING
    title = _("Agreed and not yet paid")
    return Step(asked.code, title, amount, how, (), facts, parent=f"forecast.{word}", is_source=True)


def budget(asked: Asked) -> Step | None:
    """What was planned for a kind."""
    line = asked.project.budget.filter(kind=asked.words[0] if asked.words else "").first()
    if line is None:
        return None
    facts = [(_("Funder"), asked.project.funder), (_("Number of the decision"), asked.project.decision or "–")]
    how = _("As it was written down with the project.")
    title = _("Planned: %s") % str(CostKind(line.kind).label).lower()
    return Step(asked.code, title, line.amount, how, (), facts, is_source=True)


def until(asked: Asked) -> Step | None:
    """A figure of all costs until a year's end: `until.2023.own`, and what a claim has below it."""
    year, found = _key(asked), None
    if 2000 <= year <= 2100:
        found = use.until(asked.project, year)
    return chains.of_claim(found, ".".join(asked.words[1:])) if found else None


def own_year(asked: Asked) -> Step | None:
    """What the municipalities pay of a year's costs."""
    year = _key(asked)
    if year not in use.years(asked.project):
        return None
    parts = [
        Part(
            _("Own part until the end of %(year)s") % {"year": each},
            counted.calculation.own,
            f"{counted.code}.own",
            sign=sign,
        )
        for each, sign in ((year, 1), (year - 1, -1))
        if (counted := use.until(asked.project, each)) and (sign > 0 or each >= asked.project.begins_on.year)
    ]
    how = _("The own part of all costs until the year’s end, without that until the end of the year before.")
    title = _("Own part of the year %(year)s") % {"year": year}
    return Step(asked.code, title, use.own_part(asked.project, year), how, parts, is_source=not parts)


def settled(asked: Asked) -> Step | None:
    """What a municipality pays of a year that was settled: `settled.2023.167`."""
    found = access.visible_settlements(asked.viewer, asked.project).filter(year=_key(asked)).first()
    code = ([*asked.words, "", ""])[1]
    part = next((each for each in found.parts if each["municipality"] == code), None) if found else None
    if found is None or part is None:
        return None
    facts = [
        (_("Key"), str(found.get_way_display())),
        (_("Weight of use"), percentage(found.weight)),
        (_("Agreed part"), percentage(Decimal(part["percent"]))),
        (_("By share"), euros(Decimal(part["by_share"]))),
        (_("By use"), euros(Decimal(part["by_use"]))),
        (_("Agreed on"), _day(found.agreed_on)),
        (_("Whole of the year"), euros(found.total)),
    ]
    facts += [
        (_("People"), f"{each.people} ({each.source})") for each in asked.project.partners.filter(municipality=code)
    ]
    how = _("The year’s own part by the key, in cents. Cents that are left go to the largest remainders.")
    parts = [
        Part(_("Own part of the year %(year)s") % {"year": found.year}, found.total, f"year.{found.year}", adds=False)
    ]
    return Step(asked.code, _("Part of a municipality"), Decimal(part["amount"]), how, parts, facts)


MAKERS = {
    "until": until,
    "year": own_year,
    "settled": settled,
    "cost": cost,
    "file": file_row,
    "terms": terms,
    "ledger": ledger,
    "forecast": forecast,
    "pace": pace,
    "commitments": commitments,
    "budget": budget,
}
