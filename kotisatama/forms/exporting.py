"""Taking a form's submissions out of the service: whose, which, in which shape; one audit line with the count."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import IO, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from kotisatama.audit import actions as audit
from kotisatama.forms import access, queries
from kotisatama.forms.exporting_files import WRITERS, ZIP, Writer, together
from kotisatama.forms.exporting_tables import Sent, Shape, Wording
from kotisatama.forms.models import Form, Submission
from kotisatama.forms.structure import Definition
from kotisatama.kernel.errors import NotAllowed
from kotisatama.staff.models import Worker

AT_ONCE = 500
MOST = 50_000  # some ten times the yearly volume of a region; more is asked for in parts
PLACE = "municipality"  # the question by which a form may be narrowed, when it asks it


@dataclass(frozen=True)
class Wanted:
    """Which submissions, and how they are written. Empty means all; days are inclusive, in local time."""

    file_type: str = "csv"
    wording: Wording = Wording.CODES
    first: date | None = None
    last: date | None = None
    municipality: str = ""
    language: str = ""
    version: str = ""

    @property
    def filters(self) -> list[str]:
        """Names of the filters that are set, for the audit."""
        return [name for name in ("first", "last", PLACE, "language", "version") if getattr(self, name)]


@dataclass(frozen=True)
class Exported:
    """The finished file, to be read from its beginning."""

    file: IO[bytes]
    name: str
    media_type: str
    count: int


def asks_place(definitions: list[Definition]) -> bool:
    """Whether the form can be narrowed by municipality."""
    return any(PLACE in form.questions for form in definitions)


@transaction.atomic
def export(form: Form, wanted: Wanted, *, reader: str, by: Worker) -> Exported:
    """Write the submissions that the worker may take out. Raises PermissionDenied, NotAllowed for too many."""
    if not access.can_export(by):
        raise PermissionDenied
    known = queries.sent_versions(form)
    definitions = {each.pk: queries.definition(each) for each in known}
    shape = Shape(definitions, {each.pk: each.number for each in known}, wanted.wording, reader)
    writer: Writer = WRITERS[wanted.file_type](shape, form.code)
    count = 0
    for sent in _read(_found(form, wanted, by), definitions):
        writer.add(sent)
        count += 1
        if count > MOST:
            raise NotAllowed(_("There are more than 50,000 forms. Choose a shorter time."))
    details = {"form": form.code, "type": wanted.file_type, "count": count, "filters": wanted.filters}
    audit.record("submissions.exported", by=by, controllers=by.controller_codes, details=details)
    return _packed(writer, form.code, count)


def _found(form: Form, wanted: Wanted, by: Worker) -> QuerySet[Submission]:
    found = access.exportable_submissions(by).filter(version__form=form)
    if wanted.first:
        found = found.filter(submitted_at__gte=_midnight(wanted.first))
    if wanted.last:
        found = found.filter(submitted_at__lt=_midnight(wanted.last + timedelta(days=1)))
    if wanted.municipality:
        found = found.filter(**{f"answers__{PLACE}": wanted.municipality})
    if wanted.language:
        found = found.filter(language=wanted.language, is_concealed=False)
    if wanted.version:
        found = found.filter(version__number=wanted.version)
    return found


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _read(found: QuerySet[Submission], definitions: dict[int, Definition]) -> Iterator[Sent]:
    head = ("reference", "submitted_at", "language", "version_id", "controller_id")
    rows = found.filter(version__in=definitions).order_by("submitted_at", "pk")
    told: Any = rows.values_list(*head, "answers", "calculated", "is_concealed")
    for row in told.iterator(chunk_size=AT_ONCE):
        yield Sent(*row)


def _packed(writer: Writer, code: str, count: int) -> Exported:
    """One file as it is, several in an archive."""
    files = writer.close()
    name = f"{code}-{timezone.localdate():%Y%m%d}"
    if len(files) == 1:
        return Exported(next(iter(files.values())), f"{name}.{writer.extension}", writer.media_type, count)
    return Exported(together(files), f"{name}-{writer.extension}.zip", ZIP, count)
