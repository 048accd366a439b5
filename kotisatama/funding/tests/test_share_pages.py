"""The pages of shares, as a coordinator and a decision maker use them."""

import csv
import io
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pikepdf
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kotisatama.funding.models import Agreement, Invitation, Invoice, Partnership, Statistic
from kotisatama.funding.tests import partners
from kotisatama.kernel import identifiers
from kotisatama.staff.permissions import Role
from tests import builders

pytestmark = pytest.mark.django_db
SHARES = "/desk/funding/shares/"


def text(response: Any) -> str:
    return " ".join(response.content.decode().replace("\xa0", " ").split())


def terms(statistic: Statistic, **changes: str) -> dict[str, Any]:
    year = timezone.localdate().year
    return {
        "key": str(identifiers.new_id()),
        "version": "1",
        "name": "Aluekeskus",
        "lead": "167",
        "begins_on": f"{year}-01-01",
        "ends_on": f"{year}-12-31",
        "amounts": f"{year} 45555.00",
        "statistic": str(statistic.pk),
        "method": "as-decided",
        "minimum": "0",
        "fixed": "0",
        "invited": ["276", "426", "309", "146"],
        "answers_by": (timezone.localdate() + timedelta(days=20)).isoformat(),
        "account": "FI21 1234 5600 0007 85",
    } | changes


def decide(client: Client, pk: int, code: str, answer: str = "joins", version: int = 1) -> Any:
    given = {"version": version, "answer": answer, "decided_on": timezone.localdate().isoformat(), "body": "Valtuusto"}
    return client.post(f"{SHARES}{pk}/decisions/{code}/", given, follow=True)


def test_a_coordinator_takes_numbers_asks_writes_answers_down_and_everything_freezes() -> None:
    client = builders.signed_in(partners.a_coordinator())
    given = {"key": str(identifiers.new_id()), "title": "Vuosi 2019", "year": "2019", "codes": list(partners.PEOPLE)}
    page = client.post(f"{SHARES}statistics/fetch/", given, follow=True)
    assert "2,837" in text(page)
    page = client.post(f"{SHARES}new/", terms(Statistic.objects.get()), follow=True)
    assert "36,958.77" in text(page)
    made = Partnership.objects.get()
    for code in partners.PEOPLE:
        page = decide(client, made.pk, code)
    assert "All have answered. The shares are frozen." in text(page)
    page = client.get(f"{SHARES}{made.pk}/agreements/1/")
    for amount in ("36,958.77", "2,956.52", "2,282.31", "2,136.53", "1,220.87", "45,555.00"):
        assert amount in text(page)


def test_the_last_answer_is_announced_before_it_is_saved() -> None:
    by = partners.a_coordinator()
    partnership = partners.a_partnership(by)
    for code in ("167", "276", "426", "309"):
        partners.answer(partnership, code, by)
    page = builders.signed_in(by).get(f"{SHARES}{partnership.pk}/decisions/146/")
    assert "This is the last answer that is awaited" in text(page)


def test_a_municipality_joins_late_and_every_share_stands_before_and_after_on_one_screen() -> None:
    by = partners.a_coordinator()
    first, year = partners.an_agreement(by), timezone.localdate().year
    statistic = partners.a_statistic(by, c607=40)
    client = builders.signed_in(by)
    given = {
        "municipality": "607",
        "joins_on": f"{year}-07-01",
        "how": "days",
        "statistic": statistic.pk,
        "decided_on": timezone.localdate().isoformat(),
        "body": "Kunnanhallitus",
    }
    frozen = text(client.get(f"{SHARES}{first.partnership_id}/agreements/1/"))
    for _twice in range(2):
        page = client.post(f"{SHARES}{first.partnership_id}/join/", given, follow=True)
        assert "Every share before and after" in text(page)
    second = Agreement.objects.get(number=2)
    for amounts in (first.content, second.content):
        for _code, _people, _percent, amount in amounts["years"][str(year)]["parts"]:
            assert f"{float(amount):,.2f}" in text(page)
    assert "Polvijärvi joins on" in text(page)
    assert "takes part from" in text(client.get(f"{SHARES}{first.partnership_id}/"))
    proposal = client.get(f"{SHARES}{first.partnership_id}/agreements/0/annex-607.pdf", follow=True)
    assert "The statistic has no number of 607" in text(proposal)
    again = text(client.get(f"{SHARES}{first.partnership_id}/agreements/1/"))
    assert again.split("Every share")[0].split("Hash")[1] == frozen.split("Every share")[0].split("Hash")[1]


