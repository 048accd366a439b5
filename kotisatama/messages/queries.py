"""Reading templates in a language, the centre's own details, and the outbox."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from uuid import UUID

from babel import Locale, UnknownLocaleError
from babel.dates import format_time, get_day_names
from django.conf import settings
from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kotisatama.forms.models import Submission
from kotisatama.kernel.errors import NotAllowed
from kotisatama.messages import access, answer_templates, rules
from kotisatama.messages.answer_templates import Template as Template
from kotisatama.messages.models import Message
from kotisatama.network import queries as network
from kotisatama.network.models import OpeningHours, ServicePoint
from kotisatama.people.models import Person
from kotisatama.staff.models import Worker
from kotisatama.translation import languages
from kotisatama.translation.models import Text

# Invisible: a right-to-left mark, for a line that begins with a foreign run; the isolate of that run, and its end.
RLM, LRI, PDI = "\u200f", "\u2066", "\u2069"


@dataclass(frozen=True)
class Composed:
    """A message as it will leave: `language` is the one that it really is in, `state` that of its weakest text."""

    subject: str
    body: str
    language: str
    state: str

    @property
    def direction(self) -> str:
        return languages.direction(self.language)

    @property
    def is_draft(self) -> bool:
        """Whether no human has read the translation through yet."""
        return self.state in {Text.State.DRAFT, Text.State.STALE}


def templates(channel: str) -> list[Template]:
    """The templates of a channel that a worker may choose, in the order of the screen."""
    every = answer_templates.TEMPLATES.values()
    return [each for each in every if each.channel == channel and not each.has_link]


def template(code: str) -> Template:
    """One template. Raises NotAllowed."""
    return answer_templates.template(code)


def compose(template: str, *, language: str, parameters: Mapping[str, str]) -> Composed:
    """Fill the template in the first language of the chain that has all its texts. Raises NotAllowed. One query."""
    found = answer_templates.template(template)
    keys = [f"{template}.body"] if found.channel == Message.Channel.SMS else [f"{template}.subject", f"{template}.body"]
    rows = Text.objects.filter(namespace=answer_templates.NAMESPACE, key__in=keys)
    texts = {(row.key, row.language): row for row in rows}
    for code in (*languages.chain(language), "en", "fi"):
        here = [text for key in keys if (text := texts.get((key, code)))]
        if len(here) == len(keys):
            subject = answer_templates.fill(found, here[0].value, parameters) if len(keys) > 1 else ""
            body = answer_templates.fill(found, here[-1].value, _isolated(parameters, code))
            return Composed(subject, body, code, _weakest(text.state for text in here))
    raise NotAllowed(_("This template has no text yet."))


def _isolated(parameters: Mapping[str, str], language: str) -> Mapping[str, str]:
    """Within a text from right to left a telephone number would be read backwards.

    A link stays as it is: some programs take the signs around it into the address, which then does not open.
    """
    if languages.direction(language) != "rtl":
        return parameters
    return {
        name: value if name in ("text", "link") or not value else f"{RLM}{LRI}{value}{PDI}"
        for name, value in parameters.items()
    }


def _weakest(states: Iterable[str]) -> str:
    """The state that a reader must know of when a message is put together of several texts."""
    order = [Text.State.STALE, Text.State.DRAFT, Text.State.SOURCE, Text.State.REVIEWED]
    return min(states, key=lambda state: order.index(Text.State(state)))


def place_parameters(service_point: ServicePoint | None, language: str) -> dict[str, str]:
    """What the centre says of itself: `site place phone address hours`, hours in words of the language."""
    place = service_point or network.main_service_point()
    if place is None:
        return {"site": settings.SITE_NAME, "place": settings.SITE_NAME, "phone": "", "address": "", "hours": ""}
    return {
        "site": settings.SITE_NAME,
        "place": place.name,
        "phone": place.phone,
        "address": place.street_address,
        "hours": opening_hours_text(place, language),
    }


def opening_hours_text(place: ServicePoint, language: str) -> str:
    """The coming week's hours without appointment, e.g. `ma–to 9.00–15.00`; days alike in a row stand together."""
    today = timezone.localdate()
    days = [today + timedelta(days=number) for number in range(7)]
    hours = {day.isoweekday(): _open_times(place, language, network.opening_hours(place, on=day)) for day in days}
    names = get_day_names("abbreviated", locale=_locale(language))
    parts = []
    for times, group in groupby(range(1, 8), key=lambda weekday: hours[weekday]):
        weekdays = list(group)
        if times:
            ends = [names[weekday - 1] for weekday in dict.fromkeys((weekdays[0], weekdays[-1]))]
            parts.append(f"{'–'.join(ends)} {times}")
    return ", ".join(parts)


