"""What may be sent now, and to whom."""

import re
from collections.abc import Iterable, Mapping

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from kotisatama.kernel.errors import NotAllowed
from kotisatama.messages.answer_templates import NEUTRAL, Template
from kotisatama.messages.models import Message
from kotisatama.people.models import Channel, Person

REFERENCE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}")
# The address of a page of our own with nothing in it but a random code.
LINK = re.compile(r"https?://[^\s/]+/[a-z]{2,3}/(correct|invited)/([0-9A-Z]{4}-){3}[0-9A-Z]{4}/")
LONGEST_TEXT = 5000


def normal_number(number: str) -> str:
    """The number as E.164 (`+358401234567`), read as Finnish when it has no country code; empty when it is none."""
    try:
        parsed = phonenumbers.parse(number, "FI")
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_valid_number(parsed):
        return ""
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def check_address(channel: str, address: str) -> str:
    """Return the address in its normal form. Raises NotAllowed."""
    if channel == Message.Channel.SMS:
        number = normal_number(address)
        if not number:
            raise NotAllowed(_("This telephone number cannot receive text messages. Check the number."))
        return number
    try:
        validate_email(address.strip())
    except ValidationError:
        raise NotAllowed(_("This e-mail address is not complete. Check the address.")) from None
    return address.strip()


def check_channel(template: Template, channel: str) -> None:
    """Raise NotAllowed when the template is for the other channel."""
    if template.channel != channel:
        raise NotAllowed(_("This template is for another way of answering."))


def check_safe(number: str, *, person: Person | None, numbers: Iterable[tuple[str, bool]]) -> None:
    """Raise NotAllowed unless the person said that a message may be left at the number, and nowhere the contrary.

    `numbers` is what was said elsewhere than in the register: (number, whether a message may be left).
    """
    said = [may for written, may in numbers if normal_number(written) == number]
    if person:
        channels = person.channels.filter(kind=Channel.Kind.PHONE)
        said += [row.safe_to_leave_message for row in channels if normal_number(row.value) == number]
    if not said or not all(said):
        raise NotAllowed(_("The person has not said that a message may be left at this number. Answer in another way."))


def check_neutral(template: Template, parameters: Mapping[str, str], *, published: set[str]) -> None:
    """Raise NotAllowed when a text message would carry anything but the centre's own public details and a reference."""
    for name, value in parameters.items():
        reference = name == "reference" and (not value or REFERENCE.fullmatch(value))
        link = name == "link" and LINK.fullmatch(value)
        if not (link or (name in NEUTRAL and (reference or value in published))):
            raise NotAllowed(_("A text message says nothing about the person. Use a template as it is."))


def check_free_text(template: Template, parameters: Mapping[str, str]) -> None:
    """Raise NotAllowed when the worker's own words are missing or too many."""
    if not template.has_free_text:
        return
    text = parameters.get("text", "").strip()
    if not text:
        raise NotAllowed(_("Write the answer."))
    if len(text) > LONGEST_TEXT:
        raise NotAllowed(_("The answer can have at most %(number)s characters.") % {"number": LONGEST_TEXT})


def check_can_retry(message: Message) -> None:
    """Raise NotAllowed when the message waits or has been sent already."""
    if message.state != Message.State.FAILED:
        raise NotAllowed(_("This message is not waiting for another try."))
