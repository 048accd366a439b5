"""A file between its arrival and the scanner's verdict."""

import hashlib
import io
import logging
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django.fixtures import Settings

from kotisatama.documents import actions, quarantine, queries, scanners, tasks
from kotisatama.documents.models import Content, Document
from kotisatama.documents.tests import clamd
from kotisatama.kernel import row_security
from tests import builders

pytestmark = pytest.mark.django_db
HOLDER = "1" * 64
NOW = Document.Scan


@pytest.fixture
def twin(settings: Settings) -> Iterator[clamd.RecordingClamd]:
    with clamd.running() as running:
        settings.CLAMD = running.address
        yield running


def picture() -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (20, 10), "teal").save(written, "PNG")
    return written.getvalue()


def a_sent_file(controller: str = builders.LIPERI) -> Document:
    with row_security.context(holder=HOLDER):
        document = actions.keep_upload(SimpleUploadedFile("kirje.png", picture()), holder=HOLDER)
    hand_over(document, controller)
    return document


def hand_over(document: Document, controller: str = builders.LIPERI) -> None:
    builders.a_municipality(controller)
    with row_security.context(controllers=[controller], holder=HOLDER):
        actions.hand_over([document.pk], holder=HOLDER, controller=controller)


def fresh(document: Document) -> Document:
    with row_security.context(controllers=[builders.LIPERI], holder=HOLDER):
        return Document.objects.get(pk=document.pk)


def stored(document: Document) -> bytes:
    with row_security.context(controllers=[builders.LIPERI], holder=HOLDER):
        return bytes(Content.objects.get(pk=document.pk).data)


def change(document: Document, **fields: Any) -> None:
    with row_security.context(controllers=[builders.LIPERI], holder=HOLDER):
        Document.objects.filter(pk=document.pk).update(**fields)


def put(document: Document, data: bytes) -> None:
    with row_security.context(controllers=[builders.LIPERI]):
        assert Content.objects.filter(pk=document.pk).update(data=data) == 1


def opened(document: Document) -> Any:
    return builders.signed_in(builders.a_worker()).get(reverse("documents:content", args=[document.pk]))


def jobs() -> list[str]:
    found = ProcrastinateJob.objects.filter(task_name="documents.scan").order_by("id")
    return [job.args["document_id"] for job in found]


def test_without_a_scanner_a_file_opens_at_once_and_has_no_job() -> None:
    document = a_sent_file()
    assert (fresh(document).scan, jobs()) == (NOW.NOT_NEEDED, [])
    assert opened(document).content == stored(document)


def test_with_a_scanner_a_file_waits_for_its_job_and_no_worker_opens_it(twin: clamd.RecordingClamd) -> None:
    document = a_sent_file()
    assert (fresh(document).scan, jobs()) == (NOW.WAITING, [str(document.pk)])
    response = opened(document)
    assert response.status_code == 409
    assert "This file is being checked for viruses" in response.content.decode()
    assert stored(document)[:50] not in response.content
    assert not queries.is_picture(fresh(document))
    (line,) = [line for line in builders.audit_lines() if line.action.startswith("document.")]
    assert (line.action, line.details["why"]) == ("document.refused", "waiting")


def test_the_visitors_own_file_is_scanned_before_it_is_sent_in(twin: clamd.RecordingClamd) -> None:
    with row_security.context(holder=HOLDER):
        document = actions.keep_upload(SimpleUploadedFile("kirje.png", picture()), holder=HOLDER)
    quarantine.scan(document.pk)
    assert fresh(document).scan == NOW.CLEAN
    hand_over(document)
    assert opened(document).content == twin.received[0]


def test_a_clean_file_opens_and_the_bytes_that_were_approved_are_remembered(twin: clamd.RecordingClamd) -> None:
    document = a_sent_file()
    quarantine.scan(document.pk)
    assert twin.received == [stored(document)]
    assert fresh(document).scanned_sha256 == hashlib.sha256(twin.received[0]).hexdigest()
    assert opened(document).status_code == 200
    quarantine.scan(document.pk)
    assert len(twin.received) == 1


