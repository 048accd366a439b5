"""The page docs/access.md, made from the one list of permissions; what the tests saw stands below it."""

from pathlib import Path

from django.conf import settings
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
# Below this line stands what tests/test_access_table.py has seen; this module only carries it along.
SEEN = "<!-- Seen by tests/test_access_table.py; `make docs` writes it. -->"


def text() -> str:
    """The whole page in Markdown, with what the tests have seen as the page has it now."""
    page = settings.ROOT / PLACE
    return permissions_text() + seen_text(page)


def seen_text(page: Path) -> str:
    """What the tests have seen, from the mark on; empty when the page has none yet."""
    written = page.read_text(encoding="utf-8") if page.exists() else ""
    return f"\n{SEEN}{written.partition(SEEN)[2]}" if SEEN in written else ""


def permissions_text() -> str:
    """The table of roles and permissions in Markdown."""
    with translation.override("en"):
        head = ["Permission", "2F", *(str(role.label) for role in Role)]
        lines = [_line(head), _line(["---"] * len(head)), *(_line(_cells(permission)) for permission in Permission)]
    return f"{HEAD}\n{chr(10).join(lines)}\n{FOOT}"


def _cells(permission: Permission) -> list[str]:
    marks = ["×" if permission in ROLES[role] else "" for role in Role]
    return [f"{permission.label} (`{permission.value}`)", "×" if permission in CLIENT_DATA else "", *marks]


def _line(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"
