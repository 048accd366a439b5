"""Sharing a client with another municipality."""

import django.db.models.deletion
import kotisatama.kernel.identifiers
from django.conf import settings
from django.db import migrations, models

from kotisatama.kernel.row_security import BY_CONTROLLER, AlsoRead, Protect


class Migration(migrations.Migration):
    dependencies = [
        ("network", "0002_municipalities"),
        ("people", "0008_finding_and_merging"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Sharing",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kotisatama.kernel.identifiers.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "basis",
                    models.CharField(
                        choices=[
                            ("consent", "The client's consent"),
                            (
                                "moving",
                                "The client moves and the service continues there",
                            ),
                            (
                                "official_help",
                                "Official assistance that an authority asks for",
                            ),
                            ("law", "The right to information in another act"),
                        ],
                        max_length=20,
                        verbose_name="Basis",
                    ),
                ),
                (
                    "scope",
                    models.CharField(
                        choices=[
                            ("card", "Who the client is and how to reach them"),
                            ("contacts", "And the contacts"),
                            ("case", "And the cases"),
                            ("all", "And the contacts and the cases"),
                        ],
                        max_length=10,
                        verbose_name="What is shared",
                    ),
                ),
                ("begins_on", models.DateField(verbose_name="From")),
                ("ends_on", models.DateField(verbose_name="Until")),
                ("made_at", models.DateTimeField(auto_now_add=True)),
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
                        on_delete=django.db.models.deletion.CASCADE, related_name="sharings", to="people.person"
                    ),
                ),
                (
                    "to_controller",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.municipality"
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-begins_on", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("controller", models.F("to_controller")), _negated=True),
                        name="sharing_with_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("begins_on"))), name="sharing_ends_after_it_begins"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("withdrawn_at__isnull", True), ("withdrawn_by__isnull", True)),
                            models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="sharing_withdrawn_by_somebody",
                    ),
                ],
            },
        ),
        Protect("people_sharing", BY_CONTROLLER, may_read=BY_CONTROLLER.replace("controller_id", "to_controller_id")),
        AlsoRead("people_person", "id", part="people"),
        AlsoRead("people_personname", "person_id", part="people"),
        AlsoRead("people_channel", "person_id", part="people"),
    ]