def test_a_file_swapped_after_the_scan_is_not_served(
    twin: clamd.RecordingClamd, caplog: pytest.LogCaptureFixture
) -> None:
    document = a_sent_file()
    quarantine.scan(document.pk)
    put(document, b"something else")
    change(document, sha256=hashlib.sha256(b"something else").hexdigest())
    with caplog.at_level(logging.ERROR):
        response = opened(document)
    assert response.status_code == 409
    assert b"something else" not in response.content
    assert str(document.pk) in caplog.text
    assert builders.audit_lines()[-1].details["why"] == "changed"


def test_a_file_swapped_where_there_is_no_scanner_is_not_served_either() -> None:
    document = a_sent_file()
    put(document, b"something else")
    assert opened(document).status_code == 409


def test_a_file_swapped_while_the_scanner_thinks_is_not_served(twin: clamd.RecordingClamd, settings: Settings) -> None:
    document = a_sent_file()
    quarantine._tell(document.pk, stored(document), NOW.CLEAN)
    put(document, b"something else")
    assert opened(document).status_code == 409


def test_an_infected_file_loses_its_bytes_and_the_worker_sees_why(twin: clamd.RecordingClamd) -> None:
    twin.marks = [b"\xff\xd8"]
    document = a_sent_file()
    quarantine.scan(document.pk)
    assert (fresh(document).scan, stored(document)) == (NOW.INFECTED, b"")
    response = opened(document)
    assert response.status_code == 410
    assert "Eicar-Test-Signature" in response.content.decode()
    assert [line.action for line in builders.audit_lines()] == ["document.infected", "document.refused"]
    assert builders.audit_lines()[0].details == {"virus": "Eicar-Test-Signature"}


def test_what_was_infected_before_it_was_sent_in_is_told_when_somebody_answers_for_it(
    twin: clamd.RecordingClamd,
) -> None:
    twin.marks = [b"\xff\xd8"]
    with row_security.context(holder=HOLDER):
        document = actions.keep_upload(SimpleUploadedFile("kirje.png", picture()), holder=HOLDER)
    quarantine.scan(document.pk)
    assert stored(document) == b""
    hand_over(document)
    assert builders.audit_actions() == ["document.infected"]


def test_bytes_that_a_non_disclosure_hides_do_not_come_back_infected() -> None:
    document = a_sent_file()
    with row_security.context(controllers=[builders.LIPERI]):
        (part,) = actions.conceal_contents([document.pk])
        Document.objects.filter(pk=document.pk).update(scan=NOW.INFECTED)
        actions.reveal_content(document.pk, part.content)
    assert stored(document) == b""


def test_a_scanner_that_is_away_is_tried_again_and_the_file_stays_closed(twin: clamd.RecordingClamd) -> None:
    document = a_sent_file()
    twin.behaviours = ["hang up", "hang up"]
    with pytest.raises(scanners.TryLater):
        quarantine.scan(document.pk)
    assert fresh(document).scan == NOW.WAITING
    quarantine.scan(document.pk, is_last_try=True)
    assert fresh(document).scan == NOW.FAILED
    assert opened(document).status_code == 409
    quarantine.scan(document.pk)
    assert fresh(document).scan == NOW.CLEAN


def test_a_file_that_the_scanner_refuses_is_not_tried_again_at_once(twin: clamd.RecordingClamd) -> None:
    document = a_sent_file()
    twin.limit = 10
    quarantine.scan(document.pk)
    assert fresh(document).scan == NOW.FAILED


