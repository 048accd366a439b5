"""Ways to a draft from elsewhere: the code on paper, the person's other browsers, a helper for a day.

Each function that finds something leaves the transaction in the context of the draft's own holder (row security), so
that the draft, its keys and its files exist; where nothing is found, in that of the browser that asked.
"""

import hmac
import unicodedata
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import CharField, DateTimeField
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from kotisatama.forms import code_attempts, queries
from kotisatama.forms.models import Draft, DraftKey
from kotisatama.kernel import row_security
from kotisatama.kernel.compiled import Compiled, Given
from kotisatama.kernel.errors import NotAllowed

# No 0 O, 1 I L, 2 Z, 5 S, 8 B, U V: a code is written down by hand and typed on another keyboard.
ALPHABET = "34679ACDEFGHJKMNPQRTVWXY"
LENGTH, GROUP = 12, 4
CODE_LASTS, HELPER_LASTS = timedelta(days=14), timedelta(hours=24)
BROWSER_LASTS = timedelta(days=30)  # as the draft itself, and as the browser's own cookie
# What looks the same on a Cyrillic keyboard.
LOOK_ALIKE = str.maketrans("АСЕНКМРТХУ", "ACEHKMPTXY")

Kind = DraftKey.Kind


@dataclass(frozen=True)
class OpenDraft:
    """A draft that a browser can go on with."""

    draft: Draft
    is_from_code: bool


def new_code(secret: str, key: uuid.UUID, kind: str) -> str:
    """A code such as `3KXQ-9TRA-WC7F`: the same for the same browser and page, so that sending twice shows one code."""
    seed = hmac.digest(settings.SECRET_KEY.encode(), f"draft code:{kind}:{key}:{secret}".encode(), sha256)
    number, letters = int.from_bytes(seed, "big"), ""
    for _place in range(LENGTH):
        number, letter = divmod(number, len(ALPHABET))
        letters += ALPHABET[letter]
    return "-".join(letters[place : place + GROUP] for place in range(0, LENGTH, GROUP))


def normal(typed: str) -> str:
    """The twelve signs of a code however they were typed; empty when it cannot be one."""
    text = unicodedata.normalize("NFKC", typed[:200]).upper().translate(LOOK_ALIKE)
    digits = (str(unicodedata.digit(sign, sign)) for sign in text)
    signs = "".join(sign for sign in digits if sign.isalnum())
    return signs if len(signs) == LENGTH and set(signs) <= set(ALPHABET) else ""


def _bearer(signs: str) -> str:
    return salted_hmac("kotisatama.forms.draft_keys", signs, algorithm="sha256").hexdigest()


def live(bearer: str) -> list[DraftKey]:
    """All keys that this bearer has and that open something now, the one opened last first."""
    return _live.all(bearer=bearer, now=timezone.now()) if bearer else []


_live = Compiled(
    lambda: (
        DraftKey.objects.filter(bearer=Given("bearer", CharField()), expires_at__gt=Given("now", DateTimeField()))
        .select_related("form")
        .order_by("-opened_at")
    )
)


def enter_draft(browser: str, code: str) -> Draft | None:
    """The draft of this form that the browser opened last: its own, or one that a code led it to."""
    own = queries.draft_of_form(browser, code)
    keys = [each for each in live(browser) if each.kind == Kind.BROWSER and each.form.code == code]
    latest = keys[0] if keys else None
    if latest is None or (own and own.updated_at > (latest.opened_at or latest.made_at)):
        return own
    row_security.set_context(holder=latest.holder)
    return queries.draft(latest.draft_id)


@transaction.atomic
def make_code(draft: Draft, *, secret: str, key: uuid.UUID) -> str:
    """Make the code for going on elsewhere; one made before no longer works. The same `key` gives the same code."""
    return _make(draft, Kind.CODE, (Kind.CODE,), secret, key, CODE_LASTS, [])


@transaction.atomic
def make_helper_code(draft: Draft, *, secret: str, key: uuid.UUID, pages: Iterable[str]) -> str:
    """Make a code with which one helper opens these pages for a day; the helper before is out. Raises NotAllowed."""
    names = {page.name for page in queries.definition(draft.version).pages}
    shared = [page for page in dict.fromkeys(pages) if page in names]
    if not shared:
        raise NotAllowed(_("Choose at least one page that your helper may see."))
    chosen = f"{secret}:{','.join(sorted(shared))}"  # other pages by the same page's key are another code
    return _make(draft, Kind.HELPER_CODE, (Kind.HELPER_CODE, Kind.HELPER), chosen, key, HELPER_LASTS, shared)


def _make(
    draft: Draft, kind: str, replaces: Iterable[str], secret: str, key: uuid.UUID, lasts: timedelta, pages: list[str]
) -> str:
    code = new_code(secret, key, kind)
    bearer = _bearer(normal(code))
    Draft.objects.select_for_update().get(pk=draft.pk)
    if DraftKey.objects.filter(draft=draft, bearer=bearer).exists():
        return code
    DraftKey.objects.filter(draft=draft, kind__in=list(replaces)).delete()
    DraftKey.objects.create(
        holder=draft.holder,
        bearer=bearer,
        draft=draft,
        form_id=draft.version.form_id,
        kind=kind,
        pages=pages,
        expires_at=timezone.now() + lasts,
    )
    return code


