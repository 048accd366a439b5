"""Ways to change the trail for whoever owns the database, each drawn at random; used by the test of a thousand."""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from kotisatama.audit import codes, sealing
from kotisatama.audit.models import Batch, Line
from kotisatama.kernel import identifiers

Draw = random.Random
_COLUMNS = "id, at, worker_id, organisation_id, action, controllers, subject_type, subject_id, person_id, details"


def _execute(statement: str, *params: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)


def _line(draw: Draw, *, sealed: bool = False) -> Line:
    """One line; a sealed one when asked for."""
    lines = Line.objects.order_by("txid", "id")
    if sealed:
        lines = lines.filter(txid__lt=Batch.objects.order_by("-number")[0].txid_before)
    return draw.choice(list(lines))


def _batch(draw: Draw) -> Batch:
    return draw.choice(list(Batch.objects.order_by("number")))


def change_a_field(draw: Draw) -> None:
    """Any column of any line."""
    line = _line(draw)
    changes = {
        "at": "at + interval '1 second'",
        "worker_id": "coalesce(worker_id, 0) + 1",
        "organisation_id": "coalesce(organisation_id, 0) + 1",
        "action": "action || 'x'",
        "controllers": "controllers || '999'::varchar(3)",
        "subject_type": "subject_type || 'x'",
        "subject_id": "gen_random_uuid()",
        "person_id": "gen_random_uuid()",
        "details": """details || '{"page": -1}'""",
        "id": "gen_random_uuid()",
        "mac": "sha256(mac)",
    }
    column = draw.choice(sorted(changes))
    _execute(f"UPDATE audit_line SET {column} = {changes[column]} WHERE id = %s", line.pk)


def hide_a_field(draw: Draw) -> None:
    """Empty what may be empty: it still says who looked at whom."""
    _execute("UPDATE audit_line SET person_id = NULL WHERE id = %s", _line(draw).pk)


def move_to_another_transaction(draw: Draw) -> None:
    line = _line(draw, sealed=True)
    _execute("UPDATE audit_line SET txid = txid + %s WHERE id = %s", draw.choice([-3, -1, 1, 4, 10**9]), line.pk)


def move_to_another_epoch(draw: Draw) -> None:
    _execute("UPDATE audit_line SET epoch = %s WHERE id = %s", draw.choice([0, 2, 7]), _line(draw, sealed=True).pk)


def move_to_another_month(draw: Draw) -> None:
    line = _line(draw)
    _execute("UPDATE audit_line SET at = at + interval '31 days' * %s WHERE id = %s", draw.choice([1, 3, 400]), line.pk)


def swap_two_lines(draw: Draw) -> None:
    """What one line says becomes what the other says."""
    one, other = draw.sample(list(Line.objects.order_by("txid", "id")), 2)
    statement = "UPDATE audit_line SET details = %s, person_id = %s, mac = %s WHERE id = %s"
    for line, source in ((one, other), (other, one)):
        details = connection.ops.adapt_json_value(source.details, None)
        _execute(statement, details, source.person_id, bytes(source.mac), line.pk)


def swap_two_transactions(draw: Draw) -> None:
    one, other = draw.sample(list(Line.objects.filter(txid__lt=_end()).order_by("txid", "id")), 2)
    for line, source in ((one, other), (other, one)):
        _execute("UPDATE audit_line SET txid = %s WHERE id = %s", source.txid, line.pk)


def _end() -> int:
    return int(Batch.objects.order_by("-number")[0].txid_before)


def delete_lines(draw: Draw) -> None:
    """One sealed line, or several."""
    for _ in range(draw.choice([1, 1, 1, 2, 5])):
        _execute("DELETE FROM audit_line WHERE id = %s", _line(draw, sealed=True).pk)


def delete_a_batch_of_lines(draw: Draw) -> None:
    batch = draw.choice([each for each in Batch.objects.order_by("number") if each.lines])
    _execute(
        "DELETE FROM audit_line WHERE epoch = %s AND txid >= %s AND txid < %s",
        batch.epoch,
        batch.txid_from,
        batch.txid_before,
    )


def insert_a_line(draw: Draw) -> None:
    """With the number of an old, a present or a future transaction, and a code copied from another line or invented."""
    model = _line(draw)
    txid = draw.choice([model.txid, "(pg_current_xact_id())::text::bigint", model.txid + 10**6])
    at = draw.choice(["at", "now()"])
    mac = draw.choice(["mac", "''", "sha256(mac)"])
    _execute(
        f"INSERT INTO audit_line ({_COLUMNS}, epoch, txid, mac) SELECT gen_random_uuid(), {at}, worker_id, "
        f"organisation_id, action, controllers, subject_type, subject_id, person_id, details, epoch, {txid}, {mac} "
        "FROM audit_line WHERE id = %s",
        model.pk,
    )


