"""Invoices of the shares: each municipality but the lead pays its share of a year; a later agreement moves the rest."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kotisatama.audit import actions as audit
from kotisatama.funding import share_access, share_content, share_queries
from kotisatama.funding.models import Agreement, Invoice, Partnership
from kotisatama.funding.splitting import Faulty
from kotisatama.kernel.errors import NotAllowed
from kotisatama.network import queries as network
from kotisatama.staff.models import Worker

WEIGHTS = (7, 3, 1)


def with_check_digit(digits: str) -> str:
    """A Finnish reference number: the digits and a check digit, weighted 7, 3, 1 from the right."""
    total = sum(int(digit) * WEIGHTS[place % 3] for place, digit in enumerate(reversed(digits)))
    return f"{digits}{-total % 10}"


def in_groups(reference: str) -> str:
    """The reference number as it is written: in groups of five from the right."""
    backwards = reference[::-1]
    return " ".join(backwards[start : start + 5] for start in range(0, len(backwards), 5))[::-1]


def in_fours(account: str) -> str:
    """An IBAN as it is written."""
    return " ".join(account[start : start + 4] for start in range(0, len(account), 4))


@transaction.atomic
def make_invoices(partnership: Partnership, *, year: int, due_on: date, by: Worker) -> list[Invoice]:
    """Invoice what is open of each municipality's share of the year by the latest agreement. Raises NotAllowed.

    What was invoiced before by an earlier agreement is taken off, so that a later joiner brings the others a credit.
    Repeated, nothing more is made.
    """
    share_access.require_keeping(by, partnership.lead_id)
    Partnership.objects.select_for_update(of=("self",)).get(pk=partnership.pk)
    agreement = partnership.agreements.order_by("-number").first()
    if agreement is None:
        raise NotAllowed(_("Nothing is agreed yet, so there is nothing to invoice."))
    if str(year) not in agreement.content["years"]:
        raise Faulty("year", _("The shares have no year %(year)s.") % {"year": year})
    if due_on < timezone.localdate():
        raise Faulty("due_on", _("The day to pay by has passed."))
    made = list(_made(agreement, year=year, due_on=due_on, by=by))
    if made:
        details = {"partnership": partnership.pk, "year": year, "invoices": [each.pk for each in made]}
        audit.record("invoices.made", by=by, controllers=by.controller_codes, details=details)
    return made


def _made(agreement: Agreement, *, year: int, due_on: date, by: Worker) -> Iterator[Invoice]:
    partnership = agreement.partnership
    before, payers = share_queries.invoiced(partnership, year), _payers(agreement.content["people"])
    for part in share_content.parts(agreement.content)[year]:
        left = part.amount - before.get(part.municipality, Decimal(0))
        if not left or part.municipality == partnership.lead_id:
            continue
        digits = f"{year}{partnership.pk:04}{part.municipality}{agreement.number:02}"
        yield Invoice.objects.create(
            agreement=agreement,
            municipality_id=part.municipality,
            year=year,
            amount=left,
            reference=with_check_digit(digits),
            payer=payers[part.municipality],
            made_on=timezone.localdate(),
            due_on=due_on,
            made_by=by,
        )


def _payers(codes: dict[str, int]) -> dict[str, str]:
    """The municipality's own organisation, as an invoice names it; the municipality's name where there is none."""
    names = {each.code: each.name_fi for each in network.municipalities(codes)}
    return names | network.own_organisations(codes)
