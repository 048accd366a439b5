"""The database keeps the municipalities apart (docs/decisions/0002): its catalogue, read as the application's role."""

from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction

from kotisatama.audit import registry
from kotisatama.kernel import row_security
from kotisatama.network.models import Municipality
from tests import rows

pytestmark = pytest.mark.django_db

# Tables without clients' data. A new table that is not protected has to say here why it need not be.
OPEN = {
    "api_devicekey": "hashed secrets of devices that fetch blank forms and send: no client, no answer",
    "audit_batch": "seals of the trail: numbers, times and hashes",
    "audit_delivery": "which roots of the trail a witness has been told",
    "account_emailaddress": "workers' addresses for sign-in",
    "account_emailconfirmation": "workers' addresses for sign-in",
    "auth_group": "part of Django's sign-in, unused",
    "auth_group_permissions": "part of Django's sign-in, unused",
    "auth_permission": "names of rights",
    "contacts_topic": "what contacts can be about",
    "django_content_type": "names of models",
    "django_migrations": "which migrations have run",
    "django_session": "workers' sessions: who is signed in",
    "forms_codeattempt": "keyed hashes of addresses from which codes opened nothing",
    "forms_form": "published forms",
    "forms_upload": "workbooks that wait for acceptance",
    "forms_textstate": "how far the texts of forms are translated: no answers",
    "forms_formclock": "how long answers of a form are kept",
    "forms_version": "published forms",
    "forms_step": "rows of drafts of forms as the builder left them",
    "funding_agreement": "the municipalities' shares as agreed: public decisions",
    "funding_invitation": "public decisions of municipalities",
    "funding_invoice": "invoices between municipalities",
    "funding_partnership": "what the municipalities share: public decisions",
    "funding_partnershipyear": "what the municipalities share: public decisions",
    "funding_statistic": "public statistics by municipality",
    "funding_budgetline": "what was planned for a kind of cost: no person",
    "funding_commitment": "costs that are agreed: no person",
    "funding_flatrate": "terms of a grant",
    "funding_grantterms": "terms of a grant: the funder's decision",
    "funding_partner": "which municipalities pay a part, and public numbers of people",
    "funding_reportingdate": "days until which claims are due",
    "intake_routingrule": "which team gets which forms: codes and names of teams",
    "kernel_rule": "dated rules of law",
    "mfa_authenticator": "workers' second factors",
    "network_mandate": "public decisions of municipalities",
    "network_municipality": "public",
    "network_openinghours": "public",
    "network_organisation": "public",
    "network_servicepoint": "public",
    "people_lookssetting": "which municipalities show workers' names",
    "privacy_retentionrule": "how long data is kept: periods and their sources",
    "procrastinate_events": "jobs: identifiers only",
    "procrastinate_jobs": "jobs: identifiers only",
    "procrastinate_periodic_defers": "jobs: times only",
    "procrastinate_workers": "jobs: heartbeats only",
    "socialaccount_socialaccount": "workers' sign-in by their own organisation",
    "socialaccount_socialapp": "providers of sign-in",
    "socialaccount_socialtoken": "workers' sign-in by their own organisation",
    "staff_signinattempt": "keyed hashes of workers' failed sign-ins",
    "staff_signinevent": "workers' sign-ins: when and how, no address",
    "staff_team": "names of teams",
    "staff_worker": "workers, not clients",
    "translation_text": "texts of the service itself",
}
# Protected, but reading it leaves no line of its own.
NO_LINE = {
    "audit_line": "the trail itself",
    "forms_draft": "only the visitor's own secret opens it, no worker's mandate does",
    "forms_draftkey": "only the secrets of the visitor and of a code's bearer open it, no worker's mandate does",
}
APPEND_ONLY = {"audit_line"}
# Functions that run with their owner's rights and so look past the policies.
WITH_OWNERS_RIGHTS: dict[str, str] = {}
# Lines and their seals are written once.
FINAL = APPEND_ONLY | {"audit_batch"}

TABLES = """
    SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')
"""
POLICIES = """
    SELECT tablename, cmd, permissive, coalesce(qual, ''), coalesce(with_check, '') FROM pg_policies
    WHERE schemaname = 'public'
"""
COLUMNS_THAT_TELL = """
    SELECT DISTINCT table_name FROM information_schema.columns
    WHERE table_schema = 'public'
    AND column_name IN ('controller_id', 'controllers', 'holder', 'person_id', 'contact_id')
"""
ROLE = """
    SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user
"""
OWNED = """
    SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND pg_has_role(current_user, c.relowner, 'MEMBER')
"""
VIEWS = """
    SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind IN ('v', 'm')
    AND NOT coalesce('security_invoker=true' = ANY (c.reloptions), false)
"""
PARTITIONS = """
    SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity,
        EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgname = 'audit_line_is_final')
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'audit_months' AND c.relkind IN ('r', 'p')
"""
GRANTS_ON_PARTITIONS = """
    SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace,
        aclexplode(coalesce(c.relacl, acldefault('r', c.relowner))) AS granted
    WHERE n.nspname = 'audit_months' AND granted.grantee <> c.relowner
"""
DEFINERS = """
    SELECT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE n.nspname = 'public' AND p.prosecdef
"""


def query(sql: str, params: list[Any] | None = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params or [])
        return list(cursor.fetchall())


def protected() -> set[str]:
    return {table for table, both in query(TABLES) if both}


def count(table: str) -> int:
    return int(query(f'SELECT count(*) FROM "{table}"')[0][0])


def models_of(tables: set[str]) -> dict[str, type[models.Model]]:
    by_table = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}
    return {table: by_table[table] for table in sorted(tables)}


def two_controllers() -> tuple[Municipality, Municipality]:
    first, second = Municipality.objects.order_by("code")[:2]
    return first, second


