"""Visitors of the contact form in several browsers, for tests of going on elsewhere and of helpers."""

from collections.abc import Mapping
from typing import Any

from django.test import Client

from kotisatama.forms.models import Draft, DraftKey, Submission
from kotisatama.kernel import identifiers, row_security
from kotisatama.portal import holder

FORM = "/en/form/yhteydenotto/"
ABOUT: dict[str, Any] = {"topics": ["letters"], "message": "I do not understand this letter.", "urgent": "yes"}
YOU: dict[str, Any] = {
    "municipality": "426", "service_language": "ar", "interpreter": "yes", "date_of_birth": "11.2.1990",
}  # fmt: skip
FAMILY: dict[str, Any] = {"with_family": "no"}
CONTACT: dict[str, Any] = {"reply_by": "sms", "phone": "+358 40 000 0000", "phone_safe": "yes", "consent": "OK"}
PAGES = [ABOUT, YOU, FAMILY, CONTACT]


def post(browser: Client, number: int, answers: Mapping[str, Any], go: str = "next", **more: Any) -> Any:
    return browser.post(f"{FORM}{number}/", {**answers, "page:go": go, **more})


def fill(browser: Client, pages: list[dict[str, Any]] = PAGES) -> None:
    for number, answers in enumerate(pages, start=1):
        assert post(browser, number, answers).status_code == 302


def shown(browser: Client, number: int) -> dict[str, str]:
    """The hidden fields of a page as the browser has it open."""
    context = browser.get(f"{FORM}{number}/").context
    return {"page:draft": str(context["draft"]), "page:seen": context["seen"]}


def code_of(browser: Client, *, page: str = "later", **answers: Any) -> str:
    """Press the button for a code, and read it."""
    response = browser.post(f"{FORM}{page}/", {"page:key": str(identifiers.new_id()), "do": "code", **answers})
    assert response.status_code == 200, response.content.decode()
    return str(response.context["made"])


def go_on(browser: Client, code: str) -> Any:
    return browser.post("/en/go-on/", {"code": code})


def send(browser: Client, **more: str) -> Any:
    context = browser.get(f"{FORM}check/").context
    fields = {"page:key": str(context["key"]), "page:revision": str(context["revision"])}
    return browser.post(f"{FORM}check/", fields | {"page:go": "send"} | more)


def holder_of(browser: Client) -> str:
    return holder._hash(browser.cookies[holder.COOKIE].value)


def draft_of(browser: Client) -> Draft:
    with row_security.context(holder=holder_of(browser)):
        return Draft.objects.select_related("version").get()


def keys_of(browser: Client) -> list[str]:
    with row_security.context(holder=holder_of(browser)):
        return sorted(DraftKey.objects.filter(holder=holder_of(browser)).values_list("kind", flat=True))


def submissions() -> list[Submission]:
    with row_security.context(controllers=["167", "426"]):
        return list(Submission.objects.all())
