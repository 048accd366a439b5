"""The main user's pages around devices: which have an address, a new one, end one."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kotisatama.api import access, actions, queries
from kotisatama.api.device_forms import DeviceForm, EndForm, first
from kotisatama.kernel.errors import NotAllowed
from kotisatama.staff.access import StaffRequest, requires
from kotisatama.staff.permissions import Permission

managers_only = requires(Permission.MANAGE_FORMS)
page_and_answer = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@managers_only
def every(request: StaffRequest) -> HttpResponse:
    """The organisation's devices, the newest first."""
    return render(request, "api/devices.html", {"lines": queries.device_lines(request.user)})


@page_and_answer
@managers_only
def new(request: StaffRequest) -> HttpResponse:
    """Make an address and show it this once."""
    form = DeviceForm(request.POST or None, initial=first())
    if form.is_valid():
        try:
            secret = actions.make_key(**form.cleaned_data, by=request.user)
        except NotAllowed as reason:
            form.add_error(None, str(reason))
        else:
            address = request.build_absolute_uri(f"/odk/{secret}/")
            return render(request, "api/device_made.html", {"address": address, "label": form.cleaned_data["label"]})
    return render(request, "api/device_new.html", {"form": form}, status=422 if form.errors else 200)


@page_and_answer
@managers_only
def end(request: StaffRequest, pk: int) -> HttpResponse:
    """Say what follows, then let the address open nothing any more."""
    key = get_object_or_404(access.visible_keys(request.user), pk=pk)
    form = EndForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        actions.end_key(key, by=request.user)
        messages.success(request, _("The address of %(device)s opens nothing any more.") % {"device": key.label})
        return redirect("devices:list")
    return render(request, "api/device_end.html", {"form": form, "key": key})
