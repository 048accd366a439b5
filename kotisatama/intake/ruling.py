"""Adding, changing, ordering and removing the rules of routing, and sending by them what has arrived already."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from kotisatama.audit import actions as audit
from kotisatama.intake import access, routing, rules
from kotisatama.intake.locking import line
from kotisatama.intake.models import Item, RoutingRule
from kotisatama.network.models import Organisation
from kotisatama.staff.models import Worker

CONDITIONS = ("form", "municipality", "language", "topic")
FIELDS = (*CONDITIONS, "team", "service_point")


def _locked(by: Worker) -> list[RoutingRule]:
    """The rules of the worker's organisation, for this transaction alone. Raises PermissionDenied."""
    if not access.can_manage_rules(by):
        raise PermissionDenied
    Organisation.objects.select_for_update().get(pk=by.organisation_id)
    return routing.own_rules(by)


def _line(action: str, by: Worker, **details: Any) -> None:
    audit.record(action, by=by, controllers=by.controller_codes, details=details)


@transaction.atomic
def add_rule(*, fields: Mapping[str, Any], by: Worker) -> RoutingRule:
    """Add a rule as the last one; one that says the same is there already and stays. `fields` are FIELDS."""
    known = _locked(by)
    same = next((rule for rule in known if all(getattr(rule, name) == fields[name] for name in FIELDS)), None)
    if same:
        return same
    rules.check_one_place(fields["team"], fields["service_point"])
    rule = RoutingRule.objects.create(organisation_id=by.organisation_id, position=len(known) + 1, **fields)
    _line("routing_rule.added", by, rule=rule.pk)
    return rule


@transaction.atomic
def change_rule(rule: RoutingRule, *, fields: Mapping[str, Any], version: int, by: Worker) -> RoutingRule:
    """Change conditions or place; the same again changes nothing. Raises ChangedMeanwhile."""
    current = _own(rule, by)
    if all(getattr(current, name) == fields[name] for name in FIELDS):
        return current
    rules.check_version(current, version)
    rules.check_one_place(fields["team"], fields["service_point"])
    for name in FIELDS:
        setattr(current, name, fields[name])
    current.version += 1
    current.save()
    _line("routing_rule.changed", by, rule=current.pk)
    return current


def _own(rule: RoutingRule, by: Worker) -> RoutingRule:
    found = next((each for each in _locked(by) if each.pk == rule.pk), None)
    if found is None:
        raise PermissionDenied
    return found


@transaction.atomic
def move_rule(rule: RoutingRule, *, position: int, seen: str, by: Worker) -> None:
    """Put the rule at a position; there already, nothing happens. `seen` is the fingerprint of the page's list."""
    known = _locked(by)
    current = next((each for each in known if each.pk == rule.pk), None)
    if current is None:
        raise PermissionDenied
    position = max(1, min(position, len(known)))
    if current.position == position:
        return
    rules.check_seen(routing.fingerprint(known), seen)
    others = [each for each in known if each.pk != rule.pk]
    _number([*others[: position - 1], current, *others[position - 1 :]])
    _line("routing_rule.moved", by, rule=current.pk, position=position)


@transaction.atomic
def remove_rule(rule: int, *, by: Worker) -> None:
    """Take an own rule away by its key, once; what it has sent somewhere stays there."""
    known = _locked(by)
    if rule not in {each.pk for each in known}:
        return
    RoutingRule.objects.filter(pk=rule).delete()
    _number([each for each in known if each.pk != rule])
    _line("routing_rule.removed", by, rule=rule)


def _number(known: list[RoutingRule]) -> None:
    for position, rule in enumerate(known, start=1):
        rule.position = position
    RoutingRule.objects.bulk_update(known, ["position"])


@transaction.atomic
def send_again(*, seen: str, by: Worker) -> int:
    """Send by the rules of now what is not done yet; how many moved.

    `seen` is the fingerprint of the rules that were previewed: of every organisation whose rules decide here.
    """
    _locked(by)
    known = routing.deciding_rules(by)
    rules.check_seen(routing.fingerprint_of_all(known), seen)
    moved = 0
    for item, place in routing.place_by_rules(routing.waiting(by), known):
        if routing.Place(item.team, item.service_point).key != place.key:
            Item.objects.filter(pk=item.pk).update(team=place.team, service_point=place.service_point)
            line("submission.routed", item, by, team=place.key[0], service_point=place.key[1])
            moved += 1
    return moved
