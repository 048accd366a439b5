"""The municipalities' shares. What was counted, agreed or invoiced is final: a trigger refuses every change."""

import django.db.models.deletion
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


FINAL = ("funding_agreement", "funding_invoice", "funding_statistic")
FREEZE = """
CREATE FUNCTION funding_is_frozen() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION '% is frozen', TG_TABLE_NAME; END $$;
""" + "".join(
    f"CREATE TRIGGER {table}_is_frozen BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
    f" FOR EACH STATEMENT EXECUTE FUNCTION funding_is_frozen();\n"
    for table in FINAL
)
THAW = (
    "".join(f"DROP TRIGGER {table}_is_frozen ON {table};\n" for table in FINAL) + "DROP FUNCTION funding_is_frozen();"
)


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("network", "0002_municipalities"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Partnership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(unique=True)),
                ("name", models.CharField(max_length=120)),
                ("basis", models.CharField(blank=True, max_length=300)),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("exact", "Exact: by people, the last cents by the largest remainder"),
                            ("as-decided", "As decided: rounded percentages, the lead municipality pays the rest"),
                        ],
                        default="exact",
                        max_length=12,
                    ),
                ),
                ("minimum", models.DecimalField(decimal_places=2, default=0, max_digits=12)),
                ("fixed", models.DecimalField(decimal_places=2, default=0, max_digits=12)),
                ("begins_on", models.DateField()),
                ("ends_on", models.DateField()),
                ("answers_by", models.DateField()),
                ("account", models.CharField(blank=True, max_length=34)),
                ("version", models.PositiveIntegerField(default=1)),
                ("made_at", models.DateTimeField()),
                (
                    "lead",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.municipality"
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["-begins_on", "name"],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("invited_at", models.DateTimeField()),
                (
                    "answer",
                    models.CharField(
                        choices=[("none", "No answer"), ("joins", "Joins"), ("declines", "Does not join")],
                        default="none",
                        max_length=10,
                    ),
                ),
                ("decided_on", models.DateField(blank=True, null=True)),
                ("body", models.CharField(blank=True, max_length=120)),
                ("paragraph", models.CharField(blank=True, max_length=40)),
                ("reference", models.CharField(blank=True, max_length=200)),
                ("joins_on", models.DateField(blank=True, null=True)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.municipality"
                    ),
                ),
                (
                    "partnership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations",
                        to="funding.partnership",
                    ),
                ),
            ],
            options={
                "ordering": ["invited_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="PartnershipYear",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField()),
                ("amount", models.DecimalField(decimal_places=2, max_digits=12)),
                (
                    "partnership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="years", to="funding.partnership"
                    ),
                ),
            ],
            options={
                "ordering": ["year"],
            },
        ),
        migrations.CreateModel(
            name="Statistic",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(unique=True)),
                ("title", models.CharField(max_length=120)),
                ("as_of", models.DateField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("fetched", "From Statistics Finland"), ("typed", "Typed in")], max_length=10
                    ),
                ),
                ("source", models.CharField(max_length=300)),
                ("numbers", models.JSONField()),
                ("taken_at", models.DateTimeField()),
                (
                    "taken_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["-as_of", "-taken_at"],
            },
        ),
        migrations.AddField(
            model_name="partnership",
            name="statistic",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="funding.statistic"
            ),
        ),
        migrations.CreateModel(
            name="Agreement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("begins_on", models.DateField()),
                ("content", models.JSONField()),
                ("sha256", models.CharField(max_length=64)),
                ("frozen_at", models.DateTimeField()),
                (
                    "frozen_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "joiner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="funding.invitation",
                    ),
                ),
                (
                    "partnership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="agreements", to="funding.partnership"
                    ),
                ),
                (
                    "statistic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="funding.statistic"
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="Invoice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField()),
                ("amount", models.DecimalField(decimal_places=2, max_digits=12)),
                ("reference", models.CharField(max_length=20, unique=True)),
                ("payer", models.CharField(max_length=120)),
                ("made_on", models.DateField()),
                ("due_on", models.DateField()),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="invoices", to="funding.agreement"
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.municipality"
                    ),
                ),
            ],
            options={
                "ordering": ["year", "reference"],
                "constraints": [
                    models.UniqueConstraint(fields=("agreement", "municipality", "year"), name="invoice_once"),
                    models.CheckConstraint(
                        condition=models.Q(("amount", Decimal("0")), _negated=True), name="invoice_has_an_amount"
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.UniqueConstraint(fields=("partnership", "municipality"), name="invitation_once"),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answer", "none"), ("answered_at__isnull", True), ("decided_on__isnull", True)),
                    models.Q(
                        ("answered_at__isnull", False),
                        ("decided_on__isnull", False),
                        models.Q(("answer", "none"), _negated=True),
                        models.Q(("body", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="invitation_answer_has_its_decision",
            ),
        ),
        migrations.AddConstraint(
            model_name="partnershipyear",
            constraint=models.UniqueConstraint(fields=("partnership", "year"), name="partnership_year_once"),
        ),
        migrations.AddConstraint(
            model_name="partnershipyear",
            constraint=models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="partnership_year_positive"),
        ),
        migrations.AddConstraint(
            model_name="partnership",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__gte", models.F("begins_on"))), name="partnership_ends_later"
            ),
        ),
        migrations.AddConstraint(
            model_name="partnership",
            constraint=models.CheckConstraint(
                condition=models.Q(("fixed__gte", 0), ("minimum__gte", 0)), name="partnership_least_is_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="agreement",
            constraint=models.UniqueConstraint(fields=("partnership", "number"), name="agreement_number_once"),
        ),
        migrations.RunSQL(FREEZE, THAW),
    ]
