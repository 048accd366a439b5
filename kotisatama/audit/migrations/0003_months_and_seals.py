"""The trail by month, each line with its transaction and its code, and the batches that seal it (docs/decisions/0015).

A partition grants nothing to anybody: lines are read and added through `audit_line` alone, under its policies. A
trigger of a statement does not reach partitions that are named themselves, so each has its own.
"""

from typing import ClassVar

import django.db.models.functions.comparison
import django.utils.timezone
from django.db import migrations, models

WHOLE = "(SELECT current_setting('kotisatama.whole_trail', true)) = 'on'"

FUNCTIONS = """
CREATE SCHEMA audit_months;
CREATE FUNCTION audit_epoch() RETURNS smallint LANGUAGE sql STABLE AS 'SELECT 1::smallint';
CREATE FUNCTION audit_close_partition(name text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('REVOKE ALL ON audit_months.%I FROM PUBLIC', name);
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'kotisatama_app') THEN
        EXECUTE format('REVOKE ALL ON audit_months.%I FROM kotisatama_app', name);
    END IF;
    EXECUTE format('ALTER TABLE audit_months.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE TRIGGER audit_line_is_final BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_months.%I '
                   'FOR EACH STATEMENT EXECUTE FUNCTION public.audit_line_is_final()', name);
END $$;
CREATE FUNCTION audit_add_months(first date, last date) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    month date := date_trunc('month', first);
    following date;
    name text;
    made integer := 0;
BEGIN
    WHILE month <= last LOOP
        following := (month + interval '1 month')::date;
        name := 'line_' || to_char(month, 'YYYY_MM');
        IF NOT EXISTS (SELECT FROM pg_tables WHERE schemaname = 'audit_months' AND tablename = name) THEN
            EXECUTE format('CREATE TABLE audit_months.%I PARTITION OF public.audit_line FOR VALUES FROM (%L) TO (%L)',
                           name, month || ' 00:00:00+00', following || ' 00:00:00+00');
            PERFORM audit_close_partition(name);
            made := made + 1;
        END IF;
        month := following;
    END LOOP;
    RETURN made;
END $$;
CREATE FUNCTION audit_add_rest() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    CREATE TABLE audit_months.line_rest PARTITION OF public.audit_line DEFAULT;
    PERFORM audit_close_partition('line_rest');
END $$;
-- Months up to `last`; lines that fell into the rest move to months of their own. The owner is bound by forced row
-- security like everybody, and would move nothing at all: it is lifted for the moment of moving.
CREATE FUNCTION audit_add_months_ahead(last date) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    month date;
    waiting bigint;
    moved bigint;
    made integer := 0;
BEGIN
    LOCK TABLE public.audit_line IN ACCESS EXCLUSIVE MODE;
    ALTER TABLE audit_months.line_rest NO FORCE ROW LEVEL SECURITY;
    SELECT count(*) INTO waiting FROM audit_months.line_rest;
    IF waiting = 0 THEN
        ALTER TABLE audit_months.line_rest FORCE ROW LEVEL SECURITY;
        RETURN audit_add_months((now() AT TIME ZONE 'UTC')::date, last);
    END IF;
    ALTER TABLE public.audit_line DETACH PARTITION audit_months.line_rest;
    ALTER TABLE audit_months.line_rest RENAME TO line_rest_before;
    PERFORM audit_add_rest();
    FOR month IN SELECT DISTINCT date_trunc('month', at AT TIME ZONE 'UTC')::date FROM audit_months.line_rest_before LOOP
        IF month <= last THEN
            made := made + audit_add_months(month, month);
        END IF;
    END LOOP;
    made := made + audit_add_months((now() AT TIME ZONE 'UTC')::date, last);
    ALTER TABLE public.audit_line NO FORCE ROW LEVEL SECURITY;
    INSERT INTO public.audit_line SELECT * FROM audit_months.line_rest_before;
    GET DIAGNOSTICS moved = ROW_COUNT;
    ALTER TABLE public.audit_line FORCE ROW LEVEL SECURITY;
    IF moved <> waiting THEN
        RAISE EXCEPTION 'lines of the rest would be lost: % of %', moved, waiting;
    END IF;
    DROP TABLE audit_months.line_rest_before;
    RETURN made;
END $$;
-- After a restore the numbers of transactions begin anew: lines of a new epoch are not taken for old ones.
CREATE FUNCTION audit_begin_epoch() RETURNS integer LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE OR REPLACE FUNCTION audit_epoch() RETURNS smallint LANGUAGE sql STABLE AS %L',
                   'SELECT ' || audit_epoch() + 1 || '::smallint');
    RETURN audit_epoch();
END $$;
REVOKE ALL ON FUNCTION audit_close_partition(text), audit_add_months(date, date), audit_add_rest(),
    audit_add_months_ahead(date), audit_begin_epoch() FROM PUBLIC;
DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'kotisatama_app') THEN
        REVOKE ALL ON FUNCTION audit_close_partition(text), audit_add_months(date, date), audit_add_rest(),
            audit_add_months_ahead(date), audit_begin_epoch() FROM kotisatama_app;
    END IF;
END $$;
"""

