"""Pages on which the answers of a form leave the service, or end on their day."""

from typing import cast

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kotisatama.forms import clocks as form_clocks
from kotisatama.forms import exporting, queries
from kotisatama.forms.out_forms import ClocksForm, ExportForm
from kotisatama.kernel.errors import NotAllowed
from kotisatama.staff.access import StaffRequest, requires
from kotisatama.staff.permissions import Permission


@require_http_methods(["GET", "POST"])
@requires(Permission.EXPORT_SUBMISSIONS)
def export(request: StaffRequest, code: str) -> HttpResponse:
    """Choose which submissions leave in which shape; the button gives the file."""
    found, reader = get_object_or_404(queries.forms(), code=code), get_language() or "fi"
    form = ExportForm(request.POST or None, versions=queries.sent_versions(found), reader=reader)
    if form.is_valid():
        try:
            made = exporting.export(found, form.wanted(), reader=reader, by=request.user)
        except NotAllowed as reason:
            form.add_error("first", str(reason))
        else:
            return _file(made)
    status = 422 if form.errors else 200
    return render(request, "forms/out/export.html", {"form": form, "found": found}, status=status)


@require_http_methods(["GET", "POST"])
@requires(Permission.MANAGE_FORMS)
def clocks(request: StaffRequest, code: str) -> HttpResponse:
    """How long a form's answers are kept, when that is shorter than the rule for all forms."""
    found = get_object_or_404(queries.forms(), code=code)
    form = ClocksForm(request.POST or None, clocks=form_clocks.clocks_of(found))
    if form.is_valid():
        try:
            form_clocks.set_clocks(found, form.settings(), was=form.cleaned_data["was"], by=request.user)
        except NotAllowed as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("The times are saved."))
            return redirect("forms:clocks", code)
    status = 422 if form.errors else 200
    context = {"form": form, "found": found, "rows": form.rows()}
    return render(request, "forms/out/clocks.html", context, status=status)


def _file(made: exporting.Exported) -> HttpResponse:
    """The file as a download that nothing on the way keeps; it is sent in pieces."""
    headers = {"Cache-Control": "private, no-store"}
    sent = FileResponse(
        made.file, as_attachment=True, filename=made.name, content_type=made.media_type, headers=headers
    )
    return cast(HttpResponse, sent)  # the guard of permissions names the commoner kind of answer
