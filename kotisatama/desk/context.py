"""What every page of the desk shows around its content: the rail, with counts that name nobody."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from kotisatama.audit.actions import counting
from kotisatama.cases import access as cases
from kotisatama.cases import queries as case_queries
from kotisatama.contacts import access as contacts
from kotisatama.desk import queries
from kotisatama.people import access as people
from kotisatama.people import queries as people_queries
from kotisatama.staff import access as staff
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Permission


@dataclass(frozen=True)
class Place:
    """A line of the rail: its words, its page, who may go there, and a count to show beside."""

    label: object
    url: str
    may: Callable[[Worker], bool]
    count: Callable[[Worker], int] | None = None


def _allowed(permission: Permission) -> Callable[[Worker], bool]:
    return lambda worker: staff.allows(worker, permission)


def _asked_alone(worker: Worker) -> bool:
    """Whether the worker is asked as an expert without having the inbox, whose page leads to the questions."""
    asks = staff.allows(worker, Permission.ANSWER_EXPERT_QUESTIONS)
    return asks and not staff.allows(worker, Permission.SEE_INBOX)


PLACES = (
    Place(_("Today"), "desk:today", lambda _worker: True),
    Place(_("Inbox"), "intake:inbox", _allowed(Permission.SEE_INBOX), queries.waiting),
    Place(_("Questions to experts"), "intake:questions", _asked_alone),
    Place(_("Contacts"), "contacts:list", contacts.can_record),
    Place(_("Clients"), "people:search", people.can_see_people),
    Place(_("Cases"), "cases:list", cases.manages, case_queries.transfers_waiting),
    Place(_("People I meet"), "people:met", _allowed(Permission.MEET_PERSONS)),
    Place(_("Openings"), "people:openings", _allowed(Permission.REVIEW_OPENINGS), people_queries.openings_waiting),
    Place(_("Non-disclosures"), "people:protections", people.can_see_some_protected, queries.protections_to_renew),
    Place(_("Messages"), "messages:outbox", _allowed(Permission.SEND_MESSAGES), queries.unsent),
    Place(_("Figures"), "reports:yearly", _allowed(Permission.SEE_FIGURES)),
    Place(_("Money"), "funding:start", _allowed(Permission.SEE_FUNDING)),
    Place(_("Forms"), "forms:list", _allowed(Permission.MANAGE_FORMS)),
    Place(_("Texts of forms"), "forms:translations", _allowed(Permission.TRANSLATE_FORMS)),
    Place(_("Workers"), "staff:workers", _allowed(Permission.MANAGE_WORKERS)),
    Place(_("Rules of the inbox"), "intake:rules", _allowed(Permission.MANAGE_FORMS)),
    Place(_("Region"), "network:region", _allowed(Permission.MANAGE_REGION)),
    Place(_("Data protection"), "privacy:retention", _allowed(Permission.MANAGE_PRIVACY)),
    Place(_("Trail"), "desk:trail", _allowed(Permission.READ_AUDIT), people_queries.open_unusual_looks),
)


def desk(request: HttpRequest) -> dict[str, object]:
    """Nothing for visitors; for workers the rail, and the addresses of the tools bar that the worker may use."""
    worker = getattr(request, "user", None)
    if not isinstance(worker, Worker) or not request.path.startswith("/desk/"):
        return {}
    return {
        "navigation": _navigation(worker, request.path),
        "home_url": reverse("desk:today"),
        "find_url": reverse("people:search") if people.can_see_people(worker) else "",
        "new_contact_url": reverse("contacts:new") if contacts.can_record(worker) else "",
        "own_menu": _own_menu(worker),
        "sign_out_url": reverse("account_logout"),
    }


def _own_menu(worker: Worker) -> list[dict[str, object]]:
    """The worker's own matters, behind the name in the tools bar."""
    found: list[dict[str, object]] = [{"label": _("Your own settings"), "url": reverse("staff:profile")}]
    if people.can_see_people(worker):
        pages = ((_("My openings"), "people:own_openings"), (_("Shared clients"), "people:sharings"))
        found += [{"label": label, "url": reverse(name)} for label, name in pages]
    return found


def _navigation(worker: Worker, path: str) -> list[dict[str, object]]:
    """The places that the worker may go to; the longest address that the page lies under is the current one."""
    places = [(place, _address(place.url)) for place in PLACES if place.may(worker)]
    known = [(place, url) for place, url in places if url]
    current = max((url for _place, url in known if path.startswith(url)), key=len, default="")
    with counting():
        return [
            {
                "label": place.label,
                "url": url,
                "current": url == current,
                "count": place.count(worker) if place.count else 0,
            }
            for place, url in known
        ]


def _address(name: str) -> str:
    """The page's address; empty when the app has none yet."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
