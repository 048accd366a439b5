"""Fields of a question to an expert, and of the reply."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from kotisatama.intake import rules
from kotisatama.intake.forms import NOTHING, StepForm
from kotisatama.staff.models import Worker


class QuestionForm(StepForm):
    """Whom to ask and what; `key` makes the same page sent twice one question."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    expert = forms.ChoiceField(label=gettext_lazy("Expert"))
    question = forms.CharField(
        label=gettext_lazy("Question"),
        max_length=rules.LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
        help_text=gettext_lazy("Do not name the person or tell an address or a number: write “she” or “the client”."),
    )

    def __init__(self, *args: Any, experts: Iterable[Worker], **options: Any) -> None:
        super().__init__(*args, **options)
        self.experts = {str(each.pk): each for each in experts}
        named = [(key, f"{each.name} · {each.organisation.name}") for key, each in self.experts.items()]
        self.offer("expert", [NOTHING, *named])


class ReplyForm(forms.Form):
    """What the expert says."""

    text = forms.CharField(
        label=gettext_lazy("Reply"),
        max_length=rules.LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
    )
