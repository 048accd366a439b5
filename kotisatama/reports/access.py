"""Who sees which figures, and who may open the rows behind them."""

from django.db.models import QuerySet

from kotisatama.contacts import access as contacts_access
from kotisatama.contacts.models import Contact
from kotisatama.staff import access as staff_access
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Permission


def counted_controllers(viewer: Worker) -> list[str]:
    """Codes of the controllers whose contacts the viewer's figures count; none without the permission."""
    return viewer.controller_codes if can_see_figures(viewer) else []


def can_see_figures(viewer: Worker) -> bool:
    """Whether figures open at all for the viewer."""
    return staff_access.allows(viewer, Permission.SEE_FIGURES)


def can_export(viewer: Worker) -> bool:
    """Whether the viewer may take figures out of the service."""
    return can_see_figures(viewer) and staff_access.allows(viewer, Permission.EXPORT_FIGURES)


def can_open_rows(viewer: Worker) -> bool:
    """Whether a number opens into its contacts: only for those who see contacts anyway."""
    return can_see_figures(viewer) and staff_access.allows(viewer, Permission.SEE_CONTACTS)


def visible_rows(viewer: Worker) -> QuerySet[Contact]:
    """The only door from figures to contacts."""
    contacts = contacts_access.visible_contacts(viewer)
    return contacts if can_open_rows(viewer) else contacts.none()
