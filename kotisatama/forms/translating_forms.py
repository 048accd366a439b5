"""Fields of translators' pages."""

import json
import re
from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from kotisatama.forms.translating import Change
from kotisatama.forms.translating_checks import cleaned, complaints
from kotisatama.forms.translating_models import TextState
from kotisatama.forms.translating_queries import Line
from kotisatama.forms.translating_states import State
from kotisatama.forms.translating_texts import digest
from kotisatama.forms.translating_words import what_it_is
from kotisatama.translation import languages
from kotisatama.web import direction

MOST_BYTES = 2_000_000
_DIGEST = re.compile(r"[0-9a-f]{32}\Z")


class FilterForm(forms.Form):
    """Which texts the page shows."""

    state = forms.ChoiceField(label=_("State"), choices=[("", _("All"))], required=False)
    q = forms.CharField(label=_("Words"), max_length=100, required=False)

    def __init__(self, *arguments: Any, counts: dict[State, int], **more: Any) -> None:
        super().__init__(*arguments, **more)
        every = [(state.value, f"{state.label} ({number})") for state, number in counts.items()]
        field = cast("forms.ChoiceField", self.fields["state"])
        field.choices = [("", f"{_('All')} ({sum(counts.values())})"), *every]

    def chosen(self) -> dict[str, str]:
        """The filter as far as it was understood."""
        found = self.cleaned_data if self.is_valid() else {}
        return {"state": found.get("state", ""), "words": found.get("q", "")}


class TextForm(forms.Form):
    """One text on the page: its words, and whether somebody has read them."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=400)
    source = forms.RegexField(_DIGEST, widget=forms.HiddenInput)
    seen = forms.RegexField(_DIGEST, widget=forms.HiddenInput)
    target = forms.CharField(required=False, strip=False, widget=forms.Textarea)
    reviewed = forms.BooleanField(label=_("I have read this and it is right"), required=False)

    def __init__(self, *arguments: Any, line: Line, language: str, is_open: bool, **more: Any) -> None:
        more["initial"] = {
            "key": line.text.key, "source": line.source_digest, "seen": line.seen, "target": line.target,
        }  # fmt: skip
        super().__init__(*arguments, **more)
        self.line, self.is_open = line, is_open
        self.meanwhile = ""
        target = self.fields["target"]
        target.label = languages.own_name(language)
        rows = 2 + max(len(line.text.source), len(line.target)) // 60
        target.widget.attrs |= {
            "class": "ds-input",
            "lang": language,
            "dir": direction.of(language),
            "rows": min(rows, 12),
        }
        target.disabled = not is_open

    CHIPS = {
        State.MISSING: "warn",
        State.MACHINE: "warn",
        State.STALE: "stop",
        State.NEW: "still",
        State.REVIEWED: "ok",
    }

    @property
    def chip(self) -> str:
        """The class of the state's mark."""
        return self.CHIPS[self.line.state]

    @property
    def what(self) -> str:
        return what_it_is(self.line)

    @property
    def standing_faults(self) -> list[str]:
        """What is wrong with the words as they stand in the rows, until somebody mends them."""
        return [] if self.is_bound else self.line.faults

    @property
    def asks_for_review(self) -> bool:
        return self.line.state != State.REVIEWED and (self.is_open or bool(self.line.target))

    def clean_target(self) -> str:
        words = cleaned(str(self.cleaned_data["target"]))
        if words != self.line.target and (faults := complaints(self.line.text.source, words)):
            raise forms.ValidationError(faults)
        return words

    def clean(self) -> dict[str, Any]:
        """Nobody has read words that are not there or that cannot be right."""
        given = self.cleaned_data
        if given.get("reviewed") and "target" in given:
            if not given["target"]:
                self.add_error("target", _("There are no words to be read yet."))
            elif faults := complaints(self.line.text.source, given["target"]):
                self.add_error("target", faults)
        return given

    def change(self) -> Change | None:
        """What is to be saved; None when nothing was touched on the page, whatever others have done meanwhile."""
        given = self.cleaned_data
        target, state = given["target"], TextState.State.REVIEWED if given["reviewed"] else ""
        if given["seen"] == self.line.seen and target == cleaned(self.line.target):
            target = self.line.target
        if given["seen"] == digest(target) and not state:
            return None
        return Change(given["key"], given["source"], given["seen"], target, state)


class UploadForm(forms.Form):
    """A file with translations."""

    file = forms.FileField(label=_("File (.xlsx or .po)"))

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than 2 MB."))
        if not str(file.name).lower().endswith((".xlsx", ".po")):
            raise forms.ValidationError(_("Choose a spreadsheet (.xlsx) or a catalogue (.po)."))
        return file


class AcceptForm(forms.Form):
    """The changes that a file brings, as the page before has shown them."""

    changes = forms.CharField(widget=forms.HiddenInput)
    reviewed = forms.BooleanField(
        label=_("A person who speaks the language has read the texts that the file calls reviewed"), required=False
    )

    def clean_changes(self) -> list[Change]:
        try:
            found = json.loads(self.cleaned_data["changes"])
            changes = [Change(*map(str, each)) for each in found]
        except (ValueError, TypeError, RecursionError) as reason:
            raise forms.ValidationError(_("Send the file again.")) from reason
        if not all(each.state in ("", *TextState.State.values) and _DIGEST.match(each.source) for each in changes):
            raise forms.ValidationError(_("Send the file again."))
        return changes

    def chosen(self) -> Sequence[Change]:
        """The changes; what the file calls reviewed is new until a person says so here."""
        reviewed, new = TextState.State.REVIEWED, TextState.State.NEW
        says = self.cleaned_data["reviewed"]
        return [
            each if says or each.state != reviewed else Change(each.key, each.source, each.seen, each.target, new)
            for each in self.cleaned_data["changes"]
        ]


class LanguageForm(forms.Form):
    """A language that the form has no words in yet."""

    language = forms.ChoiceField(label=_("Another language"))

    def __init__(self, *arguments: Any, codes: Sequence[str], reader: str, **more: Any) -> None:
        super().__init__(*arguments, **more)
        names = {code: f"{languages.name_in(code, reader)} · {languages.own_name(code)}" for code in codes}
        field = cast("forms.ChoiceField", self.fields["language"])
        field.choices = [(code, names[code]) for code in sorted(names, key=lambda code: names[code].casefold())]
