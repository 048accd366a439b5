"""A form's own clocks: what they end on a day, how answers are made to tell of nobody, and setting them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from kotisatama.audit import actions as audit
from kotisatama.forms import access, queries
from kotisatama.forms.models import Draft, Form, FormClock, Submission
from kotisatama.forms.structure import SELECTS, Question, Section
from kotisatama.kernel import identifiers, periods
from kotisatama.kernel.errors import ChangedMeanwhile, NotAllowed
from kotisatama.privacy import queries as privacy
from kotisatama.staff.models import Worker

CLASS = {
    FormClock.Kind.SENT: "submission",
    FormClock.Kind.UNFINISHED: "draft",
    FormClock.Kind.FAILED: "draft",
    FormClock.Kind.ALL: "submission",
}
# What a non-disclosure hides stands sealed elsewhere: it is not anonymised here, it goes with its class.
TELLS_OF_SOMEBODY = Q(anonymised_at__isnull=True, is_concealed=False)
# Answers that count and name nobody. Words, days and files may name somebody.
COUNTABLE = SELECTS | {"integer", "decimal", "acknowledge"}
NOTHING = Q(pk__in=[])


def drafts_due(on: date) -> Q:
    """Unfinished forms that end by a clock of their form."""
    since = {
        FormClock.Kind.UNFINISHED: "updated_at",
        FormClock.Kind.FAILED: "failed_at",
        FormClock.Kind.ALL: "created_at",
    }
    return _due(FormClock.objects.filter(kind__in=since), since, on)


def submissions_due(on: date) -> Q:
    """Forms sent in that are deleted by a clock of their form."""
    return _sent(FormClock.End.DELETE, on)


def submissions_to_anonymise(on: date) -> Q:
    """Forms sent in whose answers shall tell of nobody any more."""
    return _sent(FormClock.End.ANONYMISE, on)


def _sent(end: FormClock.End, on: date) -> Q:
    since = {FormClock.Kind.SENT: "submitted_at", FormClock.Kind.ALL: "submitted_at"}
    return _due(FormClock.objects.filter(kind__in=since, end=end), since, on)


def _due(found: Iterable[FormClock], since: Mapping[FormClock.Kind, str], on: date) -> Q:
    due = NOTHING
    for clock in found:
        before = periods.latest_start(on, clock.period) + timedelta(days=1)
        rows = Q(version__form=clock.form_id) & Q(**{f"{since[FormClock.Kind(clock.kind)]}__lt": _midnight(before)})
        due |= rows & _only(FormClock.Kind(clock.kind))
    return due


def _only(kind: FormClock.Kind) -> Q:
    return {
        FormClock.Kind.SENT: Q(anonymised_at__isnull=True),
        FormClock.Kind.UNFINISHED: Q(failed_at__isnull=True),
    }.get(kind, Q())


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def anonymise(keys: Sequence[UUID]) -> None:
    """Keep of these submissions what counts and names nobody; the holder and the reference lead to nothing any more."""
    found = Submission.objects.filter(pk__in=list(keys)).select_related("version__form")
    for submission in found.select_for_update(of=("self",)):
        form = queries.definition(submission.version)
        submission.answers = {
            name: value for page in form.pages for name, value in _counted(page, submission.answers).items()
        }
        submission.calculated, submission.holder = {}, ""
        submission.key, submission.reference = identifiers.new_id(), identifiers.new_reference()
        submission.anonymised_at = timezone.now()
        submission.save()


def _counted(section: Section, answers: Mapping[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for item in section.items:
        if isinstance(item, Question):
            if item.type in COUNTABLE and _is_of_its_kind(item, answers.get(item.name)):
                kept[item.name] = answers[item.name]
        elif item.kind != "repeat":
            kept |= _counted(item, answers)
        elif isinstance(rows := answers.get(item.name), list):
            kept[item.name] = [_counted(item, row) for row in rows]
    return kept


def _is_of_its_kind(question: Question, value: Any) -> bool:
    """A number is a number: what was typed and did not fit is somebody's words."""
    return value is not None and (question.type not in ("integer", "decimal") or isinstance(value, (int, float)))


def note_failed(draft: Draft) -> None:
    """The visitor wished to send it and could not; the clock of failed forms counts from here."""
    Draft.objects.filter(pk=draft.pk).update(failed_at=timezone.now())


@dataclass(frozen=True)
class Setting:
    """One clock as it is wished."""

    kind: FormClock.Kind
    amount: int
    unit: str
    end: FormClock.End


def clocks_of(form: Form) -> list[FormClock]:
    """The form's own clocks, in the order of their kinds."""
    order = list(FormClock.Kind.values)
    return sorted(FormClock.objects.filter(form=form), key=lambda clock: order.index(clock.kind))


def seen(found: Iterable[FormClock]) -> str:
    """What a page showed, so that a change meanwhile is noticed."""
    return "; ".join(str(clock) for clock in found)


@transaction.atomic
def set_clocks(form: Form, settings: Sequence[Setting], *, was: str, by: Worker) -> None:
    """Let these be the form's clocks. Raises NotAllowed for one longer than its class, ChangedMeanwhile."""
    if not access.manages_forms(by):
        raise PermissionDenied
    Form.objects.select_for_update().get(pk=form.pk)
    for each in settings:
        check_shorter(each)
    now = clocks_of(form)
    wished = [FormClock(form=form, changed_by=by, **vars(each)) for each in settings]
    if seen(now) == seen(wished):
        return
    if seen(now) != was:
        raise ChangedMeanwhile(_("This was changed meanwhile. Look at it again and repeat what is still needed."))
    FormClock.objects.filter(form=form).delete()
    FormClock.objects.bulk_create(wished)
    details = {"form": form.code, "clocks": {each.kind: f"{each.amount} {each.unit} {each.end}" for each in wished}}
    audit.record("form.clocks_changed", by=by, controllers=by.controller_codes, details=details)


def check_shorter(setting: Setting) -> None:
    """A form's own clock may only shorten what the class of the data allows."""
    today = timezone.localdate()
    allowed = privacy.period_of(CLASS[setting.kind], on=today)
    own = periods.latest_start(today, periods.Period(setting.amount, setting.unit))
    if allowed is not None and own < periods.latest_start(today, allowed):
        raise NotAllowed(_("This is longer than the data may be kept. Choose a shorter time."))
    if setting.end == FormClock.End.ANONYMISE and setting.kind in (FormClock.Kind.UNFINISHED, FormClock.Kind.FAILED):
        raise NotAllowed(_("A form that was not sent can be deleted, not anonymised."))
