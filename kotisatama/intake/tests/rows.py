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

__all__ = ["ANSWERS", "FOLDER", "a_letter", "a_main_service_point", "an_item", "an_item_of", "the_form"]

FOLDER = ROOT / "kotisatama" / "forms" / "definitions"
CONTACT_FORM = "yhteydenotto"


def the_form(code: str = CONTACT_FORM) -> Version:
    """A form that comes with the service, published."""
    version = form_queries.published_version(code)
    if version is None:
        assert not forms.import_form(FOLDER / f"{code}.xlsx", publish=True).problems
        return the_form(code)
    return version


def an_item(controller: str = builders.LIPERI, *, language: str = "ar", hours: float = 2, **answers: Any) -> Item:
    """A line of the inbox, sent `hours` ago; keyword arguments change or add answers, None takes one away."""
    given = {name: value for name, value in (ANSWERS | answers).items() if value is not None}
    return an_item_of(the_form(), given, controller, language=language, hours=hours)


def an_item_of(
    version: Version, answers: dict[str, Any], controller: str = builders.LIPERI, *, language: str, hours: float = 2
) -> Item:
    """A line of the inbox of this form, with these answers."""
    with row_security.context(controllers=[controller]):
        submission = Submission.objects.create(
            controller=builders.a_municipality(controller),
            holder="0" * 64,
            key=identifiers.new_id(),
            reference=identifiers.new_reference(),
            version=version,
            language=language,
            answers=answers,
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
