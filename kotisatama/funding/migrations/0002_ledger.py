"""Projects with their grants and costs; claims and settlements that the database freezes; a class of retention."""

from typing import Any

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from kotisatama.kernel import reference_data, row_security
from kotisatama.kernel.row_security import Protect


CONTROLLERS = row_security._CONTROLLERS_ARRAY
# A municipality that pays a part may read what is paid; only the municipality that keeps the accounts writes.
PAYS = f"EXISTS (SELECT FROM funding_partner p WHERE p.project_id = {{}} AND p.municipality_id = ANY ({CONTROLLERS}))"

# Whoever owns the database can still switch the triggers off; nobody changes a claimed row or a sent claim by mistake.
FINAL = """
CREATE FUNCTION funding_cost_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.claim_id IS NOT NULL THEN
        IF TG_OP = 'DELETE' OR to_jsonb(NEW) - ARRAY['who', 'raw', 'controller_id'] IS DISTINCT FROM
            to_jsonb(OLD) - ARRAY['who', 'raw', 'controller_id']
            OR NEW.who NOT IN (OLD.who, '') OR NEW.raw NOT IN (OLD.raw, '')
        THEN
            RAISE EXCEPTION 'a claimed cost is final' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    IF NEW.claim_id IS NOT NULL AND EXISTS (
        SELECT FROM funding_claim c WHERE c.id = NEW.claim_id AND (c.state <> 'draft' OR c.project_id <> NEW.project_id)
    ) THEN
        RAISE EXCEPTION 'a sent claim takes no more costs' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER funding_cost_is_final BEFORE INSERT OR UPDATE OR DELETE ON funding_cost
    FOR EACH ROW EXECUTE FUNCTION funding_cost_is_final();
CREATE FUNCTION funding_claim_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'draft' THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'DELETE' OR OLD.state = 'paid' AND to_jsonb(NEW) - 'controller_id' <> to_jsonb(OLD) - 'controller_id'
        OR NEW.state NOT IN ('sent', 'paid')
        OR to_jsonb(NEW) - ARRAY['state', 'paid_on', 'paid', 'version', 'controller_id'] IS DISTINCT FROM
            to_jsonb(OLD) - ARRAY['state', 'paid_on', 'paid', 'version', 'controller_id']
    THEN
        RAISE EXCEPTION 'a sent claim is final' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER funding_claim_is_final BEFORE UPDATE OR DELETE ON funding_claim
    FOR EACH ROW EXECUTE FUNCTION funding_claim_is_final();
CREATE FUNCTION funding_settlement_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR to_jsonb(NEW) - 'controller_id' IS DISTINCT FROM to_jsonb(OLD) - 'controller_id' THEN
        RAISE EXCEPTION 'an agreed settlement is final' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER funding_settlement_is_final BEFORE UPDATE OR DELETE ON funding_settlement
    FOR EACH ROW EXECUTE FUNCTION funding_settlement_is_final();
"""
CHANGEABLE = """
DROP TRIGGER funding_cost_is_final ON funding_cost;
DROP FUNCTION funding_cost_is_final();
DROP TRIGGER funding_claim_is_final ON funding_claim;
DROP FUNCTION funding_claim_is_final();
DROP TRIGGER funding_settlement_is_final ON funding_settlement;
DROP FUNCTION funding_settlement_is_final();
"""


def load_class(apps: Any, editor: Any) -> None:
    """Add the class of retention to a database whose classes were loaded before it was in the table."""
    rule = apps.get_model("privacy", "RetentionRule")
    for row in reference_data.rows("kotisatama.privacy", "retention.csv"):
        if row["code"] == "accounts":
            key = {name: row.pop(name) for name in ("code", "valid_from")}
            values = {**row, "valid_to": row["valid_to"] or None, "confirmed": row["confirmed"] == "yes"}
            rule.objects.get_or_create(**key, defaults=values)


