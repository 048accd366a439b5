"""A text's place in the words of the screen."""

from django.utils.translation import gettext as _

from kotisatama.forms.translating_queries import Line


def what_it_is(line: Line) -> str:
    """What kind of text it is and of which question or choice: for its heading, and for a line about it."""
    kinds = {
        "form_title": _("Title of the form"),
        "label": _("Choice") if line.text.sheet == "choices" else _("Question or heading"),
        "hint": _("Hint"),
        "guidance_hint": _("Further guidance"),
        "constraint_message": _("Message about a wrong answer"),
        "required_message": _("Message about a missing answer"),
    }
    return " · ".join([kinds[line.text.kind], *filter(None, line.text.names)])
