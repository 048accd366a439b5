"""The pages of a form ahead of their being opened, for a browser that may lose the network."""

import dataclasses

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse

from kotisatama.portal import filling_in, form_pages, reading_back
from kotisatama.portal.filling_in import Visit

# Of a longer form the pages beyond these need the network.
MOST_PAGES = 40
ASSETS = ("web/public.css", "web/favicon.svg", "forms/preview.js", "portal/offline.js")


def ahead(request: HttpRequest, visit: Visit) -> dict[str, object]:
    """What the worker script keeps: each page by its address as it is now, pages for when there is no network, files.

    `lost` and `forgotten` are no addresses: they stand for any page that is not kept, and for what was forgotten.
    """
    first = reverse("portal:form", args=[visit.code])
    pages = {
        reverse("portal:form_check", args=[visit.code]): _drawn(request, "portal/form_check_waiting.html", visit),
        reverse("portal:form_forget", args=[visit.code]): render_to_string(
            "portal/form_forget.html", form_pages.forgetting(visit.browser, visit.code), request
        ),
        f"{first}lost/": _drawn(request, "portal/form_lost.html", visit),
        f"{first}forgotten/": _drawn(request, "portal/form_forgotten.html", visit),
    }
    common = form_pages.page(visit, filling_in.drawn(visit, changing=False))
    for number in range(1, min(len(visit.form.pages), MOST_PAGES) + 1):
        address = reverse("portal:form_page", args=[visit.code, number])
        pages[address] = render_to_string("portal/form_page.html", common | _own(visit, number), request)
    return {"pages": pages, "assets": [static(name) for name in ASSETS]}


def _own(visit: Visit, number: int) -> dict[str, object]:
    """What differs from page to page; what is the same everywhere (the helper, the newer version) is asked once."""
    section = filling_in.without(visit.form.pages[number - 1], visit.draft.verified if visit.draft else ())
    one = dataclasses.replace(visit, index=number, section=section)
    return {
        "page": filling_in.drawn(one, changing=False),
        "seen": reading_back.seen(one),
        "known": reading_back.known(one),
    }


def _drawn(request: HttpRequest, template: str, visit: Visit) -> str:
    last = len(visit.form.pages)
    return render_to_string(template, {"code": visit.code, "last": last}, request)