def test_the_sweep_finds_the_forgotten_and_leaves_the_others(twin: clamd.RecordingClamd) -> None:
    now = timezone.now()
    just_sent, forgotten, failed, failed_now, given_up = (a_sent_file() for _number in range(5))
    change(forgotten, created_at=now - timedelta(minutes=20))
    change(failed, created_at=now - timedelta(days=2), scan=NOW.FAILED, scan_tried_at=now - timedelta(hours=2))
    change(failed_now, created_at=now - timedelta(days=2), scan=NOW.FAILED, scan_tried_at=now - timedelta(minutes=20))
    change(given_up, created_at=now - timedelta(days=40), scan=NOW.FAILED, scan_tried_at=now - timedelta(days=2))
    assert quarantine.forgotten(now) == [failed.pk, forgotten.pk]
    tasks.scan_forgotten(timestamp=0)
    assert [fresh(each).scan for each in (just_sent, forgotten, failed, failed_now, given_up)] == [
        NOW.WAITING,
        NOW.CLEAN,
        NOW.CLEAN,
        NOW.FAILED,
        NOW.FAILED,
    ]


def test_a_scanner_that_was_taken_away_opens_nothing(twin: clamd.RecordingClamd, settings: Settings) -> None:
    document = a_sent_file()
    settings.CLAMD = ""
    quarantine.scan(document.pk)
    tasks.scan_forgotten(timestamp=0)
    assert fresh(document).scan == NOW.WAITING


def test_the_jobs_own_context_shows_files_in_quarantine_and_no_bytes(twin: clamd.RecordingClamd) -> None:
    waiting, clean = a_sent_file(), a_sent_file()
    quarantine.scan(clean.pk)
    with quarantine._scanning():
        assert list(Document.objects.values_list("pk", flat=True)) == [waiting.pk]
        assert not Content.objects.exists()
        assert Document.objects.filter(pk=waiting.pk).update(name="x") == 0
    assert not Document.objects.exists()


def test_nothing_is_clean_without_the_hash_of_what_was_approved() -> None:
    document = a_sent_file()
    with pytest.raises(IntegrityError), transaction.atomic():
        change(document, scan=NOW.CLEAN)


def send_in(document: Document) -> None:
    hand_over(document)


def take_back(document: Document) -> None:
    with row_security.context(holder=HOLDER):
        actions.forget(document.pk, holder=HOLDER)


def hide(document: Document) -> None:
    with row_security.context(controllers=[builders.LIPERI]):
        actions.conceal_contents([document.pk])
        actions.conceal([document.pk])


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("act", [send_in, take_back, hide])
def test_nobody_and_the_scanners_verdict_wait_for_each_other(
    twin: clamd.RecordingClamd, act: Callable[[Document], None]
) -> None:
    twin.marks = [b"\xff\xd8"]
    builders.a_municipality(builders.LIPERI)
    with row_security.context(holder=HOLDER):
        document = actions.keep_upload(SimpleUploadedFile("kirje.png", picture()), holder=HOLDER)
    if act is hide:
        hand_over(document)
    controllers = [builders.LIPERI] if act is hide else []
    with row_security.context(controllers=controllers, holder=HOLDER):
        # Whoever comes to the bytes waits here, holding what was locked before.
        assert Content.objects.select_for_update().get(pk=document.pk).data
        first, second = Beside(lambda: act(document)), Beside(lambda: quarantine.scan(document.pk))
        first.begin(waiting=1)
        second.begin(waiting=2)
    assert [each.ended() for each in (first, second)] == ["", ""]


class Beside:
    """Something done at the same time, on a connection of its own."""

    def __init__(self, act: Callable[[], None]) -> None:
        self.act, self.fault = act, "never ended"
        self.thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        try:
            self.act()
            self.fault = ""
        except DatabaseError as reason:
            self.fault = str(reason)
        finally:
            connection.close()

    def begin(self, *, waiting: int) -> None:
        """Begin, and go on when so many wait for a lock."""
        self.thread.start()
        for _look in range(200):
            with connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
                if cursor.fetchone()[0] == waiting:
                    return
            time.sleep(0.05)
        raise AssertionError("nobody waits")

    def ended(self) -> str:
        """What went wrong, when it has ended."""
        self.thread.join(30)
        return self.fault
