"""Putting a message into the outbox, and trying a failed one again."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from kotisatama.audit import actions as audit
from kotisatama.forms.models import Submission
from kotisatama.messages import access, concealing, queries, rules, tasks
from kotisatama.messages.answer_templates import Template
from kotisatama.messages.models import Message
from kotisatama.network.models import ServicePoint
from kotisatama.people import actions as people
from kotisatama.people import queries as people_queries
from kotisatama.people.models import Person
from kotisatama.staff.models import Worker


@transaction.atomic
def queue_message(
    *,
    key: UUID,
    controller: str,
    channel: str,
    address: str,
    language: str,
    template: str,
    parameters: Mapping[str, str],
    by: Worker,
    person: Person | None = None,
    submission: Submission | None = None,
    service_point: ServicePoint | None = None,
    numbers: Iterable[tuple[str, bool]] = (),
) -> Message:
    """Put the message into the outbox, and in the same commit the job that sends it. The same key twice is one message.

    What the centre says of itself (place, phone, address, hours) is added here. To a protected person `address` is a
    code of people.queries.safe_channels, and the row keeps nothing in clear. `numbers` is what the submission says: the
    telephone, and whether a message may be left there. Raises NotAllowed, PermissionDenied.
    """
    if not access.can_send(by, controller):
        raise PermissionDenied
    if earlier := access.visible_messages(by).filter(key=key).first():
        return earlier
    chosen = queries.template(template)
    values = {**queries.place_parameters(service_point or by.service_point, language), **parameters}
    address = _checked(chosen, channel, address, parameters, person, numbers, service_point or by.service_point)
    composed = queries.compose(template, language=language, parameters=values)
    message = Message(
        key=key,
        controller_id=controller,
        channel=channel,
        address=address,
        language=composed.language,
        template=template,
        subject=composed.subject,
        body=composed.body,
        person=person,
        submission=submission,
        created_by=by,
    )
    return _queue(message, by=by)


def _queue(message: Message, *, by: Worker) -> Message:
    try:
        with transaction.atomic():
            message.save(force_insert=True)
    except IntegrityError:  # The same page was sent twice at once: the first has just been committed.
        return access.visible_messages(by).get(key=message.key)
    details = {"channel": message.channel, "template": message.template, "language": message.language}
    audit.record("message.queued", by=by, controllers=[message.controller_id], subject=message, details=details)
    people.conceal(message.person, concealing.MESSAGES)
    tasks.send_message.defer(message_id=str(message.pk), controller=message.controller_id)
    return message


def give_to_person(submission: Submission, person: Person) -> None:
    """Say that what was answered to a submission was answered to this client; part of a larger step, without a line."""
    Message.objects.filter(submission=submission, person__isnull=True).update(person=person)
    people.conceal(person, concealing.MESSAGES)


def _checked(
    template: Template,
    channel: str,
    address: str,
    given: Mapping[str, str],
    person: Person | None,
    numbers: Iterable[tuple[str, bool]],
    service_point: ServicePoint | None,
) -> str:
    """The address in its normal form, when everything about the message may be sent. Raises NotAllowed."""
    rules.check_channel(template, channel)
    rules.check_free_text(template, given)
    if channel == Message.Channel.SMS:
        published = set(queries.place_parameters(service_point, "en").values())
        rules.check_neutral(template, given, published=published)
    if person and person.is_protected:
        kind = "phone" if channel == Message.Channel.SMS else "email"
        return rules.check_address(channel, people_queries.safe_value(person, kind, address))
    normal = rules.check_address(channel, address)
    if channel == Message.Channel.SMS:
        rules.check_safe(normal, person=person, numbers=numbers)
    return normal


@transaction.atomic
def try_again(message: Message, *, by: Worker) -> Message:
    """Let a failed message wait for sending again, with all its tries before it."""
    if not access.can_send(by, message.controller_id):
        raise PermissionDenied
    message = Message.objects.select_for_update().get(pk=message.pk)
    rules.check_can_retry(message)
    message.state, message.attempts, message.handed_over_at = Message.State.QUEUED, 0, None
    message.save(update_fields=["state", "attempts", "handed_over_at"])
    audit.record("message.retried", by=by, controllers=[message.controller_id], subject=message)
    tasks.send_message.defer(message_id=str(message.pk), controller=message.controller_id)
    return message
