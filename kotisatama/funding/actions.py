"""What happens with money; each module names its own."""

from kotisatama.funding.claim_actions import draw_up, drop, note_payment, send
from kotisatama.funding.cost_actions import FIELDS as COST_FIELDS
from kotisatama.funding.cost_actions import add_cost, change_cost, remove_cost
from kotisatama.funding.import_actions import choose_columns, forget_file, keep_file, take_in
from kotisatama.funding.project_actions import FIELDS as PROJECT_FIELDS
from kotisatama.funding.project_actions import (
    add_commitment,
    add_project,
    add_reporting_date,
    add_terms,
    change_project,
    remove_commitment,
    set_budget,
    set_partners,
)
from kotisatama.funding.settling import agree
from kotisatama.funding.share_actions import Decision as Decision
from kotisatama.funding.share_actions import Plan as Plan
from kotisatama.funding.share_actions import fetch_statistic as fetch_statistic
from kotisatama.funding.share_actions import freeze as freeze
from kotisatama.funding.share_actions import join_later as join_later
from kotisatama.funding.share_actions import keep_statistic as keep_statistic
from kotisatama.funding.share_actions import open_partnership as open_partnership
from kotisatama.funding.share_actions import record_decision as record_decision
from kotisatama.funding.share_invoices import make_invoices as make_invoices

__all__ = [
    "COST_FIELDS",
    "PROJECT_FIELDS",
    "add_commitment",
    "add_cost",
    "add_project",
    "add_reporting_date",
    "add_terms",
    "agree",
    "change_cost",
    "change_project",
    "choose_columns",
    "draw_up",
    "drop",
    "forget_file",
    "keep_file",
    "note_payment",
    "remove_commitment",
    "remove_cost",
    "send",
    "set_budget",
    "set_partners",
    "take_in",
]
