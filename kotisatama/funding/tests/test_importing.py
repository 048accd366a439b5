"""The accounting's file: read in the encodings of the trade, looked at, located mistakes, taken in once."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kotisatama.funding import actions, importing
from kotisatama.funding.models import Cost, CostFile, Project
from kotisatama.funding.tests import rows
from kotisatama.kernel.errors import NotAllowed
from kotisatama.staff.models import Worker
from tests import builders

pytestmark = pytest.mark.django_db
HEAD = "Pvm;Tosite;Rivi;Laji;Selite;Summa"
MAPPING = {"on": "Pvm", "voucher": "Tosite", "line": "Rivi", "kind": "Laji", "text": "Selite", "amount": "Summa"}
GOOD = f"{HEAD}\n1.10.2022;M1;1;Matkat;Junämatka;120,50\n2.10.2022;M1;2;Hankinnat;Paperi;1 000,00\n"


def a_file(project: Project, by: Worker, content: bytes) -> CostFile:
    with builders.as_worker(by):
        file = actions.keep_file(project, name="k.csv", content=content, by=by)
        actions.choose_columns(file, mapping=MAPPING, by=by)
    return file


def problems(content: str, by: Worker) -> list[str]:
    project = rows.a_project(by)
    file = a_file(project, by, content.encode())
    with builders.as_worker(by):
        project.refresh_from_db()
        found = importing.preview(project, importing.table_of(file), project.mapping)
        with pytest.raises(NotAllowed, match="Nothing was taken in"):
            actions.take_in(file, by=by)
        assert not Cost.objects.exists()
    return [str(each) for each in found.problems]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1"])
@pytest.mark.parametrize("separator", [";", "\t"])
def test_a_file_is_read_in_the_encodings_and_separators_of_the_trade(encoding: str, separator: str) -> None:
    by = rows.a_keeper()
    project = rows.a_project(by)
    file = a_file(project, by, GOOD.replace(";", separator).encode(encoding))
    with builders.as_worker(by):
        actions.take_in(file, by=by)
        found = list(Cost.objects.order_by("line").values_list("text", "amount", "kind", "file_row"))
    assert found == [
        ("Junämatka", Decimal("120.50"), "travel", 2),
        ("Paperi", Decimal("1000.00"), "purchase", 3),
    ]


def test_commas_between_columns_go_with_points_in_amounts() -> None:
    by = rows.a_keeper()
    project = rows.a_project(by)
    file = a_file(project, by, b"Pvm,Tosite,Rivi,Laji,Selite,Summa\n2022-10-01,M1,1,travel,x,120.50\n")
    with builders.as_worker(by):
        actions.take_in(file, by=by)
        assert Cost.objects.get().amount == Decimal("120.50")


def test_the_same_file_twice_changes_nothing() -> None:
    by = rows.a_keeper()
    project = rows.a_project(by)
    first = a_file(project, by, GOOD.encode())
    with builders.as_worker(by):
        actions.take_in(first, by=by)
        assert actions.take_in(first, by=by).result["added"] == 2
    second = a_file(project, by, GOOD.encode())
    with builders.as_worker(by):
        taken = actions.take_in(second, by=by)
        assert (taken.result["added"], taken.result["known"]) == (0, 2)
        assert Cost.objects.count() == 2


def test_a_longer_file_adds_only_what_is_new() -> None:
    by = rows.a_keeper()
    project = rows.a_project(by)
    with builders.as_worker(by):
        actions.take_in(a_file(project, by, GOOD.encode()), by=by)
        longer = a_file(project, by, (GOOD + "3.10.2022;M2;;Palkka;;10\n").encode())
        assert actions.take_in(longer, by=by).result["added"] == 1


def test_a_file_that_was_taken_in_keeps_no_content() -> None:
    by = rows.a_keeper()
    project = rows.a_project(by)
    file = a_file(project, by, GOOD.encode())
    with builders.as_worker(by):
        assert actions.take_in(file, by=by).content == ""


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("1.10.2022;M1;1;Matkat;x;12,345", "Row 2, column “Summa”: “12,345” has more than two decimals"),
        ("1.10.2022;M1;1;Matkat;x;abc", "Row 2, column “Summa”: “abc” is no amount"),
        ("1.10.2022;M1;1;Matkat;x;0", "Row 2, column “Summa”: A cost of zero"),
        ("1.10.2022;M1;1;Matkat;x;", "Row 2, column “Summa”: The amount is missing"),
        ("31.2.2023;M1;1;Matkat;x;1", "Row 2, column “Pvm”: “31.2.2023” is no day"),
        ("1.10.2021;M1;1;Matkat;x;1", "Row 2, column “Pvm”: This day lies outside"),
        ("1.10.2022;;1;Matkat;x;1", "Row 2, column “Tosite”: The cell is empty"),
        ("1.10.2022;M1;0;Matkat;x;1", "Row 2, column “Rivi”: “0” is no line number"),
        ("1.10.2022;M1;1;Lomat;x;1", "Row 2, column “Laji”: “Lomat” is no kind of cost"),
        ("1.10.2022;M1;1;Matkat;=HYPERLINK(1);1", "Row 2, column “Selite”: The cell looks like a formula"),
        ("1.10.2022;@SUM(1);1;Matkat;x;1", "Row 2, column “Tosite”: The cell looks like a formula"),
        ("1.10.2022;M1;1;Matkat;x;=1+1", "Row 2, column “Summa”: “=1+1” is no amount"),
        ("1.10.2022;M1;1;Matkat;x;1;2;3", "Row 2: The row has more cells"),
    ],
)
def test_each_mistake_is_said_with_its_row_and_column_and_nothing_is_taken_in(row: str, said: str) -> None:
    (found,) = problems(f"{HEAD}\n{row}\n", rows.a_keeper())
    assert found.startswith(said)


def test_a_voucher_twice_in_a_file_is_said() -> None:
    row = "1.10.2022;M1;1;Matkat;x;1"
    assert problems(f"{HEAD}\n{row}\n{row}\n", rows.a_keeper()) == ["Row 3: The same voucher and line stand in row 2."]


def test_a_voucher_with_another_sum_is_not_overwritten() -> None:
    by = rows.a_keeper()
    project = rows.a_project(by)
    with builders.as_worker(by):
        actions.take_in(a_file(project, by, GOOD.encode()), by=by)
        other = a_file(project, by, GOOD.replace("120,50", "121,50").encode())
        project.refresh_from_db()
        found = importing.preview(project, importing.table_of(other), project.mapping)
    assert [str(each) for each in found.problems] == [
        "Row 2: It is in the ledger already with other values (01.10.2022, 120.50 €). Add a correction instead."
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "heading row"),
        (b"Pvm;Summa\n", "heading row"),
        (b"PK\x03\x04\x00\x00", "no CSV"),
        (b'Pvm;Summa\n"1;2\n', "quotes"),
        (b"Pvm;pvm\n1;2\n", "Two columns are called"),
        (b"x" * (importing.MOST_BYTES + 1), "larger than 2 MB"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_a_sentence(content: bytes, said: str) -> None:
    by = rows.a_keeper()
    project = rows.a_project(by)
    with builders.as_worker(by), pytest.raises(NotAllowed, match=said):
        actions.keep_file(project, name="k.csv", content=content, by=by)


def test_on_the_screen_a_file_goes_from_sending_to_its_report() -> None:
    by = rows.a_keeper()
    project = rows.a_project(by)
    browser, start = builders.signed_in(by), f"/desk/funding/projects/{project.pk}/files/"
    sent = browser.post(start, {"file": SimpleUploadedFile("kirjanpito.csv", GOOD.encode("latin-1"))})
    address = sent.headers["Location"]
    assert "Junämatka" in browser.get(address).content.decode()
    browser.post(address, MAPPING)
    assert "Take the rows in" in browser.get(address).content.decode()
    browser.post(f"{address}take/")
    browser.post(f"{address}take/")
    page = browser.get(address).content.decode()
    assert "What became of it" in page
    assert "1,120.50" in page
    with builders.as_worker(by):
        assert Cost.objects.count() == 2
    actions_told = builders.audit_actions()
    assert actions_told.count("cost_file.taken") == 1


def test_the_columns_are_remembered_for_the_next_file() -> None:
    by = rows.a_keeper()
    project = rows.a_project(by)
    a_file(project, by, GOOD.encode())
    with builders.as_worker(by):
        project.refresh_from_db()
    assert project.mapping == MAPPING
