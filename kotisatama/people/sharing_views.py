"""Screens of sharings: making one, both lists, the page of a shared client."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kotisatama.audit import actions as audit
from kotisatama.kernel.errors import NotAllowed
from kotisatama.people import actions, forms, queries, registry, sharing, sharing_access, sharing_forms, sharing_queries
from kotisatama.staff.access import StaffRequest, requires
from kotisatama.staff.permissions import Permission


@require_http_methods(["GET", "POST"])
@requires(Permission.SHARE_PERSONS)
def share(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Share a client with another municipality."""
    person = actions.open_person(pk, by=request.user, page="share")
    sent = request.POST if request.method == "POST" else None
    form = sharing_forms.ShareForm(sent, reader=forms.reader())
    if form.is_valid():
        try:
            actions.share_person(person, by=request.user, **form.cleaned_data)
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The client is shared. You can withdraw it at any time."))
            return redirect("people:sharings")
    return render(request, "people/share.html", {"form": form, "person": person})


@require_GET
@requires(Permission.SEE_PERSONS)
def sharings(request: StaffRequest) -> HttpResponse:
    """Whom others share with us, and whom we share."""
    audit.record("sharings.listed", by=request.user, controllers=request.user.controller_codes)
    return render(request, "people/sharings.html", {"lists": sharing_queries.lists(request.user)})


@require_POST
@requires(Permission.SHARE_PERSONS)
def withdraw(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """End a sharing now."""
    found = get_object_or_404(sharing_access.we_share(request.user), pk=pk)
    actions.withdraw_sharing(found, by=request.user)
    messages.success(request, _("The sharing is withdrawn. The other municipality sees nothing more."))
    return redirect("people:sharings")


@require_GET
@requires(Permission.SEE_PERSONS)
def shared(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """A client whom another municipality shares: what the scope holds, for reading."""
    found = get_object_or_404(sharing_access.shared_with_us(request.user).select_related("controller"), pk=pk)
    with sharing.reading_shared(found, by=request.user) as person:
        hides_place = sharing.hides_place(found)
        context = {
            "sharing": found,
            "row": queries.row(person, forms.reader(), hides_place=hides_place),
            "channels": [] if hides_place else list(person.channels.all()),
            "timeline": registry.shared_timeline(request.user, person, found.scopes),
        }
        return render(request, "people/shared.html", context)
