"""Openings of records without a relation, and who made a person."""

import django.db.models.deletion
import kotisatama.kernel.identifiers
from django.conf import settings
from django.db import migrations, models

from kotisatama.kernel.row_security import Protect


class Migration(migrations.Migration):
    dependencies = [
        ("network", "0002_municipalities"),
        ("people", "0005_importing"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="person",
            name="made_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.CreateModel(
            name="Opening",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kotisatama.kernel.identifiers.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("person_is_here", "The person is here now"),
                            ("person_called", "The person telephoned or wrote"),
                            ("colleague_away", "The responsible colleague is away"),
                            ("family", "I serve a member of the family"),
                            ("authority", "An authority asks and has the right to know"),
                            ("emergency", "Somebody is in danger"),
                            ("mistake", "I suspect a mistake or a double in the register"),
                        ],
                        max_length=20,
                        verbose_name="Reason",
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("review_by", models.DateField()),
                ("reviewed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "verdict",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("right", "It was right"),
                            ("not_needed", "It was wrong: the work did not need it"),
                            ("other_way", "It was wrong: the colleague should have been asked"),
                            ("private", "It was wrong: it had nothing to do with work"),
                        ],
                        max_length=20,
                        verbose_name="Verdict",
                    ),
                ),
                (
                    "controller",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="network.municipality",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="openings", to="people.person"
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
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-opened_at"],
                "indexes": [
                    models.Index(fields=["worker", "person", "until"], name="opening_of_worker"),
                    models.Index(
                        condition=models.Q(("verdict", "")),
                        fields=["controller", "review_by"],
                        name="opening_to_review",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("until__gt", models.F("opened_at"))), name="opening_ends_after_it_begins"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reviewed_at__isnull", True), ("reviewed_by__isnull", True), ("verdict", "")),
                            models.Q(
                                models.Q(("verdict", ""), _negated=True),
                                ("reviewed_at__isnull", False),
                                ("reviewed_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="opening_reviewed_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reviewed_by", models.F("worker")), _negated=True),
                        name="opening_not_reviewed_by_its_worker",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(
                condition=models.Q(("made_by__isnull", False)),
                fields=["made_by", "created_at"],
                name="person_by_maker",
            ),
        ),
        Protect("people_opening"),
    ]