def _open_times(place: ServicePoint, language: str, hours: list[OpeningHours]) -> str:
    locale = _locale(language)
    return " + ".join(
        f"{format_time(row.opens_at, 'short', locale=locale)}–{format_time(row.closes_at, 'short', locale=locale)}"
        for row in hours
        if row.kind == OpeningHours.Kind.DROP_IN
    )


def _locale(language: str) -> Locale:
    for code in (*languages.chain(language), "en"):
        try:
            return Locale.parse(code, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    return Locale("en")


def outbox(viewer: Worker, *, state: str = "", channel: str = "") -> QuerySet[Message]:
    """Messages of the viewer's controllers, newest first, narrowed by state and channel."""
    wanted = {name: value for name, value in (("state", state), ("channel", channel)) if value}
    rows = access.visible_messages(viewer).filter(**wanted)
    return rows.select_related("created_by", "submission", "person").defer("body")


@dataclass(frozen=True)
class Line:
    """A message as a line of the outbox: its row, and its codes in the worker's words."""

    message: Message
    template: str
    language: str
    error: str

    @property
    def direction(self) -> str:
        """The direction of the text that was sent."""
        return languages.direction(self.message.language)


def line(message: Message) -> Line:
    """The message with words for its template, language and error."""
    known = answer_templates.TEMPLATES.get(message.template)
    name = str(known.name) if known else message.template
    return Line(
        message, name, languages.name_in(message.language, get_language() or "en"), error_text(message.last_error)
    )


def outbox_lines(messages: Iterable[Message]) -> list[Line]:
    """Lines of a page of the outbox."""
    return [line(message) for message in messages]


def error_text(code: str) -> str:
    """What went wrong, as a sentence that says what to do; empty for no error."""
    if not code:
        return ""
    sentences = {
        "connection": _("The mail server does not answer. It is tried again."),
        "folder": _("The text messages' folder cannot be written."),
        "number": _("The number cannot receive text messages. Check the number."),
        "unclear": _("The connection broke in between. The message may have arrived: ask before sending it again."),
    }
    refused = _("The receiver's server refused the message (%(code)s). Check the address.") % {"code": code}
    return sentences.get(code, refused)


def outbox_counts(viewer: Worker) -> dict[str, int]:
    """Number of messages by state and by channel, e.g. {"queued": 3, "email": 5}. One query."""
    rows = access.visible_messages(viewer).order_by().values_list("state", "channel").annotate(number=Count("pk"))
    counts: dict[str, int] = {}
    for state, channel, number in rows:
        counts[state] = counts.get(state, 0) + number
        counts[channel] = counts.get(channel, 0) + number
    return counts


def by_key(viewer: Worker, key: UUID) -> Message | None:
    """The message that a page with this key has made already."""
    return access.visible_messages(viewer).filter(key=key).first()


def of_person(viewer: Worker, person: Person, *, limit: int = 50) -> list[Line]:
    """What was sent to a client, newest first. One query."""
    rows = access.visible_messages(viewer).filter(person=person).select_related("created_by").defer("body")
    return outbox_lines(rows[:limit])


def of_submission(viewer: Worker, submission: Submission) -> list[Line]:
    """What was sent because of a submission, newest first."""
    return outbox_lines(access.visible_messages(viewer).filter(submission=submission).select_related("created_by"))


def normal_number(number: str) -> str:
    """The number as E.164, empty when it is none."""
    return rules.normal_number(number)
