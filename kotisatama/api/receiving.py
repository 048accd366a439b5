"""A form that a device sends: its answers go the way of the web form, once for each instance of a device."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from kotisatama.api import fields_of_instance
from kotisatama.api.errors import Refused
from kotisatama.api.fields_of_instance import Fields
from kotisatama.api.models import DeviceKey
from kotisatama.api.xml_instance import Instance
from kotisatama.documents import actions as documents
from kotisatama.forms import actions as forms
from kotisatama.forms import filling
from kotisatama.forms import queries as form_queries
from kotisatama.forms.models import Version
from kotisatama.forms.structure import MOMENTS, Definition
from kotisatama.intake import actions as intake
from kotisatama.kernel import row_security
from kotisatama.kernel.errors import NotAllowed

Files = Mapping[str, "UploadedFile[bytes]"]
MOST_NAMED = 20  # complaints in one answer
_HARMLESS = frozenset({"control_characters"})  # such signs are taken away; a device cannot ask anybody about them


@dataclass(frozen=True)
class _Sending:
    """One instance on its way in: `holder` is whose its rows are, by device and instance."""

    version: Version
    form: Definition
    holder: str
    language: str

    @property
    def key(self) -> UUID:
        """Of the submission: the same device and instance have the same one."""
        return UUID(hex=self.holder[:32])


def receive(device: DeviceKey, instance: Instance, files: Files, *, language: str) -> None:
    """Take the instance into the inbox; the same one again changes nothing. Raises Refused, with nothing kept.

    `language` is the device's as far as it says one; it counts when the form has it.
    """
    version = form_queries.version_begun(instance.form, instance.version)
    if version is None:
        sentence = _("There is no such version of the form here. Fetch the form again. Nothing was received.")
        raise Refused(404, sentence)
    form = form_queries.definition(version)
    holder = hashlib.sha256(f"device:{device.secret_hash}:{instance.instance_id}".encode()).hexdigest()
    sending = _Sending(version, form, holder, _language(form, language))
    with row_security.context(holder=holder):
        _one_at_a_time(holder)
        if form_queries.submission_by_key(sending.key) is None:
            _take_in(sending, fields_of_instance.fields_of(form, instance.root), files)


def _language(form: Definition, wanted: str) -> str:
    if wanted in form.languages:
        return wanted
    return form.default_language if form.default_language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def _one_at_a_time(holder: str) -> None:
    """Whoever sends the same instance meanwhile waits until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(('x' || %s)::bit(64)::bigint)", [holder[:16]])


def _take_in(sending: _Sending, fields: Fields, files: Files) -> None:
    answers = _answers(sending, fields, _keep_files(sending, fields, files))
    draft = forms.keep_draft(
        holder=sending.holder,
        version=sending.version,
        language=sending.language,
        answers=answers,
        page=len(sending.form.pages),
        submission_key=sending.key,
    )
    try:
        intake.take_in(forms.lock_draft(draft), key=sending.key, language=sending.language)
    except forms.Incomplete as incomplete:
        raise _incomplete(sending, {each.field: each.message for each in incomplete.problems}) from incomplete


def _keep_files(sending: _Sending, fields: Fields, files: Files) -> dict[str, dict[str, Any]]:
    """Keep the files that answers name, by field; what no answer names is left out."""
    kept: dict[str, dict[str, Any]] = {}
    refused: dict[str, str | Promise] = {}
    for field, name in fields.files.items():
        upload = files.get(name)
        if upload is None:
            refused[field] = _("The file “%(name)s” did not come along.") % {"name": name[:100]}
            continue
        try:
            document = documents.keep_upload(upload, holder=sending.holder)
        except NotAllowed as reason:
            refused[field] = str(reason)
        else:
            kept[field] = {"document": str(document.pk), "name": document.name, "size": document.size}
    if refused:
        raise _incomplete(sending, refused)
    return kept


def _answers(sending: _Sending, fields: Fields, files: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """All pages as if posted one after another, twice: an answer may decide about a question on a page before it."""
    form, moment = sending.form, forms.this_moment()
    begun = filling.initial_answers(form, today=moment["today"], now=moment["now"])
    answers = {name: begun[name] for name in begun if name in form.questions and form.questions[name].type in MOMENTS}
    answers |= fields.moments
    errors: dict[str, filling.FieldError] = {}
    for _round in range(2):
        errors = {}
        for page in form.pages:
            mine = {name: file for name, file in files.items() if _is_on(form, page.name, name)}
            cleaned = filling.clean_page(
                form, page, fields.posted[page.name], answers, files=mine, language=sending.language, **moment
            )
            answers = cleaned.answers
            errors |= {name: error for name, error in cleaned.errors.items() if error.code not in _HARMLESS}
    if errors:
        first = sorted(errors.items(), key=lambda each: each[1].code != "too_many")
        raise _incomplete(sending, {name: error.message for name, error in first})
    return answers


def _is_on(form: Definition, page: str, field: str) -> bool:
    found = form.page_of(field.rpartition("-")[2])
    return found is not None and found.name == page


def _incomplete(sending: _Sending, errors: Mapping[str, str | Promise]) -> Refused:
    told = list(_told(sending, errors))
    sentence = _("Some answers are missing or wrong. Nothing was received.")
    return Refused(422, "\n".join([sentence, *told[:MOST_NAMED], *["…"][: len(told) > MOST_NAMED]]))


def _told(sending: _Sending, errors: Mapping[str, str | Promise]) -> Iterator[str]:
    """A line for each field: its question as the form asks it, and what is wrong."""
    for field, message in errors.items():
        name = field.rpartition("-")[2]
        asked = sending.form.questions.get(name) or sending.form.sections.get(name)
        label = form_queries.localized(asked.labels, sending.language).text if asked else ""
        yield f"{label or name}: {message}"
