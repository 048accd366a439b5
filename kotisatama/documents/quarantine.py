"""Quarantine: a file that waits for the virus scanner is opened by nobody; the visitor goes on meanwhile."""

import hashlib
import logging
from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from kotisatama.audit import actions as audit
from kotisatama.documents import concealing, locking, queries, scanners
from kotisatama.documents.models import Content, Document
from kotisatama.kernel import row_security

logger = logging.getLogger(__name__)

IN_QUARANTINE = Q(scan__in=(Document.Scan.WAITING, Document.Scan.FAILED))
SETTING = "kotisatama.scanning"
FORGOTTEN = timedelta(minutes=15)
FAILED_AGAIN = timedelta(hours=1)
FAILED_NO_MORE = timedelta(days=30)
AT_ONCE = 200


@contextmanager
def _scanning() -> Generator[None]:
    """Open a transaction in which the files in quarantine can be found, whoever's they are; not their bytes."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, 'on', true)", [SETTING])
        yield
        cursor.execute("SELECT set_config(%s, '', true)", [SETTING])


@contextmanager
def _as_whose_it_is(document_id: UUID) -> Generator[bool]:
    """Open a transaction in which the file is there as it is to whom it belongs; whether it is in quarantine."""
    with transaction.atomic():
        with _scanning():
            waiting = Document.objects.filter(IN_QUARANTINE, pk=document_id)
            found = waiting.values_list("controller_id", "holder").first()
        controller, holder = found or (None, "")
        with row_security.context(controllers=[controller] if controller else [], holder="" if controller else holder):
            yield found is not None


def state_at_the_door() -> Document.Scan:
    """How a new file begins."""
    return Document.Scan.WAITING if scanners.scanner() else Document.Scan.NOT_NEEDED


def scan(document_id: UUID, *, is_last_try: bool = False) -> None:
    """Ask the scanner about a file in quarantine; safe to run twice. Raises TryLater unless it is the last try.

    No transaction is open while the scanner thinks.
    """
    scanner = scanners.scanner()
    data = _bytes_in_quarantine(document_id) if scanner else None
    if scanner is None or data is None:
        return
    try:
        found = scanner.scan(data)
    except scanners.NotScanned as reason:
        logger.error("A file could not be scanned: %s", reason)
        is_final = is_last_try or isinstance(reason, scanners.Refused)
        _tell(document_id, b"", Document.Scan.FAILED if is_final else Document.Scan.WAITING)
        if not is_final:
            raise
    else:
        _tell(document_id, data, Document.Scan.INFECTED if found else Document.Scan.CLEAN, found)


def _bytes_in_quarantine(document_id: UUID) -> bytes | None:
    with _as_whose_it_is(document_id) as is_there:
        document = Document.objects.filter(pk=document_id).first() if is_there else None
        return queries.stored_bytes(document) if document else None


def _tell(document_id: UUID, data: bytes, state: Document.Scan, found: str = "") -> None:
    """Note the verdict about these bytes; a file that somebody else judged meanwhile stays as it is."""
    with _as_whose_it_is(document_id) as is_there:
        document = next(iter(locking.locked(Document.objects.filter(IN_QUARANTINE, pk=document_id))), None)
        if not is_there or document is None:
            return
        document.scan, document.scan_found, document.scan_tried_at = state, found, timezone.now()
        document.scanned_sha256 = hashlib.sha256(data).hexdigest() if state == Document.Scan.CLEAN else ""
        document.save(update_fields=["scan", "scan_found", "scan_tried_at", "scanned_sha256"])
        if state == Document.Scan.INFECTED:
            Content.objects.filter(pk=document_id).update(data=b"")
            concealing.drop_hidden_bytes(document_id)
            note_infected(document)


def note_infected(document: Document) -> None:
    """The line of a file that had a virus, once somebody answers for it; the name of the virus tells of no person."""
    if document.controller_id:
        details = {"virus": document.scan_found}
        audit.record(
            "document.infected", by=None, controllers=[document.controller_id], subject=document, details=details
        )


def forgotten(now: datetime) -> list[UUID]:
    """Files whose job got lost or gave up, those that wait the longest first."""
    waiting = Q(scan=Document.Scan.WAITING, created_at__lt=now - FORGOTTEN)
    failed = Q(scan=Document.Scan.FAILED, scan_tried_at__lt=now - FAILED_AGAIN, created_at__gt=now - FAILED_NO_MORE)
    untouched = Q(scan_tried_at__isnull=True) | Q(scan_tried_at__lt=now - FORGOTTEN)
    with _scanning():
        found = Document.objects.filter(waiting | failed, untouched).order_by("created_at")
        return list(found.values_list("pk", flat=True)[:AT_ONCE])