def test_every_table_is_protected_or_says_why_it_need_not_be() -> None:
    unprotected = {table for table, both in query(TABLES) if not both}
    assert protected()
    assert sorted(unprotected - OPEN.keys()) == []
    assert OPEN.keys() <= unprotected


def test_no_table_that_names_a_controller_or_a_person_is_open() -> None:
    telling = {table for (table,) in query(COLUMNS_THAT_TELL)}
    assert telling
    assert telling - protected() <= registry.NOT_CLIENTS


def test_policies_of_each_protected_table_cover_reading_and_writing() -> None:
    covered: dict[str, set[str]] = {table: set() for table in protected()}
    for table, command, permissive, reads, writes in query(POLICIES):
        assert permissive == "PERMISSIVE"
        if command in {"ALL", "SELECT", "UPDATE", "DELETE"}:
            assert "current_setting" in reads, f"{table}: a policy that does not ask who reads"
        if command in {"ALL", "INSERT", "UPDATE"}:
            assert "current_setting" in writes, f"{table}: a policy that does not ask who writes"
        covered[table] |= {"SELECT", "INSERT", "UPDATE", "DELETE"} if command == "ALL" else {command}
    wanted = {table: {"SELECT", "INSERT"} if table in APPEND_ONLY else covered[table] for table in covered}
    assert covered == wanted
    assert all(len(commands) == 4 for table, commands in covered.items() if table not in APPEND_ONLY)


def test_no_view_and_no_function_looks_past_the_policies() -> None:
    assert not query(VIEWS)
    assert {name for (name,) in query(DEFINERS)} == WITH_OWNERS_RIGHTS.keys()


def test_the_applications_role_owns_nothing_and_cannot_bypass() -> None:
    assert query(ROLE) == [(False, False, False, False)]
    assert not query(OWNED)
    assert query("SELECT has_schema_privilege(current_user, 'public', 'CREATE')") == [(False,)]


def test_the_applications_role_cannot_switch_the_protection_off() -> None:
    for table in sorted(protected()):
        with pytest.raises(DatabaseError, match="must be owner"), transaction.atomic():
            query(f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY')


@pytest.mark.parametrize("privilege", ["UPDATE", "DELETE", "TRUNCATE"])
def test_a_line_of_the_trail_is_final(privilege: str) -> None:
    statements = {
        "UPDATE": 'UPDATE "{}" SET mac = mac',
        "DELETE": 'DELETE FROM "{}"',
        "TRUNCATE": 'TRUNCATE "{}"',
    }
    for table in sorted(FINAL):
        assert query("SELECT has_table_privilege(current_user, %s, %s)", [table, privilege]) == [(False,)]
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            query(statements[privilege].format(table))


def test_the_months_of_the_trail_are_closed_to_everybody() -> None:
    """Lines are reached through the table alone; a partition has no grant, its own forced security and trigger."""
    partitions = query(PARTITIONS)
    assert len(partitions) > 12
    assert [name for name, closed, has_trigger in partitions if not (closed and has_trigger)] == []
    assert query("SELECT has_schema_privilege(current_user, 'audit_months', 'USAGE')") == [(False,)]
    assert query(GRANTS_ON_PARTITIONS) == [(0,)]


def test_nobody_may_truncate_a_protected_table() -> None:
    """TRUNCATE knows no policies."""
    may = {
        table
        for table in protected()
        if query("SELECT has_table_privilege(current_user, %s, 'TRUNCATE')", [table])[0][0]
    }
    assert not may


def make_rows() -> tuple[Municipality, Municipality]:
    """Make a row in each protected table for the first of two controllers."""
    ours, theirs = two_controllers()
    given = {"controller": ours, "controllers": [ours.pk], "holder": "h"}
    with row_security.context(controllers=[ours.pk], holder="h"):
        for model in models_of(protected()).values():
            rows.make(model, given)
        empty = [table for table in sorted(protected()) if not count(table)]
    assert not empty
    return ours, theirs


def test_without_a_context_there_are_no_rows() -> None:
    make_rows()
    assert {table: count(table) for table in protected()} == dict.fromkeys(protected(), 0)


def test_in_anothers_context_there_are_no_rows() -> None:
    _, theirs = make_rows()
    with row_security.context(controllers=[theirs.pk], holder="another"):
        assert {table: count(table) for table in protected()} == dict.fromkeys(protected(), 0)


def test_an_empty_secret_opens_nothing() -> None:
    """Rows without a holder have an empty one; an empty secret must not fit them."""
    ours, _ = two_controllers()
    with row_security.context(controllers=[ours.pk], holder="h"):
        for table, model in models_of(protected() - {"forms_draft", "forms_draftkey"}).items():
            rows.make(model, {"controller": ours, "controllers": [ours.pk], "holder": ""} if table else {})
    with row_security.context(holder=""):
        assert {table: count(table) for table in protected()} == dict.fromkeys(protected(), 0)


def test_no_row_can_be_given_to_another_controller() -> None:
    ours, theirs = make_rows()
    changed = []
    for table, model in models_of(protected() - APPEND_ONLY).items():
        by_controller = any(field.name == "controller" for field in model._meta.fields)
        column, value = ("controller_id", theirs.pk) if by_controller else ("holder", "another")
        controllers, holder = ([ours.pk], "") if by_controller else ([], "h")
        with (
            row_security.context(controllers=controllers, holder=holder),
            pytest.raises(DatabaseError, match="row-level security"),
            transaction.atomic(),
        ):
            query(f'UPDATE "{table}" SET "{column}" = %s RETURNING 1', [value])
        changed.append(table)
    assert changed


def test_the_guard_of_pages_watches_the_tables_that_the_database_protects() -> None:
    assert registry.client_tables() == protected() - NO_LINE.keys()
