"""Roots go to witnesses outside: a file, letters, another server; again when one was deaf."""

import io
import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone
from pytest_django.fixtures import Settings

from kotisatama.audit import telling, witnesses
from kotisatama.audit.models import Delivery
from kotisatama.audit.tests import trails
from kotisatama.audit.tests.witnesses_of_tests import Recording, keeper

pytestmark = pytest.mark.django_db(transaction=True)


def numbers(witness: Recording) -> list[int]:
    return [root.number for root in witness.told]


def test_each_root_is_told_once_in_order() -> None:
    witness = Recording()
    trails.write_and_seal(1, 1)
    telling.tell([witness])
    trails.write_and_seal(1)
    telling.tell([witness])
    telling.tell([witness])
    assert numbers(witness) == [1, 2, 3, 4]


def test_a_deaf_witness_is_asked_again_a_minute_later_and_keeps_no_other_from_hearing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    deaf, other = Recording(name="deaf", fails=1), Recording(name="other")
    trails.write_and_seal(1)
    telling.tell([deaf, other])
    telling.tell([deaf, other])
    assert (numbers(deaf), numbers(other)) == ([], [1, 2])
    assert Delivery.objects.get(witness="deaf").error == "deaf"
    monkeypatch.setattr(telling, "WAIT_AFTER_FAILURE", timedelta())
    telling.tell([deaf, other])
    assert numbers(deaf) == [1, 2]
    assert Delivery.objects.get(witness="deaf").error == ""


def test_letters_come_at_most_once_an_hour() -> None:
    witness = Recording(every=timedelta(hours=1))
    trails.write_and_seal(1)
    telling.tell([witness])
    trails.write_and_seal(1)
    telling.tell([witness])
    assert numbers(witness) == [1, 2]
    Delivery.objects.update(delivered_at=timezone.now() - timedelta(hours=2))
    telling.tell([witness])
    assert numbers(witness) == [1, 2, 3]


def test_a_file_is_read_back_by_the_command(tmp_path: Path) -> None:
    file = tmp_path / "elsewhere" / "roots.jsonl"
    trails.write_and_seal(2, 2)
    telling.tell([witnesses.File(file)])
    out = io.StringIO()
    call_command("audit-verify", "--roots", str(file), stdout=out)
    said = json.loads(out.getvalue())
    assert (said["lines"], said["batches"], said["roots"], said["faults"]) == (4, 3, 3, [])


def test_the_command_ends_with_1_when_a_root_differs(tmp_path: Path) -> None:
    file = tmp_path / "roots.jsonl"
    trails.write_and_seal(1)
    telling.tell([witnesses.File(file)])
    file.write_text(file.read_text().replace('"root": "', '"root": "00'))
    with pytest.raises(SystemExit, match="1"):
        call_command("audit-verify", "--roots", str(file), stdout=io.StringIO())


def test_a_real_server_gets_the_roots_and_may_refuse_them() -> None:
    trails.write_and_seal(1)
    with keeper() as server:
        server.status = 503
        telling.tell([witnesses.Server(server.address)])
        assert Delivery.objects.get(witness="http").error == "http-503"
        Delivery.objects.update(failed_at=None)
        server.status = 204
        telling.tell([witnesses.Server(server.address)])
        assert [root["number"] for root in server.bodies[-1]["roots"]] == [1, 2]
    trails.write_and_seal(1)
    telling.tell([witnesses.Server(server.address)])
    assert Delivery.objects.get(witness="http").error == "http-connection"


def test_a_real_letter_carries_the_latest_root(settings: Settings, tmp_path: Path) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    trails.write_and_seal(1, 1)
    telling.tell([witnesses.Letter(["officer@kotisatama.example"])])
    (letter,) = tmp_path.iterdir()
    assert '"number": 3' in letter.read_text()


def test_settings_choose_the_witnesses(settings: Settings) -> None:
    settings.AUDIT_ROOTS_FILE, settings.AUDIT_ROOTS_MAIL = "/x/roots", ["a@kotisatama.example"]
    settings.AUDIT_ROOTS_URL = "https://witness.example/roots"
    assert [witness.name for witness in witnesses.configured()] == ["file", "mail", "http"]
    settings.AUDIT_ROOTS_FILE, settings.AUDIT_ROOTS_MAIL, settings.AUDIT_ROOTS_URL = "", [], "ftp://witness.example"
    assert list(witnesses.configured()) == []
