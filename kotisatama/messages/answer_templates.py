"""The answer templates, and filling their texts in.

A text is a row of `translation.Text` (namespace `message`, keys `<code>.subject` and `<code>.body`) with {name} places.
Only names on the template's list may stand in it: an unknown place is refused, never sent as it is.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kotisatama.kernel.errors import NotAllowed
from kotisatama.messages.models import Message

NAMESPACE = "message"
# What the centre says in public about itself and its receipt: nothing about whom it writes to.
NEUTRAL = frozenset({"site", "place", "phone", "address", "hours", "reference"})
PLACE = re.compile(r"\{([^{}]*)\}")


class BrokenTemplate(NotAllowed):
    """A text has a place that its template does not know, or that nobody filled."""


@dataclass(frozen=True)
class Template:
    """One kind of answer: `parameters` are the names that its texts may use; with `text` the worker writes freely."""

    code: str
    channel: str
    name: str | Promise
    parameters: frozenset[str]

    @property
    def has_link(self) -> bool:
        """Whether it carries an address that another app makes: such a template is chosen by that app alone."""
        return "link" in self.parameters

    @property
    def has_free_text(self) -> bool:
        return "text" in self.parameters


EMAIL, SMS = Message.Channel.EMAIL, Message.Channel.SMS

# No SMS has anything but the neutral words: it is read on a locked screen, by whoever holds the telephone.
TEMPLATES: dict[str, Template] = {
    template.code: template
    for template in (
        Template("answer.free", EMAIL, gettext_lazy("An answer in own words"), NEUTRAL | {"text"}),
        Template("answer.call_us", EMAIL, gettext_lazy("Please call us"), NEUTRAL),
        Template("answer.visit_us", EMAIL, gettext_lazy("Please visit us"), NEUTRAL),
        Template("answer.we_called", EMAIL, gettext_lazy("We called and did not reach you"), NEUTRAL),
        Template("answer.sms_reply_waiting", SMS, gettext_lazy("An answer is waiting for you"), NEUTRAL - {"hours"}),
        Template("answer.sms_call_us", SMS, gettext_lazy("Please call us"), NEUTRAL - {"hours"}),
        Template("answer.sms_visit_us", SMS, gettext_lazy("Please visit us"), NEUTRAL - {"hours"}),
        Template("answer.sms_we_called", SMS, gettext_lazy("We called and did not reach you"), NEUTRAL - {"hours"}),
        Template("correction.email", EMAIL, gettext_lazy("Please add to your answers"), NEUTRAL | {"link"}),
        Template("correction.sms", SMS, gettext_lazy("Please add to your answers"), NEUTRAL - {"hours"} | {"link"}),
        Template("invitation.email", EMAIL, gettext_lazy("A form to fill in"), NEUTRAL | {"link"}),
        Template("invitation.sms", SMS, gettext_lazy("A form to fill in"), NEUTRAL - {"hours"} | {"link"}),
    )
}


def template(code: str) -> Template:
    """The template of a code. Raises NotAllowed for a code that is not on the list."""
    try:
        return TEMPLATES[code]
    except KeyError:
        raise NotAllowed(_("There is no such message template.")) from None


def check_places(template: Template, text: str) -> None:
    """Raise BrokenTemplate when the text has a place that the template does not know."""
    unknown = sorted(set(PLACE.findall(text)) - template.parameters)
    if unknown:
        raise BrokenTemplate(
            _("The text of this template has a place that cannot be filled: {%(name)s}.") % {"name": unknown[0]}
        )


def fill(template: Template, text: str, parameters: Mapping[str, str]) -> str:
    """Put the parameters into the text, each once and as it is: a parameter's own braces stay braces."""
    check_places(template, text)
    missing = sorted(set(PLACE.findall(text)) - set(parameters))
    if missing:
        raise BrokenTemplate(_("Nothing was given for {%(name)s} of this template.") % {"name": missing[0]})
    return PLACE.sub(lambda found: parameters[found[1]], text)
