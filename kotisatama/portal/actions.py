"""Sending a form: routed, submitted and put into the inbox in one transaction."""

from uuid import UUID

from django.db import transaction

from kotisatama.audit import actions as audit
from kotisatama.forms import actions as forms
from kotisatama.forms import queries
from kotisatama.forms.models import Draft, Submission
from kotisatama.intake import actions as intake
from kotisatama.intake import routing
from kotisatama.kernel import row_security


@transaction.atomic
def send_form(draft: Draft | None, *, key: UUID, holder: str, language: str) -> Submission | None:
    """Send a draft once: the same key again gives the same submission, without a draft and without a key None.

    Raises forms.Incomplete. The commit of this transaction is the receipt.
    """
    submission = _new_submission(draft, holder=holder, language=language) if draft else None
    if submission is None:
        return queries.submission_by_key(key)
    return submission


def _new_submission(draft: Draft, *, holder: str, language: str) -> Submission | None:
    controller = routing.controller_of(draft.answers)
    with row_security.context(controllers=[controller], holder=holder):
        submission = forms.submit(draft.pk, controller=controller, holder=holder, language=language)
        if submission:
            intake.receive_submission(submission)
            audit.record("submission.received", by=None, controllers=[controller], subject=submission)
    return submission
