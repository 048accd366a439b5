"""Submissions in the inbox for tests: the real contact form, filled in by Fatima in Arabic."""

import hashlib
from datetime import timedelta
from typing import Any

from django.utils import timezone

from kotisatama.documents.models import Content, Document
from kotisatama.forms import actions as forms
from kotisatama.forms import queries as form_queries
from kotisatama.forms.models import Submission, Version
from kotisatama.intake import actions
from kotisatama.intake.models import Item
from kotisatama.kernel import identifiers, row_security
from kotisatama.kernel.testing import ROOT
from kotisatama.messages.tests.rows import ANSWERS, a_main_service_point
from tests import builders

__all__ = ["ANSWERS", "a_letter", "a_main_service_point", "an_item", "the_form"]

WORKBOOK = ROOT / "kotisatama" / "forms" / "definitions" / "yhteydenotto.xlsx"


def the_form() -> Version:
    """The published contact form."""
    version = form_queries.published_version("yhteydenotto")
    if version is None:
        assert not forms.import_form(WORKBOOK, publish=True).problems
        return the_form()
    return version


def an_item(controller: str = builders.LIPERI, *, language: str = "ar", hours: float = 2, **answers: Any) -> Item:
    """A line of the inbox, sent `hours` ago; keyword arguments change or add answers, None takes one away."""
    given = {name: value for name, value in (ANSWERS | answers).items() if value is not None}
    with row_security.context(controllers=[controller]):
        submission = Submission.objects.create(
            controller=builders.a_municipality(controller),
            holder="0" * 64,
            key=identifiers.new_id(),
            reference=identifiers.new_reference(),
            version=the_form(),
            language=language,
            answers=given,
        )
        submission.submitted_at = timezone.now() - timedelta(hours=hours)
        return actions.receive_submission(submission)


def a_letter(controller: str = builders.LIPERI, *, media_type: str = "image/jpeg", name: str = "kirje.jpg") -> Document:
    """A file that was sent to the controller."""
    with row_security.context(controllers=[controller]):
        data = b"the letter"
        document = Document.objects.create(
            controller_id=controller,
            holder="0" * 64,
            name=name,
            media_type=media_type,
            size=len(data),
            sha256=hashlib.sha256(data).hexdigest(),
        )
        Content.objects.create(document=document, controller_id=controller, holder="0" * 64, data=data)
    return document
