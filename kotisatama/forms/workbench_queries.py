"""What the main user's lists of forms and versions show; a constant number of queries each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, QuerySet
from django.utils import timezone

from kotisatama.audit.actions import counting
from kotisatama.forms import access, shares
from kotisatama.forms.models import Form, Submission, Upload, Version
from kotisatama.forms.shares import LanguageShare
from kotisatama.staff.models import Worker
from kotisatama.translation import languages

RECENT = timedelta(days=30)
UPLOADS_WAIT = timedelta(days=7)
SORTS = ("title", "code", "changed")


@dataclass(frozen=True)
class FormLine:
    """A form on the list: its newest version, the one that visitors fill in, and what arrived lately."""

    form: Form
    newest: Version | None
    published: Version | None
    languages: Sequence[LanguageShare]
    submissions: int


@dataclass(frozen=True)
class VersionLine:
    """A version on the form's page, with how many submissions were sent in it to the viewer's municipalities."""

    version: Version
    submissions: int


def form_lines(viewer: Worker, *, text: str = "", sort: str = "title") -> list[FormLine]:
    """The forms whose title or code has the text in it."""
    forms = access.visible_forms(viewer)
    for word in text.split():
        forms = forms.filter(title__icontains=word) | forms.filter(code__icontains=word)
    found = {form.pk: form for form in forms}
    versions = list(
        _light(access.visible_versions(viewer)).filter(form__in=found).order_by("form", "imported_at", "pk")
    )
    newest = {version.form_id: version for version in versions}
    published = {version.form_id: version for version in versions if version.state == Version.State.PUBLISHED}
    spoken = shares.shares_of(newest.values())
    sent = _sent_lately(viewer)
    lines = [
        FormLine(
            form,
            newest.get(pk),
            published.get(pk),
            spoken.get(newest[pk].pk, ()) if pk in newest else (),
            sent.get(pk, 0),
        )
        for pk, form in found.items()
    ]
    return _sorted(lines, sort)


def _sorted(lines: list[FormLine], sort: str) -> list[FormLine]:
    if sort == "code":
        return sorted(lines, key=lambda line: line.form.code)
    if sort == "changed":
        never = datetime.min.replace(tzinfo=timezone.get_current_timezone())
        return sorted(lines, key=lambda line: line.newest.changed_at if line.newest else never, reverse=True)
    return sorted(lines, key=lambda line: (line.form.title.casefold(), line.form.code))


def _light(versions: QuerySet[Version]) -> QuerySet[Version]:
    """Without the large JSON, which a list does not show."""
    return versions.defer("source", "definition", "attachments")


def _sent_lately(viewer: Worker) -> dict[int, int]:
    """How many submissions of each form came to the viewer's municipalities: a number, nothing of anybody."""
    since = timezone.now() - RECENT
    with counting():
        submissions = Submission.objects.filter(controller__in=viewer.controller_codes, submitted_at__gte=since)
        counted = submissions.values_list("version__form").annotate(number=Count("pk")).order_by()
        return {form: number for form, number in counted}


def version_lines(viewer: Worker, form: Form) -> list[VersionLine]:
    """The versions of a form, the newest first."""
    versions = _light(access.visible_versions(viewer).filter(form=form)).order_by("-imported_at", "-pk")
    with counting():
        submissions = Submission.objects.filter(controller__in=viewer.controller_codes, version__form=form)
        counted = dict(submissions.values_list("version").annotate(number=Count("pk")).order_by())
    return [VersionLine(version, counted.get(version.pk, 0)) for version in versions]


def published(viewer: Worker, form: Form) -> Version | None:
    """The version that visitors fill in now."""
    return access.visible_versions(viewer).filter(form=form, state=Version.State.PUBLISHED).first()


def newest(viewer: Worker, form: Form) -> Version | None:
    """The version that was begun last."""
    return access.visible_versions(viewer).filter(form=form).order_by("-imported_at", "-pk").first()


def waiting_upload(version: Version) -> Upload | None:
    """The workbook that waits for acceptance; after a week it does not any more."""
    uploads = Upload.objects.filter(version=version, uploaded_at__gte=timezone.now() - UPLOADS_WAIT)
    return uploads.select_related("uploaded_by").first()


def wanted_languages(form: Form) -> list[str]:
    """The own names of the languages without which the form is not published."""
    return [languages.own_name(code) for code in form.complete_languages_required]


def version_to_export(code: str, number: str = "") -> Version | None:
    """At a terminal: the version of this number, else the published one, else the newest."""
    versions = Version.objects.filter(form__code=code).select_related("form")
    if number:
        return versions.filter(number=number).first()
    return versions.filter(state=Version.State.PUBLISHED).first() or versions.order_by("imported_at", "pk").last()
