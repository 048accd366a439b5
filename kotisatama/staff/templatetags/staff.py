"""What the sign-in pages need beside their forms."""

from django import template
from django.conf import settings
from django.utils import translation

from kotisatama.web.context import MenuLanguage

register = template.Library()


@register.simple_tag
def staff_languages() -> list[MenuLanguage]:
    """The same page in each of the staff's languages; the choice is remembered in a cookie (staff.middleware)."""
    current = translation.get_language()
    names = dict(settings.LANGUAGES)
    return [
        MenuLanguage(code, str(names[code]), "ltr", f"?language={code}", code == current)
        for code in settings.STAFF_LANGUAGES
    ]
