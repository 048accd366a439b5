"""Fields of the page on which a worker asks a person to correct some answers."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kotisatama.documents import queries as documents
from kotisatama.forms import queries
from kotisatama.intake import answering, correcting, rules, telling
from kotisatama.intake.forms import StepForm
from kotisatama.intake.models import Item
from kotisatama.translation.queries import Localized

PAPER = "paper"
OWN = "own"
# What is mostly asked, in the words that the person reads.
READY = {
    "add": gettext_lazy("Please answer this question."),
    "check": gettext_lazy("Please check this answer and write it again."),
    "more": gettext_lazy("Please tell us a little more."),
    "file": gettext_lazy("Please send the file again. We could not read it."),
    "removed": gettext_lazy("Please send this file again, best as a photograph. Our check stopped the first one."),
}


@dataclass(frozen=True)
class Askable:
    """A question of the form with what it says now, and the two fields by which it is asked again."""

    name: str
    label: Localized
    answer: Localized | None
    sentence: Any
    words: Any


def to_ask_again(item: Item) -> dict[str, str]:
    """What the page chooses beforehand: files that were removed for a virus are asked for again."""
    form, answers = telling.form(item), telling.answers(item)
    keys = {str(each["document"]): name for name, each in answers.items() if name in form.questions and _is_file(each)}
    removed = documents.removed(map(UUID, keys)) if keys else []
    return {f"ask.{keys[str(each)]}": "removed" for each in removed}


def _is_file(answer: Any) -> bool:
    return isinstance(answer, dict) and bool(answer.get("document"))


class CorrectionForm(StepForm):
    """For each question a sentence or nothing, and how the link reaches the person."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    delivery = forms.ChoiceField(label=gettext_lazy("How the person gets the link"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, item: Item, addresses: Iterable[answering.Address], **options: Any) -> None:
        super().__init__(*args, **options)
        self.item, self.names = item, correcting.askable(item)
        ways = [(each.code, each.shown) for each in addresses]
        self.offer("delivery", [*ways, (PAPER, _("On paper: a code to print, or a link to show"))])
        choices = [("", "–"), *READY.items(), (OWN, gettext_lazy("In own words"))]
        for name in self.names:
            self.fields[f"ask.{name}"] = forms.ChoiceField(
                choices=choices, required=False, widget=forms.Select(attrs={"class": "ds-input"})
            )
            self.fields[f"own.{name}"] = forms.CharField(
                required=False,
                max_length=rules.LONGEST_SENTENCE,
                widget=forms.TextInput(attrs={"class": "ds-input", "dir": "auto", "autocomplete": "off"}),
            )

    def rows(self, reader: str) -> list[Askable]:
        """Each question that can be asked again, in the order of the form."""
        form, answers = telling.form(self.item), telling.answers(self.item)
        pages = queries.readable(form, answers, reader=reader, original=self.item.submission.language)
        known = {row.name: row.reader for page in pages for row in page.rows}
        return [
            Askable(
                name,
                queries.localized(form.questions[name].labels, reader),
                known.get(name),
                self[f"ask.{name}"],
                self[f"own.{name}"],
            )
            for name in self.names
        ]

    def asked(self) -> list[correcting.Asked]:
        """What was chosen, each sentence in the language of the person's page; own words as they were written."""
        given = self.cleaned_data
        chosen = [(name, given[f"ask.{name}"] or (OWN if given[f"own.{name}"] else "")) for name in self.names]
        with translation.override(correcting.page_language(self.item)):
            return [
                correcting.Asked(name, given[f"own.{name}"] if way == OWN else str(READY[way]))
                for name, way in chosen
                if way
            ]

    def address(self) -> str:
        """The code of the address, empty for paper."""
        return "" if self.cleaned_data["delivery"] == PAPER else str(self.cleaned_data["delivery"])
