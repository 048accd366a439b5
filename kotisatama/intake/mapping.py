"""From the questions of a form to what the inbox, the register and the contact know.

A form says in its column `kotisatama::maps_to` what a question tells (`person.phone`, one of the targets of
`forms/options.py`); a form that says nothing is read by the names of the contact form. `told` gives the answers under
those names, so that everything after it knows one set of names; a form without such a question gives the value for
"not told".
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.dateparse import parse_date

from kotisatama.forms import queries
from kotisatama.forms.structure import FILES, Definition, Question

Answers = Mapping[str, Any]
OPTION = "maps_to"
# A form may say of any question that its answer can tell who somebody is.
IDENTIFIES = "identifies"
MEMBER = "member"
# What a question can tell, and the name under which everything here knows it.
NAMES = {
    "person.name": "name",
    "person.guardian": "guardian",
    "person.phone": "phone",
    "person.phone_safe": "phone_safe",
    "person.email": "email",
    "person.date_of_birth": "date_of_birth",
    "person.municipality": "municipality",
    "person.service_language": "service_language",
    "person.mother_tongue": "mother_tongue",
    "person.citizenship": "citizenships",
    "person.sex": "gender",
    "person.ground_of_stay": "ground_of_stay",
    "person.arrived": "moved_to_finland_on",
    "contact.topics": "topics",
    "contact.text": "message",
    "contact.urgent": "urgent",
    "contact.reply_by": "reply_by",
}
# The same for questions in the repeat of the family.
MEMBER_NAMES = {
    "family.member": "member_name",
    "family.name": "member_name",
    "family.birth_year": "member_birth_year",
    "family.date_of_birth": "member_date_of_birth",
    "family.relation": "member_relation",
}
DOCUMENT = "case.document"
# What says who somebody is: never shown to an expert, who is asked without identity.
IDENTITY = frozenset(
    {"name", "guardian", "phone", "phone_safe", "email", "date_of_birth", *MEMBER_NAMES.values()} - {"member_relation"}
)
# The same of targets that the inbox has no name for.
IDENTITY_TARGETS = frozenset(
    {"person.first_names", "person.last_name", "person.identity_code", "person.address", "person.permit"}
)
# Questions answered with a person's name, by the name known here and by target.
PERSONS_NAMES = frozenset({"name", "guardian", "member_name", "person.first_names", "person.last_name"})

# The words of the form that the register and the topics have another word for.
# `secret` of the form is "I prefer not to say"; the register's `secret` is a non-disclosure, which nobody said.
MUNICIPALITY = {"elsewhere": "unknown", "secret": "unknown", "abroad": "abroad", "non_disclosure": "secret"}
OTHER_TOPIC = "other"
TOPICS = {"dont_know": OTHER_TOPIC}
# Questions answered with a name, a number or an address: nothing to translate in them.
NOT_PROSE = frozenset({"name", "guardian", "member_name", "phone", "email"})
# What the person is to the member, as `people` names the other one; `other` of the form is any relative.
ROLES = {"spouse": "spouse", "child": "child", "parent": "parent", "sibling": "sibling", "other": "relative"}
CHANNELS = {"phone": "phone", "sms": "phone", "email": "email", "visit": "drop_in"}


def code(question: Question) -> str:
    """What the form says that the question tells; empty when it says nothing."""
    return queries.option(question, OPTION)


def says(form: Definition) -> bool:
    """Whether the form says of any question what it tells; else the names of the contact form hold."""
    return any(code(question) for question in form.questions.values())


def name_of(form: Definition, question: Question) -> str:
    """The name under which the question's answer is known here; empty for one that tells nothing to the register."""
    if not says(form):
        return question.name
    return (MEMBER_NAMES if question.repeat else NAMES).get(code(question), "")


def tells_who(form: Definition, question: Question) -> bool:
    """Whether the answer says who somebody is: by what the form says of it, or by its name."""
    says_so = queries.option(question, IDENTIFIES) or code(question) in IDENTITY_TARGETS
    return bool(says_so) or name_of(form, question) in IDENTITY or question.name in NOT_PROSE


def is_a_name(form: Definition, question: Question) -> bool:
    """Whether the answer names a person; of what the form itself says that it identifies, a text of one line does."""
    if question.is_signature or {name_of(form, question), code(question), question.name} & PERSONS_NAMES:
        return True
    is_line = question.type == "text" and "multiline" not in question.appearance.split()
    return is_line and bool(queries.option(question, IDENTIFIES))


def told(form: Definition, answers: Answers) -> dict[str, Any]:
    """The answers under the names of the contact form; the first question that tells a thing counts."""
    if not says(form):
        return dict(answers)
    found: dict[str, Any] = {}
    for question in form.questions.values():
        name = name_of(form, question)
        if not name:
            continue
        if question.repeat:
            _tell_member(found, answers.get(question.repeat), question.name, name)
        elif name not in found and question.name in answers:
            found[name] = answers[question.name]
    return found


def _tell_member(found: dict[str, Any], rows: Any, question: str, name: str) -> None:
    rows = rows if isinstance(rows, list) else []
    members = found.setdefault(MEMBER, [{} for _row in rows])
    for member, row in zip(members, rows, strict=False):
        if question in row:
            member.setdefault(name, row[question])


def documents(form: Definition, answers: Answers) -> list[str]:
    """Keys of the files that become documents: those of questions that say so, else of every question with a file."""
    names = [each for each in form.questions.values() if each.type in FILES and not each.repeat]
    chosen = [each for each in names if code(each) == DOCUMENT] if says(form) else names
    values = [answers.get(each.name) for each in chosen]
    return [str(value["document"]) for value in values if isinstance(value, dict) and value.get("document")]


def members(answers: Answers) -> list[Answers]:
    """The members of the family that were named, in the order of the form; a row without a name stays in its place."""
    rows = answers.get(MEMBER)
    return [row if isinstance(row, dict) else {} for row in rows] if isinstance(rows, list) else []


def born(member: Answers) -> tuple[date | None, bool]:
    """(date of birth, whether only its year is certain) of a member of the family."""
    day = _day(text(member, "member_date_of_birth"))
    if day:
        return day, False
    year = str(member.get("member_birth_year") or "")
    if year.isdecimal() and len(year) == 4 and int(year) > 1800:
        return date(int(year), 1, 1), True
    return None, False


def role(member: Answers) -> str:
    """What the member is to the person, by the words of `people`."""
    return ROLES.get(text(member, "member_relation"), "relative")


def codes(answers: Answers, name: str) -> list[str]:
    """The chosen codes of an answer that may have several."""
    value = answers.get(name)
    if isinstance(value, str):
        return value.split()
    return [str(each) for each in value] if isinstance(value, list) else []


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
    return next(iter(codes(answers, "service_language")), "")[:10] or fallback


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
    return _day(text(answers, "date_of_birth"))


def _day(written: str) -> date | None:
    try:
        return parse_date(written)
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