def test_from_the_next_year_on_leaves_this_year_as_it_is() -> None:
    by = partners.a_coordinator()
    year = timezone.localdate().year
    more = {"ends_on": date(year + 1, 12, 31), "amounts": {year: Decimal(100), year + 1: Decimal(100)}}
    first = partners.an_agreement(by, **more)
    given = {
        "municipality": "607",
        "joins_on": f"{year}-03-01",
        "how": "year",
        "statistic": partners.a_statistic(by, c607=40).pk,
        "decided_on": timezone.localdate().isoformat(),
        "body": "Kunnanhallitus",
    }
    builders.signed_in(by).post(f"{SHARES}{first.partnership_id}/join/", given)
    assert Agreement.objects.get(number=2).begins_on == date(year + 1, 1, 1)


def test_a_simulation_asks_what_if_polvijarvi_joins() -> None:
    by = partners.a_coordinator()
    partnership = partners.a_partnership(by)
    client = builders.signed_in(builders.a_worker(Role.DECISION_MAKER))
    path = f"{SHARES}{partnership.pk}/simulation/"
    assert "Type one in" in text(client.get(path, {"municipality": "607"}))
    assert "Polvijärvi" in text(page := client.get(path, {"municipality": "607", "people": "40"}))
    assert "Difference, €" in text(page)
    assert "This municipality takes part already." in text(client.get(path, {"municipality": "426"}))
    assert Invitation.objects.count() == 5


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"amounts": "2026 45 555,00"}, "amounts", "Line 1: Write 45555.00 instead of"),
        ({"amounts": "2026"}, "amounts", "Line 1: write the year"),
        ({"amounts": "next 5.00"}, "amounts", "Line 1: “next” is not a year"),
        ({"amounts": "2026 -5.00"}, "amounts", "not negative"),
        ({"amounts": "2026 45555.000"}, "amounts", "more than two decimals"),
        ({"minimum": "1,50"}, "minimum", "Write 1.50"),
        ({"minimum": "20000.00"}, "minimum", "5 municipalities"),
        ({"invited": "260"}, "invited", "no number of 260"),
        ({"invited": "999"}, "invited", "Select a valid choice"),
        ({"invited": "167"}, "invited", "at least two"),
        ({"account": "FI21 1234 5600 0007 86"}, "account", "not an IBAN"),
        ({"lead": "260"}, "lead", "Select a valid choice"),
        ({"ends_on": "2020-01-01"}, "ends_on", "before the first day"),
    ],
)
def test_bad_terms_are_told_at_their_field_and_what_was_typed_stays(
    changes: dict[str, str], field: str, sentence: str
) -> None:
    by = partners.a_coordinator()
    year = str(timezone.localdate().year)
    given = terms(partners.a_statistic(by)) | {name: each.replace("2026", year) for name, each in changes.items()}
    page = builders.signed_in(by).post(f"{SHARES}new/", given)
    assert page.status_code == 200
    assert any(sentence in str(error) for error in page.context["form"].errors[field])
    assert "Aluekeskus" in text(page)
    assert not Partnership.objects.exists()


@pytest.mark.parametrize(
    ("numbers", "sentence"),
    [
        ("Joensuu 2302\nNeverland 3", "Line 2: nobody knows a municipality “Neverland”"),
        ("167=2302\nJoensuu 1", "Line 2: 167 stands twice"),
        ("Joensuu 2 302", "Line 1: nobody knows"),
        ("Joensuu", "Line 1: write the municipality"),
        ("Joensuu -3", "Line 1: “-3” is not a number"),
        ("999 3", "no municipality with the code 999"),
        (" ", "This field is required"),
    ],
)
def test_bad_numbers_are_told_by_their_line(numbers: str, sentence: str) -> None:
    given = {"key": str(identifiers.new_id()), "title": "x", "as_of": "2019-12-31", "source": "y", "numbers": numbers}
    page = builders.signed_in(partners.a_coordinator()).post(f"{SHARES}statistics/new/", given)
    assert any(sentence in str(error) for error in page.context["form"].errors["numbers"])
    assert not Statistic.objects.exists()


def test_numbers_are_typed_in_with_their_source_in_either_language() -> None:
    numbers = "Joensuu 2302\n276=184\nLibelits: 142"
    given = {"key": str(identifiers.new_id()), "title": "x", "as_of": "2019-12-31", "source": "y", "numbers": numbers}
    page = builders.signed_in(partners.a_coordinator()).post(f"{SHARES}statistics/new/", given, follow=True)
    assert "2,628" in text(page)
    assert Statistic.objects.get().numbers == {"167": 2302, "276": 184, "426": 142}


