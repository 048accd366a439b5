"""Settings of a form, uploads that wait for acceptance, and published versions that stay as they are."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# Whoever owns the database can still switch the trigger off; nobody changes a published form by mistake.
FINAL = """
CREATE FUNCTION forms_version_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state NOT IN ('published', 'retired') THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'DELETE'
        OR (NEW.id, NEW.form_id, NEW.number, NEW.source, NEW.attachments, NEW.definition, NEW.sha256, NEW.published_at)
            IS DISTINCT FROM
            (OLD.id, OLD.form_id, OLD.number, OLD.source, OLD.attachments, OLD.definition, OLD.sha256, OLD.published_at)
        OR NOT (NEW.state = 'retired' OR NEW.state = OLD.state)
    THEN
        RAISE EXCEPTION 'a published version of a form is final' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER forms_version_is_final BEFORE UPDATE OR DELETE ON forms_version
    FOR EACH ROW EXECUTE FUNCTION forms_version_is_final();
CREATE FUNCTION forms_version_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM forms_version WHERE state IN ('published', 'retired')) THEN
        RAISE EXCEPTION 'a published version of a form is final' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER forms_version_stays BEFORE TRUNCATE ON forms_version
    FOR EACH STATEMENT EXECUTE FUNCTION forms_version_stays();
"""

CHANGEABLE = """
DROP TRIGGER forms_version_is_final ON forms_version;
DROP FUNCTION forms_version_is_final();
DROP TRIGGER forms_version_stays ON forms_version;
DROP FUNCTION forms_version_stays();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("forms", "0004_version_states"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="form",
            name="complete_languages_required",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=35), blank=True, default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="form",
            name="is_listed",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="form",
            name="settings_version",
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.CreateModel(
            name="Upload",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", models.JSONField()),
                ("attachments", models.JSONField(default=dict)),
                ("sha256", models.CharField(help_text="of source and attachments", max_length=64)),
                ("revision", models.PositiveIntegerField(help_text="the draft's, when the workbook was sent")),
                ("uploaded_at", models.DateTimeField(auto_now=True)),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "version",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="upload", to="forms.version"
                    ),
                ),
            ],
        ),
        migrations.RunSQL(FINAL, CHANGEABLE),
    ]
