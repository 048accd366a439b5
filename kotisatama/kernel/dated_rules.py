"""Reading dated rules."""

from datetime import date

from django.db.models import Q

from kotisatama.kernel.models import Rule


class NoSuchRule(LookupError):
    """No row of that code and target is valid on that day."""


def number(code: str, *, target: str, on: date) -> int:
    """Return the whole-number value of a rule for its target on a day."""
    valid = Q(valid_to__isnull=True) | Q(valid_to__gte=on)
    rule = Rule.objects.filter(valid, code=code, target=target, valid_from__lte=on).order_by("-valid_from").first()
    if rule is None:
        raise NoSuchRule(f"{code} for {target} on {on}")
    return int(rule.value)
