"""Deciding what a submission changes in the register: field by field, member by member, file by file."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from kotisatama.audit import actions as audit
from kotisatama.intake import access, actions, forms, proposal_reading, proposing, queries, reading
from kotisatama.intake.models import Decision, Item
from kotisatama.intake.proposal_forms import DecisionsForm, FilesForm, MemberForm, MembersForm
from kotisatama.kernel import identifiers
from kotisatama.kernel.errors import NotAllowed
from kotisatama.people import access as people_access
from kotisatama.people.models import Person
from kotisatama.staff.access import StaffRequest, requires
from kotisatama.staff.permissions import Permission

page = require_http_methods(["GET", "HEAD", "POST"])


def _load(request: StaffRequest, pk: UUID) -> tuple[Item, Person] | HttpResponse:
    """The submission and its client, with the line of a page that shows both; or the way back when there is none."""
    found = queries.opened_by_key(request.user, pk)
    reading.note_opened(found, request.user)
    person = reading.person(found, request.user)
    if person is None or not access.has_taken(request.user, found):
        messages.error(request, _("Take this submission first, and say whose it is."))
        return redirect("intake:item", pk)
    purpose = people_access.require_openable(request.user, person.pk)
    details = {"page": "proposals", "purpose": purpose}
    audit.record("person.viewed", by=request.user, controllers=[person.controller_id], subject=person, details=details)
    return found, person


def _heading(request: StaffRequest, found: Item, person: Person, step: str) -> dict[str, object]:
    line = queries.lines([found], request.user, forms.reader())[0]
    return {"item": found, "line": line, "person": person, "step": step}


@page
@requires(Permission.EDIT_PERSONS)
def propose(request: StaffRequest, pk: UUID) -> HttpResponse:
    """What was told beside what is known; several decisions are saved at once."""
    loaded = _load(request, pk)
    if isinstance(loaded, HttpResponse):
        return loaded
    found, person = loaded
    offered = proposing.proposals(found, person, forms.reader())
    initial = {"version": found.version, "person_version": person.version}
    form = DecisionsForm(request.POST or None, initial=initial, proposals=offered)
    if form.is_valid():
        versions = {name: form.cleaned_data[name] for name in ("version", "person_version")}
        try:
            actions.decide(found, chosen=form.chosen(), by=request.user, **versions)
        except NotAllowed as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("Your decisions are saved. What was known before is in the client's history."))
            return redirect("intake:propose", pk)
    context = {"form": form, "decides": any(each.ways for each in offered)}
    return render(request, "intake/propose.html", _heading(request, found, person, "propose") | context)


@page
@requires(Permission.EDIT_PERSONS)
def family(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The members of the family that the form names: each becomes a known client, a new one, or stays out."""
    loaded = _load(request, pk)
    if isinstance(loaded, HttpResponse):
        return loaded
    found, person = loaded
    members = proposal_reading.members(found)
    current = _current(request, members)
    form = _member_form(request, found, person, current) if current else None
    if form and request.method == "POST" and form.is_valid():
        try:
            _settle(request, found, form)
        except NotAllowed as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("The member of the family is saved."))
            return redirect("intake:family", pk)
    keys = [identifiers.new_id() for _member in range(max((each.place for each in members), default=-1) + 1)]
    context = {"members": members, "current": current, "form": form, "keys": keys}
    return render(request, "intake/family.html", _heading(request, found, person, "family") | context)


def _current(request: StaffRequest, members: list[proposal_reading.Member]) -> proposal_reading.Member | None:
    """The member whom the address or the sent page names, else the first one who waits."""
    asked = request.POST.get("place") or request.GET.get("member", "")
    named = [each for each in members if str(each.place) == asked]
    if asked and not named:
        raise Http404
    return next(iter(named or [each for each in members if each.last is None]), None)


def _member_form(request: StaffRequest, found: Item, person: Person, member: proposal_reading.Member) -> MemberForm:
    alike = proposal_reading.candidates(found, person, member.place, request.user, forms.reader())
    initial = {
        "version": found.version,
        "place": member.place,
        "key": identifiers.new_id(),
        "who": "" if alike else "made",
        "role": member.role,
    }
    return MemberForm(request.POST or None, initial=initial, found=alike)


def _settle(request: StaffRequest, found: Item, form: MemberForm) -> None:
    given = form.cleaned_data
    known = form.found.get(given["who"])
    way = Decision.Way.FOUND.value if known else given["who"]
    fields = {name: given[name] for name in ("role", "version", "key")}
    relative = known.person if known else None
    actions.settle_member(found, given["place"], way=way, relative=relative, by=request.user, **fields)


@require_POST
@requires(Permission.EDIT_PERSONS)
def make_members(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Make clients of all members at once, but for those whom somebody resembles."""
    loaded = _load(request, pk)
    if isinstance(loaded, HttpResponse):
        return loaded
    found, _person = loaded
    form = MembersForm(request.POST)
    if not form.is_valid():
        return _told(request, pk, form.refusal())
    try:
        _item, left = actions.make_members(found, by=request.user, **form.cleaned_data)
    except NotAllowed as reason:
        return _told(request, pk, str(reason))
    messages.success(request, _made(left))
    return redirect("intake:family", pk)


def _told(request: StaffRequest, pk: UUID, refusal: str) -> HttpResponse:
    messages.error(request, refusal)
    return redirect("intake:family", pk)


def _made(left: int) -> str:
    if not left:
        return _("All members of the family are clients now.")
    sentence = ngettext(
        "%(count)d member resembles a known client: decide this one yourself.",
        "%(count)d members resemble known clients: decide these yourself.",
        left,
    )
    return sentence % {"count": left}


@page
@requires(Permission.EDIT_PERSONS)
def files(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Which files stay with the client, and with the case if there is one."""
    loaded = _load(request, pk)
    if isinstance(loaded, HttpResponse):
        return loaded
    found, person = loaded
    sent = proposal_reading.files(found, request.user)
    waiting = [each.document for each in sent if not each.is_kept]
    form = FilesForm(request.POST or None, initial={"version": found.version}, files=[each.document for each in sent])
    if form.is_valid():
        chosen = [UUID(each) for each in form.cleaned_data["chosen"]]
        try:
            actions.keep_files(found, chosen=chosen, version=form.cleaned_data["version"], by=request.user)
        except NotAllowed as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("The files are kept with the client."))
            return redirect("intake:files", pk)
    context = {"form": form, "files": sent, "waiting": waiting}
    return render(request, "intake/files.html", _heading(request, found, person, "files") | context)
