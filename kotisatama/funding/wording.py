"""Amounts as the page's language writes them."""

from decimal import Decimal

from kotisatama.web.templatetags.kotisatama import NO_BREAK, number


def euros(value: Decimal) -> str:
    """`1 234,50 €`."""
    return f"{number(value, 2)}{NO_BREAK}€"


def percentage(value: Decimal) -> str:
    """`70 %`, `2,5 %`: no decimals that are nought."""
    plain = value.normalize() if value != value.to_integral() else value.quantize(Decimal(1))
    return f"{number(plain)}{NO_BREAK}%"
