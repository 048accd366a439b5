"""A test run of a form by whoever makes it: the same pages as a visitor's, and nothing is saved.

The answers travel in the page itself, signed, so that only what this server wrote comes back.
"""

import dataclasses
from typing import Any

from django.core import signing
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from kotisatama.forms import actions, filling, preview, queries
from kotisatama.forms.building import trial
from kotisatama.forms.models import Version
from kotisatama.forms.structure import FILES, Definition
from kotisatama.portal import questions

SALT = "kotisatama.try"
FRAME_FIELDS = frozenset({"page:go", "page:state", "page:language"})
NOWHERE = "00000000-0000-0000-0000-000000000000"  # a file of a test run is not kept
LARGEST_STATE = 1_000_000  # characters


@dataclasses.dataclass
class Run:
    """One moment of a test run. `index` is the place of the page, that of no page at the end."""

    version: Version
    form: Definition
    language: str
    index: int
    answers: dict[str, Any]
    errors: dict[str, filling.FieldError] = dataclasses.field(default_factory=dict)
    newly_shown: tuple[str, ...] = ()

    @property
    def is_over(self) -> bool:
        return self.index >= len(self.form.pages)

    @property
    def state(self) -> str:
        return signing.dumps({"page": self.index, "answers": self.answers}, salt=SALT, compress=True)

    def evaluation(self) -> filling.Evaluation:
        return filling.evaluate(self.form, self.answers, language=self.language, **actions.this_moment())


def run(version: Version, form: Definition, data: QueryDict, *, wished: str) -> Run:
    """The run where it stands: at its beginning, or where its page left it."""
    language = wished if wished in form.languages else form.default_language
    moment = actions.this_moment()
    begun = Run(version, form, language, 0, filling.initial_answers(form, today=moment["today"], now=moment["now"]))
    written = data.get("page:state", "")
    try:
        state = signing.loads(written[:LARGEST_STATE], salt=SALT) if written else None
    except signing.BadSignature:
        return begun
    if state is None:
        return begun
    return dataclasses.replace(begun, index=min(int(state["page"]), len(form.pages)), answers=dict(state["answers"]))


def take(run: Run, data: QueryDict, files: "MultiValueDict[str, Any]") -> None:
    """Take the posted page and go where the button says; with another language only draw it again."""
    go = data.get("page:go", "")
    if not run.is_over:
        kept = {name: _file(upload) for name, upload in files.items() if _is_file(run.form, name)}
        page = run.form.pages[run.index]
        cleaned = filling.clean_page(
            run.form, page, data, run.answers, language=run.language, files=kept, ignore=FRAME_FIELDS,
            **actions.this_moment(),
        )  # fmt: skip
        run.answers, run.newly_shown = cleaned.answers, cleaned.newly_shown
        if cleaned.rows_changed or go not in ("next", "back"):
            return
        if go == "next" and (cleaned.errors or cleaned.newly_shown):
            run.errors = {name: error for name, error in cleaned.errors.items() if name not in cleaned.newly_shown}
            return
    step(run, -1 if go == "back" else 1)


def step(run: Run, direction: int) -> None:
    """To the next page that is asked with these answers, or past the last one."""
    asked = [run.form.pages.index(page) for page in filling.visible_pages(run.form, run.evaluation())]
    beyond = [index for index in asked if (index - run.index) * direction > 0]
    if direction > 0:
        run.index = min(beyond, default=len(run.form.pages))
    else:
        run.index = max(beyond, default=run.index)


def _is_file(form: Definition, name: str) -> bool:
    question = form.questions.get(name.rpartition("-")[2])
    return question is not None and question.type in FILES


def _file(upload: Any) -> dict[str, Any]:
    return {"document": NOWHERE, "name": str(upload.name)[:200], "size": int(upload.size or 0)}


def drawn(run: Run) -> questions.Page | None:
    """The page as a visitor's template shows it; None past the last one."""
    if run.is_over:
        return None
    evaluation, section = run.evaluation(), run.form.pages[run.index]
    new = frozenset(run.newly_shown)
    reader = questions.Reader(run.form, run.answers, evaluation, run.language, run.errors, new)
    asked = filling.visible_pages(run.form, evaluation)
    parts = list(reader.parts(section))
    return questions.Page(
        form_code=run.version.form.code,
        title=queries.localized(section.labels, run.language),
        number=asked.index(section) + 1 if section in asked else run.index + 1,
        total=max(len(asked), 1),
        parts=parts,
        problems=questions.links(parts, run.errors),
        preview=preview.preview_data(run.form, section, run.answers, evaluation, language=run.language),
        brought=bool(run.newly_shown),
        changing=False,
    )


@dataclasses.dataclass(frozen=True)
class Why:
    """The questions that are not asked now, those of the page at hand first."""

    here: list[trial.Hidden]
    elsewhere: list[trial.Hidden]


def why(run: Run, reader: str) -> Why:
    """Why each hidden question is hidden, in the words of whoever makes the form."""
    found = trial.hidden(run.form, run.evaluation(), reader)
    inside = set() if run.is_over else {each.name for each in run.form.pages[run.index].questions()}
    return Why([each for each in found if each.name in inside], [each for each in found if each.name not in inside])


def outcome(run: Run, reader: str) -> dict[str, Any]:
    """What would be sent: the answers page by page, calculated values, and what would keep it from being sent."""
    evaluation = run.evaluation()
    answers, calculated = filling.settled(run.form, run.answers, evaluation)
    return {
        "pages": queries.readable(run.form, answers, reader=run.language, original=run.language),
        "calculated": sorted(calculated.items()),
        "complaints": filling.complaints(run.form, run.answers, evaluation, reader),
    }