class Migration(migrations.Migration):
    dependencies = [
        ("funding", "0001_shares"),
        ("network", "0002_municipalities"),
        ("privacy", "0002_row_security_and_rules"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Claim",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("begins_on", models.DateField(verbose_name="Begins on")),
                ("ends_on", models.DateField(verbose_name="Ends on")),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Draft"), ("sent", "Sent"), ("paid", "Paid")], default="draft", max_length=10
                    ),
                ),
                ("content", models.JSONField(blank=True, default=dict)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("grant", models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True)),
                ("sent_on", models.DateField(blank=True, null=True)),
                ("paid_on", models.DateField(blank=True, null=True)),
                ("paid", models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "controller",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.municipality"
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Project",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, verbose_name="Name")),
                ("funder", models.CharField(max_length=120, verbose_name="Funder")),
                ("decision", models.CharField(blank=True, max_length=80, verbose_name="Number of the decision")),
                (
                    "funding_line",
                    models.CharField(
                        choices=[("municipal", "Municipalities' own"), ("state_grant", "State grant")],
                        default="state_grant",
                        max_length=20,
                        verbose_name="Funding line",
                    ),
                ),
                ("begins_on", models.DateField(verbose_name="Begins on")),
                ("ends_on", models.DateField(verbose_name="Ends on")),
                ("mapping", models.JSONField(blank=True, default=dict)),
                ("key", models.UUIDField(unique=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "controller",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.municipality"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Partner",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("people", models.PositiveIntegerField()),
                ("source", models.CharField(max_length=200)),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.municipality"
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="partners", to="funding.project"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="GrantTerms",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valid_from", models.DateField(verbose_name="In force from")),
                (
                    "rate",
                    models.DecimalField(
                        decimal_places=2, max_digits=5, verbose_name="Part that the grant pays, in percent"
                    ),
                ),
                ("cap", models.DecimalField(decimal_places=2, max_digits=12, verbose_name="Cap of the whole grant")),
                (
                    "accepted_kinds",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("salary", "Salaries"),
                                ("purchase", "Purchases"),
                                ("interpreter", "Interpreters"),
                                ("travel", "Travel"),
                                ("other", "Other costs"),
                            ],
                            max_length=20,
                        ),
                        default=list,
                        size=None,
                    ),
                ),
                ("legal_source", models.CharField(max_length=200, verbose_name="Legal source")),
                ("decided_on", models.DateField(verbose_name="Decided on")),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="terms", to="funding.project"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CostFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120)),
                ("sha256", models.CharField(max_length=64)),
                ("content", models.TextField(blank=True)),
                ("encoding", models.CharField(max_length=20)),
                ("separator", models.CharField(max_length=5)),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "Waits"), ("taken", "Taken in")], default="waiting", max_length=10
                    ),
                ),
                ("result", models.JSONField(blank=True, default=dict)),
                ("added_at", models.DateTimeField(auto_now_add=True)),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "controller",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.municipality"
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="files", to="funding.project"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Cost",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("salary", "Salaries"),
                            ("purchase", "Purchases"),
                            ("interpreter", "Interpreters"),
                            ("travel", "Travel"),
                            ("other", "Other costs"),
                        ],
                        max_length=20,
                        verbose_name="Kind of cost",
                    ),
                ),
                ("on", models.DateField(verbose_name="Day")),
                ("amount", models.DecimalField(decimal_places=2, max_digits=12, verbose_name="Amount")),
                ("text", models.CharField(blank=True, max_length=200, verbose_name="What for")),
                ("who", models.CharField(blank=True, max_length=40, verbose_name="Worker’s initials or role")),
                (
                    "hours",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=7, null=True, verbose_name="Hours"),
                ),
                (
                    "hourly_cost",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=8, null=True, verbose_name="Cost of an hour"
                    ),
                ),
                (
                    "funding_line",
                    models.CharField(
                        choices=[("municipal", "Municipalities' own"), ("state_grant", "State grant")],
                        default="state_grant",
                        max_length=20,
                        verbose_name="Funding line",
                    ),
                ),
                ("voucher", models.CharField(max_length=40, verbose_name="Voucher number")),
                ("line", models.PositiveIntegerField(default=1, verbose_name="Line of the voucher")),
                ("file_row", models.PositiveIntegerField(blank=True, null=True)),
                ("raw", models.TextField(blank=True)),
                ("key", models.UUIDField(unique=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                (
                    "claim",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="costs",
                        to="funding.claim",
                    ),
                ),
                (
                    "controller",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.municipality"
                    ),
                ),
                (
                    "corrects",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="funding.cost",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="costs",
                        to="funding.costfile",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="costs", to="funding.project"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Commitment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("salary", "Salaries"),
                            ("purchase", "Purchases"),
                            ("interpreter", "Interpreters"),
                            ("travel", "Travel"),
                            ("other", "Other costs"),
                        ],
                        max_length=20,
                        verbose_name="Kind of cost",
                    ),
                ),
                ("text", models.CharField(max_length=200, verbose_name="What for")),
                ("amount", models.DecimalField(decimal_places=2, max_digits=12)),
                ("due_on", models.DateField(verbose_name="Paid on, expected")),
                ("key", models.UUIDField(unique=True)),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="commitments", to="funding.project"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="claim",
            name="project",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="claims", to="funding.project"
            ),
        ),
        migrations.CreateModel(
            name="BudgetLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("salary", "Salaries"),
                            ("purchase", "Purchases"),
                            ("interpreter", "Interpreters"),
                            ("travel", "Travel"),
                            ("other", "Other costs"),
                        ],
                        max_length=20,
                    ),
                ),
                ("amount", models.DecimalField(decimal_places=2, max_digits=12)),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="budget", to="funding.project"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ReportingDate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("begins_on", models.DateField(verbose_name="Begins on")),
                ("ends_on", models.DateField(verbose_name="Ends on")),
                ("due_on", models.DateField(verbose_name="Claim at the latest on")),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reporting_dates",
                        to="funding.project",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Settlement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveIntegerField()),
                (
                    "way",
                    models.CharField(
                        choices=[("share", "By share"), ("use", "By use"), ("mixed", "Mixed")],
                        max_length=10,
                        verbose_name="Key",
                    ),
                ),
                ("weight", models.DecimalField(decimal_places=2, max_digits=5)),
                ("total", models.DecimalField(decimal_places=2, max_digits=12)),
                ("parts", models.JSONField()),
                ("agreed_on", models.DateField()),
                (
                    "agreed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "controller",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.municipality"
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="settlements", to="funding.project"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="FlatRate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("salary", "Salaries"),
                            ("purchase", "Purchases"),
                            ("interpreter", "Interpreters"),
                            ("travel", "Travel"),
                            ("other", "Other costs"),
                        ],
                        max_length=20,
                    ),
                ),
                ("percent", models.DecimalField(decimal_places=2, max_digits=5)),
                (
                    "terms",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="flat_rates", to="funding.grantterms"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("terms", "kind"), name="flat_rate_once"),
                    models.CheckConstraint(
                        condition=models.Q(("percent__gt", 0), ("percent__lte", 100)), name="flat_rate_is_a_percentage"
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="project",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__gte", models.F("begins_on"))), name="project_ends_after_it_begins"
            ),
        ),
        migrations.AddConstraint(
            model_name="partner",
            constraint=models.UniqueConstraint(fields=("project", "municipality"), name="partner_once"),
        ),
        migrations.AddConstraint(
            model_name="grantterms",
            constraint=models.UniqueConstraint(fields=("project", "valid_from"), name="terms_once_a_day"),
        ),
        migrations.AddConstraint(
            model_name="grantterms",
            constraint=models.CheckConstraint(
                condition=models.Q(("rate__gte", 0), ("rate__lte", 100)), name="terms_rate_is_a_percentage"
            ),
        ),
        migrations.AddConstraint(
            model_name="grantterms",
            constraint=models.CheckConstraint(condition=models.Q(("cap__gte", 0)), name="terms_cap_is_not_negative"),
        ),
        migrations.AddConstraint(
            model_name="costfile",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "waiting")), fields=("project", "sha256"), name="cost_file_waits_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="costfile",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "waiting"), ("content", ""), _connector="OR"),
                name="cost_file_taken_keeps_no_content",
            ),
        ),
        migrations.AddIndex(
            model_name="cost",
            index=models.Index(fields=["project", "on"], name="cost_by_project_and_day"),
        ),
        migrations.AddConstraint(
            model_name="cost",
            constraint=models.UniqueConstraint(fields=("project", "voucher", "line"), name="cost_voucher_line_once"),
        ),
        migrations.AddConstraint(
            model_name="cost",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount", 0), _negated=True), name="cost_is_not_nothing"
            ),
        ),
        migrations.AddConstraint(
            model_name="cost",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("hourly_cost__isnull", True), ("hours__isnull", True)),
                    models.Q(("hourly_cost__isnull", False), ("hours__isnull", False)),
                    _connector="OR",
                ),
                name="cost_hours_have_a_price",
            ),
        ),
        migrations.AddConstraint(
            model_name="cost",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("file__isnull", True), ("file_row__isnull", True)),
                    models.Q(("file__isnull", False), ("file_row__isnull", False)),
                    _connector="OR",
                ),
                name="cost_row_of_a_file_has_a_number",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.UniqueConstraint(fields=("project", "number"), name="claim_number_once"),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__gte", models.F("begins_on"))), name="claim_ends_after_it_begins"
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("grant__isnull", True), ("sha256", ""), ("state", "draft")),
                    models.Q(
                        models.Q(("state", "draft"), _negated=True),
                        models.Q(("sha256", ""), _negated=True),
                        ("grant__isnull", False),
                        ("sent_on__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="claim_sent_is_frozen_with_its_hash",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("paid__isnull", False), ("paid_on__isnull", False), ("state", "paid")),
                    models.Q(
                        models.Q(("state", "paid"), _negated=True), ("paid__isnull", True), ("paid_on__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="claim_paid_has_day_and_sum",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    (
                        models.Func(models.F("project"), models.F("project"), models.Value("[]"), function="int8range"),
                        "&&",
                    ),
                    (
                        models.Func(
                            models.F("begins_on"), models.F("ends_on"), models.Value("[]"), function="daterange"
                        ),
                        "&&",
                    ),
                ],
                name="claim_periods_do_not_overlap",
            ),
        ),
        migrations.AddConstraint(
            model_name="budgetline",
            constraint=models.UniqueConstraint(fields=("project", "kind"), name="budget_line_once"),
        ),
        migrations.AddConstraint(
            model_name="budgetline",
            constraint=models.CheckConstraint(condition=models.Q(("amount__gte", 0)), name="budget_is_not_negative"),
        ),
        migrations.AddConstraint(
            model_name="reportingdate",
            constraint=models.UniqueConstraint(fields=("project", "begins_on"), name="reporting_date_once"),
        ),
        migrations.AddConstraint(
            model_name="reportingdate",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__gte", models.F("begins_on"))), name="reporting_ends_after_it_begins"
            ),
        ),
        migrations.AddConstraint(
            model_name="settlement",
            constraint=models.UniqueConstraint(fields=("project", "year"), name="settlement_once_a_year"),
        ),
        migrations.AddConstraint(
            model_name="settlement",
            constraint=models.CheckConstraint(
                condition=models.Q(("weight__gte", 0), ("weight__lte", 100)), name="settlement_weight_is_a_percentage"
            ),
        ),
        Protect("funding_project", may_read=PAYS.format("funding_project.id")),
        Protect("funding_costfile", may_read="state = 'taken' AND " + PAYS.format("funding_costfile.project_id")),
        Protect("funding_cost", may_read=PAYS.format("funding_cost.project_id")),
        Protect("funding_claim", may_read=PAYS.format("funding_claim.project_id")),
        Protect("funding_settlement", may_read=PAYS.format("funding_settlement.project_id")),
        migrations.RunSQL(FINAL, CHANGEABLE),
        migrations.RunPython(load_class, migrations.RunPython.noop),
    ]
