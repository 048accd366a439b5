"""The builder's words for types, appearances and the columns of ours."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kotisatama.forms import options

TYPES: dict[str, str | Promise] = {
    "text": _("Text"),
    "select_one": _("One choice of a list"),
    "select_multiple": _("Several choices of a list"),
    "integer": _("Whole number"),
    "decimal": _("Number with decimals"),
    "date": _("Date"),
    "time": _("Time of day"),
    "dateTime": _("Date and time"),
    "acknowledge": _("Box to tick"),
    "note": _("Text to read"),
    "file": _("File"),
    "image": _("Picture or signature"),
    "calculate": _("Calculation"),
    "hidden": _("Hidden value"),
    "start": _("Moment of beginning"),
    "end": _("Moment of sending"),
    "today": _("Day of filling in"),
}
CONTAINERS: dict[str, str | Promise] = {
    "begin_group": _("Page or group"),
    "begin_repeat": _("Repeat: the same questions several times"),
}
PAGE, GROUP, REPEAT, STRAY = _("Page"), _("Group"), _("Repeat"), _("Row without its other half")
UNSEEN = frozenset({"calculate", "hidden", "start", "end", "today"})

APPEARANCES: dict[str, dict[str, str | Promise]] = {
    "text": {"multiline": _("Several lines")},
    "image": {"signature": _("Signature")},
}

TARGETS: Mapping[str, str | Promise] = {
    "person.name": _("Person: name"),
    "person.first_names": _("Person: first names"),
    "person.last_name": _("Person: last name"),
    "person.date_of_birth": _("Person: date of birth"),
    "person.identity_code": _("Person: personal identity code"),
    "person.sex": _("Person: sex"),
    "person.citizenship": _("Person: citizenship"),
    "person.phone": _("Person: telephone number"),
    "person.phone_safe": _("Person: a message may be left at the number"),
    "person.email": _("Person: e-mail address"),
    "person.address": _("Person: address"),
    "person.municipality": _("Person: municipality"),
    "person.mother_tongue": _("Person: mother tongue"),
    "person.language": _("Person: other languages"),
    "person.service_language": _("Person: language of service"),
    "person.interpreter": _("Person: needs an interpreter"),
    "person.ground_of_stay": _("Person: ground of stay"),
    "person.permit": _("Person: residence permit"),
    "person.permit_ends": _("Person: end of the residence permit"),
    "person.arrived": _("Person: arrival in Finland"),
    "person.note": _("Person: note"),
    "person.guardian": _("Person: guardian"),
    "family.member": _("Family member"),
    "family.name": _("Family member: name"),
    "family.date_of_birth": _("Family member: date of birth"),
    "family.birth_year": _("Family member: year of birth"),
    "family.relation": _("Family member: relation"),
    "contact.topics": _("Contact: topics"),
    "contact.text": _("Contact: text"),
    "contact.urgent": _("Contact: urgent"),
    "contact.reply_by": _("Contact: how to answer"),
    "contact.documents": _("Contact: documents"),
    "case.document": _("Case: document"),
}


def targets() -> list[tuple[str, str | Promise]]:
    """Where an answer can belong, for a drop-down; a target without words here stands as its code."""
    known = [(code, text) for code, text in TARGETS.items() if code in options.TARGETS]
    return known + [(code, code) for code in sorted(options.TARGETS - TARGETS.keys())]


STEPS: dict[str, str | Promise] = {
    "add": _("add"),
    "change": _("change"),
    "remove": _("remove"),
    "unwrap": _("take the frame away"),
    "duplicate": _("copy"),
    "move": _("move"),
    "wrap": _("frame"),
    "list": _("choices"),
    "language": _("language"),
    "settings": _("settings"),
}
