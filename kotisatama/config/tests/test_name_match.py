"""Names are found across scripts and spellings, through the search that the desk uses."""

import csv
import pathlib
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from kotisatama.audit.models import Line
from kotisatama.config.demo import name_match
from kotisatama.kernel import row_security
from kotisatama.network.models import Municipality, Organisation
from kotisatama.people import tests
from kotisatama.people.models import Person, SearchToken

pytestmark = pytest.mark.django_db

DATA = pathlib.Path(tests.__file__).parent / "data"
OTHERS = 2_000


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def matched(name: str) -> tuple[list[name_match.Match], list[name_match.Match]]:
    """The pairs of a file that are the same person, and those that are not."""
    pairs = rows(name)
    found = name_match.match([(row["name_a"], row["name_b"]) for row in pairs], others=OTHERS)
    told = list(zip(found, pairs, strict=True))
    return tuple([each for each, row in told if row["same_person"] == wanted] for wanted in ("yes", "no"))  # type: ignore[return-value]


@pytest.mark.parametrize("name", ["name_pairs.csv", "more_name_pairs.csv"])
def test_nearly_all_are_found_in_the_first_ten_and_no_stranger_above_them(name: str) -> None:
    same, others = matched(name)
    assert sum(each.rank is not None and each.rank <= 10 for each in same) >= 0.95 * len(same)
    ranks = {each.name_a: each.rank or OTHERS for each in same}
    assert not [each for each in others if each.rank and each.rank < ranks.get(each.name_a, 0)]


def test_no_stranger_is_as_like_as_any_true_match() -> None:
    same, others = matched("name_pairs.csv")
    assert min(each.score or 0 for each in same) > max(each.score or 0 for each in others)


def test_nothing_is_left_behind() -> None:
    name_match.match([("Олена", "Olena")], others=20)
    with row_security.context(controllers=[name_match.NOWHERE]):
        assert not Person.objects.exists()
        assert not SearchToken.objects.exists()
        assert not Line.objects.exists()
    assert not Organisation.objects.filter(slug="name-match").exists()
    assert not Municipality.objects.filter(code=name_match.NOWHERE).exists()


def test_the_command_writes_a_line_for_each_pair(tmp_path: pathlib.Path) -> None:
    file = tmp_path / "pairs.csv"
    file.write_text("name_a,name_b,remark\nОлена Шевченко,Olena Shevchenko,x\nOlena,Ahmed,y\n", encoding="utf-8-sig")
    out = StringIO()
    call_command("name-match", str(file), stdout=out)
    lines = out.getvalue().splitlines()
    assert lines == ["name_a,name_b,rank,score", "Олена Шевченко,Olena Shevchenko,1,1.000", "Olena,Ahmed,,"]


@pytest.mark.parametrize(
    "content", [b"", b"name_a\nOlena\n", b"name_a,name_b\nOlena,\n", b"\xff\xfe\x00", b"name_a,name_b\n"]
)
def test_a_file_that_cannot_be_used_is_refused_in_a_sentence(tmp_path: pathlib.Path, content: bytes) -> None:
    file = tmp_path / "pairs.csv"
    file.write_bytes(content)
    with pytest.raises(CommandError, match=r"pairs\.csv"):
        call_command("name-match", str(file))


def test_a_missing_file_is_refused_in_a_sentence() -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("name-match", "no-such-file.csv")
