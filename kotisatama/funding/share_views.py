"""Pages about the municipalities' shares: who is asked, what they answer, what is agreed, and on paper."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kotisatama.funding import access, share_access, share_actions, share_forms, share_papers, share_queries
from kotisatama.funding.models import Invitation, Partnership
from kotisatama.kernel.errors import NotAllowed
from kotisatama.staff.access import StaffRequest, requires
from kotisatama.staff.permissions import Permission

TYPES = {"pdf": "application/pdf", "csv": "text/csv; charset=utf-8"}


def _partnership(request: StaffRequest, pk: int) -> Partnership:
    return get_object_or_404(share_queries.partnership(request.user, pk))


def _kept(request: StaffRequest, pk: int) -> Partnership:
    """The partnership, for whoever keeps it; 403 for others."""
    found = _partnership(request, pk)
    share_access.require_keeping(request.user, found.lead_id)
    return found


def may_keep(request: StaffRequest, partnership: Partnership) -> bool:
    """Whether the page offers what changes something."""
    return share_access.can_keep_shares(request.user, partnership.lead_id)


def language_of(request: StaffRequest) -> str:
    """The language that a paper is asked in; the page's own unless said."""
    asked = request.GET.get("language", "")
    return asked if asked in share_papers.LANGUAGES else (get_language() or "fi")


def download(content: bytes, *, name: str, form: str) -> HttpResponse:
    """A file that is saved and not shown."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.{form}"'}
    return HttpResponse(content, content_type=TYPES[form], headers=headers)


@require_safe
@requires(Permission.SEE_FUNDING)
def partnerships(request: StaffRequest) -> HttpResponse:
    """All shares, agreed or asked for."""
    found = share_queries.partnerships(request.user)
    context = {"partnerships": found, "may_manage": access.can_manage_funding(request.user)}
    return render(request, "funding/shares/list.html", context)


@require_safe
@requires(Permission.SEE_FUNDING)
def partnership(request: StaffRequest, partnership: int) -> HttpResponse:
    """Who is asked, what they answered, and the shares side by side as answers come."""
    found = _partnership(request, partnership)
    steps = share_queries.steps(found)
    context = {
        "partnership": found,
        "agreements": list(found.agreements.all()),
        "steps": steps,
        "rows": share_queries.rows(found, steps),
        "may_keep": may_keep(request, found),
        "is_late": found.answers_by < timezone.localdate(),
    }
    return render(request, "funding/shares/partnership.html", context)


@requires(Permission.MANAGE_FUNDING)
def new(request: StaffRequest) -> HttpResponse:
    """Ask municipalities to share."""
    form = share_forms.PartnershipForm(request.POST or None, worker=request.user)
    made = form.tried(
        lambda: share_actions.open_partnership(form.plan(), key=form.cleaned_data["key"], by=request.user)
    )
    if made:
        messages.success(request, _("The municipalities stand as asked."))
        return redirect("funding:shares", made.pk)
    statistics = share_queries.statistics(request.user).exists()
    return render(request, "funding/shares/edit.html", {"form": form, "has_statistics": statistics})


@requires(Permission.MANAGE_FUNDING)
def change(request: StaffRequest, partnership: int) -> HttpResponse:
    """Other terms, before anything is agreed."""
    found = _kept(request, partnership)
    form = share_forms.PartnershipForm(request.POST or None, worker=request.user, partnership=found)
    changed = form.tried(
        lambda: share_actions.change_partnership(
            found, form.plan(), version=form.cleaned_data["version"], by=request.user
        )
    )
    if changed:
        messages.success(request, _("The terms were saved. Every share was computed again."))
        return redirect("funding:shares", found.pk)
    return render(request, "funding/shares/edit.html", {"form": form, "partnership": found, "has_statistics": True})


def _invitation(partnership: Partnership, code: str) -> Invitation:
    """The municipality's invitation; 404 for one that was not asked."""
    for each in partnership.invitations.all():
        if each.municipality_id == code:
            return each
    raise Http404(code)


