"""What may be done with a submission now, in the words of the screen."""

from collections.abc import Iterable, Mapping, Sequence

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kotisatama.intake import access
from kotisatama.intake.models import Correction, ExpertQuestion, Item, RoutingRule
from kotisatama.kernel.errors import ChangedMeanwhile, NotAllowed
from kotisatama.people.models import Person
from kotisatama.staff.models import Worker


class Ending(TextChoices):
    """Why nothing more is to be done."""

    HELPED = "helped", gettext_lazy("Helped and recorded")
    DUPLICATE = "duplicate", gettext_lazy("The same was sent before")
    NOT_FOR_US = "not_for_us", gettext_lazy("Does not belong to this service")
    MISUSE = "misuse", gettext_lazy("Advertising or misuse")


class TakeOverReason(TextChoices):
    """Why somebody else goes on."""

    ABSENT = "absent", gettext_lazy("The worker is away")
    AGREED = "agreed", gettext_lazy("Agreed with the worker")
    URGENT = "urgent", gettext_lazy("It is urgent")


def short_name(name: str) -> str:
    """`Petra K.` for `Petra Kettunen`."""
    first, _space, last = name.strip().partition(" ")
    return f"{first} {last[0]}." if last else first


def check_version(row: Item | RoutingRule, version: int) -> None:
    """Raise ChangedMeanwhile when the row was changed after its page was made."""
    if row.version != version:
        raise ChangedMeanwhile(_("This was changed meanwhile. Look at it again and repeat what is still needed."))


def check_claimable(item: Item) -> None:
    """Raise NotAllowed when somebody has it already, naming who and since when, or when it is done."""
    if item.state == Item.State.CLAIMED:
        raise NotAllowed(_who_has(item))
    if item.state == Item.State.DONE:
        raise NotAllowed(_("This submission is already done."))


def _who_has(item: Item) -> str:
    name = short_name(item.claimed_by.name) if item.claimed_by else ""
    minutes = int((timezone.now() - (item.claimed_at or timezone.now())).total_seconds() // 60)
    if minutes < 1:
        return _("%(name)s took this a moment ago.") % {"name": name}
    if minutes < 60:
        return _("%(name)s took this %(minutes)d min ago.") % {"name": name, "minutes": minutes}
    return _("%(name)s has taken this.") % {"name": name}


def check_taken_by(item: Item, worker: Worker) -> None:
    """Raise NotAllowed unless the worker has taken the item."""
    if access.has_taken(worker, item):
        return
    check_claimable(item)
    raise NotAllowed(_("Take this submission first."))


def check_can_be_taken_over(item: Item, worker: Worker) -> None:
    """Raise NotAllowed unless the worker may go on in the place of another."""
    if not access.can_take_over(worker, item, at=timezone.now()):
        raise NotAllowed(_("A team lead can take this over, others when it has been held for a day."))


def check_can_be_tied(item: Item, person: Person) -> None:
    """Raise NotAllowed when the submission is another person's already."""
    if item.person_id and item.person_id != person.pk:
        raise NotAllowed(_("This submission has been tied to another person already."))


def check_can_end(item: Item, ending: str) -> None:
    """Raise NotAllowed when help would go uncounted."""
    if ending not in Ending.values:
        raise NotAllowed(_("Choose why the submission is done."))
    if ending == Ending.HELPED and not item.contact_id:
        raise NotAllowed(_("Record the contact first, so that the help is counted."))


def check_done(item: Item) -> None:
    """Raise NotAllowed unless the item is done."""
    if item.state != Item.State.DONE:
        raise NotAllowed(_("This submission is open already."))


def check_address(offered: bool) -> None:
    """Raise NotAllowed for an address that neither the submission nor the register gives."""
    if not offered:
        raise NotAllowed(_("Choose an address that the person has given."))


def check_tied(item: Item) -> None:
    """Raise NotAllowed while it is not known whose submission it is."""
    if not item.person_id:
        raise NotAllowed(_("Say first whose submission this is."))


def check_offered(chosen: Mapping[str, str], offered: Mapping[str, Sequence[str]]) -> None:
    """Raise NotAllowed for a decision that the page does not offer any more."""
    if not chosen:
        raise NotAllowed(_("Choose something for at least one row."))
    for field, way in chosen.items():
        if way not in offered.get(field, ()):
            raise ChangedMeanwhile(_("This was changed meanwhile. Look at it again and repeat what is still needed."))


def check_one_place(team: object, service_point: object) -> None:
    """Raise NotAllowed unless a rule leads to exactly one place."""
    if bool(team) == bool(service_point):
        raise NotAllowed(_("Choose a team or a service point."))


def check_seen(current: str, seen: str) -> None:
    """Raise ChangedMeanwhile when the rules are not those that the page showed."""
    if current != seen:
        raise ChangedMeanwhile(_("The rules were changed meanwhile. Look at them again."))


LONGEST_SENTENCE = 300


def check_asked(asked: Sequence[str], askable: Sequence[str]) -> None:
    """Raise NotAllowed when no question was chosen, or one that cannot be asked again."""
    if not asked:
        raise NotAllowed(_("Choose at least one question."))
    if not set(asked) <= set(askable):
        raise NotAllowed(_("This question cannot be asked again by itself. Write to the person instead."))


def check_sentences(sentences: Iterable[str]) -> None:
    """Raise NotAllowed when the person would not know what to do, or a sentence is too long."""
    for sentence in sentences:
        if not sentence.strip():
            raise NotAllowed(_("Write for each chosen question what the person should do."))
        if len(sentence) > LONGEST_SENTENCE:
            raise NotAllowed(_("A sentence can have at most %(number)s characters.") % {"number": LONGEST_SENTENCE})


def check_open(correction: Correction) -> None:
    """Raise NotAllowed when the correction was answered, withdrawn or is too old."""
    if correction.answered_at or correction.withdrawn_at or correction.expires_at <= timezone.now():
        raise NotAllowed(_("This page was used before. Open it again."))


def nothing_answered() -> str:
    """The sentence for a page that was sent without an answer."""
    return _("Answer at least one of the questions.")


LONGEST_WORDS = 2000


def check_expert(may: bool) -> None:
    """Raise NotAllowed for a worker who cannot be asked."""
    if not may:
        raise NotAllowed(_("Choose an expert from the list."))


def check_not_protected(person: Person | None) -> None:
    """Raise NotAllowed for a client with a non-disclosure: nothing of what they sent leaves the controller."""
    if person and person.is_protected:
        raise NotAllowed(_("This client has a non-disclosure: ask an expert without the form."))


def checked_text(text: str) -> str:
    """The words without spaces around. Raises NotAllowed for none or too many."""
    text = text.strip()
    if not text:
        raise NotAllowed(_("Write something first."))
    if len(text) > LONGEST_WORDS:
        raise NotAllowed(_("The text can have at most %(number)s characters.") % {"number": LONGEST_WORDS})
    return text


def check_question_open(question: ExpertQuestion) -> None:
    """Raise NotAllowed when the question waits for no reply any more."""
    if question.withdrawn_at or question.replied_at:
        raise NotAllowed(_("This question does not wait for a reply any more."))
