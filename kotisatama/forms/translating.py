"""What translators do: words and marks, saved text by text so that two of them do not hinder each other."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kotisatama.forms import versions
from kotisatama.forms.models import Form, Version
from kotisatama.forms.translating_checks import complaints
from kotisatama.forms.translating_models import TextState
from kotisatama.forms.translating_states import State
from kotisatama.forms.translating_texts import FormText, check_language, digest, texts_of, with_words
from kotisatama.staff import access as staff
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Permission


@dataclass(frozen=True)
class Change:
    """A translation as somebody wants it: `seen` and `source` are the digests of what they had before their eyes.

    `state` is what they say of it: machine, new or reviewed; empty leaves a text as it is whose words stay the same.
    """

    key: str
    source: str
    seen: str
    target: str
    state: str = ""


@dataclass
class Saved:
    """The outcome: keys of other words and of other marks; by key why a change was not made, and its words now."""

    words: list[str] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    refused: dict[str, list[str]] = field(default_factory=dict)
    meanwhile: dict[str, str] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many texts changed in any way."""
        return len({*self.words, *self.marks})


@transaction.atomic
def save_texts(version: Version, *, language: str, changes: Iterable[Change], by: Worker) -> Saved:
    """Merge the changes into the rows as they are now, cell by cell; what somebody else has changed meanwhile is told.

    The version is locked while its rows are read and written, so that translators of other languages or other texts
    never collide. Raises NotAllowed when words would change in a published version. Again the same is no change.
    """
    staff.require(by, Permission.TRANSLATE_FORMS)
    locked = Version.objects.select_for_update(of=("self",)).select_related("form").get(pk=version.pk)
    texts = texts_of(locked.source)
    check_language(texts.default, language)
    known, saved, wanted = texts.by_key(), Saved(), {change.key: change for change in changes}
    words = {
        key: change.target
        for key, change in wanted.items()
        if _is_new(known.get(key), change, language, saved) and key not in saved.refused
    }
    marked = [change for key, change in wanted.items() if key not in saved.refused and change.target]
    _mark(locked, language, [change for change in marked if change.state or change.key in words], saved, by)
    if words:
        rows = with_words(locked.source, language, words)
        versions.change_rows(locked, rows=rows, revision=locked.revision, by=by)
    saved.words = list(words)
    if saved.count:
        details = {"language": language, "words": len(saved.words), "marks": len(saved.marks)}
        versions.record("form.texts_changed", locked, by=by, code=locked.form.code, number=locked.number, **details)
    return saved


def _is_new(text: FormText | None, change: Change, language: str, saved: Saved) -> bool:
    """Whether the change brings other words; what forbids it goes to `saved.refused`."""
    if text is None:
        saved.refused[change.key] = [_("This text is not in the form any more.")]
        return False
    now = text.target(language)
    if now == change.target:
        return False
    if digest(now) != change.seen:
        saved.meanwhile[change.key] = now
        saved.refused[change.key] = [_("Somebody else has saved other words meanwhile. Yours are not saved yet.")]
    elif faults := complaints(text.source, change.target):
        saved.refused[change.key] = faults
    return True


def _mark(version: Version, language: str, changes: list[Change], saved: Saved, by: Worker) -> None:
    """Keep what is said of the words; a row that says it already is left alone."""
    pairs = {(each.key, each.source, digest(each.target)): each.state or State.NEW for each in changes}
    rows = TextState.objects.filter(form=version.form_id, language=language, key__in=[key for key, _, _ in pairs])
    there = {(row.key, row.source_digest, row.target_digest): row.state for row in rows}
    new = {pair: state for pair, state in pairs.items() if there.get(pair) != state}
    TextState.objects.bulk_create(
        [
            TextState(
                form_id=version.form_id, language=language, key=key, source_digest=source, target_digest=target,
                state=state, changed_by=by, changed_at=timezone.now(),
            )
            for (key, source, target), state in new.items()
        ],
        update_conflicts=True,
        unique_fields=["form", "language", "key", "source_digest", "target_digest"],
        update_fields=["state", "changed_by", "changed_at"],
    )  # fmt: skip
    saved.marks = [key for key, _, _ in new]


def open_version(form_id: int) -> Version | None:
    """The version of a form whose words can be changed: the latest that is not published yet."""
    return Version.objects.filter(form=form_id, state__in=Version.OPEN).order_by("-pk").first()


@transaction.atomic
def begin_from(version: Version, *, by: Worker) -> Version:
    """A version whose words can be changed: the form's open one, else a new one with the rows of the published one.

    Those of this one only where none is published.
    """
    staff.require(by, Permission.TRANSLATE_FORMS)
    form = Form.objects.select_for_update().get(pk=version.form_id)
    if found := open_version(form.pk):
        return found
    like = Version.objects.filter(form=form, state=Version.State.PUBLISHED).first() or version
    begun = versions.start_version(form, rows=like.source, attachments=like.attachments, by=by)
    versions.record("form.version_begun", begun, by=by, code=form.code, number=begun.number)
    return begun
