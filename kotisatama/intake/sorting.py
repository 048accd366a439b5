"""What the queue is sorted and filtered by: taken from the answers when they come in, and when they are corrected."""

from collections.abc import Mapping
from typing import Any

from kotisatama.contacts.models import Topic
from kotisatama.intake import mapping, telling
from kotisatama.intake.models import Item
from kotisatama.kernel.compiled import Compiled

# The column of a line, by the name of the answer that it is taken from.
COLUMNS = {
    "municipality": "municipality",
    "service_language": "service_language",
    "topics": "topics",
    "urgent": "is_urgent",
}


_topics = Compiled(lambda: Topic.objects.order_by().values_list("code", flat=True))


def columns(told: mapping.Answers, language: str) -> dict[str, Any]:
    """The columns by what was told; `language` is that in which the form was filled in. One query."""
    known = frozenset(_topics.all())
    return {
        "municipality": mapping.municipality(told),
        "service_language": mapping.service_language(told, language),
        "topics": mapping.topics(told, known),
        "is_urgent": mapping.is_urgent(told),
    }


def follow(item: Item, given: Mapping[str, Any]) -> list[str]:
    """Set the columns that corrected answers tell anew, and name them; the caller saves them."""
    told = mapping.told(telling.form(item), given)
    values = columns(told, item.submission.language)
    names = [column for name, column in COLUMNS.items() if name in told]
    for name in names:
        setattr(item, name, values[name])
    return names
