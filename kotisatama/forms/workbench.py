"""What a main user does with whole forms: begin one, begin a version, throw a draft away, change the settings."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kotisatama.audit import actions as audit
from kotisatama.forms import access, versions
from kotisatama.forms.models import Form, Version
from kotisatama.forms.versions import Rows
from kotisatama.kernel.errors import ChangedMeanwhile, NotAllowed
from kotisatama.staff import access as staff
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Permission
from kotisatama.translation import languages

# Codes that are addresses of other pages under /desk/forms/.
RESERVED = frozenset({"new", "upload", "translations", "devices"})


@transaction.atomic
def begin_form(
    *, code: str, title: str, rows: Rows, attachments: Mapping[str, Any] | None = None, by: Worker
) -> Version:
    """A new form with its first draft; sent twice it is begun once. Raises NotAllowed when the code is taken."""
    staff.require(by, Permission.MANAGE_FORMS)
    if code in RESERVED:
        raise NotAllowed(_("This word is the address of another page. Choose another code."))
    form, is_new = Form.objects.get_or_create(code=code, defaults={"title": title})
    if not is_new and (same := _same_draft(form, rows, attachments or {}, by)):
        return same
    if not is_new:
        raise NotAllowed(_("Another form has this code. Choose another one, or begin a new version of that form."))
    return _begin(form, rows, attachments or {}, by)


@transaction.atomic
def begin_version(form: Form, *, like: Version, by: Worker) -> Version:
    """A draft with the rows of another version of the form; a draft that nobody has changed yet is not made twice."""
    staff.require(by, Permission.MANAGE_FORMS)
    same = _same_draft(form, like.source, like.attachments, by)
    return same or _begin(form, like.source, like.attachments, by)


def _begin(form: Form, rows: Rows, attachments: Mapping[str, Any], by: Worker) -> Version:
    version = versions.start_version(form, rows=rows, attachments=attachments, by=by)
    versions.record("form.version_begun", version, by=by, code=form.code, number=version.number)
    return version


def _same_draft(form: Form, rows: Rows, attachments: Mapping[str, Any], by: Worker) -> Version | None:
    """The worker's own untouched draft of just these rows: what a second click finds."""
    Form.objects.select_for_update().get(pk=form.pk)
    for draft in Version.objects.filter(form=form, state__in=Version.OPEN, revision=1, changed_by=by):
        wanted = versions.numbered(rows, code=form.code, number=draft.number)
        if draft.sha256 == versions.fingerprint(wanted, attachments):
            return draft
    return None


@transaction.atomic
def delete_version(version: Version, *, revision: int, by: Worker) -> None:
    """Throw away a draft that was never published; one that is gone already stays gone."""
    staff.require(by, Permission.MANAGE_FORMS)
    if access.visible_versions(by).select_for_update(of=("self",)).filter(pk=version.pk).first() is None:
        return  # somebody who deleted it at the same moment was waited for
    locked = versions.opened(version, revision)
    versions.record("form.draft_deleted", locked, by=by, code=locked.form.code, number=locked.number)
    locked.delete()


@transaction.atomic
def change_settings(
    form: Form,
    *,
    settings_version: int,
    title: str,
    is_listed: bool,
    complete_languages_required: Collection[str],
    by: Worker,
) -> Form:
    """Keep the form's settings; raises ChangedMeanwhile when somebody else has saved others since."""
    staff.require(by, Permission.MANAGE_FORMS)
    locked = Form.objects.select_for_update().get(pk=form.pk)
    wanted = {
        "title": title,
        "is_listed": is_listed,
        "complete_languages_required": sorted(complete_languages_required),
    }
    changed = [name for name, value in wanted.items() if getattr(locked, name) != value]
    if not changed:
        return locked
    if locked.settings_version != settings_version:
        raise ChangedMeanwhile(_saved_meanwhile(locked))
    for name in changed:
        setattr(locked, name, wanted[name])
    locked.settings_version += 1
    locked.save(update_fields=[*changed, "settings_version"])
    details = {"form": locked.pk, "code": locked.code, "fields": changed}
    audit.record("form.settings_changed", by=by, controllers=by.controller_codes, details=details)
    return locked


def _saved_meanwhile(form: Form) -> str:
    """What somebody else has saved, for whoever still has other settings on the screen."""
    said = {
        "title": form.title,
        "listed": _("yes") if form.is_listed else _("no"),
        "languages": ", ".join(languages.own_name(code) for code in form.complete_languages_required) or "–",
    }
    sentence = _(
        "Somebody else has saved other settings meanwhile: title “%(title)s”, on the start page: %(listed)s, languages"
        " to finish: %(languages)s. Yours stand below; saving again replaces the others."
    )
    return sentence % said
