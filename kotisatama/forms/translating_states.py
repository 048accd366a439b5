"""How far the texts of a version are in each language: the words of its rows beside what is kept of them."""

import dataclasses
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from kotisatama.forms.models import Version
from kotisatama.forms.translating_models import TextState
from kotisatama.forms.translating_texts import FormText, FormTexts, Rows, digest, texts_of
from kotisatama.translation import languages


class State(TextChoices):
    """Of one text in one language, as a translator sees it."""

    MISSING = "missing", _("Missing")
    MACHINE = "machine", _("Machine draft")
    STALE = "stale", _("Source has changed")
    NEW = "new", _("New")
    REVIEWED = "reviewed", _("Reviewed")


FINISHED = frozenset({State.NEW, State.REVIEWED})

# What is kept of a text, by the digests of its source and its target.
Kept = Mapping[tuple[str, str], str]


@dataclasses.dataclass(frozen=True)
class Share:
    """How many texts of a version are in which state in one language."""

    language: str
    total: int
    counts: Mapping[str, int]

    @property
    def finished(self) -> int:
        """Texts that have words which fit their source and which no machine left unread."""
        return sum(self.counts.get(state, 0) for state in FINISHED)

    @property
    def share(self) -> float:
        """The finished part of one; 1 for a form without texts."""
        return self.finished / self.total if self.total else 1.0

    @property
    def numbers(self) -> list[int]:
        """The counts in the order of the states."""
        return [self.counts.get(state, 0) for state in State]

    @property
    def own_name(self) -> str:
        return languages.own_name(self.language)


def state_of(text: FormText, language: str, kept: Kept) -> State:
    """The state of a text's words, by the states that are kept for its key."""
    target = text.target(language)
    if not target:
        return State.MISSING
    if not kept:
        return State.NEW
    words, source = digest(target), digest(text.source)
    if found := kept.get((source, words)):
        return State(found)
    return State.STALE if any(pair[1] == words for pair in kept) else State.NEW


def kept_states(form_ids: Iterable[int], language: str = "") -> Mapping[tuple[int, str, str], Kept]:
    """What is kept of the forms' texts by form, language and key; of one language when it is given. One query."""
    rows = TextState.objects.filter(form__in=list(form_ids))
    if language:
        rows = rows.filter(language=language)
    found: dict[tuple[int, str, str], dict[tuple[str, str], str]] = defaultdict(dict)
    for row in rows:
        found[row.form_id, row.language, row.key][row.source_digest, row.target_digest] = row.state
    return dict(found)


def language_shares(version: Version) -> list[Share]:
    """The share of finished texts in each language of the version but its own, in the order of its columns."""
    return shares_of([version])[version.pk]


def shares_of(versions: Sequence[Version]) -> dict[int, list[Share]]:
    """The same for many versions, by their keys. One query however many they are; needs their rows."""
    kept = kept_states({version.form_id for version in versions})
    return {version.pk: state_shares(version.form_id, texts_of(version.source), kept) for version in versions}


def state_shares(form_id: int, texts: FormTexts, kept: Mapping[tuple[int, str, str], Kept]) -> list[Share]:
    """The same of texts that were read already, with what `kept_states` found."""
    found = []
    for language in texts.languages:
        if language == texts.default:
            continue
        counts: dict[str, int] = {}
        for text in texts.texts:
            state = state_of(text, language, kept.get((form_id, language, text.key), {}))
            counts[state] = counts.get(state, 0) + 1
        found.append(Share(language, len(texts.texts), counts))
    return found


def remember_sources(form_id: int, before: Rows, after: Rows) -> None:
    """Keep from which source the translations were made whose source changes now, so that they are known as stale."""
    old, new = texts_of(before).by_key(), texts_of(after).by_key()
    changed = [key for key in old.keys() & new.keys() if old[key].source != new[key].source]
    if not changed:
        return
    kept = kept_states([form_id])
    TextState.objects.bulk_create(
        [
            TextState(
                form_id=form_id,
                key=key,
                language=language,
                source_digest=digest(old[key].source),
                target_digest=digest(words),
            )
            for key in sorted(changed)
            for language, words in old[key].words.items()
            if words == new[key].target(language)
            and state_of(old[key], language, kept.get((form_id, language, key), {})) != State.STALE
        ],
        ignore_conflicts=True,
    )
