"""Importing forms, keeping drafts, taking submissions."""

import pathlib
from datetime import date, datetime, tzinfo
from typing import Any, TypedDict
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from kotisatama.documents import actions as documents
from kotisatama.forms import definition as definitions
from kotisatama.forms import filling, queries, xlsform
from kotisatama.forms.clocks import note_failed as note_failed
from kotisatama.forms.concealing import SUBMISSIONS as SUBMISSIONS
from kotisatama.forms.concealing import conceal as conceal
from kotisatama.forms.concealing import reveal as reveal
from kotisatama.forms.importing import Imported
from kotisatama.forms.models import Draft, Form, Submission, Version
from kotisatama.forms.receipts import receipt_file as receipt_file
from kotisatama.forms.receipts import receipt_pdf as receipt_pdf
from kotisatama.forms.structure import Definition
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
    rows = source.to_json()
    sha256 = fingerprint(rows, {})
    saved, _created = Form.objects.update_or_create(code=form.form_id, defaults={"title": form.title})
    version, is_new = Version.objects.get_or_create(
        form=saved,
        number=form.version,
        defaults={"source": rows, "definition": form.to_json(), "sha256": sha256, "state": Version.State.CHECKED},
    )
    if not is_new and version.sha256 != sha256:
        message = f"Version {form.version} has been imported with other content. Give the settings sheet a new version."
        return _told(form, [Problem("settings", 2, "version", message)])
    if publish:
        publish_version(version)
    return _told(form, [], version.pk)


def _told(form: Definition | None, problems: list[Problem], version_id: int | None = None) -> Imported:
    if form is None:
        return Imported("", "", [], 0, problems)
    asked = sum(1 for question in form.questions.values() if question.is_asked)
    return Imported(form.form_id, form.version, list(form.languages), asked, problems, version_id)


@transaction.atomic
def keep_draft(*, holder: str, version: Version, language: str, answers: dict[str, Any], page: int) -> Draft:
    """Save a visitor's answers so far; `page` is the furthest page that was filled in."""
    draft, _created = Draft.objects.update_or_create(
        holder=holder,
        version=version,
        defaults={"language": language, "answers": answers, "page": page},
    )
    return draft


@transaction.atomic(savepoint=False)
def submit(draft_id: UUID, *, controller: str, holder: str, language: str) -> Submission | None:
    """Turn a draft into a submission of the controller, once; raises Incomplete.

    Locks the draft: a second click waits here and then finds no draft any more (None); its key leads to the submission.
    The caller's savepoint undoes it. IntegrityError when the reference drawn is taken (one in 10^11): draw again.
    """
    drafts = queries.with_version(Draft.objects.select_for_update(of=("self",)))
    draft = drafts.filter(pk=draft_id, holder=holder).order_by().first()
    if draft is None:
        return None
    form, moment = queries.definition(draft.version), this_moment()
    evaluation = filling.evaluate(form, draft.answers, language=language, **moment)
    if problems := filling.complaints(form, draft.answers, evaluation, language):
        raise Incomplete(problems)
    answers, calculated = filling.settled(form, draft.answers, evaluation)
    submission = _insert(draft, controller=controller, language=language, answers=answers, calculated=calculated)
    if files := queries.files_in(form, answers):
        documents.hand_over(files, holder=holder, controller=controller)
    draft.delete()
    return submission


class Moment(TypedDict):
    """When a form is filled in, as `filling` wants it."""

    today: date
    now: datetime
    timezone: tzinfo


def this_moment() -> Moment:
    """Now, on the municipality's clock."""
    now = timezone.localtime()
    return {"today": now.date(), "now": now, "timezone": timezone.get_current_timezone()}


def _insert(
    draft: Draft, *, controller: str, language: str, answers: dict[str, Any], calculated: dict[str, Any]
) -> Submission:
    """Insert under a fresh reference."""
    return Submission.objects.create(
        controller_id=controller,
        holder=draft.holder,
        key=draft.submission_key,
        reference=identifiers.new_reference(),
        version=draft.version,
        language=language,
        answers=answers,
        calculated=calculated,
    )


@transaction.atomic
def forget_drafts(holder: str) -> None:
    """Remove a visitor's unsent answers with their files; what was sent stays."""
    for draft in Draft.objects.filter(holder=holder).select_related("version"):
        for document_id in queries.files_in(queries.definition(draft.version), draft.answers):
            documents.forget(document_id, holder=holder)
        draft.delete()
