"""Every address of the resolver, and one path to each for a client's rows: whoever adds a page adds it to the walks.

for route in routes.staff():
    for path in routes.paths(route, {"person": str(person.pk), ...}):
        client.get(path)
"""

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import translation

# What an argument of an address is: the kind of row whose key it takes. By "name:argument" of the address, else by
# "namespace:argument", else by argument.
KINDS = {
    "forms:number": "form_version",
    "portal:form_look:number": "form_version",
    "people:shared:pk": "sharing",
    "people:withdraw_sharing:pk": "sharing",
    "people:review_opening:pk": "opening",
    **{
        f"people:{name}:pk": "import"
        for name in (
            *("import", "import_columns", "import_progress", "import_start", "import_drop", "import_mapping"),
            *("import_refused", "import_row", "import_compare"),
        )
    },
    "people:tell_apart:pk": "pair",
    "people:undo_merge:pk": "merge",
    "people:identifier:row": "identifier",
    "people:residence:row": "residence",
    "people:ground:row": "ground",
    "people:other": "relative",
    "people:relation": "relation",
    "people:link_pk": "link",
    "people:consent_pk": "consent",
    "people:request_pk": "request",
    "people:restriction_pk": "restriction",
    "cases:batch": "batch",
    "desk:pk": "look",
    "privacy:pk": "hold",
    "people:pk": "person",
    "cases:pk": "case",
    "contacts:pk": "contact",
    "intake:correction": "correction",
    "intake:question": "question",
    "intake:rule": "rule",
    "intake:invitation": "invitation",
    "intake:agreement:agreement": "agreement",
    "intake:pk": "item",
    "messages:pk": "message",
    "documents:pk": "document",
    "staff:pk": "worker",
    "network:pk": "number",
    "funding:project": "project",
    "funding:cost": "cost",
    "funding:file": "cost_file",
    "funding:number": "claim",
    "funding:commitment": "commitment",
    "person_pk": "person",
    "code": "form",
    "reference": "reference",
}
# Arguments that are no keys of rows: each of their values is walked.
VALUES = {
    "reports:year": ["2026"],
    "reports:form": ["csv", "xlsx", "json"],
    # The municipalities' shares hold nothing of any client.
    "funding:partnership": ["1"],
    "funding:municipality": ["167"],
    "funding:number": ["1"],
    "funding:invoice": ["1"],
    "funding:statistic": ["1"],
    "funding:share_annex:form": ["pdf", "csv"],
    "portal:number": ["1", "2"],
    "building:number": ["1"],
    "trying:number": ["1"],
    "building:name": ["topic"],
    "forms:language": ["ar"],
    "forms:kind": ["xlsx", "po"],
    "portal:secret": ["1"],
    "api:secret": ["1"],
    "api:name": ["places.csv"],
    "devices:pk": ["1"],
    "people:number": ["1"],
    "forms:name": ["places.csv"],
    "people:form": ["page", "json"],
    "uidb36": ["1"],
    "key": ["1"],
    "provider_id": ["1"],
    "accounts:pk": ["1"],
    "funding:year": ["2022"],
    "funding:form": ["csv", "pdf"],
    "funding:code": ["claim.1.grant", "ledger.all"],
}
# What a page needs beside its path to show anything; the path alone is walked too.
QUERIES = {
    "reports:rows": ["?year=2026&place=secret&count=contacts", "?year=2026&place=total&count=persons"],
    "reports:yearly": ["?year=2026"],
    "contacts:list": ["?whose=all", "?whose=all&municipality=secret"],
    "intake:inbox": ["?state=all", "?state=done", "?whose=team"],
    "intake:family": ["?member=0"],
    "intake:invite": ["?form=yhteydenotto&language=fi"],
    "people:search": ["?q=Turva", "?q=1991"],
    "people:choose_other": ["?q=Turva"],
    "people:family": ["?q=Turva"],
    "people:find_for_rights": ["?q=Turva"],
    "cases:list": [
        *(f"?tab={tab}" for tab in ("mine", "team", "silent", "ending", "left", "transfers")),
        "?tab=team&q=Turva",
        "?tab=mine&municipality=secret",
    ],
    "cases:assign": ["?tab=team"],
    "cases:export": ["?tab=mine"],
    "forms:texts": ["?state=missing&q=puhelin"],
    "desk:trail": ["?person={person}"],
    "contacts:found": ["?q=Turva"],
    "contacts:new": ["?person={person}"],
    "contacts:home": ["?person={person}"],
}


@dataclass(frozen=True)
class Route:
    """One address by its full name, with the names of its arguments."""

    name: str
    arguments: tuple[str, ...]
    is_public: bool

    @property
    def namespace(self) -> str:
        """The app that the address belongs to; those of sign-in have none of their own."""
        return self.name.partition(":")[0] if ":" in self.name else "accounts"


def _arguments(pattern: Any) -> tuple[str, ...]:
    converters = getattr(pattern, "converters", {})
    return tuple(converters) or tuple(getattr(getattr(pattern, "regex", None), "groupindex", {}))


def _walk(
    found: list[URLPattern | URLResolver], before: tuple[str, ...] = (), namespaces: tuple[str, ...] = ()
) -> Iterator[Route]:
    for each in found:
        arguments = (*before, *_arguments(each.pattern))
        if isinstance(each, URLResolver):
            yield from _walk(
                each.url_patterns, arguments, (*namespaces, each.namespace) if each.namespace else namespaces
            )
        elif each.name:
            is_public = not getattr(each.callback, "login_required", True)
            yield Route(":".join((*namespaces, each.name)), arguments, is_public)


def every() -> list[Route]:
    """All addresses, in the order of the resolver."""
    return list(_walk(get_resolver().url_patterns))


def staff() -> list[Route]:
    """The workers' pages; those of sign-in apart."""
    return [route for route in every() if not route.is_public and route.namespace != "accounts"]


def paths(route: Route, world: Mapping[str, str]) -> list[str]:
    """The paths of a route for the rows of `world` (kind to key): one for each value of its other arguments.

    Fails with what to do when nothing is known of an argument.
    """
    choices = [_choices(route, name, world) for name in route.arguments]
    with translation.override("fi"):
        plain = [
            reverse(route.name, kwargs=dict(zip(route.arguments, values, strict=True)))
            for values in itertools.product(*choices)
        ]
    return plain + [path + query.format(**world) for path in plain for query in QUERIES.get(route.name, [])]


def kind_of(route: Route, argument: str) -> str:
    """The kind of row whose key an argument takes; empty when it is none."""
    return next((KINDS[key] for key in _keys(route, argument) if key in KINDS), "")


def _keys(route: Route, argument: str) -> tuple[str, str, str]:
    return f"{route.name}:{argument}", f"{route.namespace}:{argument}", argument


def _choices(route: Route, name: str, world: Mapping[str, str]) -> list[str]:
    for key in _keys(route, name):
        if key in VALUES:
            return VALUES[key]
        if key in KINDS and KINDS[key] in world:
            return [world[KINDS[key]]]
    pytest.fail(
        f"The address “{route.name}” takes “{name}”. Say in tests/routes.py (KINDS or VALUES) what that is, and make a"
        f" row of it in tests/worlds.py, so that the walks over all pages visit it."
    )