@requires(Permission.MANAGE_FUNDING)
def decision(request: StaffRequest, partnership: int, municipality: str) -> HttpResponse:
    """Write down what a municipality answered; the last answer freezes the shares."""
    found = _kept(request, partnership)
    invitation = _invitation(found, municipality)
    form = share_forms.DecisionForm(request.POST or None, invitation=invitation)
    write = share_actions.record_decision
    done = form.tried(
        lambda: (write(invitation, form.decision(), version=form.cleaned_data["version"], by=request.user),)
    )
    if done:
        _tell(request, is_frozen=done[0] is not None)
        return redirect("funding:shares", found.pk)
    waiting = [each for each in found.invitations.all() if each.answer == Invitation.Answer.NONE]
    context = {"form": form, "partnership": found, "invitation": invitation, "is_last": waiting == [invitation]}
    return render(request, "funding/shares/decision.html", context)


def _tell(request: StaffRequest, *, is_frozen: bool) -> None:
    if is_frozen:
        messages.success(request, _("All have answered. The shares are frozen."))
    else:
        messages.success(request, _("The answer was saved, and the shares were computed again."))


@require_POST
@requires(Permission.MANAGE_FUNDING)
def freeze(request: StaffRequest, partnership: int) -> HttpResponse:
    """Agree on the shares of those who have joined."""
    found = _kept(request, partnership)
    try:
        agreement = share_actions.freeze(found, by=request.user)
    except NotAllowed as reason:
        messages.error(request, str(reason))
        return redirect("funding:shares", found.pk)
    messages.success(request, _("The shares are frozen."))
    return redirect("funding:share_agreement", found.pk, agreement.number)


@requires(Permission.MANAGE_FUNDING)
def join(request: StaffRequest, partnership: int) -> HttpResponse:
    """A municipality joins after the shares were frozen."""
    found = _kept(request, partnership)
    form = share_forms.JoinForm(request.POST or None, worker=request.user)
    agreement = form.tried(
        lambda: share_actions.join_later(
            found,
            code=form.cleaned_data["municipality"],
            joins_on=form.cleaned_data["joins_on"],
            statistic=form.cleaned_data["statistic"],
            decision=form.decision(),
            by=request.user,
        )
    )
    if agreement:
        messages.success(request, _("A further agreement stands beside the frozen one."))
        return redirect("funding:share_agreement", found.pk, agreement.number)
    return render(request, "funding/shares/join.html", {"form": form, "partnership": found})


@require_safe
@requires(Permission.SEE_FUNDING)
def simulation(request: StaffRequest, partnership: int) -> HttpResponse:
    """On paper: what if one more municipality joins. Nothing is stored."""
    found = _partnership(request, partnership)
    form = share_forms.TrialForm(request.GET if "municipality" in request.GET else None)
    tables = form.tried(lambda: share_queries.simulated(found, form.trial()))
    return render(request, "funding/shares/simulation.html", {"form": form, "partnership": found, "tables": tables})


@require_safe
@requires(Permission.SEE_FUNDING)
def agreement(request: StaffRequest, partnership: int, number: int) -> HttpResponse:
    """What was frozen, and every share before and after."""
    found = _partnership(request, partnership)
    both = share_queries.agreed(found, number)
    if both is None:
        raise Http404(number)
    context = {
        "partnership": found,
        "agreement": both[0],
        "earlier": both[1],
        "tables": share_queries.agreement_tables(*both),
        "is_unchanged": share_queries.is_unchanged(both[0]),
        "members": share_queries.names(both[0].content["people"]),
        "languages": share_papers.LANGUAGES,
    }
    return render(request, "funding/shares/agreement.html", context)


WRITERS: dict[str, Callable[..., bytes]] = {"pdf": share_papers.annex_pdf, "csv": share_papers.annex_csv}


@require_safe
@requires(Permission.SEE_FUNDING)
def annex(request: StaffRequest, partnership: int, number: int, municipality: str, form: str) -> HttpResponse:
    """The annex to a municipality's decision; number 0 is the proposal before anything is agreed."""
    found = _partnership(request, partnership)
    both = share_queries.agreed(found, number) if number else (None, None)
    if both is None or form not in WRITERS:
        raise Http404(form)
    about = share_papers.Annexed(found, _invitation(found, municipality).municipality, *both)
    try:
        content = WRITERS[form](about, language=language_of(request))
    except NotAllowed as reason:
        messages.error(request, str(reason))
        return redirect("funding:shares", found.pk)
    return download(content, name=f"shares-{found.pk}-{number}-{municipality}", form=form)
