"""Drafts: kept, listed, forgotten. Who gets to one stands in draft_keys."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import CharField, UUIDField

from kotisatama.documents import actions as documents
from kotisatama.forms import draft_keys, filling, merging, queries
from kotisatama.forms.models import Draft, DraftKey, Version, Who
from kotisatama.forms.moments import this_moment
from kotisatama.forms.structure import Definition
from kotisatama.kernel import row_security
from kotisatama.kernel.compiled import Compiled, Given


def lock_draft(draft: Draft) -> Draft | None:
    """The draft as it is now, locked until the transaction ends; None when it was sent or removed meanwhile."""
    return _locked.first(pk=draft.pk)


def lock_to_send(browser: str, code: str, key: UUID) -> Draft | None:
    """The draft whose summary carried this key, locked until the transaction ends; None when it is not here any more.

    It is the browser's own one, or one that a code led it to: then the transaction is left in its holder's context.
    """
    own = _own_locked.first(holder=browser, code=code, key=key)
    if own:
        return own
    other = draft_keys.enter_draft(browser, code)
    locked = lock_draft(other) if other and other.submission_key == key else None
    if locked is None:
        row_security.set_context(holder=browser)
    return locked


_locked = Compiled(
    lambda: queries.with_version(
        Draft.objects.filter(pk=Given("pk", UUIDField())).select_for_update(of=("self",)).order_by()[:1]
    )
)
_own_locked = Compiled(
    lambda: queries.with_version(
        Draft.objects.filter(
            holder=Given("holder", CharField()),
            version__form__code=Given("code", CharField()),
            submission_key=Given("key", UUIDField()),
        )
        .select_for_update(of=("self",))
        .order_by()
    )
)


@transaction.atomic
def keep_draft(
    *,
    holder: str,
    version: Version,
    language: str,
    answers: dict[str, Any],
    page: int,
    by: str = Who.PERSON,
    submission_key: UUID | None = None,
) -> Draft:
    """Save the answers so far; `page` is the furthest page that was filled in, `by` who changed what is different.

    `submission_key` is that of a new draft, for a sender that makes its own; else one is drawn.
    """
    drafts = Draft.objects.select_for_update(of=("self",))
    draft, is_new = drafts.get_or_create(
        holder=holder,
        version=version,
        defaults={
            "language": language,
            "answers": answers,
            "page": page,
            "filled_by": _who(version, {}, answers, {}, by),
            **({"submission_key": submission_key} if submission_key else {}),
        },
    )
    if is_new:
        return draft
    if draft.answers != answers:
        draft.filled_by = _who(version, draft.answers, answers, draft.filled_by, by)
        draft.answers, draft.revision = answers, draft.revision + 1
    draft.page = max(draft.page, page)
    if by == Who.PERSON:
        draft.language = language
    draft.save(update_fields=["answers", "filled_by", "revision", "page", "language", "updated_at"])
    return draft


@transaction.atomic
def begin_prefilled(
    *,
    holder: str,
    version: Version,
    language: str,
    known: Mapping[str, Any],
    verified: Collection[str] | None = None,
) -> Draft:
    """Begin a draft with what is known of the person: `known` by the words of `kotisatama::prefill` (person.name).

    Those of the words in `verified` (all, when it is left out) are for reading only; what the form would not take is
    left for the person to answer. A draft that the holder has begun in this version stays as it is.
    """
    form, moment = queries.definition(version), this_moment()
    answers = filling.initial_answers(form, today=moment["today"], now=moment["now"])
    words = _prefilled(form, known)
    answers |= {name: known[word] for name, word in words.items()}
    evaluation = filling.evaluate(form, answers, language=language, **moment)
    for complaint in filling.complaints(form, answers, evaluation, language):
        if words.pop(complaint.field, ""):
            answers.pop(complaint.field)
    given = {name: known[word] for name, word in words.items()}
    fixed = [name for name, word in words.items() if verified is None or word in verified]
    filled_by = _who(version, given, answers, dict.fromkeys(given, Who.PREFILL), Who.PERSON)
    draft, _is_new = Draft.objects.get_or_create(
        holder=holder,
        version=version,
        defaults={"language": language, "answers": answers, "filled_by": filled_by, "verified": fixed},
    )
    return draft


def _prefilled(form: Definition, known: Mapping[str, Any]) -> dict[str, str]:
    """The word of each question that is filled in: of several with one word the first."""
    found: dict[str, str] = {}
    for each in form.questions.values():
        word = "" if each.repeat else queries.option(each, "prefill")
        if word not in found.values() and known.get(word) not in (None, "", []):
            found[each.name] = word
    return found


@transaction.atomic
def take_back(holder: str, words: Collection[str]) -> None:
    """Take out of the holder's drafts what was filled in from the register under these words, and nobody changed."""
    for draft in queries.with_version(Draft.objects.select_for_update(of=("self",)).filter(holder=holder)):
        form = queries.definition(draft.version)
        named = {each.name for each in form.questions.values() if queries.option(each, "prefill") in words}
        gone = {name for name in named if draft.filled_by.get(name) == Who.PREFILL}
        draft.answers = {name: value for name, value in draft.answers.items() if name not in gone}
        draft.filled_by = {name: who for name, who in draft.filled_by.items() if name not in gone}
        draft.verified = [name for name in draft.verified if name not in gone]
        draft.revision += 1
        draft.save(update_fields=["answers", "filled_by", "verified", "revision"])