def test_who_only_reads_sees_all_shares_and_changes_none() -> None:
    by = partners.a_coordinator()
    agreement = partners.an_agreement(by)
    pk = agreement.partnership_id
    for reader in (builders.a_worker(Role.DECISION_MAKER), builders.an_outsider(Role.DECISION_MAKER)):
        client = builders.signed_in(reader)
        for path in ("", f"{pk}/", f"{pk}/agreements/1/", f"{pk}/invoices/", f"{pk}/simulation/", "statistics/"):
            assert client.get(SHARES + path).status_code == 200
        for path in ("new/", f"{pk}/change/", f"{pk}/join/", f"{pk}/decisions/426/", "statistics/new/"):
            assert client.get(SHARES + path).status_code == 403
        for path in (f"{pk}/freeze/", f"{pk}/invoices/"):
            given = {"year": timezone.localdate().year, "due_on": "2999-01-01"}
            assert client.post(SHARES + path, given).status_code == 403
    foreign = builders.signed_in(builders.an_outsider(Role.COORDINATOR))
    assert foreign.get(f"{SHARES}{pk}/join/").status_code == 403
    assert builders.signed_in(builders.a_worker(Role.COUNSELLOR)).get(SHARES).status_code == 403
    assert not Invoice.objects.exists()


def test_invoices_as_pdf_and_csv() -> None:
    by = partners.a_coordinator()
    agreement = partners.an_agreement(by, account="FI2112345600000785")
    client, path = builders.signed_in(by), f"{SHARES}{agreement.partnership_id}/invoices"
    given = {"year": timezone.localdate().year, "due_on": (timezone.localdate() + timedelta(days=30)).isoformat()}
    assert "4 invoices were made." in text(client.post(f"{path}/", given, follow=True))
    assert "Everything of that year is invoiced already." in text(client.post(f"{path}/", given, follow=True))
    rows = list(csv.DictReader(io.StringIO(client.get(f"{path}.csv?language=en").content.decode("utf-8-sig"))))
    assert [row["Amount"] for row in rows] == ["1220.87", "2956.52", "2282.31", "2136.53"]
    assert rows[0]["Account"] == "FI2112345600000785"
    invoice = Invoice.objects.first()
    assert invoice
    pdf = client.get(f"{path}/{invoice.pk}.pdf?language=sv")
    with pikepdf.open(io.BytesIO(pdf.content)) as opened:
        assert str(opened.Root.Lang) == "sv"
        assert opened.Root.MarkInfo.Marked


@pytest.mark.parametrize("number", [0, 1])
@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_an_annex_is_a_tagged_pdf_in_each_language(number: int, language: str) -> None:
    by = partners.a_coordinator()
    agreement = partners.an_agreement(by, basis="Кулут 漢字 <b>#strong[x]</b>")
    path = f"{SHARES}{agreement.partnership_id}/agreements/{number}/annex-426"
    pdf = builders.signed_in(by).get(f"{path}.pdf?language={language}")
    with pikepdf.open(io.BytesIO(pdf.content)) as opened:
        assert str(opened.Root.Lang) == language
        assert opened.Root.MarkInfo.Marked
        assert b"pdfuaid:part" in opened.Root.Metadata.read_bytes()


def test_an_annex_as_csv_holds_no_formula() -> None:
    by = partners.a_coordinator()
    agreement = partners.an_agreement(by)
    path = f"{SHARES}{agreement.partnership_id}/agreements/1/annex-426.csv"
    rows = list(csv.DictReader(io.StringIO(builders.signed_in(by).get(path).content.decode("utf-8-sig"))))
    assert [row["Share"] for row in rows] == ["36958.77", "2956.52", "2282.31", "2136.53", "1220.87"]
    assert builders.signed_in(by).get(path.replace("426.csv", "607.csv")).status_code == 404
    assert builders.signed_in(by).get(path.replace(".csv", ".exe")).status_code == 404


def test_pages_ask_the_database_the_same_number_of_times_however_many_take_part() -> None:
    by = partners.a_coordinator()
    client = builders.signed_in(by)
    counts = []
    for invited in (["276"], ["276", "426", "309", "146"]):
        asked, agreed = partners.a_partnership(by, invited=invited), partners.a_partnership(by, invited=invited)
        for code in ("167", *invited):
            partners.answer(agreed, code, by)
        paths = ("", f"{asked.pk}/", f"{agreed.pk}/", f"{agreed.pk}/agreements/1/", f"{agreed.pk}/invoices/")
        client.get(SHARES)
        with CaptureQueriesContext(connection) as queries:
            assert {client.get(SHARES + path).status_code for path in paths} == {200}
        counts.append(len(queries))
    assert counts[0] == counts[1]
