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
