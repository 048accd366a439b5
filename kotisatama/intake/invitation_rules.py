"""When a form may be sent to a client, and when its link leads somewhere."""

from django.utils.translation import gettext as _

from kotisatama.forms import queries as forms
from kotisatama.forms.models import Version
from kotisatama.intake.models import Invitation
from kotisatama.kernel.errors import NotAllowed
from kotisatama.people import access as people_access
from kotisatama.people import actions as people
from kotisatama.people.models import Person


def check_can_be_asked(person: Person) -> None:
    """Raise NotAllowed without a year of birth: whoever has the link is asked for it before anything is shown."""
    if person.date_of_birth is None:
        raise NotAllowed(
            _("Write the year of birth first: whoever opens the link is asked for it before anything is shown.")
        )


def check_form(version: Version | None) -> None:
    """Raise NotAllowed for a form that nobody can fill in now."""
    if version is None:
        raise NotAllowed(_("This form is not published any more. Choose another one."))


def check_address(is_offered: bool) -> None:
    """Raise NotAllowed for an address that the page does not offer."""
    if not is_offered:
        raise NotAllowed(_("The ways to reach this person have changed. Open the page again and choose anew."))


def leads_somewhere(invitation: Invitation) -> bool:
    """Whether the client may be served by the link now: not archived, the data does not rest, the form is published."""
    person = invitation.person
    try:
        people_access.require_current(person)
        people.check_not_restricted(person)
    except NotAllowed:
        return False
    is_published = forms.published_version(invitation.form.code) is not None
    return person.date_of_birth is not None and (is_published or invitation.begun_at is not None)
