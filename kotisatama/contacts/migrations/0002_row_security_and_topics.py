"""Row security, and the topics that the packaged table lists."""

from typing import Any, ClassVar

from django.db import migrations

from kotisatama.kernel import reference_data
from kotisatama.kernel.row_security import Protect

NAMES = {"name_fi": "fi", "name_sv": "sv", "name_en": "en"}


def load_topics(apps: Any, editor: Any) -> None:
    """Add every topic with its names in Finnish, Swedish and English."""
    topic, text = apps.get_model("contacts", "Topic"), apps.get_model("translation", "Text")
    rows = reference_data.rows("kotisatama.contacts", "topics.csv")
    for position, row in enumerate(rows):
        topic.objects.create(code=row["code"], parent_id=row["parent"] or None, position=position)
    text.objects.bulk_create(
        text(namespace="topic", key=row["code"], language=language, value=row[column], state="reviewed")
        for row in rows
        for column, language in NAMES.items()
    )


def remove_topics(apps: Any, editor: Any) -> None:
    """Take the names away; the topics go with their table."""
    apps.get_model("translation", "Text").objects.filter(namespace="topic").delete()
    apps.get_model("contacts", "Topic").objects.all().delete()


class Migration(migrations.Migration):
    dependencies: ClassVar = [("contacts", "0001_initial"), ("translation", "0001_initial")]
    operations: ClassVar = [
        Protect("contacts_contact"),
        Protect("contacts_change"),
        migrations.RunPython(load_topics, remove_topics),
    ]
