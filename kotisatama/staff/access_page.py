"""The page docs/access.md, made from the one list of permissions."""

from django.utils import translation

from kotisatama.staff.permissions import CLIENT_DATA, ROLES, Permission, Role

PLACE = "docs/access.md"
HEAD = """# Who may do what

Made from `kotisatama/staff/permissions.py` by `kotisatama access-doc`; do not edit by hand.

A permission says what a worker may do at all. Whose clients a worker sees follows from the mandates that municipalities
have given to the worker's organisation, day by day, and the database's row security holds the same line.
"""
FOOT = """
**2F**: whoever holds the permission sees clients' data, so that in production a second factor is compulsory.
A worker may have several roles; their permissions add up. Nobody changes the own roles.
"""


def text() -> str:
    """The whole page in Markdown."""
    with translation.override("en"):
        head = ["Permission", "2F", *(str(role.label) for role in Role)]
        lines = [_line(head), _line(["---"] * len(head)), *(_line(_cells(permission)) for permission in Permission)]
    return f"{HEAD}\n{chr(10).join(lines)}\n{FOOT}"


def _cells(permission: Permission) -> list[str]:
    marks = ["×" if permission in ROLES[role] else "" for role in Role]
    return [f"{permission.label} (`{permission.value}`)", "×" if permission in CLIENT_DATA else "", *marks]


def _line(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"