def insert_a_line_of_nobody(draw: Draw) -> None:
    """A line that no context of a worker shows."""
    _execute(
        f"INSERT INTO audit_line ({_COLUMNS}, mac) SELECT gen_random_uuid(), now(), worker_id, organisation_id, "
        "action, '{}', subject_type, subject_id, person_id, details, mac FROM audit_line WHERE id = %s",
        _line(draw).pk,
    )


def insert_a_line_as_old(draw: Draw) -> None:
    """As if it were older than the seals, when lines had no code."""
    _execute(
        f"INSERT INTO audit_line ({_COLUMNS}, epoch, txid, mac) SELECT gen_random_uuid(), at, worker_id, "
        "organisation_id, action, controllers, subject_type, subject_id, person_id, details, 0, 0, '' "
        "FROM audit_line WHERE id = %s",
        _line(draw).pk,
    )


def double_a_line(draw: Draw) -> None:
    """The same line once more, under the number of a transaction of now: its code is right."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT conname FROM pg_constraint WHERE conrelid = 'audit_line'::regclass AND contype = 'p'")
        (name,) = cursor.fetchone() or ("",)
    _execute(f"ALTER TABLE audit_line DROP CONSTRAINT {name}")
    _execute(
        f"INSERT INTO audit_line ({_COLUMNS}, mac) SELECT {_COLUMNS}, mac FROM audit_line WHERE id = %s",
        _line(draw, sealed=True).pk,
    )


def change_a_batch(draw: Draw) -> None:
    changes = {
        "lines": "lines + 1",
        "digest": "sha256(digest)",
        "previous": "sha256(previous)",
        "root": "sha256(root)",
        "mac": "sha256(mac)",
        "sealed_at": "sealed_at - interval '1 second'",
        "txid_from": "txid_from + 1",
        "txid_before": "txid_before + 1",
        "epoch": "epoch + 1",
    }
    column = draw.choice(sorted(changes))
    _execute(f"UPDATE audit_batch SET {column} = {changes[column]} WHERE number = %s", _batch(draw).pk)


def delete_a_batch(draw: Draw) -> None:
    """Not the last one: that is a torn-off end."""
    inner = list(Batch.objects.order_by("number"))[:-1]
    _execute("DELETE FROM audit_batch WHERE number = %s", draw.choice(inner).pk)


def tear_off_the_end(draw: Draw) -> None:
    """The last batches with their lines and all that follow: what is left is whole in itself. Only roots tell."""
    first = draw.choice([each for each in Batch.objects.order_by("number") if each.number > 1])
    _execute("DELETE FROM audit_line WHERE epoch = %s AND txid >= %s", first.epoch, first.txid_from)
    _execute("DELETE FROM audit_batch WHERE number >= %s", first.number)


def rebuild_without_the_key(draw: Draw) -> None:
    """Delete a line and make the chain anew with a key of one's own: codes tell, and roots."""
    _rebuild(draw, code=lambda root: codes._code("batch", root, "a guess"))


def rebuild_with_the_key(draw: Draw) -> None:
    """The same by somebody who has stolen the key: only roots outside tell."""
    _rebuild(draw, code=codes.batch_code)


def _rebuild(draw: Draw, *, code: Callable[[bytes], bytes]) -> None:
    _execute("DELETE FROM audit_line WHERE id = %s", _line(draw, sealed=True).pk)
    previous = codes.BEGINNING
    for batch in Batch.objects.order_by("number"):
        digest = sealing._digest(sealing.Range(batch.epoch, batch.txid_from, batch.txid_before))
        batch.lines, batch.digest, batch.previous = digest.lines, digest.value(), previous
        batch.root = codes.root_of(batch)
        batch.mac = code(batch.root)
        batch.save()
        previous = batch.root


def leave_a_line_unsealed(draw: Draw) -> None:
    """An own line with a right code (by somebody with the key) that pretends to be from long ago."""
    line = Line(
        id=identifiers.new_id(), at=timezone.now() - timedelta(days=draw.randint(1, 300)), action="x", controllers=["1"]
    )
    line.mac = codes.line_code(codes.canonical([getattr(line, name) for name in codes.CONTENT]))
    line.save(force_insert=True)


WAYS: list[Callable[[Draw], None]] = [
    change_a_field,
    hide_a_field,
    move_to_another_transaction,
    move_to_another_epoch,
    move_to_another_month,
    swap_two_lines,
    swap_two_transactions,
    delete_lines,
    delete_a_batch_of_lines,
    insert_a_line,
    insert_a_line_of_nobody,
    insert_a_line_as_old,
    double_a_line,
    change_a_batch,
    delete_a_batch,
    tear_off_the_end,
    rebuild_without_the_key,
    rebuild_with_the_key,
    leave_a_line_unsealed,
]
