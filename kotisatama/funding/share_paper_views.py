"""Pages about invoices of shares, and about the numbers of people."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from kotisatama.funding import (
    access,
    pxweb,
    share_actions,
    share_forms,
    share_invoices,
    share_papers,
    share_queries,
)
from kotisatama.funding.models import Statistic
from kotisatama.funding.share_views import download, language_of, may_keep
from kotisatama.staff.access import StaffRequest, requires
from kotisatama.staff.permissions import Permission


@requires(Permission.SEE_FUNDING)
def invoices(request: StaffRequest, partnership: int) -> HttpResponse:
    """The invoices of shares; whoever keeps them makes those of a year."""
    found = get_object_or_404(share_queries.partnership(request.user, partnership))
    form = share_forms.InvoicesForm(request.POST or None, years=[each.year for each in found.years.all()])
    made = form.tried(lambda: share_invoices.make_invoices(found, **form.cleaned_data, by=request.user))
    if made is not None:
        number = len(made)
        told = ngettext("%(number)s invoice was made.", "%(number)s invoices were made.", number) % {"number": number}
        messages.success(request, told if made else _("Everything of that year is invoiced already."))
        return redirect("funding:share_invoices", found.pk)
    context = {
        "partnership": found,
        "invoices": share_queries.invoices(found),
        "form": form,
        "may_keep": may_keep(request, found),
        "today": timezone.localdate(),
        "languages": share_papers.LANGUAGES,
    }
    return render(request, "funding/shares/invoices.html", context)


@require_safe
@requires(Permission.SEE_FUNDING)
def invoices_csv(request: StaffRequest, partnership: int) -> HttpResponse:
    """All invoices for the accounts."""
    found = get_object_or_404(share_queries.partnership(request.user, partnership))
    content = share_papers.invoices_csv(share_queries.invoices(found), language=language_of(request))
    return download(content, name=f"invoices-{found.pk}", form="csv")


@require_safe
@requires(Permission.SEE_FUNDING)
def invoice_pdf(request: StaffRequest, partnership: int, invoice: int) -> HttpResponse:
    """One invoice to be sent."""
    found = get_object_or_404(share_queries.partnership(request.user, partnership))
    wanted = get_object_or_404(share_queries.invoices(found), pk=invoice)
    content = share_papers.invoice_pdf(wanted, language=language_of(request))
    return download(content, name=f"invoice-{wanted.reference}", form="pdf")


@require_safe
@requires(Permission.SEE_FUNDING)
def statistics(request: StaffRequest) -> HttpResponse:
    """Numbers of people, with their sources."""
    context = {
        "statistics": share_queries.statistics(request.user),
        "may_manage": access.can_manage_funding(request.user),
        "may_fetch": pxweb.configured() is not None,
    }
    return render(request, "funding/shares/statistics.html", context)


@require_safe
@requires(Permission.SEE_FUNDING)
def statistic(request: StaffRequest, statistic: int) -> HttpResponse:
    """One statistic, number by number."""
    found = get_object_or_404(share_queries.statistics(request.user), pk=statistic)
    names = share_queries.names(found.numbers)
    rows = sorted((names.get(code, code), code, number) for code, number in found.numbers.items())
    context = {"statistic": found, "rows": rows, "total": sum(found.numbers.values())}
    return render(request, "funding/shares/statistic.html", context)


@requires(Permission.MANAGE_FUNDING)
def new_statistic(request: StaffRequest) -> HttpResponse:
    """Type numbers in, with their source."""
    form = share_forms.StatisticForm(request.POST or None)
    made = form.tried(lambda: _kept(request, form))
    if made:
        messages.success(request, _("The numbers were saved."))
        return redirect("funding:share_statistic", made.pk)
    return render(request, "funding/shares/new_statistic.html", {"form": form})


def _kept(request: StaffRequest, form: share_forms.StatisticForm) -> Statistic:
    found = form.cleaned_data
    given = {name: found[name] for name in ("key", "title", "as_of", "source")}
    return share_actions.keep_statistic(**given, kind=Statistic.Kind.TYPED, numbers=found["people"], by=request.user)


@requires(Permission.MANAGE_FUNDING)
def fetch_statistic(request: StaffRequest) -> HttpResponse:
    """Ask Statistics Finland."""
    form, source = share_forms.FetchForm(request.POST or None), pxweb.configured()
    if source is None:
        return redirect("funding:new_share_statistic")
    made = form.tried(lambda: share_actions.fetch_statistic(**form.cleaned_data, source=source, by=request.user))
    if made:
        messages.success(request, _("The numbers were saved."))
        return redirect("funding:share_statistic", made.pk)
    context = {"form": form, "source": source.name, "is_recorded": isinstance(source, pxweb.Recorded)}
    return render(request, "funding/shares/fetch_statistic.html", context)
