"""What a site with real people must not run with."""

import os
from typing import Any

from django.conf import LazySettings, settings
from django.core.checks import CheckMessage, Error

MODES = ("demo", "production")
SECRET_LENGTH = 32


def problems(site: LazySettings) -> list[str]:
    """Say, a sentence each, why these settings are refused in production; empty outside production."""
    mode = os.environ.get("KOTISATAMA_MODE", "demo")
    if mode not in MODES:
        return [f"KOTISATAMA_MODE is {mode!r}; it must be one of: {', '.join(MODES)}."]
    if mode != "production":
        return []
    found = []
    if site.DEBUG:
        found.append("DEBUG is on and would show people's details in errors: remove KOTISATAMA_DEBUG.")
    for name in ("SECRET_KEY", "IDENTITY_CODE_KEY", "AUDIT_KEY", "PROTECTION_KEY"):
        if getattr(site, name) == site.DEMO_SECRET or len(getattr(site, name)) < SECRET_LENGTH:
            found.append(f"KOTISATAMA_{name} must be a secret of your own, at least {SECRET_LENGTH} characters long.")
    if site.PROTECTION_KEY in (site.SECRET_KEY, site.IDENTITY_CODE_KEY, site.AUDIT_KEY):
        found.append(
            "KOTISATAMA_PROTECTION_KEY must differ from the other keys: whoever holds those opens no seal of it."
        )
    if not (site.AUDIT_ROOTS_FILE or site.AUDIT_ROOTS_MAIL or site.AUDIT_ROOTS_URL):
        found.append("Nobody outside is told the roots of the trail: set KOTISATAMA_AUDIT_ROOTS_FILE, _MAIL or _URL.")
    if any(host.strip() in ("", "*") or host.strip().startswith(".") for host in site.ALLOWED_HOSTS):
        found.append("KOTISATAMA_HOSTS has a wildcard: name each host that the site answers to.")
    if not os.environ.get("DATABASE_URL"):
        found.append("DATABASE_URL is missing: production does not use the embedded PostgreSQL by itself.")
    return found


def check(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The same as a system check of Django: `kotisatama check` and every command refuse to go on."""
    return [Error(problem, id="kotisatama.E001") for problem in problems(settings)]
