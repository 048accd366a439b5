"""A thousand random tamperings by whoever owns the database: all are found."""

import random
from collections import Counter
from collections.abc import Sequence

import pytest
from django.db import transaction

from kotisatama.audit import verifying, witnesses
from kotisatama.audit.models import Batch
from kotisatama.audit.tests import tampering, trails
from kotisatama.kernel import testing

TAMPERINGS = 1000
SEED = 681_2023

pytestmark = pytest.mark.django_db(transaction=True)


def roots() -> list[witnesses.Root]:
    return [witnesses.root(batch) for batch in Batch.objects.order_by("number")]


def faults_of(told: Sequence[witnesses.Root] | None) -> set[str]:
    """What is found, apart from the guards that the test itself has switched off."""
    return {fault.kind for fault in verifying.verify(roots=told).faults} - {"guard.missing"}


def missed(times: int, told: Sequence[witnesses.Root] | None) -> Counter[str]:
    """Tamper so many times, each time with an untouched trail; the ways that were not found."""
    draw, found = random.Random(SEED), Counter[str]()
    for number in range(times):
        tamper = tampering.WAYS[number % len(tampering.WAYS)]
        with transaction.atomic():
            tamper(draw)
            found[tamper.__name__] += not faults_of(told)
            transaction.set_rollback(True)
    return +found


def test_a_thousand_random_tamperings_are_all_found(database_server: testing.TestServer) -> None:
    trails.write_and_seal(3, 5, 1, 4)
    trails.write(2)
    told = roots()
    with trails.as_tamperer(database_server):
        assert faults_of(told) == set()
        assert missed(TAMPERINGS, told) == {}
        assert faults_of(told) == set()


def test_what_only_the_witnesses_tell(database_server: testing.TestServer) -> None:
    """Without their roots nobody sees a torn-off end, nor what somebody did who had stolen the key."""
    trails.write_and_seal(3, 5, 1, 4)
    with trails.as_tamperer(database_server):
        assert missed(2 * len(tampering.WAYS), None).keys() == {"tear_off_the_end", "rebuild_with_the_key"}


def test_guards_that_were_switched_off_are_reported(database_server: testing.TestServer) -> None:
    trails.write_and_seal(1)
    assert verifying.verify().faults == []
    with trails.as_tamperer(database_server):
        found = {fault.where["table"] for fault in verifying.verify().faults if fault.kind == "guard.missing"}
    assert {"audit_line", "audit_batch", "audit_months.line_rest"} <= found
