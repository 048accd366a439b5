"""What the child process is told that reads a stranger's file."""

import ast
import pathlib

import pytest

from kotisatama.forms import apart, translating_files, xlsform


def test_the_child_process_knows_nothing_of_the_servers_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOTISATAMA_SECRET_KEY", "a secret")
    told = apart.ask("kotisatama.forms.tests.telling_environment", content=b"", seconds=20)
    assert set(told) <= {"PYTHONPATH", "LANG", "LC_CTYPE"}


@pytest.mark.parametrize("module", [xlsform, translating_files])
def test_a_strangers_file_is_read_by_this_way_alone(module: object) -> None:
    tree = ast.parse(pathlib.Path(str(module.__file__)).read_text())  # type: ignore[attr-defined]
    called = [ast.unparse(each.func) for each in ast.walk(tree) if isinstance(each, ast.Call)]
    assert "apart.ask" in called
    assert "subprocess.run" not in called
