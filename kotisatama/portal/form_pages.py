"""What the pages around a form show, ready for their templates."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from kotisatama.documents import queries as documents
from kotisatama.forms import actions, queries
from kotisatama.forms.models import DraftKey, Submission, Who
from kotisatama.forms.structure import Definition
from kotisatama.kernel import identifiers
from kotisatama.portal import pages, questions, reading_back
from kotisatama.portal.filling_in import Visit, current_language
from kotisatama.translation.queries import Localized
from kotisatama.web.templatetags.kotisatama import ErrorLink


def page(visit: Visit, drawn: questions.Page) -> dict[str, object]:
    """Context of one page of a form, the person's or a helper's."""
    draft = visit.draft
    return {
        "page": drawn,
        "problems": drawn.problems,
        "saved": draft is not None,
        "draft": draft.pk if draft else "",
        "seen": reading_back.seen(visit),
        "both": reading_back.in_two_places(visit),
        "known": reading_back.known(visit),
        "helper": queries.ways(draft).helper if draft and not visit.is_helping else None,
        "is_renewed": bool(draft and not visit.is_helping and queries.newer_version(draft)),
    }


def check(visit: Visit, problems: list[ErrorLink]) -> dict[str, object]:
    """Context of the summary before sending."""
    draft = visit.draft
    summary = reading_back.summary(visit)
    return {
        "code": visit.code,
        "pages": summary,
        "problems": problems,
        "key": draft.submission_key if draft else "",
        "revision": draft.revision if draft else "",
        "is_helped": any(row.is_helpers for page in summary for row in page.rows),
        "helper": queries.ways(draft).helper if draft else None,
        "is_renewed": bool(draft and queries.newer_version(draft)),
    }


def receipt(submission: Submission) -> dict[str, object]:
    """Context of the receipt; `removed` are files that a worker cannot read, so that they can be sent again."""
    files = queries.document_ids(submission)
    return {
        "submission": submission,
        "code": submission.version.form.code,
        "reply": pages.reply_promise(submission.answers),
        "removed": documents.removed_of(submission.holder, files) if files else [],
    }


def forgetting(browser: str, code: str) -> dict[str, object]:
    """Context of the question before everything is forgotten."""
    draft = actions.enter_draft(browser, code)
    is_elsewhere = bool(draft and (draft.holder != browser or queries.ways(draft).is_elsewhere))
    return {"code": code, "has_draft": draft is not None, "is_elsewhere": is_elsewhere}


def later(visit: Visit, made: str = "", address: str = "") -> dict[str, object]:
    """Context of the page about going on later; `made` is a code to be shown now, `address` where it is typed.

    Who wants it as a message sends it from the own telephone: no address of anybody comes to us.
    """
    draft = visit.draft
    assert draft
    ways = queries.ways(draft)
    others = {draft.holder, *(each.bearer for each in ways.browsers)} - {visit.browser}
    return {
        "code": visit.code,
        "back": max(draft.page, 1),
        "made": made,
        "message": quote(f"{address}\n{made}"),
        "key": identifiers.new_id(),
        "way": ways.code,
        "others": len(others),
    }


@dataclass(frozen=True)
class Unfinished:
    """A form that this browser can go on with."""

    id: UUID
    title: Localized
    code: str
    changed_at: datetime
    is_from_code: bool


def unfinished(browser: str) -> list[Unfinished]:
    """All of them, the one changed last first."""
    return [
        Unfinished(
            each.draft.pk,
            queries.title(each.draft.version, current_language()),
            each.draft.version.form.code,
            each.draft.updated_at,
            each.is_from_code,
        )
        for each in actions.open_drafts(browser)
    ]


@dataclass(frozen=True)
class SharedPage:
    """A page that a helper may see, or that the person may choose to share."""

    name: str
    number: int
    title: Localized
    is_shared: bool
    keeps_some: bool


def shareable(form: Definition, language: str, key: DraftKey | None) -> list[SharedPage]:
    """The form's pages as far as a helper could see anything on them."""
    private = reading_back.unshared(form)
    found = []
    for number, each in enumerate(form.pages, start=1):
        asked = [form.unit_of(one.name) for one in each.questions() if one.is_asked]
        if any(name not in private for name in asked):
            title = queries.localized(each.labels, language)
            is_shared = key is not None and each.name in key.pages
            found.append(SharedPage(each.name, number, title, is_shared, any(name in private for name in asked)))
    return found


def helper(visit: Visit, made: str = "", problem: str = "") -> dict[str, object]:
    """Context of the person's page about a helper; `made` is a code to be shown now."""
    draft = visit.draft
    assert draft
    key = queries.ways(draft).helper
    return {
        "code": visit.code,
        "back": max(draft.page, 1),
        "made": made,
        "problems": [ErrorLink(problem, "page-1")] if problem else [],
        "key": identifiers.new_id(),
        "helper": key,
        "is_open": key is not None and key.kind == DraftKey.Kind.HELPER,
        "pages": shareable(visit.form, visit.language, key),
        "wrote": Who.HELPER in draft.filled_by.values(),
    }


def wrong_code() -> str:
    """One sentence for every code that opens nothing."""
    return _("This code does not open a form. Check the letters and digits, or ask for a new code.")


def seconds_left(key: DraftKey) -> float:
    """How long a key still opens anything."""
    return (key.expires_at - timezone.now()).total_seconds()


def after_code(key: DraftKey, browser: str) -> str:
    """Where a code leads: to the page where the person stopped, or to the choice when there is another such form."""
    code = key.form.code
    opened = [each for each in actions.open_drafts(browser) if each.draft.version.form.code == code]
    if len(opened) > 1:
        return reverse("portal:go_on")
    page = max(opened[0].draft.page, 1) if opened else 1
    return reverse("portal:form_page", args=[code, page])


def shared_numbers(key: DraftKey, form: Definition) -> list[int]:
    """The numbers of the pages that a helper sees."""
    return [number for number, each in enumerate(form.pages, start=1) if each.name in key.pages]
