"""A mark for a message that a gateway holds, and the first texts of the answer templates."""

from typing import Any, ClassVar

from django.db import migrations, models

from kotisatama.kernel import reference_data

# English is what the others were written from; no human has read the rest through yet.
STATES = {"en": "source"}


def load_texts(apps: Any, editor: Any) -> None:
    """Add each text in each language of the packaged table; a line break stands there as \\n."""
    text = apps.get_model("translation", "Text")
    text.objects.bulk_create(
        text(
            namespace="message",
            key=row["key"],
            language=language,
            value=value.replace("\\n", "\n"),
            state=STATES.get(language, "draft"),
        )
        for row in reference_data.rows("kotisatama.messages", "texts.csv")
        for language, value in row.items()
        if language != "key" and value
    )


def remove_texts(apps: Any, editor: Any) -> None:
    """Take the texts away."""
    apps.get_model("translation", "Text").objects.filter(namespace="message").delete()


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("kotisatama_messages", "0002_row_security"),
        ("translation", "0001_initial"),
    ]
    operations: ClassVar = [
        migrations.AddField(
            model_name="message",
            name="handed_over_at",
            field=models.DateTimeField(blank=True, help_text="set while a gateway holds the message", null=True),
        ),
        migrations.RunPython(load_texts, remove_texts),
    ]