# The owner is bound by forced row security too: the old rows are carried over before anything is protected anew.
TABLE = """
ALTER TABLE audit_line RENAME TO audit_line_before;
ALTER TABLE audit_line_before NO FORCE ROW LEVEL SECURITY;
CREATE TABLE audit_line (
    id uuid NOT NULL,
    at timestamptz NOT NULL,
    worker_id bigint,
    organisation_id bigint,
    action varchar(60) NOT NULL,
    controllers varchar(3)[] NOT NULL,
    subject_type varchar(60) NOT NULL,
    subject_id uuid,
    person_id uuid,
    details jsonb NOT NULL,
    epoch smallint NOT NULL DEFAULT audit_epoch(),
    txid bigint NOT NULL DEFAULT (pg_current_xact_id())::text::bigint,
    mac bytea NOT NULL,
    PRIMARY KEY (id, at)
) PARTITION BY RANGE (at);
SELECT audit_add_rest();
SELECT audit_add_months((coalesce((SELECT min(at) FROM audit_line_before), now()) AT TIME ZONE 'UTC')::date,
                        (now() AT TIME ZONE 'UTC' + interval '12 months')::date);
INSERT INTO audit_line
    SELECT id, at, worker_id, organisation_id, action, controllers, subject_type, subject_id,
           CASE WHEN subject_type = 'people.person' THEN subject_id END, details, 0, 0, ''
    FROM audit_line_before;
DROP TABLE audit_line_before;
CREATE INDEX audit_line_person ON audit_line (person_id, at) WHERE person_id IS NOT NULL;
CREATE INDEX audit_line_worker ON audit_line (worker_id, at);
CREATE INDEX audit_line_in_order ON audit_line (epoch, txid);
"""

PROTECT = f"""
ALTER TABLE audit_line ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_line FORCE ROW LEVEL SECURITY;
CREATE POLICY read_within_context ON audit_line FOR SELECT USING (controllers::text[] &&
    (SELECT string_to_array(current_setting('kotisatama.controllers', true), ','))::text[]);
CREATE POLICY read_for_seals ON audit_line FOR SELECT USING ({WHOLE});
CREATE POLICY add_within_context ON audit_line FOR INSERT
    WITH CHECK (cardinality(controllers) > 0 AND controllers::text[] <@
    (SELECT string_to_array(current_setting('kotisatama.controllers', true), ','))::text[]);
CREATE TRIGGER audit_line_is_final BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_line
    FOR EACH STATEMENT EXECUTE FUNCTION audit_line_is_final();
DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'kotisatama_app') THEN
        REVOKE UPDATE, DELETE, TRUNCATE ON audit_line FROM kotisatama_app;
    END IF;
END $$;
"""

PROTECT_BATCHES = """
CREATE TRIGGER audit_batch_is_final BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_batch
    FOR EACH STATEMENT EXECUTE FUNCTION audit_line_is_final();
DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'kotisatama_app') THEN
        REVOKE UPDATE, DELETE, TRUNCATE ON audit_batch FROM kotisatama_app;
    END IF;
END $$;
"""

LINE_OF_TODAY = [
    migrations.AlterField("line", "at", models.DateTimeField(default=django.utils.timezone.now)),
    migrations.AddField("line", "person_id", models.UUIDField(null=True)),
    migrations.AddField(
        "line",
        "epoch",
        models.SmallIntegerField(db_default=models.Func(function="audit_epoch")),
    ),
    migrations.AddField(
        "line",
        "txid",
        models.BigIntegerField(
            db_default=django.db.models.functions.comparison.Cast(
                django.db.models.functions.comparison.Cast(
                    models.Func(function="pg_current_xact_id"), models.TextField()
                ),
                models.BigIntegerField(),
            )
        ),
    ),
    migrations.AddField("line", "mac", models.BinaryField(max_length=32)),
    migrations.RemoveIndex("line", "audit_line_subject"),
    migrations.AddIndex(
        "line",
        models.Index(
            name="audit_line_person",
            fields=["person_id", "at"],
            condition=models.Q(("person_id__isnull", False)),
        ),
    ),
    migrations.AddIndex("line", models.Index(name="audit_line_in_order", fields=["epoch", "txid"])),
]


class Migration(migrations.Migration):
    dependencies: ClassVar = [("audit", "0002_append_only")]
    operations: ClassVar = [
        migrations.RunSQL(FUNCTIONS),
        migrations.SeparateDatabaseAndState([migrations.RunSQL([TABLE, PROTECT])], LINE_OF_TODAY),
        migrations.CreateModel(
            "Batch",
            [
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("epoch", models.SmallIntegerField()),
                ("txid_from", models.BigIntegerField()),
                ("txid_before", models.BigIntegerField()),
                ("lines", models.BigIntegerField()),
                ("digest", models.BinaryField(max_length=32)),
                ("previous", models.BinaryField(max_length=32)),
                ("sealed_at", models.DateTimeField()),
                ("root", models.BinaryField(max_length=32)),
                ("mac", models.BinaryField(max_length=32)),
            ],
        ),
        migrations.CreateModel(
            "Delivery",
            [
                ("witness", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("delivered_to", models.BigIntegerField(default=0)),
                ("delivered_at", models.DateTimeField(null=True)),
                ("failed_at", models.DateTimeField(null=True)),
                ("error", models.CharField(blank=True, max_length=80)),
            ],
        ),
        migrations.RunSQL(PROTECT_BATCHES),
    ]
