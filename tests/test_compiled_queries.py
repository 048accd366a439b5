"""Queries that are put together once: each time they are asked they give what is true then, for the values of then."""

import threading
from datetime import date

import pytest
from django.db import connection
from django.db.models import CharField, DateField, QuerySet
from django.test.utils import CaptureQueriesContext

from kotisatama.kernel.compiled import Compiled, Given
from kotisatama.network import queries
from kotisatama.network.models import Municipality
from tests import builders

pytestmark = pytest.mark.django_db


def by_code() -> QuerySet[Municipality]:
    return Municipality.objects.filter(code=Given("code", CharField()))


def test_the_values_of_now_decide_and_not_those_of_the_first_time() -> None:
    compiled = Compiled(by_code)
    assert [row.code for row in compiled.all(code="426")] == ["426"]
    assert [row.code for row in compiled.all(code="167")] == ["167"]
    assert compiled.all(code="426'; --") == []
    assert compiled.first(code="000") is None


def test_it_is_put_together_once_and_asked_each_time() -> None:
    built: list[int] = []

    def build() -> QuerySet[Municipality]:
        built.append(1)
        return by_code()

    compiled = Compiled(build)
    before = compiled.first(code="426")
    assert before
    Municipality.objects.filter(code="426").update(name_fi="Uusi nimi")
    with CaptureQueriesContext(connection) as asked:
        after = compiled.first(code="426")
    assert after
    assert (len(built), len(asked)) == (1, 1)
    assert before is not after
    assert after.name_fi == "Uusi nimi"


def test_it_asks_word_by_word_what_the_queryset_asks() -> None:
    on = date(2026, 3, 2)
    with CaptureQueriesContext(connection) as asked:
        list(Municipality.objects.filter(served_from__lte=on, code="426").order_by("name_fi")[:1])
        given = Municipality.objects.filter(served_from__lte=Given("on", DateField()), code=Given("code", CharField()))
        Compiled(lambda: given.order_by("name_fi")[:1]).all(on=on, code="426")
    plain, compiled = (each["sql"].replace("(", "").replace(")", "") for each in asked)
    assert compiled == plain


def test_rows_without_models_are_what_the_queryset_makes_of_them() -> None:
    codes = Compiled(lambda: by_code().values_list("code", flat=True))
    pairs = Compiled(lambda: by_code().values_list("code", "region_code"))
    assert codes.all(code="426") == ["426"]
    assert pairs.all(code="426") == [("426", "12")]


def test_each_thread_asks_over_its_own_connection() -> None:
    compiled = Compiled(by_code)
    Municipality.objects.filter(code="426").update(name_fi="Not committed")
    found: list[str] = []

    def ask() -> None:
        found.extend(row.name_fi for row in compiled.all(code="426"))
        connection.close()

    assert [row.name_fi for row in compiled.all(code="426")] == ["Not committed"]
    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    assert found == ["Liperi"]


def test_the_main_place_is_that_of_the_day_asked_for() -> None:
    builders.a_service_point(is_main=True)
    assert queries.main_place(on=date(1999, 1, 1)) != queries.main_place(on=date(2026, 3, 2))