def _who(
    version: Version, before: Mapping[str, Any], after: Mapping[str, Any], who: Mapping[str, str], by: str
) -> dict[str, str]:
    return merging.who_wrote(queries.definition(version), before, after, who, by)


@transaction.atomic(savepoint=False)
def say_sender(draft: Draft, *, browser: str) -> None:
    """Note which browser is about to send the draft: the receipt is for it, wherever the draft began or was tried."""
    sender = "" if draft.holder == browser else browser
    if draft.sender != sender:
        draft.sender = sender
        draft.save(update_fields=["sender"])


@transaction.atomic
def choose_draft(draft_id: UUID, *, browser: str) -> str:
    """Go on with this one of several drafts of a form that the browser can open; returns the form's code, or ""."""
    own = Draft.objects.filter(pk=draft_id, holder=browser).select_related("version__form").first()
    if own:
        own.save(update_fields=["updated_at"])
        return own.version.form.code
    key = next((each for each in draft_keys.live(browser) if each.draft_id == draft_id), None)
    if key is None:
        return ""
    draft_keys.mark_opened(key)
    return key.form.code


@transaction.atomic
def forget_draft(draft: Draft) -> None:
    """Remove unsent answers with their files, and every way to them."""
    for document_id in queries.files_in(queries.definition(draft.version), draft.answers):
        documents.forget(document_id, holder=draft.holder)
    draft.delete()


@transaction.atomic
def forget_drafts(holder: str) -> None:
    """Remove a visitor's unsent answers with their files and codes; what was sent stays, and so does what a code opened
    here: that is the other browser's too, and this one only loses its way to it.
    """
    draft_keys.leave_drafts(holder, DraftKey.Kind.BROWSER)
    for draft in queries.with_version(Draft.objects.filter(holder=holder)):
        forget_draft(draft)


@transaction.atomic
def forget_here(browser: str) -> None:
    """Leave drafts to whoever can open them elsewhere; remove those that nobody can, with their files."""
    draft_keys.leave_drafts(browser, DraftKey.Kind.BROWSER)
    for draft in queries.with_version(Draft.objects.filter(holder=browser)):
        if not queries.ways(draft).is_elsewhere:
            forget_draft(draft)


@transaction.atomic
def forget_everywhere(browser: str, code: str) -> None:
    """Remove also the draft of this form that a code opened in this browser, for everybody."""
    draft = draft_keys.enter_draft(browser, code)
    if draft:
        forget_draft(draft)
    row_security.set_context(holder=browser)
    forget_drafts(browser)
