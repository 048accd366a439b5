"""Who may do what: the whole table, written out by hand so that no change of it goes unseen."""

import pytest
from django.contrib.auth.models import AnonymousUser

from kotisatama.staff import access, permissions
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Permission, Role

# One line a permission; the columns are in the order of COLUMNS, "x" where the role holds it.
COLUMNS = [
    Role.MAIN_USER,
    Role.TEAM_LEAD,
    Role.COUNSELLOR,
    Role.MUNICIPAL_WORKER,
    Role.PARTNER_WORKER,
    Role.ASSOCIATION_COORDINATOR,
    Role.PEER_SUPPORTER,
    Role.REPORT_READER,
    Role.DATA_PROTECTION_OFFICER,
    Role.TRANSLATOR,
    Role.COORDINATOR,
    Role.DECISION_MAKER,
]
TABLE = {
    Permission.SEE_INBOX: ". x x x . . . . . . . .",
    Permission.HANDLE_SUBMISSIONS: ". x x x . . . . . . . .",
    Permission.SEE_PERSONS: ". x x x . . . . . . . .",
    Permission.MEET_PERSONS: ". . . . x x x . . . . .",
    Permission.EDIT_PERSONS: ". x x x . . . . . . . .",
    Permission.IMPORT_CLIENTS: "x . . . . . . . . . . .",
    Permission.SEE_PROTECTED: ". x . . . . . . . . . .",
    Permission.RECORD_CONTACTS: ". x x x x x x . . . . .",
    Permission.SEE_CONTACTS: ". x x x . . . . . . . .",
    Permission.MANAGE_CASES: ". x x x . . . . . . . .",
    Permission.SEND_MESSAGES: ". x x x . . . . . . . .",
    Permission.SEE_FIGURES: "x x x x . . . x . . x x",
    Permission.EXPORT_FIGURES: "x x . . . . . x . . x .",
    Permission.SEE_FUNDING: ". . . . . . . . . . x x",
    Permission.MANAGE_FUNDING: ". . . . . . . . . . x .",
    Permission.MANAGE_FORMS: "x . . . . . . . . . . .",
    Permission.TRANSLATE_FORMS: "x . . . . . . . . x . .",
    Permission.MANAGE_WORKERS: "x . . . . . . . . . . .",
    Permission.MANAGE_REGION: "x . . . . . . . . . . .",
    Permission.REVIEW_OPENINGS: ". x . . . . . . . . . .",
    Permission.SHARE_PERSONS: ". x . x . . . . . . . .",
    Permission.READ_AUDIT: ". . . . . . . . x . . .",
    Permission.MANAGE_PRIVACY: ". . . . . . . . x . . .",
    Permission.EXPORT_PERSON: ". x . . . . . . x . . .",
    Permission.EXPORT_SUBMISSIONS: ". x . . . . . . . . . .",
    Permission.ANSWER_EXPERT_QUESTIONS: ". x x x x . . . . . . .",
}
CELLS = [
    (permission, role, mark == "x")
    for permission, line in TABLE.items()
    for role, mark in zip(COLUMNS, line.split(), strict=True)
]


def test_table_has_every_role_and_every_permission() -> None:
    assert set(COLUMNS) == set(Role)
    assert set(TABLE) == set(Permission)
    assert set(permissions.ROLES) == set(Role)


@pytest.mark.parametrize(("permission", "role", "holds"), CELLS)
def test_who_may_do_what(permission: Permission, role: Role, holds: bool) -> None:
    assert access.allows(Worker(roles=[role.value]), permission) is holds


def test_several_roles_add_up() -> None:
    worker = Worker(roles=[Role.REPORT_READER.value, Role.PARTNER_WORKER.value])
    assert worker.permissions == {
        Permission.SEE_FIGURES,
        Permission.EXPORT_FIGURES,
        Permission.RECORD_CONTACTS,
        Permission.MEET_PERSONS,
        Permission.ANSWER_EXPERT_QUESTIONS,
    }


def test_unknown_role_gives_nothing() -> None:
    assert not Worker(roles=["emperor"]).permissions


@pytest.mark.parametrize("permission", list(Permission))
def test_closed_account_and_visitor_may_do_nothing(permission: Permission) -> None:
    assert not access.allows(Worker(roles=Role.values, is_active=False), permission)
    assert not access.allows(AnonymousUser(), permission)
