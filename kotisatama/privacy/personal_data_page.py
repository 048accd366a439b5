"""The page docs/personal-data.md, made from what the apps declare."""

from collections.abc import Iterator

from django.utils import translation

from kotisatama.kernel import reference_data
from kotisatama.privacy import registry
from kotisatama.privacy.models import RetentionRule
from kotisatama.privacy.registry import Ground, Holding, Kind

PLACE = "docs/personal-data.md"
HEAD = """# Personal data held

Made from each app's `personal_data.py` by `kotisatama personal-data-doc`; do not edit by hand.

Each table with its ground, how long its rows are kept, and what kind of datum each field is. The periods are those of
a first installation: they are dated rows, which the data protection officer changes from a day on.
"""


def text() -> str:
    """The whole page in Markdown."""
    with translation.override("en"):
        tables = [line for holding in registry.holdings() for line in _table(holding)]
        return "\n".join([HEAD, *_periods(), *_kinds(), *tables]) + "\n"


def _periods() -> Iterator[str]:
    yield from ("## How long", "", "| Class | Period | Source | Confirmed |", "| --- | --- | --- | --- |")
    for row in reference_data.rows("kotisatama.privacy", "retention.csv"):
        unit, event = RetentionRule.Unit(row["unit"]).label, RetentionRule.Event(row["after"]).label
        note = f" ({row['note']})" if row["note"] else ""
        yield f"| `{row['code']}` | {row['amount']} {unit} {event}{note} | {row['legal_source']} | {row['confirmed']} |"
    yield ""


def _kinds() -> Iterator[str]:
    yield from ("## Kinds of data", "", "| Kind | |", "| --- | --- |")
    yield from (f"| `{kind.value}` | {kind.label} |" for kind in Kind)
    yield ""


def _table(holding: Holding) -> Iterator[str]:
    yield from (f"## {holding.label}", "", f"`{holding.name}` · {Ground(holding.ground).label}", "")
    yield from _ends(holding)
    yield from ("", "| Field | Kind | Class |", "| --- | --- | --- |")
    for field in holding.model._meta.local_concrete_fields:
        kind = holding.fields.get(field.name)
        yield f"| `{field.name}` | {kind.value if kind else '?'} | {holding.kept_for(field.name)} |"
    yield ""


def _ends(holding: Holding) -> Iterator[str]:
    """When and how the rows end, in sentences."""
    along = [f"`{holding.target(name)._meta.label_lower}`" for name in holding.parents]
    if along:
        yield f"- Goes with {', '.join(along)}."
    if holding.erase:
        yield "- The row stays as a counted fact: it then names nobody."
    for clock in holding.clocks:
        what = f"Fields {', '.join(f'`{name}`' for name in clock.fields)} end" if clock.fields else "The row ends"
        waits = ", or the last activity of the person if that is later" if clock.waits else ""
        if clock.only_sooner:
            yield f"- {what} sooner where a form's own clock says so; what hangs on the row goes."
            continue
        sooner = ", or sooner by the form's own clock" if clock.sooner else ""
        yield f"- {what} by the class `{clock.retention}`, counted from `{clock.since}`{waits}{sooner}."
    if not (along or holding.clocks):
        yield "- Not ended by the software's own job."
