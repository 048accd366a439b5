"""Teams, history, transfers and overlaps of cases, and what their lists sort by."""

import django.contrib.postgres.fields
import django.db.models.deletion
import kotisatama.kernel.identifiers
from django.conf import settings
from django.db import migrations, models
from kotisatama.kernel.row_security import CONTROLLERS, Protect

# The owner is bound by the policies too: cases of every controller get the team of their worker.
EVERY_CONTROLLER = f"SELECT set_config('{CONTROLLERS}', (SELECT string_agg(code, ',') FROM network_municipality), true)"
TEAMS = "UPDATE cases_case SET team_id = w.team_id FROM staff_worker w WHERE w.id = worker_id AND w.team_id IS NOT NULL"
NO_CONTROLLER = f"SELECT set_config('{CONTROLLERS}', '', true)"


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0002_row_security"),
        ("network", "0002_municipalities"),
        ("people", "0002_row_security"),
        ("staff", "0002_sign_in_events_and_versions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Overlap",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kotisatama.kernel.identifiers.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("until", models.DateField()),
            ],
        ),
        migrations.CreateModel(
            name="Step",
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
                            ("opened", "Opened"),
                            ("changed", "Changed"),
                            ("assigned", "Assigned"),
                            ("assigned_back", "Assigned back"),
                            ("transfer_proposed", "Transfer proposed"),
                            ("transfer_accepted", "Transfer accepted"),
                            ("transfer_rejected", "Transfer rejected"),
                            ("transfer_withdrawn", "Transfer withdrawn"),
                            ("closed", "Closed"),
                            ("reopened", "Opened again"),
                        ],
                        max_length=20,
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("details", models.JSONField(default=dict)),
                ("batch", models.UUIDField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Transfer",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kotisatama.kernel.identifiers.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "why",
                    models.CharField(
                        choices=[
                            ("moved", "The client moved to another municipality"),
                            ("service", "The need belongs to the other service"),
                            ("language", "The other worker speaks the client's language"),
                            ("load", "To share the load"),
                            ("absence", "The worker will be away"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Waits for an answer"),
                            ("accepted", "Accepted"),
                            ("rejected", "Rejected"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="proposed",
                        max_length=10,
                    ),
                ),
                (
                    "refusal",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("full", "No room now"),
                            ("not_ours", "Does not belong to us"),
                            ("wrong_worker", "Better for another worker"),
                            ("unclear", "Let us talk about it first"),
                        ],
                        max_length=20,
                    ),
                ),
                ("proposed_at", models.DateTimeField(auto_now_add=True)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-proposed_at"],
            },
        ),
        migrations.AddField(
            model_name="case",
            name="closing_reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("clients_wish", "The client wished so"),
                    ("time_ended", "The time of the service ended"),
                    ("taken_over", "Another service took over"),
                    ("mistake", "Opened by mistake"),
                ],
                default="",
                max_length=20,
                verbose_name="Why it is closed",
            ),
        ),
        migrations.AddField(
            model_name="case",
            name="further_reasons",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=20), default=list, size=None, verbose_name="Other reasons"
            ),
        ),
        migrations.AddField(
            model_name="case",
            name="last_contact_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="case",
            name="plan_kept_in",
            field=models.CharField(
                blank=True,
                choices=[("here", "Here"), ("koto_aj", "Koto-AJ"), ("a_tmt", "A-TMT")],
                default="",
                max_length=10,
                verbose_name="The plan is kept in",
            ),
        ),
        migrations.AddField(
            model_name="case",
            name="team",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="staff.team",
            ),
        ),
        migrations.AlterField(
            model_name="case",
            name="outcome",
            field=models.CharField(
                blank=True,
                choices=[
                    ("settled", "Settled"),
                    ("moved_on", "Continues in another service"),
                    ("moved_away", "Moved away"),
                    ("no_contact", "No contact any more"),
                ],
                max_length=20,
                verbose_name="Outcome",
            ),
        ),
        migrations.AlterField(
            model_name="case",
            name="reason",
            field=models.CharField(
                choices=[
                    ("guidance", "Guidance and counselling"),
                    ("assessment", "Assessment of skills and service needs"),
                    ("family", "Situation of the family"),
                    ("housing", "Housing"),
                    ("work", "Work or study"),
                ],
                default="guidance",
                max_length=20,
                verbose_name="Reason",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("closed_on__isnull", True)),
                fields=["worker", "last_contact_on"],
                name="case_open_by_worker",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("closed_on__isnull", True)),
                fields=["team", "last_contact_on"],
                name="case_open_by_team",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(("closed_on__isnull", False), ("closing_reason", ""), _connector="OR"),
                name="case_open_has_no_closing_reason",
            ),
        ),
        migrations.AddField(
            model_name="overlap",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="overlaps", to="cases.case"
            ),
        ),
        migrations.AddField(
            model_name="overlap",
            name="controller",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.municipality"
            ),
        ),
        migrations.AddField(
            model_name="overlap",
            name="worker",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="step",
            name="by",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="step",
            name="case",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="steps", to="cases.case"),
        ),
        migrations.AddField(
            model_name="step",
            name="controller",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.municipality"
            ),
        ),
        migrations.AddField(
            model_name="step",
            name="previous_team",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="staff.team",
            ),
        ),
        migrations.AddField(
            model_name="step",
            name="previous_worker",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="step",
            name="team",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="staff.team",
            ),
        ),
        migrations.AddField(
            model_name="step",
            name="worker",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="transfer",
            name="answered_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="transfer",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="transfers", to="cases.case"
            ),
        ),
        migrations.AddField(
            model_name="transfer",
            name="controller",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.municipality"
            ),
        ),
        migrations.AddField(
            model_name="transfer",
            name="proposed_by",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="transfer",
            name="to_team",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="staff.team",
            ),
        ),
        migrations.AddField(
            model_name="transfer",
            name="to_worker",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="overlap",
            index=models.Index(fields=["worker", "until"], name="overlap_by_worker"),
        ),
        migrations.AddConstraint(
            model_name="overlap",
            constraint=models.UniqueConstraint(fields=("case", "worker"), name="overlap_once_per_case_and_worker"),
        ),
        migrations.AddIndex(
            model_name="step",
            index=models.Index(
                condition=models.Q(("batch__isnull", False)), fields=["batch"], name="case_step_by_batch"
            ),
        ),
        migrations.AddConstraint(
            model_name="step",
            constraint=models.UniqueConstraint(
                condition=models.Q(("batch__isnull", False)),
                fields=("case", "kind", "batch"),
                name="case_step_once_per_batch",
            ),
        ),
        migrations.AddIndex(
            model_name="transfer",
            index=models.Index(
                condition=models.Q(("state", "proposed")), fields=["to_worker"], name="transfer_waits_for_worker"
            ),
        ),
        migrations.AddIndex(
            model_name="transfer",
            index=models.Index(
                condition=models.Q(("state", "proposed")), fields=["to_team"], name="transfer_waits_for_team"
            ),
        ),
        migrations.AddConstraint(
            model_name="transfer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "proposed")), fields=("case",), name="transfer_one_waits_per_case"
            ),
        ),
        migrations.AddConstraint(
            model_name="transfer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("to_team__isnull", True), ("to_worker__isnull", False)),
                    models.Q(("to_team__isnull", False), ("to_worker__isnull", True)),
                    _connector="OR",
                ),
                name="transfer_to_a_worker_or_a_team",
            ),
        ),
        migrations.AddConstraint(
            model_name="transfer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "rejected"), models.Q(("refusal", ""), _negated=True)),
                    models.Q(models.Q(("state", "rejected"), _negated=True), ("refusal", "")),
                    _connector="OR",
                ),
                name="transfer_rejected_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="transfer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answered_at__isnull", True), ("state", "proposed")),
                    models.Q(
                        models.Q(("state", "proposed"), _negated=True),
                        ("answered_at__isnull", False),
                        ("answered_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="transfer_answered_has_a_time",
            ),
        ),
        migrations.AlterField(
            model_name="case",
            name="worker",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="cases",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("closed_on__isnull", False)),
                fields=["worker", "closed_on"],
                name="case_closed_by_worker",
            ),
        ),
        Protect("cases_step"),
        Protect("cases_transfer"),
        Protect("cases_overlap"),
        migrations.RunSQL([EVERY_CONTROLLER, TEAMS, NO_CONTROLLER], migrations.RunSQL.noop),
    ]
