"""The client's own view of looks, and unusual looks."""

import django.db.models.deletion
import kotisatama.kernel.identifiers
from django.conf import settings
from django.db import migrations, models
from kotisatama.kernel.row_security import BY_CONTROLLER, BY_HOLDER, Protect


class Migration(migrations.Migration):
    dependencies = [
        ("network", "0002_municipalities"),
        ("people", "0003_register"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="LooksSetting",
            fields=[
                (
                    "controller",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="network.municipality",
                    ),
                ),
                (
                    "shows_worker_name",
                    models.BooleanField(default=False, verbose_name="Clients see the name of the worker who looked"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="LooksLink",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kotisatama.kernel.identifiers.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("holder", models.CharField(max_length=64, unique=True)),
                ("language", models.CharField(max_length=10)),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "controller",
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
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="looks_links", to="people.person"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("made_at"))),
                        name="looks_link_ends_after_it_begins",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="UnusualLook",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kotisatama.kernel.identifiers.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("day", models.DateField()),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("same_name", "The client has the worker's surname"),
                            ("no_relation", "The worker had nothing to do with the client"),
                            ("many", "Far more clients than is usual for the worker"),
                            ("night", "At night"),
                        ],
                        max_length=20,
                    ),
                ),
                ("count", models.PositiveIntegerField()),
                ("usual", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Not reviewed"),
                            ("explained", "Explained"),
                            ("pursued", "To be looked into"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("reviewed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "controller",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.municipality"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "reviewed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "worker",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["controller", "state", "-day"], name="unusual_look_by_state")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("controller", "worker", "person", "day", "reason"),
                        name="unusual_look_once_a_day",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "open"),
                            models.Q(("reviewed_at__isnull", False), ("reviewed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="unusual_look_reviewed_by_somebody",
                    ),
                ],
            },
        ),
        Protect("people_lookslink", BY_CONTROLLER, may_read=BY_HOLDER),
        Protect("people_unusuallook"),
    ]
