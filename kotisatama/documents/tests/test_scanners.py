"""clamd, spoken to over the wire."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from kotisatama.documents import scanners
from kotisatama.documents.scanners import Clamd, Refused, TryLater
from kotisatama.documents.tests import clamd


@pytest.fixture
def twin() -> Iterator[clamd.RecordingClamd]:
    with clamd.running() as running:
        yield running


def test_a_clean_file_has_no_virus_and_arrives_whole_in_chunks(twin: clamd.RecordingClamd) -> None:
    data = bytes(range(256)) * 1000
    assert Clamd(twin.address).scan(data) == ""
    assert twin.received == [data]
    assert twin.chunks == [65_536, 65_536, 65_536, 59_392]


def test_a_virus_is_named(twin: clamd.RecordingClamd) -> None:
    assert Clamd(twin.address).scan(b"%PDF-1.4 " + clamd.EICAR) == "Eicar-Test-Signature"


def test_a_socket_in_the_file_system_serves_as_well(tmp_path: Path) -> None:
    with clamd.running(tmp_path / "clamd.sock") as twin:
        assert Clamd(twin.address).scan(clamd.EICAR) == "Eicar-Test-Signature"


@pytest.mark.parametrize(
    "behaviour",
    [
        "hang up",
        "be silent",
        "stream: OK",
        "stream: OK, but not quite\0",
        "what?\0",
        "\0",
        "x" * 5000,
        "Error. ERROR\0",
    ],
)
def test_whatever_is_no_verdict_is_tried_again_later(twin: clamd.RecordingClamd, behaviour: str) -> None:
    twin.behaviours = [behaviour]
    with pytest.raises(TryLater):
        Clamd(twin.address, seconds=0.3).scan(b"a letter")
    assert Clamd(twin.address).scan(b"a letter") == ""


def test_a_scanner_that_is_away_is_asked_again_later() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(TryLater, match="unreachable"):
        Clamd(f"127.0.0.1:{port}").scan(b"a letter")


@pytest.mark.parametrize("address", ["localhost:clamd", "127.0.0.1:0", "127.0.0.1:99999"])
def test_an_address_with_a_wrong_port_gives_no_verdict(address: str) -> None:
    with pytest.raises(TryLater, match="address"):
        Clamd(address).scan(b"a letter")


def test_a_file_over_the_scanners_limit_is_not_tried_again(twin: clamd.RecordingClamd) -> None:
    twin.limit = 100_000
    with pytest.raises(Refused):
        Clamd(twin.address).scan(b"x" * 3_000_000)


def test_what_clamd_did_not_look_at_is_neither_clean_nor_a_virus(twin: clamd.RecordingClamd) -> None:
    twin.behaviours = ["stream: Heuristics.Limits.Exceeded.MaxFileSize FOUND\0"]
    with pytest.raises(Refused, match="limits"):
        Clamd(twin.address).scan(b"a letter")


def test_no_more_is_sent_than_any_file_may_have(twin: clamd.RecordingClamd) -> None:
    with pytest.raises(Refused):
        Clamd(twin.address).scan(bytes(scanners.MOST_BYTES + 1))
    assert not twin.chunks
