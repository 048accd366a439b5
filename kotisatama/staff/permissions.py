"""Every permission of the service, and the roles as sets of them. This file is the one list."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Permission(TextChoices):
    """What one may do; where (which controller, whose client) is asked by each app's `access`."""

    SEE_INBOX = "see_inbox", _("See submissions that arrived")
    HANDLE_SUBMISSIONS = "handle_submissions", _("Claim and answer submissions")
    SEE_PERSONS = "see_persons", _("Find and open clients")
    EDIT_PERSONS = "edit_persons", _("Make and change clients")
    SEE_PROTECTED = "see_protected", _("Open what a non-disclosure hides, and end it")
    RECORD_CONTACTS = "record_contacts", _("Record contacts")
    SEE_CONTACTS = "see_contacts", _("See contacts with their details")
    MANAGE_CASES = "manage_cases", _("Open, assign and close cases")
    SEND_MESSAGES = "send_messages", _("Send messages to clients")
    SEE_FIGURES = "see_figures", _("See figures")
    EXPORT_FIGURES = "export_figures", _("Export figures")
    MANAGE_FORMS = "manage_forms", _("Publish forms")
    MANAGE_WORKERS = "manage_workers", _("Manage workers and roles")
    MANAGE_REGION = "manage_region", _("Manage service points, hours and mandates")
    READ_AUDIT = "read_audit", _("Read who looked at what")


P = Permission

_CLIENT_WORK = {
    P.SEE_INBOX,
    P.HANDLE_SUBMISSIONS,
    P.SEE_PERSONS,
    P.EDIT_PERSONS,
    P.RECORD_CONTACTS,
    P.SEE_CONTACTS,
    P.MANAGE_CASES,
    P.SEND_MESSAGES,
}


class Role(TextChoices):
    """A worker's role; one worker may have several."""

    MAIN_USER = "main_user", _("Main user")
    TEAM_LEAD = "team_lead", _("Team lead")
    COUNSELLOR = "counsellor", _("Counsellor")
    MUNICIPAL_WORKER = "municipal_worker", _("Municipal worker")
    PARTNER_WORKER = "partner_worker", _("Partner worker")
    ASSOCIATION_COORDINATOR = "association_coordinator", _("Association coordinator")
    PEER_SUPPORTER = "peer_supporter", _("Peer supporter")
    REPORT_READER = "report_reader", _("Report reader")
    DATA_PROTECTION_OFFICER = "data_protection_officer", _("Data protection officer")


ROLES: dict[str, frozenset[Permission]] = {
    Role.MAIN_USER: frozenset({P.MANAGE_FORMS, P.MANAGE_WORKERS, P.MANAGE_REGION, P.SEE_FIGURES, P.EXPORT_FIGURES}),
    Role.TEAM_LEAD: frozenset(_CLIENT_WORK | {P.SEE_PROTECTED, P.SEE_FIGURES, P.EXPORT_FIGURES}),
    Role.COUNSELLOR: frozenset(_CLIENT_WORK | {P.SEE_FIGURES}),
    Role.MUNICIPAL_WORKER: frozenset(_CLIENT_WORK | {P.SEE_FIGURES}),
    Role.PARTNER_WORKER: frozenset({P.RECORD_CONTACTS}),
    Role.ASSOCIATION_COORDINATOR: frozenset({P.RECORD_CONTACTS}),
    Role.PEER_SUPPORTER: frozenset({P.RECORD_CONTACTS}),
    Role.REPORT_READER: frozenset({P.SEE_FIGURES, P.EXPORT_FIGURES}),
    Role.DATA_PROTECTION_OFFICER: frozenset({P.READ_AUDIT}),
}

# Whoever holds one of these sees clients' data: a second factor is compulsory in production.
CLIENT_DATA = frozenset(_CLIENT_WORK | {P.SEE_PROTECTED, P.READ_AUDIT})


def permissions_of(roles: list[str]) -> frozenset[Permission]:
    """The union of the roles' permissions; an unknown role gives none."""
    return frozenset().union(*(ROLES.get(role, frozenset()) for role in roles))
