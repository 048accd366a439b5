"""What the builder does to a draft: keep an edit, take it back, take it again. Nothing is overwritten silently."""

from django.db import transaction
from django.utils.translation import gettext as _

from kotisatama.forms import versions
from kotisatama.forms.building import locks
from kotisatama.forms.building.book import Edited
from kotisatama.forms.building_models import Step
from kotisatama.forms.models import Version
from kotisatama.kernel.errors import ChangedMeanwhile, NotAllowed
from kotisatama.staff import access as staff
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Permission

KEPT = 40  # steps that can be taken back


@transaction.atomic
def keep_edit(
    version: Version, edited: Edited, *, revision: int, by: Worker, what: str, about: str = "", request: str = ""
) -> Version:
    """Save the rows of an edit of this very revision. Raises ChangedMeanwhile and, for locked questions, NotAllowed."""
    staff.require(by, Permission.MANAGE_FORMS)
    check_present(version, revision)
    locks.check(version.source, edited.rows)
    changed = versions.change_rows(version, rows=edited.rows, revision=revision, by=by)
    if changed.revision == revision:
        return changed
    present = Step.objects.filter(version=version, revision=revision).order_by("-place").first()
    if present is None:
        Step.objects.filter(version=version).delete()
        present = Step.objects.create(version=version, place=0, revision=revision, rows=version.source)
    Step.objects.filter(version=version, place__gt=present.place).delete()
    Step.objects.filter(version=version, place__lte=present.place - KEPT).delete()
    Step.objects.create(
        version=version,
        place=present.place + 1,
        revision=changed.revision,
        rows=edited.rows,
        what=what,
        about=about[:100],
        number=edited.number,
        request=request,
    )
    _record(changed, by, what)
    return changed


def _record(version: Version, by: Worker, what: str) -> None:
    code, number = version.form.code, version.number
    versions.record("form.rows_changed", version, by=by, code=code, number=number, step=what)


def check_present(version: Version, revision: int) -> None:
    """Raises ChangedMeanwhile when the page that was posted showed other rows."""
    if version.revision != revision:
        raise ChangedMeanwhile(
            _("Somebody else changed the form meanwhile. Look at it again, then repeat your change.")
        )


def take_back(version: Version, *, revision: int, by: Worker, request: str = "") -> Step:
    """Undo the last step; returns it."""
    return _go(version, -1, revision=revision, by=by, request=request)


def take_again(version: Version, *, revision: int, by: Worker, request: str = "") -> Step:
    """Redo the step that was taken back last; returns it."""
    return _go(version, 1, revision=revision, by=by, request=request)


@transaction.atomic
def _go(version: Version, direction: int, *, revision: int, by: Worker, request: str) -> Step:
    staff.require(by, Permission.MANAGE_FORMS)
    check_present(version, revision)
    present = Step.objects.filter(version=version, revision=revision).order_by("-place").first()
    other = present and Step.objects.filter(version=version, place=present.place + direction).first()
    if present is None or other is None:
        raise NotAllowed(_("There is nothing more to take back or to take again."))
    changed = versions.change_rows(version, rows=other.rows, revision=revision, by=by)
    other.revision, other.request = changed.revision, request
    other.save(update_fields=["revision", "request"])
    _record(changed, by, "back" if direction < 0 else "again")
    return present if direction < 0 else other
