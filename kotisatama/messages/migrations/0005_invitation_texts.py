"""The texts of the message that brings a client the link to a form."""

from typing import Any, ClassVar

from django.db import migrations

from kotisatama.kernel import reference_data

NEW = "invitation."


def load_texts(apps: Any, editor: Any) -> None:
    """Add the new texts where the table was loaded before they were written."""
    text = apps.get_model("translation", "Text")
    text.objects.bulk_create(
        (
            text(
                namespace="message",
                key=row["key"],
                language=language,
                value=value.replace("\\n", "\n"),
                state="source" if language == "en" else "draft",
            )
            for row in reference_data.rows("kotisatama.messages", "texts.csv")
            if row["key"].startswith(NEW)
            for language, value in row.items()
            if language != "key" and value
        ),
        ignore_conflicts=True,
    )


def remove_texts(apps: Any, editor: Any) -> None:
    """Take them away again."""
    apps.get_model("translation", "Text").objects.filter(namespace="message", key__startswith=NEW).delete()


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("kotisatama_messages", "0004_correction_texts"),
        ("translation", "0001_initial"),
    ]
    operations: ClassVar = [migrations.RunPython(load_texts, remove_texts)]
