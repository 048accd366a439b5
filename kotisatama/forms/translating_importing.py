"""A translator's file beside the version: what it would change, what it cannot, and what has changed under it."""

import dataclasses
import json

from django.contrib import messages
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kotisatama.forms import translating_files as files
from kotisatama.forms.translating import Change, Saved
from kotisatama.forms.translating_checks import cleaned, complaints
from kotisatama.forms.translating_files import Entry, Fault
from kotisatama.forms.translating_queries import Line, Sheet
from kotisatama.forms.translating_states import FINISHED, State
from kotisatama.forms.translating_texts import digest
from kotisatama.forms.translating_words import what_it_is
from kotisatama.web.templatetags.kotisatama import ErrorLink

MOST_TOLD = 20  # sentences about an import; what is left out is counted
MOST_CHANGED = 700_000  # bytes of JSON that the page carries until the changes are accepted


@dataclasses.dataclass(frozen=True)
class Proposed:
    """One text that the file would change; `is_stale` when its source has changed since the file was made."""

    line: Line
    row: int
    change: Change
    is_stale: bool

    @property
    def what(self) -> str:
        return what_it_is(self.line)

    @property
    def has_other_words(self) -> bool:
        return self.change.target != self.line.target

    @property
    def state(self) -> State:
        """The state that the text will have."""
        return State.STALE if self.is_stale else State(self.change.state)


@dataclasses.dataclass(frozen=True)
class Proposal:
    """With faults nothing can be accepted. `gone` are entries whose text the version does not have."""

    faults: list[Fault]
    proposed: list[Proposed]
    stale: list[Proposed]
    gone: list[Entry]
    unchanged: int

    @property
    def can_be_accepted(self) -> bool:
        return bool(self.proposed) and not self.faults

    @property
    def reviewed(self) -> int:
        """How many texts the file calls reviewed."""
        return sum(1 for each in self.proposed if each.change.state == State.REVIEWED)

    def to_json(self) -> str:
        """The changes as the page carries them."""
        return json.dumps([dataclasses.astuple(each.change) for each in self.proposed], ensure_ascii=False)

    def links(self) -> list[ErrorLink]:
        """The faults as lines with their places."""
        return [ErrorLink(_place(fault), "") for fault in self.faults]


def _place(fault: Fault) -> str:
    if not fault.row:
        return fault.message
    place = _("Row %(row)d, column %(column)s") % {"row": fault.row, "column": fault.column}
    return f"{place}: {fault.message}"


def proposal(sheet: Sheet, content: bytes, *, name: str) -> Proposal:
    """Read the file and hold it against the version; changes nothing."""
    read = files.read(content, kind="po" if name.lower().endswith(".po") else "xlsx")
    faults = [*_of_language(sheet, read.language), *read.faults]
    lines, proposed, gone, unchanged = sheet.by_key(), [], [], 0
    for entry in read.entries:
        line = lines.get(entry.key)
        if line is None:
            gone.append(entry)
            continue
        found = _proposed(line, entry)
        if found is None:
            unchanged += 1
        else:
            proposed.append(found)
            faults += [Fault(entry.row, "target", each) for each in complaints(line.text.source, found.change.target)]
    result = Proposal(faults, proposed, [each for each in proposed if each.is_stale], gone, unchanged)
    return _measured(sheet, result)


def _measured(sheet: Sheet, result: Proposal) -> Proposal:
    faults = list(result.faults)
    if len(result.to_json().encode()) > MOST_CHANGED:
        faults.append(Fault(0, "", _("The file changes too many texts at once. Send it in two parts.")))
    if not sheet.is_open and any(each.has_other_words for each in result.proposed):
        faults.append(Fault(0, "", _("A published version does not change any more. Begin a new one from it.")))
    return dataclasses.replace(result, faults=faults)


def _of_language(sheet: Sheet, language: str) -> list[Fault]:
    if not language or language.casefold() == sheet.language.casefold():
        return []
    values = {"theirs": language, "ours": sheet.language}
    return [Fault(1, "target", _("The file is for the language %(theirs)s, this page for %(ours)s.") % values)]


def _proposed(line: Line, entry: Entry) -> Proposed | None:
    """The change that the entry asks for; an empty target asks for none."""
    target = cleaned(entry.target)
    if target == cleaned(line.target):
        target = line.target
    if not target:
        return None
    is_stale = cleaned(entry.source) != cleaned(line.text.source)
    state = _state(line, entry, is_new=target != line.target)
    if not state:
        return None
    source = digest(entry.source) if is_stale else line.source_digest
    return Proposed(line, entry.row, Change(entry.key, source, line.seen, target, state), is_stale)


def _state(line: Line, entry: Entry, *, is_new: bool) -> str:
    """What the file says of the words; empty when it says nothing that is not known.

    A machine draft or a stale text that the file calls new or reviewed was looked at by somebody.
    """
    said = entry.state if entry.state in (State.MACHINE, State.REVIEWED) else State.NEW.value
    if is_new:
        return said
    if entry.state not in FINISHED or line.state == State.REVIEWED:
        return ""
    return said if line.state in (State.MACHINE, State.STALE) or said == State.REVIEWED else ""


def told(sheet: Sheet, saved: Saved) -> list[tuple[int, str]]:
    """What became of an import, as messages with their levels."""
    lines = sheet.by_key()
    sentence = ngettext("%(count)d text was saved.", "%(count)d texts were saved.", saved.count)
    found = [(messages.SUCCESS, sentence % {"count": saved.count} if saved.count else _("Nothing was changed."))]
    for key, reasons in saved.refused.items():
        what = what_it_is(lines[key]) if key in lines else key
        found.append((messages.WARNING, f"{what}: {' '.join(reasons)}"))
    return [*found[:MOST_TOLD], *_left_out(len(found) - MOST_TOLD)]


def _left_out(number: int) -> list[tuple[int, str]]:
    if number <= 0:
        return []
    sentence = ngettext("%(count)d more text was not saved.", "%(count)d more texts were not saved.", number)
    return [(messages.WARNING, sentence % {"count": number})]
