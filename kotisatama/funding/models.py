"""What exists: projects with their grants and costs, and the municipalities' shares."""

from kotisatama.funding.claim_models import Claim, Settlement
from kotisatama.funding.cost_models import Cost, CostFile
from kotisatama.funding.project_models import (
    BudgetLine,
    Commitment,
    CostKind,
    FlatRate,
    GrantTerms,
    Partner,
    Project,
    ReportingDate,
)
from kotisatama.funding.split_models import Agreement as Agreement
from kotisatama.funding.split_models import Invitation as Invitation
from kotisatama.funding.split_models import Invoice as Invoice
from kotisatama.funding.split_models import Partnership as Partnership
from kotisatama.funding.split_models import PartnershipYear as PartnershipYear
from kotisatama.funding.split_models import Statistic as Statistic

__all__ = [
    "BudgetLine",
    "Claim",
    "Commitment",
    "Cost",
    "CostFile",
    "CostKind",
    "FlatRate",
    "GrantTerms",
    "Partner",
    "Project",
    "ReportingDate",
    "Settlement",
]
