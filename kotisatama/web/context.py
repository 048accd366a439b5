"""What every page's frame needs: the site's name and the languages of this page."""

from dataclasses import dataclass
from functools import partial

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url
from django.utils import translation

from kotisatama.web import direction


@dataclass(frozen=True)
class MenuLanguage:
    """A line of the language menu: the name in the language itself, and the same page in that language."""

    code: str
    name: str
    direction: str
    url: str
    current: bool


def site(request: HttpRequest) -> dict[str, object]:
    """`site_name`; `site_languages` is worked out only when a page shows the menu."""
    return {"site_name": settings.SITE_NAME, "site_languages": partial(menu, request)}


def menu(request: HttpRequest) -> list[MenuLanguage]:
    """Every language of the public side, with this page's address in it."""
    here, current = request.get_full_path(), translation.get_language()
    return [
        MenuLanguage(code, str(name), direction.of(code), translate_url(here, code), code == current)
        for code, name in settings.LANGUAGES
    ]
