"""The register widened: residences, grounds of stay, families, identifiers, changes."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.functions.comparison
import kotisatama.kernel.identifiers
from django.conf import settings
from django.db import migrations, models
from kotisatama.kernel.row_security import Protect

# The owner is bound by the policies too; for the length of this migration every controller's rows exist.
EVERY_CONTROLLER = "SELECT set_config('kotisatama.controllers', (SELECT coalesce(string_agg(code, ','), '') FROM network_municipality), true)"
NAMES_SHOWN_ARE_OFFICIAL = """
    UPDATE people_personname SET kind = 'official' FROM people_person
    WHERE people_person.id = people_personname.person_id AND people_person.name = people_personname.text
"""


def same_controller(table: str, column: str, other: str) -> migrations.RunSQL:
    """The row and what it points at have one controller: a foreign key to both columns of the other's unique key."""
    name = f"{table}_{column}_of_one_controller"
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY ({column}, controller_id) "
        f"REFERENCES {other} (id, controller_id) DEFERRABLE INITIALLY DEFERRED",
        f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("network", "0002_municipalities"),
        ("people", "0002_row_security"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL("CREATE TYPE people_uuid_range AS RANGE (SUBTYPE = uuid)", "DROP TYPE people_uuid_range"),
        migrations.CreateModel(
            name="GroundPeriod",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kotisatama.kernel.identifiers.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "ground",
                    models.CharField(
                        choices=[
                            ("temporary_protection", "Temporary protection"),
                            ("international_protection", "International protection"),
                            ("quota_refugee", "Quota refugee"),
                            ("family", "Family tie"),
                            ("work", "Work"),
                            ("study", "Study"),
                            ("eu", "EU registration"),
                            ("nordic", "Nordic citizen"),
                            ("return_migrant", "Return migrant"),
                            ("asylum_seeker", "Asylum seeker"),
                            ("other", "Other ground"),
                            ("unknown", "None or not known"),
                        ],
                        max_length=30,
                        verbose_name="Ground of stay",
                    ),
                ),
                (
                    "permit_type",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("A", "A, continuous"),
                            ("B", "B, temporary"),
                            ("P", "P, permanent"),
                            ("P-EU", "P-EU, long-term resident"),
                            ("eu", "Registration of right of residence"),
                            ("card", "Residence card of a family member"),
                            ("applied", "Applied for, not decided"),
                        ],
                        max_length=10,
                        verbose_name="Permit",
                    ),
                ),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="From")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="Until")),
            ],
        ),
        migrations.CreateModel(
            name="Household",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kotisatama.kernel.identifiers.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="HouseholdMember",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kotisatama.kernel.identifiers.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="From")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="Until")),
            ],
        ),
        migrations.CreateModel(
            name="PersonChange",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kotisatama.kernel.identifiers.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("what", models.CharField(default="person.changed", max_length=40)),
                ("version", models.PositiveIntegerField(blank=True, null=True)),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("before", models.JSONField(help_text="the changed fields with their earlier values")),
            ],
            options={
                "ordering": ["-at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Relation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kotisatama.kernel.identifiers.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("parent", "Parent"),
                            ("guardian", "Guardian"),
                            ("spouse", "Spouse or partner"),
                            ("sibling", "Brother or sister"),
                            ("relative", "Other relative"),
                            ("supports", "Supports"),
                        ],
                        max_length=10,
                        verbose_name="Relation",
                    ),
                ),
                (
                    "from_may_know",
                    models.CharField(
                        choices=[
                            ("nothing", "May be told nothing"),
                            ("visits", "May know of visits"),
                            ("messages", "May get messages"),
                        ],
                        default="nothing",
                        max_length=10,
                    ),
                ),
                (
                    "to_may_know",
                    models.CharField(
                        choices=[
                            ("nothing", "May be told nothing"),
                            ("visits", "May know of visits"),
                            ("messages", "May get messages"),
                        ],
                        default="nothing",
                        max_length=10,
                    ),
                ),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="Until")),
                ("version", models.PositiveIntegerField(default=1)),
            ],
        ),
        migrations.CreateModel(
            name="Residence",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kotisatama.kernel.identifiers.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("registered", "Municipality of residence"), ("actual", "Lives in fact")],
                        max_length=10,
                        verbose_name="Kind of residence",
                    ),
                ),
                ("municipality", models.CharField(max_length=7, verbose_name="Municipality")),
                ("street_address", models.CharField(blank=True, max_length=120, verbose_name="Street address")),
                ("postal_code", models.CharField(blank=True, max_length=10, verbose_name="Postal code")),
                ("post_office", models.CharField(blank=True, max_length=60, verbose_name="Post office")),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="From")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="Until")),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="identifier",
            name="identifier_once_per_person",
        ),
        migrations.AddField(
            model_name="channel",
            name="language",
            field=models.CharField(blank=True, max_length=10, verbose_name="Language"),
        ),
        migrations.AddField(
            model_name="channel",
            name="safe_to_call",
            field=models.BooleanField(default=True, verbose_name="Safe to call"),
        ),
        migrations.AddField(
            model_name="identifier",
            name="issuing_country",
            field=models.CharField(blank=True, max_length=2, verbose_name="Issuing country"),
        ),
        migrations.AddField(
            model_name="personname",
            name="kind",
            field=models.CharField(
                choices=[
                    ("official", "Official name"),
                    ("spelling", "Other spelling or letters"),
                    ("earlier", "Earlier name"),
                    ("called", "Called"),
                ],
                default="spelling",
                max_length=10,
                verbose_name="Kind",
            ),
        ),
        migrations.AlterField(
            model_name="channel",
            name="kind",
            field=models.CharField(
                choices=[("phone", "Phone"), ("email", "E-mail"), ("messenger", "WhatsApp, Signal or Telegram")],
                max_length=10,
                verbose_name="Kind",
            ),
        ),
        migrations.AlterField(
            model_name="identifier",
            name="kind",
            field=models.CharField(
                choices=[
                    ("hetu", "Personal identity code"),
                    ("migri", "Migri client number"),
                    ("unhcr", "UNHCR number"),
                    ("passport", "Passport"),
                ],
                max_length=10,
                verbose_name="Kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="identifier",
            constraint=models.UniqueConstraint(
                fields=("person", "kind", "issuing_country"), name="identifier_once_per_person"
            ),
        ),
        migrations.AddConstraint(
            model_name="identifier",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("issuing_country__regex", "^[A-Z]{2}$"), ("kind", "passport")),
                    models.Q(models.Q(("kind", "passport"), _negated=True), ("issuing_country", "")),
                    _connector="OR",
                ),
                name="identifier_of_a_passport_names_its_country",
            ),
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.UniqueConstraint(fields=("id", "controller"), name="person_of_a_controller"),
        ),
        migrations.AddField(
            model_name="groundperiod",
            name="controller",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.municipality"
            ),
        ),
        migrations.AddField(
            model_name="groundperiod",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="ground_periods", to="people.person"
            ),
        ),
        migrations.AddField(
            model_name="household",
            name="controller",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.municipality"
            ),
        ),
        migrations.AddField(
            model_name="householdmember",
            name="controller",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.municipality"
            ),
        ),
        migrations.AddField(
            model_name="householdmember",
            name="household",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="members", to="people.household"
            ),
        ),
        migrations.AddField(
            model_name="householdmember",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="memberships", to="people.person"
            ),
        ),
        migrations.AddField(
            model_name="personchange",
            name="controller",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.municipality"
            ),
        ),
        migrations.AddField(
            model_name="personchange",
            name="person",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="changes", to="people.person"
            ),
        ),
        migrations.AddField(
            model_name="personchange",
            name="worker",
            field=models.ForeignKey(
                null=True,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="relation",
            name="controller",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.municipality"
            ),
        ),
        migrations.AddField(
            model_name="relation",
            name="from_person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="relations_from", to="people.person"
            ),
        ),
        migrations.AddField(
            model_name="relation",
            name="to_person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="relations_to", to="people.person"
            ),
        ),
        migrations.AddField(
            model_name="residence",
            name="controller",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.municipality"
            ),
        ),
        migrations.AddField(
            model_name="residence",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="residences", to="people.person"
            ),
        ),
        migrations.AddIndex(
            model_name="groundperiod",
            index=models.Index(fields=["controller", "valid_from"], name="ground_by_controller"),
        ),
        migrations.AddConstraint(
            model_name="groundperiod",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__isnull", True),
                    ("valid_from__isnull", True),
                    ("valid_to__gte", models.F("valid_from")),
                    _connector="OR",
                ),
                name="ground_ends_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="groundperiod",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    (models.Func("person", "person", models.Value("[]"), function="people_uuid_range"), "&&"),
                    (
                        models.Func(
                            "valid_from",
                            "valid_to",
                            models.Value("[]"),
                            function="daterange",
                            output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                        ),
                        "&&",
                    ),
                ],
                name="ground_once_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="household",
            constraint=models.UniqueConstraint(fields=("id", "controller"), name="household_of_a_controller"),
        ),
        migrations.AddConstraint(
            model_name="householdmember",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__isnull", True),
                    ("valid_from__isnull", True),
                    ("valid_to__gte", models.F("valid_from")),
                    _connector="OR",
                ),
                name="household_member_leaves_after_joining",
            ),
        ),
        migrations.AddConstraint(
            model_name="householdmember",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    (models.Func("person", "person", models.Value("[]"), function="people_uuid_range"), "&&"),
                    (
                        models.Func(
                            "valid_from",
                            "valid_to",
                            models.Value("[]"),
                            function="daterange",
                            output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                        ),
                        "&&",
                    ),
                ],
                name="household_member_once_a_day",
            ),
        ),
        migrations.AddIndex(
            model_name="personchange",
            index=models.Index(fields=["person", "-at"], name="person_change_by_person"),
        ),
        migrations.AddConstraint(
            model_name="personchange",
            constraint=models.UniqueConstraint(fields=("person", "version"), name="person_change_once_a_version"),
        ),
        migrations.AddConstraint(
            model_name="relation",
            constraint=models.CheckConstraint(
                condition=models.Q(("from_person", models.F("to_person")), _negated=True),
                name="relation_is_not_with_oneself",
            ),
        ),
        migrations.AddConstraint(
            model_name="relation",
            constraint=models.UniqueConstraint(
                django.db.models.functions.comparison.Least("from_person", "to_person"),
                django.db.models.functions.comparison.Greatest("from_person", "to_person"),
                models.F("kind"),
                name="relation_once_a_pair",
            ),
        ),
        migrations.AddIndex(
            model_name="residence",
            index=models.Index(fields=["controller", "valid_from"], name="residence_by_controller"),
        ),
        migrations.AddConstraint(
            model_name="residence",
            constraint=models.CheckConstraint(
                condition=models.Q(("municipality__regex", "^([0-9]{3}|unknown|abroad|secret)$")),
                name="residence_municipality_is_a_code_or_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="residence",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("municipality", "secret"), _negated=True),
                    models.Q(("post_office", ""), ("postal_code", ""), ("street_address", "")),
                    _connector="OR",
                ),
                name="residence_that_is_secret_has_no_address",
            ),
        ),
        migrations.AddConstraint(
            model_name="residence",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__isnull", True),
                    ("valid_from__isnull", True),
                    ("valid_to__gte", models.F("valid_from")),
                    _connector="OR",
                ),
                name="residence_ends_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="residence",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("kind", "registered")),
                expressions=[
                    (models.Func("person", "person", models.Value("[]"), function="people_uuid_range"), "&&"),
                    (
                        models.Func(
                            "valid_from",
                            "valid_to",
                            models.Value("[]"),
                            function="daterange",
                            output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                        ),
                        "&&",
                    ),
                ],
                name="residence_registered_once_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="residence",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("kind", "actual")),
                expressions=[
                    (models.Func("person", "person", models.Value("[]"), function="people_uuid_range"), "&&"),
                    (
                        models.Func(
                            "valid_from",
                            "valid_to",
                            models.Value("[]"),
                            function="daterange",
                            output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                        ),
                        "&&",
                    ),
                ],
                name="residence_actual_once_a_day",
            ),
        ),
        same_controller("people_relation", "from_person_id", "people_person"),
        same_controller("people_relation", "to_person_id", "people_person"),
        same_controller("people_householdmember", "person_id", "people_person"),
        same_controller("people_householdmember", "household_id", "people_household"),
        migrations.RunSQL([EVERY_CONTROLLER, NAMES_SHOWN_ARE_OFFICIAL], migrations.RunSQL.noop),
        Protect("people_residence"),
        Protect("people_groundperiod"),
        Protect("people_household"),
        Protect("people_householdmember"),
        Protect("people_relation"),
        Protect("people_personchange"),
    ]
