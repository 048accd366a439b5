"""After the time of accounts a row names no worker any more; its sum stays, also when a claim has taken it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from kotisatama.funding import claim_queries
from kotisatama.funding.models import Cost, CostKind
from kotisatama.funding.tests import rows
from kotisatama.privacy import actions as privacy
from tests import builders

pytestmark = pytest.mark.django_db


def test_initials_end_with_the_time_of_accounts_and_a_frozen_claim_stays_the_same() -> None:
    by = rows.a_keeper()
    project = rows.a_planned_project(by)
    hours = {"kind": CostKind.SALARY.value, "hours": Decimal("10.00"), "hourly_cost": Decimal("40.00"), "who": "AN"}
    rows.a_cost(project, "400.00", by, **hours)
    claim = rows.a_sent_claim(project, by)
    today = timezone.localdate()
    for years, who in ((9, "AN"), (11, "")):
        privacy.run_retention(on=today + timedelta(days=366 * years), controllers=[builders.JOENSUU])
        with builders.as_worker(by):
            assert Cost.objects.get().who == who
    with builders.as_worker(by):
        claim.refresh_from_db()
        assert claim_queries.counted(claim).calculation.grant == Decimal("280.00")
