"""Lines are seen and added within the context, and final: neither policy, privilege nor trigger lets one change."""

from typing import ClassVar

from django.db import migrations

CONTEXT = "(SELECT string_to_array(current_setting('kotisatama.controllers', true), ','))::text[]"

PROTECT = f"""
ALTER TABLE audit_line ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_line FORCE ROW LEVEL SECURITY;
CREATE POLICY read_within_context ON audit_line FOR SELECT USING (controllers::text[] && {CONTEXT});
CREATE POLICY add_within_context ON audit_line FOR INSERT
    WITH CHECK (cardinality(controllers) > 0 AND controllers::text[] <@ {CONTEXT});
CREATE FUNCTION audit_line_is_final() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'a line of the audit trail is final'; END $$;
CREATE TRIGGER audit_line_is_final BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_line
    FOR EACH STATEMENT EXECUTE FUNCTION audit_line_is_final();
DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'kotisatama_app') THEN
        REVOKE UPDATE, DELETE, TRUNCATE ON audit_line FROM kotisatama_app;
    END IF;
END $$;
"""

UNPROTECT = """
DROP TRIGGER audit_line_is_final ON audit_line;
DROP FUNCTION audit_line_is_final();
DROP POLICY read_within_context ON audit_line;
DROP POLICY add_within_context ON audit_line;
ALTER TABLE audit_line NO FORCE ROW LEVEL SECURITY;
ALTER TABLE audit_line DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("audit", "0001_initial")]
    operations: ClassVar = [migrations.RunSQL(PROTECT, UNPROTECT)]
