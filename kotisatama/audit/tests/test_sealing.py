"""Lines become batches: each line in exactly one, and none before its transaction has ended."""

from datetime import timedelta

import psycopg
import pytest
from django.db import connection, transaction
from django.utils import timezone

from kotisatama.audit import months, sealing, tasks, trail, verifying
from kotisatama.audit.models import Batch, Line
from kotisatama.audit.tests import trails
from kotisatama.kernel import testing

pytestmark = pytest.mark.django_db(transaction=True)


def sizes() -> list[int]:
    return list(Batch.objects.order_by("number").values_list("lines", flat=True))


def test_the_first_batch_closes_what_is_older_than_the_seals() -> None:
    trails.write_and_seal(3)
    first, second = Batch.objects.order_by("number")
    assert (first.epoch, first.lines) == (sealing.CARRIED_OVER, 0)
    assert (second.epoch, second.lines, bytes(second.previous)) == (1, 3, bytes(first.root))


def test_nothing_new_makes_no_batch_until_the_heartbeat(monkeypatch: pytest.MonkeyPatch) -> None:
    trails.write_and_seal(1)
    assert sealing.seal() == []
    monkeypatch.setattr(sealing, "HEARTBEAT", timedelta())
    assert [batch.lines for batch in sealing.seal()] == [0]
    assert sizes() == [0, 1, 0]


def test_a_line_of_a_transaction_that_still_runs_waits_and_so_do_all_that_began_later() -> None:
    trails.write_and_seal(1)
    other = connection.copy()
    try:
        other.ensure_connection()
        with psycopg.connect(other.connection.info.dsn) as slow:
            slow.execute("SELECT pg_current_xact_id()")
            trails.write(2)
            sealing.seal()
            assert sizes() == [0, 1]
            slow.commit()
        sealing.seal()
        assert sizes() == [0, 1, 2]
    finally:
        other.close()
    assert verifying.verify().faults == []


def test_a_line_that_was_rolled_back_leaves_nothing() -> None:
    with transaction.atomic():
        trails.write(1)
        transaction.set_rollback(True)
    trails.write_and_seal(1)
    assert sizes() == [0, 1]


def test_outside_of_sealing_the_whole_trail_is_not_seen() -> None:
    trails.write_and_seal(2)
    with transaction.atomic():
        with trail.whole():
            assert Line.objects.count() == 2
        assert Line.objects.count() == 0


def test_the_task_may_run_twice_and_leaves_no_job_behind() -> None:
    trails.write(2)
    tasks.seal(timestamp=1)
    tasks.seal(timestamp=2)
    assert sizes() == [0, 2]


def test_after_a_restore_the_service_asks_for_a_new_epoch_and_goes_on_in_it(
    database_server: testing.TestServer,
) -> None:
    trails.write_and_seal(2)
    last = Batch.objects.order_by("-number")[0]
    with pytest.raises(sealing.NumbersWentBack, match="audit-new-epoch"):
        sealing.next_range(last, epoch=1, horizon=last.txid_before - 1)
    with trails.as_owner(database_server):
        assert months.begin_epoch() == 2
    trails.write_and_seal(3)
    found = list(Batch.objects.order_by("number").values_list("epoch", "lines"))
    assert found == [(0, 0), (1, 2), (1, 0), (2, 3)]
    assert verifying.verify().faults == []


def test_months_are_added_and_lines_of_the_rest_move_there(database_server: testing.TestServer) -> None:
    far = timezone.now() + timedelta(days=600)
    trails.write(2)
    with trails.as_owner(database_server), connection.cursor() as cursor:
        trails.switch_guards_off()
        cursor.execute("UPDATE audit_line SET at = %s", [far])
    assert partitions() == {"line_rest": 2}
    with trails.as_owner(database_server), connection.cursor() as cursor:
        cursor.execute("SELECT audit_add_months_ahead(%s)", [far.date()])
    assert partitions() == {f"line_{far:%Y_%m}": 2}


def partitions() -> dict[str, int]:
    with trail.whole():
        names = [row.partition for row in trail.in_order(Line.objects.all())]
    return {name: names.count(name) for name in names}


def test_adding_months_twice_adds_nothing(database_server: testing.TestServer) -> None:
    with trails.as_owner(database_server):
        months.add_months()
        assert months.add_months() == 0


def test_a_line_that_waits_for_its_seal_is_no_fault_until_it_waits_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    trails.write_and_seal(1)
    trails.write(1)
    report = verifying.verify()
    assert (report.lines, report.unsealed, report.faults) == (2, 1, [])
    monkeypatch.setattr(verifying, "LONGEST_WAIT", timedelta())
    assert {fault.kind for fault in verifying.verify().faults} == {"line.unsealed", "end.missing"}
    assert {fault.kind for fault in verifying.verify(is_running=False).faults} == {"line.unsealed"}
