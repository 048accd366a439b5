"""Importing forms, keeping drafts, taking submissions."""

import pathlib
from typing import Any

from django.db import transaction

from kotisatama.documents import actions as documents
from kotisatama.forms import agreements, filling, merging, queries, xlsform
from kotisatama.forms import definition as definitions
from kotisatama.forms.clocks import note_failed as note_failed
from kotisatama.forms.code_attempts import TooManyTries as TooManyTries
from kotisatama.forms.code_attempts import check_tries as check_tries
from kotisatama.forms.code_attempts import count_try as count_try
from kotisatama.forms.concealing import SUBMISSIONS as SUBMISSIONS
from kotisatama.forms.concealing import conceal as conceal
from kotisatama.forms.concealing import in_words as in_words
from kotisatama.forms.concealing import reveal as reveal
from kotisatama.forms.concealing import say_hidden as say_hidden
from kotisatama.forms.draft_keys import CODE_LASTS as CODE_LASTS
from kotisatama.forms.draft_keys import HELPER_LASTS as HELPER_LASTS
from kotisatama.forms.draft_keys import close_elsewhere as close_elsewhere
from kotisatama.forms.draft_keys import end_helping as end_helping
from kotisatama.forms.draft_keys import enter_as_helper as enter_as_helper
from kotisatama.forms.draft_keys import enter_draft as enter_draft
from kotisatama.forms.draft_keys import leave_drafts as leave_drafts
from kotisatama.forms.draft_keys import make_code as make_code
from kotisatama.forms.draft_keys import make_helper_code as make_helper_code
from kotisatama.forms.draft_keys import open_code as open_code
from kotisatama.forms.draft_keys import open_drafts as open_drafts
from kotisatama.forms.draft_keys import open_to as open_to
from kotisatama.forms.drafts import begin_prefilled as begin_prefilled
from kotisatama.forms.drafts import choose_draft as choose_draft
from kotisatama.forms.drafts import forget_drafts as forget_drafts
from kotisatama.forms.drafts import forget_everywhere as forget_everywhere
from kotisatama.forms.drafts import forget_here as forget_here
from kotisatama.forms.drafts import keep_draft as keep_draft
from kotisatama.forms.drafts import lock_draft as lock_draft
from kotisatama.forms.drafts import lock_to_send as lock_to_send
from kotisatama.forms.drafts import say_sender as say_sender
from kotisatama.forms.drafts import take_back as take_back
from kotisatama.forms.importing import Imported
from kotisatama.forms.models import Draft, Form, Submission, Version
from kotisatama.forms.moments import this_moment as this_moment
from kotisatama.forms.receipts import receipt_file as receipt_file
from kotisatama.forms.receipts import receipt_pdf as receipt_pdf
from kotisatama.forms.renewing import move_draft as move_draft
from kotisatama.forms.renewing import plan_move as plan_move
from kotisatama.forms.renewing import stay_in_version as stay_in_version
from kotisatama.forms.structure import Definition
from kotisatama.forms.translating import begin_from as begin_from
from kotisatama.forms.translating import save_texts as save_texts
from kotisatama.forms.translating_states import remember_sources
from kotisatama.forms.versions import NUMBER
from kotisatama.forms.versions import change_rows as change_rows
from kotisatama.forms.versions import check_version as check_version
from kotisatama.forms.versions import fingerprint as fingerprint
from kotisatama.forms.versions import publish_version as publish_version
from kotisatama.forms.versions import retire_version as retire_version
from kotisatama.forms.versions import start_version as start_version
from kotisatama.forms.xlsform import Problem
from kotisatama.kernel import identifiers


class Incomplete(Exception):
    """Answers are missing or wrong; `problems` come in the order of the pages."""

    def __init__(self, problems: list[filling.Complaint]) -> None:
        super().__init__(f"{len(problems)} answers are missing or wrong")
        self.problems = problems


@transaction.atomic
def import_form(workbook: str | pathlib.Path | bytes, *, publish: bool = False) -> Imported:
    """Read an XLSForm into a version; with problems nothing is saved. The same file twice is the same version."""
    source = xlsform.read_workbook(workbook)
    compiled = definitions.compile_definition(source)
    form = compiled.definition
    if form is None or compiled.problems:
        return _told(form, list(compiled.problems))
    if not NUMBER.match(form.version):
        message = "A version has at most 40 letters from a to z, digits, full stops, hyphens and low lines."
        return _told(form, [Problem("settings", 2, "version", message)])
    rows = source.to_json()
    sha256 = fingerprint(rows, source.tables)
    saved, _created = Form.objects.update_or_create(code=form.form_id, defaults={"title": form.title})
    before = Version.objects.filter(form=saved).order_by("-pk").first()
    version, is_new = Version.objects.get_or_create(
        form=saved,
        number=form.version,
        defaults={
            "source": rows,
            "attachments": dict(source.tables),
            "definition": form.to_json(),
            "sha256": sha256,
            "state": Version.State.CHECKED,
        },
    )
    if not is_new and version.sha256 != sha256:
        message = f"Version {form.version} has been imported with other content. Give the settings sheet a new version."
        return _told(form, [Problem("settings", 2, "version", message)])
    if is_new and before is not None:
        remember_sources(saved.pk, before.source, rows)
    if publish:
        publish_version(version)
    return _told(form, [], version.pk)


def _told(form: Definition | None, problems: list[Problem], version_id: int | None = None) -> Imported:
    if form is None:
        return Imported("", "", [], 0, problems)
    asked = sum(1 for question in form.questions.values() if question.is_asked)
    return Imported(form.form_id, form.version, list(form.languages), asked, problems, version_id)


@transaction.atomic(savepoint=False)
def submit(draft: Draft, *, controller: str, language: str) -> Submission:
    """Turn a draft that this transaction has locked into a submission of the controller, once; raises Incomplete.

    A second click waits for that lock and then finds no draft any more; its key leads to the submission.
    The caller's savepoint undoes it. IntegrityError when the reference drawn is taken (one in 10^11): draw again.
    """
    form, moment = queries.definition(draft.version), this_moment()
    evaluation = filling.evaluate(form, draft.answers, language=language, **moment)
    if problems := filling.complaints(form, draft.answers, evaluation, language):
        raise Incomplete(problems)
    answers, calculated = filling.settled(form, draft.answers, evaluation)
    submission = _insert(draft, controller=controller, language=language, answers=answers, calculated=calculated)
    agreements.keep(submission, form, answers)
    if files := queries.files_in(form, answers):
        documents.hand_over(files, holder=draft.holder, controller=controller, sender=submission.holder)
    draft.delete()
    return submission


def _insert(
    draft: Draft, *, controller: str, language: str, answers: dict[str, Any], calculated: dict[str, Any]
) -> Submission:
    """Insert under a fresh reference."""
    return Submission.objects.create(
        controller_id=controller,
        holder=draft.sender or draft.holder,
        key=draft.submission_key,
        reference=identifiers.new_reference(),
        version=draft.version,
        language=language,
        answers=answers,
        calculated=calculated,
        filled_by={name: who for name, who in draft.filled_by.items() if merging.is_kept(name, answers)},
    )
