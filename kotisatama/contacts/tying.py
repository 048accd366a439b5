"""Taking back, on its day, that an anonymous contact was said to be a client's."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kotisatama.audit import actions as audit
from kotisatama.contacts import access, queries
from kotisatama.contacts.models import Change, Contact
from kotisatama.kernel.errors import NotAllowed
from kotisatama.staff.models import Worker


def todays_tie(contact: Contact, worker: Worker) -> Change | None:
    """The change by which this worker made the contact a client's today, while nothing else hangs on it."""
    if not contact.person_id or contact.submission_id or not access.can_change(worker, contact):
        return None
    ties = contact.changes.filter(worker=worker, before__has_key="person").order_by("-at")
    last = ties.first()
    return last if last and timezone.localdate(last.at) == timezone.localdate() else None


@transaction.atomic
def untie_from_person(contact: Contact, *, by: Worker) -> Contact:
    """Make the contact anonymous again, with what the visitor had told; an anonymous one stays as it is."""
    current = Contact.objects.select_for_update().get(pk=contact.pk)
    access.require_recording(by)
    if current.person_id is None:
        return current
    tie = todays_tie(current, by)
    if tie is None:
        raise NotAllowed(_("A contact can be taken from its client only on the same day by the worker who tied it."))
    was, person = tie.before, current.person_id
    current.person = None
    for name, value in was.items():
        if name != "person":
            setattr(current, name, value)
    current.controller_id = queries.controller_for(current.municipality, current.service_point, by)
    current.version += 1
    current.save()
    tie.delete()
    current.changes.update(controller_id=current.controller_id)
    details = {"person": str(person)}
    audit.record("contact.untied", by=by, controllers=[current.controller_id], subject=current, details=details)
    return current
