"""Role × relation × field: docs/access.md says what was seen, and what was seen keeps the rules."""

import logging
import os
import re

import pytest
from django.conf import settings
from django.db import transaction

from kotisatama.intake.tests import rows as intake_rows
from kotisatama.people import registry
from kotisatama.staff import access_page
from kotisatama.staff.permissions import ROLES, Permission, Role
from tests import access_table

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

PAGE = settings.ROOT / access_page.PLACE
WRITES = os.environ.get("KOTISATAMA_WRITE_DOCS") == "1"
NAMES = {"First name", "Last name"}
LIST_OF_CASES = NAMES | {"Year of birth", "Service language", "Municipality", "Ground of stay"}
HEAD = """
## What a role sees of a client

Each role opened every page, part, file and letter of the desk, in each relation to one client whose every field is
unlike any other text. Letters say where the field was seen: {kinds}.
A client within the mandate may be found; the record opens by a relation, or for a reason that a lead reviews.
"""


def seen_by(role: str) -> dict[str, dict[str, str]]:
    """Relation to what the role saw; each scene is undone before the next."""
    found = {}
    intake_rows.the_form()
    for relation in access_table.RELATIONS:
        with transaction.atomic():
            found[relation] = access_table.seen(role, relation)
            transaction.set_rollback(True)
    return found


def write(role: str, section: str) -> None:
    """Put the role's section into the page, in the order of the roles."""
    known = dict(re.findall(r"### (.+)\n\n((?:.+\n)+)", access_page.seen_text(PAGE)))
    known[str(Role(role).label)] = section.partition("\n\n")[2]
    labels = [str(each.label) for each in Role]
    kinds = ", ".join(f"{letter} {words}" for letter, words in access_table.KINDS.items())
    sections = "\n".join(f"### {label}\n\n{known[label]}" for label in labels if label in known)
    PAGE.write_text(
        f"{access_page.permissions_text()}\n{access_page.SEEN}\n{HEAD.format(kinds=kinds)}\n{sections}",
        encoding="utf-8",
    )


def fields_of(column: dict[str, str]) -> set[str]:
    return {field for field, kinds in column.items() if kinds}


def check_rules(role: str, cells: dict[str, dict[str, str]]) -> None:
    """What must hold whatever the page says."""
    finds = Permission.SEE_PERSONS in ROLES[role]
    # The officer has to see whose rights they are; leads save lists of cases that they may open anyway.
    found = access_table.FOUND if finds else NAMES if Permission.MANAGE_PRIVACY in ROLES[role] else set()
    saves_lists = {Permission.MANAGE_CASES, Permission.EXPORT_FIGURES} <= ROLES[role]
    assert fields_of(cells[access_table.OUTSIDE]) == set()
    for relation in ("None", "Opened by another"):
        assert fields_of(cells[relation]) <= found, relation
    if not finds:
        small = {"First name", "Service language", "Telephone, safe", "E-mail"}
        assert set().union(*map(fields_of, cells.values())) <= small | found
    if finds:
        assert fields_of(cells[access_table.SHARED]) <= access_table.SHARED_FIELDS
    elsewhere = [
        (field, kinds) for column in cells.values() for field, kinds in column.items() if set(kinds) & set("JFCL")
    ]
    in_files = {"File that was sent in"} | (LIST_OF_CASES if saves_lists else set())
    assert {field for field, _kinds in elsewhere} <= in_files


@pytest.mark.parametrize("role", list(Role))
def test_what_a_role_sees_is_what_the_page_says(role: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL, logger="django.request")  # hundreds of refusals are wished for
    cells = seen_by(role)
    check_rules(role, cells)
    section = access_table.section(role, cells)
    if WRITES:
        write(role, section)
    assert section in PAGE.read_text(encoding="utf-8"), f"Run `make docs` and look at the change.\n{section}"


def test_every_relation_that_an_app_registers_has_its_column() -> None:
    names = {"own_case", "team_case", "case_transfer", "met_today", "visit_today", "submission", "import"}
    assert {relation.name for relation in registry.relations()} == names, "Add a column to tests/access_table.py."
