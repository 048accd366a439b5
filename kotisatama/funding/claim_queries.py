"""A claim as its page, document and chains show it: a draft from the ledger, a sent one from what was frozen."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from kotisatama.funding import access, calculating, project_queries
from kotisatama.funding.calculating import Calculation, Row, Terms
from kotisatama.funding.models import Claim, Cost, Project
from kotisatama.staff.models import Worker


@dataclass(frozen=True)
class Counted:
    """A claim with its figures, its rows in the order of the ledger, and the terms that it was counted by."""

    claim: Claim
    calculation: Calculation
    rows: Sequence[Row]
    terms: Sequence[Terms]
    code: str  # how the codes of its chains begin

    @property
    def fingerprint(self) -> str:
        """Stands for every figure and row: what the page shows is what is sent."""
        content = calculating.as_content(self.calculation, self.rows, self.terms)
        return hashlib.sha256(repr(content).encode()).hexdigest()[:20]

    @property
    def late_rows(self) -> list[Row]:
        """Rows of earlier periods that no claim had taken."""
        return [row for row in self.rows if row.on < self.claim.begins_on]

    def terms_by(self, pk: int) -> Terms:
        """The terms of that key."""
        return next(each for each in self.terms if each.pk == pk)


def claims(viewer: Worker, project: Project) -> QuerySet[Claim]:
    """The claims of a project, the first first."""
    return access.visible_claims(viewer, project).select_related("sent_by").order_by("number")


def counted(claim: Claim) -> Counted:
    """The claim's figures: frozen ones as they were, a draft's from the ledger now. At most five queries."""
    if claim.state != Claim.State.DRAFT:
        calculation, rows, terms = calculating.from_content(claim.content)
        return Counted(claim, calculation, rows, terms, f"claim.{claim.number}")
    rows, terms = _open_rows(claim), project_queries.terms_of(claim.project)
    sent = claim.project.claims.exclude(state=Claim.State.DRAFT)
    before = project_queries.granted(sent)
    calculation = calculating.calculate(rows, terms, ends_on=claim.ends_on, granted_before=before)
    return Counted(claim, calculation, rows, terms, f"claim.{claim.number}")


def _open_rows(claim: Claim) -> list[Row]:
    """Rows of the period that no claim has taken, and those that came late for an earlier one."""
    found = Cost.objects.filter(project=claim.project, claim=None, on__lte=claim.ends_on)
    fields = ("pk", "kind", "on", "amount", "voucher", "line", "text")
    return [Row(*values) for values in found.order_by("on", "voucher", "line").values_list(*fields)]
