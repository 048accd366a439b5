"""OpenRosa for devices: the list of forms, forms and their files, and sending. The secret in the address opens it.

No cookie and no session: whoever signs in at the desk is nobody special here.
"""

from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation.trans_real import get_supported_language_variant, parse_accept_lang_header
from django.views.decorators.csrf import csrf_exempt  # noqa: TID251 - a machine without cookies: nothing to forge with
from django.views.decorators.http import require_http_methods, require_safe

from kotisatama.api import actions, openrosa, queries, sending, xml_instance
from kotisatama.api.errors import Refused
from kotisatama.api.models import DeviceKey
from kotisatama.api.openrosa import Line
from kotisatama.forms import queries as forms
from kotisatama.forms.models import Version

P = ParamSpec("P")


def for_devices(view: Callable[Concatenate[HttpRequest, DeviceKey, P], HttpResponse]) -> Callable[..., HttpResponse]:
    """The view with the key of the address's secret; what is refused is said in the protocol's words."""

    @wraps(view)
    def checked(request: HttpRequest, secret: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            key = queries.live_key(secret)
            if key is None:
                raise Refused(404, _("This address opens nothing. Ask the centre for a new one."))
            return view(request, key, *args, **kwargs)
        except Refused as reason:
            return openrosa.message(str(reason), status=reason.status)

    return checked


@login_not_required
@require_safe
@for_devices
def form_list(request: HttpRequest, key: DeviceKey) -> HttpResponse:
    """All published forms, or the one that is asked for."""
    versions = forms.published_versions(request.GET.get("formID", ""))
    return openrosa.listing("xforms", openrosa.FORM_LIST, [_listed(request, version) for version in versions])


def _listed(request: HttpRequest, version: Version) -> Line:
    code = version.form.code
    texts = {
        "formID": code,
        "name": forms.xform_title(version),
        "version": version.number,
        "hash": openrosa.digest(forms.xform(version).encode()),
        "downloadUrl": _address(request, "form", code),
    }
    if version.attachments:
        texts["manifestUrl"] = _address(request, "manifest", code)
    return Line("xform", texts)


def _address(request: HttpRequest, name: str, *arguments: str) -> str:
    """An address beside this one, under the same secret."""
    match = request.resolver_match
    secret = match.kwargs["secret"] if match else ""
    return request.build_absolute_uri(reverse(f"api:{name}", args=[secret, *arguments]))


def _published(code: str) -> Version:
    found = forms.published_versions(code)
    if not found:
        raise Refused(404, _("There is no such form. Fetch the list again."))
    return found[0]


@login_not_required
@require_safe
@for_devices
def form(request: HttpRequest, key: DeviceKey, code: str) -> HttpResponse:
    """The published version as an XForm."""
    return openrosa.answer(forms.xform(_published(code)))


@login_not_required
@require_safe
@for_devices
def manifest(request: HttpRequest, key: DeviceKey, code: str) -> HttpResponse:
    """The files that belong to the published version."""
    version = _published(code)
    lines = [
        Line(
            "mediaFile",
            {
                "filename": name,
                "hash": openrosa.digest(forms.table_csv(version, name) or b""),
                "downloadUrl": _address(request, "media", code, name),
            },
        )
        for name in sorted(version.attachments)
    ]
    return openrosa.listing("manifest", openrosa.MANIFEST, lines)


@login_not_required
@require_safe
@for_devices
def media(request: HttpRequest, key: DeviceKey, code: str, name: str) -> HttpResponse:
    """A table of the published version."""
    content = forms.table_csv(_published(code), name)
    if content is None:
        raise Refused(404, _("The form has no such file. Fetch the form again."))
    return openrosa.answer(content, content_type="text/csv; charset=utf-8")


@csrf_exempt  # Who sends is told by the secret in the address alone; a browser adds nothing to it by itself.
@login_not_required
@require_http_methods(["HEAD", "POST"])
@for_devices
def submission(request: HttpRequest, key: DeviceKey) -> HttpResponse:
    """HEAD: how much may be sent. POST: a filled-in form with its files; the same one again is the same one."""
    if request.method == "HEAD":
        response = openrosa.answer("", status=204)
    else:
        sent = sending.read(request)
        actions.receive(key, xml_instance.read(sent.xml), sent.files, language=_language(request))
        response = openrosa.message(_("The form was received."), status=201)
    response.headers["Location"] = request.build_absolute_uri()
    response.headers["X-OpenRosa-Accept-Content-Length"] = str(settings.DEVICE_MAX_BYTES)
    return response


def _language(request: HttpRequest) -> str:
    """The first of the device's languages that the service has; empty when it has none of them."""
    for wanted, _share in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        with suppress(LookupError):
            return get_supported_language_variant(wanted)
    return ""
