"""A visitor without a browser: the same addresses, cookies and POSTs, over plain HTTP."""

import http.cookiejar
import re
import urllib.parse
import urllib.request

FORM = "/fi/form/yhteydenotto/"
PAGES: list[dict[str, str]] = [
    {"topics": "letters", "message": "En ymmärrä tätä kirjettä.", "urgent": "yes"},
    {"municipality": "426", "service_language": "ar", "interpreter": "yes"},
    {"with_family": "no"},
    {"reply_by": "sms", "phone": "+358 40 000 0000", "phone_safe": "yes", "consent": "OK"},
]


class Visitor:
    """Fills in the contact form; `base` is the address without a slash at its end."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))

    def get(self, path: str) -> str:
        with self.opener.open(self.base + path, timeout=20) as answer:
            return str(answer.read().decode())

    def post(self, path: str, fields: dict[str, str]) -> tuple[str, str]:
        """Post with the token of the page; returns where it led to and what stands there."""
        token = next(cookie.value for cookie in self.jar if cookie.name == "kotisatama_csrf")
        body = urllib.parse.urlencode({"csrfmiddlewaretoken": token or "", **fields}).encode()
        with self.opener.open(self.base + path, body, timeout=20) as answer:
            return str(answer.url), str(answer.read().decode())

    def fill(self) -> str:
        """Everything up to the summary; returns the key that sending needs."""
        self.get(FORM)
        for number, fields in enumerate(PAGES, start=1):
            address, page = self.post(f"{FORM}{number}/", {**fields, "page:go": "next"})
        assert address.endswith("/check/"), address
        found = re.search(r'name="page:key" value="([^"]+)"', page)
        assert found, "no key on the summary"
        return found[1]

    def send(self, key: str) -> str:
        """Send, and give the reference that the receipt shows."""
        address, _page = self.post(f"{FORM}check/", {"page:key": key, "page:go": "send"})
        return urllib.parse.urlsplit(address).path.split("/")[-2]
