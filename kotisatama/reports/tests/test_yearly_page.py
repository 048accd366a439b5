"""The year's figures: the same on the screen and in every file, opened by whoever may, silent about others."""

import csv
import io
import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kotisatama.contacts.models import Channel
from kotisatama.network.models import Municipality
from kotisatama.reports import exporting, queries, sheet
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Role
from tests import builders

pytestmark = pytest.mark.django_db

YEAR = timezone.localdate().year - 1  # a year that is over, whatever day it is


def in_quarter(quarter: int) -> datetime:
    return datetime(YEAR, quarter * 3 - 1, 10, 10, tzinfo=UTC)


@pytest.fixture
def worker() -> Worker:
    """A counsellor of the centre with a year of contacts behind."""
    worker = builders.a_worker(Role.COUNSELLOR)
    served = Municipality.objects.filter(code__in=[builders.JOENSUU, builders.LIPERI])
    served.update(served_from=date(2020, 1, 1))
    for quarter in range(1, 5):
        for _ in range(12):
            builders.a_contact(worker=worker, at=in_quarter(quarter), channel=Channel.PHONE)
        for _ in range(3 if quarter == 2 else 9):
            builders.a_contact(worker=worker, at=in_quarter(quarter), controller=builders.LIPERI)
    return worker


def page_cells(client: Client) -> list[list[str]]:
    """The cells of the table by quarter as they stand on the screen."""
    page = client.get(reverse("reports:yearly"), {"year": YEAR}).content.decode()
    table = page[page.index('id="by-quarter"') :]
    body = table[table.index("<tbody>") : table.index("</tbody>")]
    return [
        [re.sub(r"<[^>]+>", "", cell).replace("\xa0", "").replace("&lt;", "<").strip() for cell in cells]
        for cells in (re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in body.split("</tr>")[:-1])
    ]


def test_screen_csv_and_xlsx_show_the_same_cells(worker: Worker) -> None:
    lead = builders.a_worker(Role.TEAM_LEAD)
    client = builders.signed_in(lead)
    screen = page_cells(client)
    text = client.get(reverse("reports:export", args=[YEAR, "csv"])).content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))[1:]
    book = openpyxl.load_workbook(io.BytesIO(client.get(reverse("reports:export", args=[YEAR, "xlsx"])).content))
    cells = [["" if cell is None else str(cell) for cell in row] for row in book[str(YEAR)].values][1:]
    assert len(screen) > 10
    assert screen == rows == cells


def test_a_recorded_contact_makes_the_municipalitys_figure_one_larger(worker: Worker) -> None:
    with builders.as_worker(worker):
        before = queries.yearly(worker, year=YEAR).total().contacts.value
    builders.a_contact(worker=worker, at=in_quarter(3))
    with builders.as_worker(worker):
        assert queries.yearly(worker, year=YEAR).total().contacts.value == (before or 0) + 1


def test_counts_under_five_are_hidden_everywhere(worker: Worker) -> None:
    with builders.as_worker(worker):
        found = sheet.of(queries.yearly(worker, year=YEAR), "en")
    small = next(row for row in found.rows if row.line.place == builders.LIPERI and row.line.quarter == 2)
    assert small.contacts == "<5"
    assert sum(row.contacts == "<5" or row.contacts == sheet.HIDDEN for row in found.rows) >= 4
    assert b'"contacts": 3,' not in exporting.as_json(found)


@pytest.mark.parametrize(
    ("role", "sees", "opens", "takes_out"),
    [
        (Role.MAIN_USER, 200, 403, 200),
        (Role.TEAM_LEAD, 200, 200, 200),
        (Role.COUNSELLOR, 200, 200, 403),
        (Role.MUNICIPAL_WORKER, 200, 200, 403),
        (Role.REPORT_READER, 200, 403, 200),
        (Role.PARTNER_WORKER, 403, 403, 403),
        (Role.ASSOCIATION_COORDINATOR, 403, 403, 403),
        (Role.PEER_SUPPORTER, 403, 403, 403),
        (Role.DATA_PROTECTION_OFFICER, 403, 403, 403),
    ],
)
def test_who_sees_figures_opens_them_and_takes_them_out(role: Role, sees: int, opens: int, takes_out: int) -> None:
    client = builders.signed_in(builders.a_worker(role))
    rows = f"{reverse('reports:rows')}?year={YEAR}&place=total&count=contacts"
    assert client.get(reverse("reports:yearly"), {"year": YEAR}).status_code == sees
    assert client.get(rows).status_code == opens
    assert client.get(reverse("reports:export", args=[YEAR, "csv"])).status_code == takes_out


def test_a_report_reader_gets_numbers_without_a_way_to_their_rows(worker: Worker) -> None:
    address = reverse("reports:rows")
    reader = builders.signed_in(builders.a_worker(Role.REPORT_READER))
    assert address not in reader.get(reverse("reports:yearly"), {"year": YEAR}).content.decode()
    assert address in builders.signed_in(worker).get(reverse("reports:yearly"), {"year": YEAR}).content.decode()


def test_a_number_opens_into_as_many_rows(worker: Worker) -> None:
    client = builders.signed_in(worker)
    page = client.get(f"{reverse('reports:rows')}?year={YEAR}&place={builders.JOENSUU}&count=contacts")
    assert page.context["total"] == 48
    assert "figures.rows_listed" in builders.audit_actions(builders.JOENSUU)


@pytest.mark.parametrize("wrong", ["year=1066&place=total", "year=2026&place='", "year=2026&quarter=5&place=total", ""])
def test_a_figure_that_does_not_exist_opens_into_nothing(worker: Worker, wrong: str) -> None:
    assert builders.signed_in(worker).get(f"{reverse('reports:rows')}?{wrong}").status_code == 404


def test_another_municipalitys_worker_counts_nothing_of_ours(worker: Worker) -> None:
    outsider = builders.an_outsider()
    with builders.as_worker(outsider):
        assert queries.yearly(outsider, year=YEAR).total().contacts.value == 0


def test_more_contacts_ask_the_database_no_more_often(
    worker: Worker, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    client, counts = builders.signed_in(worker), []
    client.get(reverse("reports:yearly"), {"year": YEAR})
    for number in (3, 30):
        for _ in range(number):
            builders.a_contact(worker=worker, at=in_quarter(3))
        with django_assert_max_num_queries(40) as captured:
            client.get(reverse("reports:yearly"), {"year": YEAR})
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_the_command_writes_the_region_to_a_file_and_nothing_else_to_standard_output(
    worker: Worker, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "yearly.json"
    call_command("report", "yearly", "--year", str(YEAR), "--format", "json", "-o", str(file))
    content = json.loads(file.read_text(encoding="utf-8"))
    assert {row["code"] for row in content["rows"]} >= {builders.JOENSUU, builders.LIPERI, "total"}
    assert capsys.readouterr().out == ""
