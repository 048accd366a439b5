"""Every permission of the service, and the roles as sets of them. This file is the one list."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Permission(TextChoices):
    """What one may do; where (which controller, whose client) is asked by each app's `access`."""

    SEE_INBOX = "see_inbox", _("See submissions that arrived")
    HANDLE_SUBMISSIONS = "handle_submissions", _("Claim and answer submissions")
    ANSWER_EXPERT_QUESTIONS = "answer_expert_questions", _("Answer questions about submissions without identity")
    SEE_PERSONS = "see_persons", _("Find and open clients")
    MEET_PERSONS = "meet_persons", _("See the few details allowed of clients whom one meets")
    EDIT_PERSONS = "edit_persons", _("Make and change clients")
    IMPORT_CLIENTS = "import_clients", _("Bring clients over from an old register, with the right to make clients")
    SEE_PROTECTED = "see_protected", _("Open what a non-disclosure hides, and end it")
    RECORD_CONTACTS = "record_contacts", _("Record contacts")
    SEE_CONTACTS = "see_contacts", _("See contacts with their details")
    MANAGE_CASES = "manage_cases", _("Open, assign and close cases")
    SEND_MESSAGES = "send_messages", _("Send messages to clients")
    SEE_FIGURES = "see_figures", _("See figures")
    EXPORT_FIGURES = "export_figures", _("Export figures")
    SEE_FUNDING = "see_funding", _("See budgets, costs and the municipalities' shares")
    MANAGE_FUNDING = "manage_funding", _("Keep projects, costs, claims and the municipalities' shares")
    MANAGE_FORMS = "manage_forms", _("Publish forms")
    TRANSLATE_FORMS = "translate_forms", _("Translate the texts of forms")
    MANAGE_WORKERS = "manage_workers", _("Manage workers and roles")
    MANAGE_REGION = "manage_region", _("Manage service points, hours and mandates")
    REVIEW_OPENINGS = "review_openings", _("Review openings of clients without a relation")
    SHARE_PERSONS = "share_persons", _("Share a client with another municipality")
    READ_AUDIT = "read_audit", _("Read who looked at what")
    MANAGE_PRIVACY = "manage_privacy", _("Manage how long data is kept, holds and restrictions")
    EXPORT_PERSON = "export_person", _("Give a client everything that is held about them")
    EXPORT_SUBMISSIONS = "export_submissions", _("Take the answers of forms out of the service")


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
    P.ANSWER_EXPERT_QUESTIONS,
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
    TRANSLATOR = "translator", _("Translator")
    COORDINATOR = "coordinator", _("Project coordinator")
    DECISION_MAKER = "decision_maker", _("Municipal decision maker")


ROLES: dict[str, frozenset[Permission]] = {
    Role.MAIN_USER: frozenset(
        {P.MANAGE_FORMS, P.TRANSLATE_FORMS, P.MANAGE_WORKERS, P.MANAGE_REGION}
        | {P.SEE_FIGURES, P.EXPORT_FIGURES, P.IMPORT_CLIENTS}
    ),
    Role.TEAM_LEAD: frozenset(
        _CLIENT_WORK
        | {P.SEE_PROTECTED, P.SEE_FIGURES, P.EXPORT_FIGURES, P.EXPORT_PERSON, P.REVIEW_OPENINGS, P.SHARE_PERSONS}
        | {P.EXPORT_SUBMISSIONS}
    ),
    Role.COUNSELLOR: frozenset(_CLIENT_WORK | {P.SEE_FIGURES}),
    Role.MUNICIPAL_WORKER: frozenset(_CLIENT_WORK | {P.SEE_FIGURES, P.SHARE_PERSONS}),
    Role.PARTNER_WORKER: frozenset({P.RECORD_CONTACTS, P.MEET_PERSONS, P.ANSWER_EXPERT_QUESTIONS}),
    Role.ASSOCIATION_COORDINATOR: frozenset({P.RECORD_CONTACTS, P.MEET_PERSONS}),
    Role.PEER_SUPPORTER: frozenset({P.RECORD_CONTACTS, P.MEET_PERSONS}),
    Role.REPORT_READER: frozenset({P.SEE_FIGURES, P.EXPORT_FIGURES}),
    Role.DATA_PROTECTION_OFFICER: frozenset({P.READ_AUDIT, P.MANAGE_PRIVACY, P.EXPORT_PERSON}),
    Role.TRANSLATOR: frozenset({P.TRANSLATE_FORMS}),
    Role.COORDINATOR: frozenset(
        {P.SEE_FIGURES, P.EXPORT_FIGURES, P.SEE_FUNDING, P.MANAGE_FUNDING},
    ),
    Role.DECISION_MAKER: frozenset({P.SEE_FIGURES, P.SEE_FUNDING}),
}

# Whoever holds one of these sees clients' data: a second factor is compulsory in production.
CLIENT_DATA = frozenset(
    _CLIENT_WORK
    | {P.MEET_PERSONS, P.REVIEW_OPENINGS, P.SHARE_PERSONS, P.READ_AUDIT, P.IMPORT_CLIENTS, P.MANAGE_PRIVACY}
    | {P.EXPORT_PERSON, P.SEE_PROTECTED, P.EXPORT_SUBMISSIONS}
)


def permissions_of(roles: list[str]) -> frozenset[Permission]:
    """The union of the roles' permissions; an unknown role gives none."""
    return frozenset().union(*(ROLES.get(role, frozenset()) for role in roles))
