"""From the questions of a form to what the inbox, the register and the contact know.

Names are those of the contact form; a form without a question of that name gives the value for "not told".
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.dateparse import parse_date

Answers = Mapping[str, Any]

# The words of the form that the register and the topics have another word for.
MUNICIPALITY = {"elsewhere": "unknown", "secret": "secret", "abroad": "abroad"}
OTHER_TOPIC = "other"
TOPICS = {"dont_know": OTHER_TOPIC}
# Questions answered with a name, a number or an address: nothing to translate in them.
NOT_PROSE = frozenset({"name", "guardian", "member_name", "phone", "email"})
CHANNELS = {"phone": "phone", "sms": "phone", "email": "email", "visit": "drop_in"}


def text(answers: Answers, name: str) -> str:
    """A text answer, empty when it was not given."""
    value = answers.get(name)
    return value.strip() if isinstance(value, str) else ""


def municipality(answers: Answers) -> str:
    """A municipality's code, or `unknown`, `abroad`, `secret`."""
    code = text(answers, "municipality")
    if len(code) == 3 and code.isascii() and code.isdigit():
        return code
    return MUNICIPALITY.get(code, "unknown")


def service_language(answers: Answers, fallback: str) -> str:
    """The language wished for; `other` for one that is not on the form's list, `fallback` when not asked."""
    return text(answers, "service_language")[:10] or fallback


def topics(answers: Answers, known: frozenset[str]) -> list[str]:
    """Codes of topics in the order of the answer, each once, at least one; an unknown word is `other`."""
    codes = topic_words(answers)
    return list(dict.fromkeys(code if code in known else OTHER_TOPIC for code in codes)) or [OTHER_TOPIC]


def topic_words(answers: Answers) -> list[str]:
    """The answer's words as codes, known ones or not."""
    given = answers.get("topics") or []
    words = given.split() if isinstance(given, str) else [str(word) for word in given]
    return [TOPICS.get(word, word) for word in words]


def is_urgent(answers: Answers) -> bool:
    """Whether the person says that it cannot wait till next week."""
    return answers.get("urgent") == "yes"


def date_of_birth(answers: Answers) -> date | None:
    """The date of birth, when it was told and is a day."""
    try:
        return parse_date(text(answers, "date_of_birth"))
    except ValueError:
        return None


def phone_is_safe(answers: Answers) -> bool:
    """Whether a message may be left at the number; silence is no."""
    return answers.get("phone_safe") == "yes"


def channels(answers: Answers) -> list[tuple[str, str, bool]]:
    """Ways to reach the person as (kind, value, safe to leave a message)."""
    rows = [("phone", text(answers, "phone"), phone_is_safe(answers)), ("email", text(answers, "email"), False)]
    return [row for row in rows if row[1]]


def contact_channel(answers: Answers) -> str:
    """How the contact will most likely be had, from the wish for the answer."""
    return CHANNELS.get(text(answers, "reply_by"), "email")
