"""Files of the accounting: sent in, columns chosen, looked at, taken in once."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kotisatama.funding import access, actions, cost_forms, importing
from kotisatama.funding.models import CostFile
from kotisatama.funding.project_views import kept, page, tried
from kotisatama.kernel.errors import NotAllowed
from kotisatama.staff.access import StaffRequest, requires
from kotisatama.staff.permissions import Permission


@page
@requires(Permission.MANAGE_FUNDING)
def files(request: StaffRequest, project: int) -> HttpResponse:
    """Earlier files, and the way to a new one."""
    found = kept(request, project)
    form = cost_forms.FileForm(request.POST or None, request.FILES or None)
    made: list[CostFile] = []

    def act() -> None:
        file = form.cleaned_data["file"]
        content = file.read(importing.MOST_BYTES + 1)
        made.append(actions.keep_file(found, name=file.name, content=content, by=request.user))

    if request.method == "POST" and tried(form, act):
        return redirect("funding:file", found.pk, made[0].pk)
    earlier = access.visible_files(request.user, found).defer("content").select_related("added_by")
    context = {"project": found, "form": form, "files": earlier.order_by("-pk")[:50]}
    return render(request, "funding/files.html", context)


@page
@requires(Permission.MANAGE_FUNDING)
def file(request: StaffRequest, project: int, file: int) -> HttpResponse:
    """Which column is what, and what each row would become; or what became of the file."""
    found = kept(request, project)
    kept_file = get_object_or_404(access.visible_files(request.user, found), pk=file)
    context: dict[str, object] = {"project": found, "file": kept_file, "shown": importing.SHOWN}
    if kept_file.state == CostFile.State.WAITING:
        table = importing.table_of(kept_file)
        form = cost_forms.ColumnsForm(request.POST or None, project=found, table=table)
        if tried(form, lambda: actions.choose_columns(kept_file, mapping=form.mapping(), by=request.user)):
            return redirect("funding:file", found.pk, kept_file.pk)
        context |= {"form": form, "table": table, "head": table.rows[:3]}
        if all(found.mapping.get(each) in table.heading for each in importing.NEEDED):
            context["preview"] = importing.preview(found, table, importing.present(found.mapping, table))
    return render(request, "funding/file.html", context)


@require_POST
@requires(Permission.MANAGE_FUNDING)
def take(request: StaffRequest, project: int, file: int) -> HttpResponse:
    """Take the rows in; pressed twice they are taken in once."""
    found = kept(request, project)
    kept_file = get_object_or_404(access.visible_files(request.user, found), pk=file)
    try:
        actions.take_in(kept_file, by=request.user)
    except NotAllowed as reason:
        messages.error(request, str(reason))
    return redirect("funding:file", found.pk, kept_file.pk)


@require_POST
@requires(Permission.MANAGE_FUNDING)
def forget(request: StaffRequest, project: int, file: int) -> HttpResponse:
    """Throw a file away that waits."""
    found = kept(request, project)
    kept_file = access.visible_files(request.user, found).filter(pk=file).first()
    if kept_file:
        actions.forget_file(kept_file, by=request.user)
        messages.success(request, _("The file is thrown away. Nothing of it was taken in."))
    return redirect("funding:files", found.pk)
