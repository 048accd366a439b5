"""What happens with money; each module names its own."""

from kotisatama.funding.share_actions import Decision as Decision
from kotisatama.funding.share_actions import Plan as Plan
from kotisatama.funding.share_actions import fetch_statistic as fetch_statistic
from kotisatama.funding.share_actions import freeze as freeze
from kotisatama.funding.share_actions import join_later as join_later
from kotisatama.funding.share_actions import keep_statistic as keep_statistic
from kotisatama.funding.share_actions import open_partnership as open_partnership
from kotisatama.funding.share_actions import record_decision as record_decision
from kotisatama.funding.share_invoices import make_invoices as make_invoices
