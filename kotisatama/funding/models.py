"""What exists: projects with their grants and costs, and the municipalities' shares."""

from kotisatama.funding.split_models import Agreement as Agreement
from kotisatama.funding.split_models import Invitation as Invitation
from kotisatama.funding.split_models import Invoice as Invoice
from kotisatama.funding.split_models import Partnership as Partnership
from kotisatama.funding.split_models import PartnershipYear as PartnershipYear
from kotisatama.funding.split_models import Statistic as Statistic