@transaction.atomic
def end_helping(draft: Draft) -> None:
    """From now on no helper opens the draft; again changes nothing."""
    DraftKey.objects.filter(draft=draft, kind__in=[Kind.HELPER_CODE, Kind.HELPER]).delete()


@transaction.atomic
def close_elsewhere(draft: Draft, *, browser: str) -> None:
    """The code and the person's other browsers no longer open the draft; the browser that asks still does."""
    keys = DraftKey.objects.filter(draft=draft, kind__in=[Kind.CODE, Kind.BROWSER])
    keys.exclude(bearer=browser, kind=Kind.BROWSER).delete()


@transaction.atomic
def open_code(typed: str, *, browser: str, helper: str, address: str) -> DraftKey | None:
    """Open what a code leads to: for `browser` the whole draft, or for `helper` the shared pages, by the code's kind.

    None for a code that is unknown, too old, ended or used by another helper: all look alike. Raises TooManyTries.
    """
    code_attempts.check_tries(address)
    signs = normal(typed)
    found = _code_row(signs) if signs else None
    opened = _let_in(found, helper if found.kind == Kind.HELPER_CODE else browser) if found else None
    if opened is None:
        row_security.set_context(holder=browser)
        code_attempts.count_try(address)
    return opened


def _code_row(signs: str) -> DraftKey | None:
    row_security.set_context(holder=_bearer(signs))
    kinds = (Kind.CODE, Kind.HELPER_CODE)
    return next((each for each in live(_bearer(signs)) if each.kind in kinds), None)


def _let_in(code: DraftKey, bearer: str) -> DraftKey | None:
    """The key of this browser for the code's draft. The draft's own browser needs none, and gets its own draft."""
    row_security.set_context(holder=code.holder)
    current = DraftKey.objects.select_for_update(of=("self",)).select_related("form").filter(pk=code.pk).first()
    if current is None:
        return None
    if current.kind == Kind.CODE and bearer == current.holder:
        return current
    kind = Kind.BROWSER if current.kind == Kind.CODE else Kind.HELPER
    if kind == Kind.HELPER and current.opened_at:
        return DraftKey.objects.filter(draft=current.draft_id, kind=kind, bearer=bearer).first()
    now = timezone.now()
    current.opened_at = now
    current.save(update_fields=["opened_at"])
    expires_at = current.expires_at if kind == Kind.HELPER else now + BROWSER_LASTS
    values = {"holder": current.holder, "form_id": current.form_id, "kind": kind, "pages": current.pages}
    opened, _is_new = DraftKey.objects.update_or_create(
        draft_id=current.draft_id, bearer=bearer, defaults=values | {"opened_at": now, "expires_at": expires_at}
    )
    return opened


@transaction.atomic
def open_to(draft: Draft, *, browser: str) -> None:
    """Let this browser go on with a draft to which it was led by something else than a code; again is the same key."""
    now = timezone.now()
    values: dict[str, Any] = {"holder": draft.holder, "form_id": draft.version.form_id, "kind": Kind.BROWSER}
    values |= {"opened_at": now, "expires_at": now + BROWSER_LASTS}
    DraftKey.objects.update_or_create(draft=draft, bearer=browser, defaults=values)


def open_drafts(browser: str) -> list[OpenDraft]:
    """Every draft that this browser can go on with: its own and those that codes led it to, the latest first."""
    row_security.set_context(holder=browser)
    found = [OpenDraft(each, is_from_code=False) for each in queries.drafts_of(browser)]
    for key in live(browser):
        if key.kind == Kind.BROWSER:
            row_security.set_context(holder=key.holder)
            draft = queries.draft(key.draft_id)
            found += [OpenDraft(draft, is_from_code=True)] if draft else []
    row_security.set_context(holder=browser)
    return sorted(found, key=lambda each: each.draft.updated_at, reverse=True)


def enter_as_helper(helper: str) -> tuple[DraftKey, Draft] | None:
    """For a helper's browser: its key and the draft, while the person lets it."""
    row_security.set_context(holder=helper)
    key = next((each for each in live(helper) if each.kind == Kind.HELPER), None)
    if key is None:
        return None
    row_security.set_context(holder=key.holder)
    draft = queries.draft(key.draft_id)
    return (key, draft) if draft else None


@transaction.atomic
def mark_opened(key: DraftKey) -> None:
    """This is the draft that the browser goes on with."""
    row_security.set_context(holder=key.holder)
    DraftKey.objects.filter(pk=key.pk).update(opened_at=timezone.now())


@transaction.atomic
def leave_drafts(bearer: str, *kinds: str) -> None:
    """Throw away the keys of these kinds that this browser has; the drafts stay with their holders."""
    row_security.set_context(holder=bearer)
    for key in live(bearer):
        if key.kind in kinds:
            row_security.set_context(holder=key.holder)
            DraftKey.objects.filter(pk=key.pk).delete()
    row_security.set_context(holder=bearer)
