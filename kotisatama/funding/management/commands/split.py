"""`kotisatama split`: what each municipality pays of an amount, without a database."""

import json
import pathlib
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from kotisatama.funding import json_stat, split_input, splitting
from kotisatama.network import queries as network


class Command(BaseCommand):
    """The split on standard output, as JSON or as a table; what is wrong with the input on standard error."""

    help = (
        "Split an amount between municipalities by their numbers of people, to the cent. The parts sum to the amount. "
        "exact: whole cents by people, those left over to the largest remainders, equal ones by code. as-decided: "
        "percentages of the others and their euros are rounded half up to two decimals, the lead pays what is left."
    )

    requires_system_checks = ()
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--amount", required=True, help="euros with a point before the cents: 45555.00")
        parser.add_argument("--method", default="exact", help="exact (as it is unless said) or as-decided")
        parser.add_argument("--lead", action="append", default=[], help="code of the municipality that leads: 167")
        people = parser.add_mutually_exclusive_group(required=True)
        people.add_argument("--people", help="numbers of people by code: 167=2302,276=184")
        people.add_argument("--statistic", type=pathlib.Path, help="an answer of PxWeb in json-stat2")
        parser.add_argument("--year", default="", help="the year of the statistic; the latest unless said")
        parser.add_argument("--among", default="", help="only these municipalities of the statistic: 167,276")
        parser.add_argument("--minimum", default="0", help="the least that anybody pays in all")
        parser.add_argument("--fixed", default="0", help="what each pays whatever its people; the rest goes by people")
        parser.add_argument("--format", choices=["json", "text"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override("en"):
            try:
                total, terms = split_input.amount(options["amount"]), self._terms(options)
                parts = splitting.split(total, self._people(options), terms)
            except splitting.Faulty as reason:
                raise CommandError(f"--{reason.field}: {reason}") from None
        write = _as_json if options["format"] == "json" else _as_text
        self.stdout.write(write(total, terms, parts))

    def _terms(self, options: dict[str, Any]) -> splitting.Terms:
        leads = options["lead"]
        if len(leads) > 1:
            raise splitting.Faulty("lead", f"Two leads were given, {' and '.join(leads)}. One municipality leads.")
        return splitting.Terms(
            method=options["method"],
            lead=split_input.code(leads[0], field="lead") if leads else "",
            minimum=split_input.amount(options["minimum"], field="minimum"),
            fixed=split_input.amount(options["fixed"], field="fixed"),
        )

    def _people(self, options: dict[str, Any]) -> dict[str, int]:
        if options["people"] is not None:
            people = split_input.people(options["people"])
            if unknown := [code for code in people if code not in network.packaged_names()]:
                self.stderr.write(f"Not in the packaged table of municipalities: {', '.join(unknown)}.", _plain)
            return people
        only = [split_input.code(each, field="among") for each in options["among"].split(",") if each.strip()]
        counted = json_stat.read(_content(options["statistic"]), year=options["year"], only=only)
        if unknown := [code for code in counted.people if code not in network.packaged_names()]:
            raise splitting.Faulty("statistic", f"Areas that nobody knows here: {', '.join(unknown)}. Use --among.")
        return counted.people


def _plain(text: str) -> str:
    return text


def _content(path: pathlib.Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(json_stat.MOST_BYTES + 1)
    except OSError as reason:
        raise splitting.Faulty("statistic", f"{path} cannot be read: {reason.strerror}.") from None


def _as_json(total: Any, terms: splitting.Terms, parts: list[splitting.Part]) -> str:
    rows = [
        {
            "municipality": part.municipality,
            "people": part.people,
            "percent": str(part.percent),
            "amount": str(part.amount),
        }
        for part in parts
    ]
    return json.dumps({"method": str(terms.method), "total": str(total), "parts": rows}, indent=2)


def _as_text(total: Any, terms: splitting.Terms, parts: list[splitting.Part]) -> str:
    names = network.packaged_names()
    lines = [f"{total:,} euros, {terms.method}", ""]
    for part in parts:
        name = f"{part.municipality} {names.get(part.municipality, '')}"
        lines.append(f"{name:<24}{part.people:>12,}{part.percent:>9} %{part.amount:>16,}")
    lines.append(f"{'Together':<24}{sum(part.people for part in parts):>12,}{'':>11}{splitting.summed(parts):>16,}")
    return "\n".join(lines)
