"""Programs of npm are installed once, however many tests ask for them at once."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests import node_programs


def test_two_who_ask_at_once_install_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    npm, log, source = tmp_path / "npm", tmp_path / "log", tmp_path / "source"
    npm.write_text(f"#!/bin/sh\nsleep 0.3\necho installed >> {log}\n", encoding="utf-8")
    npm.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    source.mkdir()
    for name in ("package.json", "package-lock.json"):
        (source / name).write_text("{}", encoding="utf-8")
    with ThreadPoolExecutor(3) as pool:
        homes = set(pool.map(lambda _: node_programs.installed(source, tmp_path / "var"), range(3)))
    assert len(homes) == 1
    assert log.read_text(encoding="utf-8").split() == ["installed"]
