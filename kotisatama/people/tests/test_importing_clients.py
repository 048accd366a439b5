"""Importing an old register's clients: what becomes of each row, once and again."""

import io
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone

from kotisatama.audit import registry
from kotisatama.kernel import row_security
from kotisatama.network.models import Mandate
from kotisatama.people import actions
from kotisatama.people.importing import mapping as mappings
from kotisatama.people.importing import report, running, tables
from kotisatama.people.importing.running import Importer
from kotisatama.people.models import ImportRow, ImportRun, OldRecord, Person, SearchToken
from kotisatama.staff.permissions import Role
from tests import builders, messy_file

pytestmark = pytest.mark.django_db

OURS = ["167", "426"]
MAPPING = """
source: maire
controller: "167"
key: Nro
fields:
  name: [Etunimi, Sukunimi]
  date_of_birth: Synt
  gender: {column: Sukupuoli, values: {N: female, M: male}}
  citizenships: Kansalaisuus
  service_languages: {column: Kieli, split: ","}
  municipality: {column: Kunta, default: unknown}
  phone: Puh
  email: Posti
  hetu: Hetu
"""
HEADINGS = "Nro;Etunimi;Sukunimi;Synt;Sukupuoli;Kansalaisuus;Kieli;Kunta;Puh;Posti;Hetu"
OLENA = "1;Olena;Shevchenko;1.5.1994;N;UKR;ukraina, en;Joensuu;040 123 4567;Olena@example.fi;"


@pytest.fixture
def importer() -> Importer:
    return running.as_worker(builders.a_worker(roles=[Role.MAIN_USER, Role.COUNSELLOR]))


def imported(importer: Importer, *lines: str, mapping: str = MAPPING) -> dict[str, Any]:
    """The report of an import of these rows."""
    content = "\n".join([HEADINGS, *lines]).encode()
    return imported_file(importer, content, mapping)


def imported_file(importer: Importer, content: bytes, mapping: str) -> dict[str, Any]:
    table, plan = tables.read(content), mappings.read(mapping)
    assert table.problems == ()
    run = running.begin(table, plan, importer, file_name="old.csv", digest=running.file_hash(content))
    run = running.carry_out(run, table, plan, importer)
    with row_security.context(controllers=importer.controllers):
        return report.of_run(run, {}).to_json()


def rehearsed(importer: Importer, *lines: str) -> dict[str, Any]:
    table = tables.read("\n".join([HEADINGS, *lines]).encode())
    return report.of_rehearsal(running.rehearse(table, mappings.read(MAPPING), importer), table, {}).to_json()


def counts(found: dict[str, Any]) -> dict[str, int]:
    return {name: found[name] for name in report.COUNTS if found[name]}


def places(found: dict[str, Any]) -> list[tuple[int, str]]:
    return [(problem["row"], problem["column"]) for problem in found["problems"]]


def everybody() -> list[Person]:
    with row_security.context(controllers=OURS):
        return list(Person.objects.prefetch_related("names", "channels", "identifiers").order_by("name"))


LOG = {ImportRun, ImportRow}


def all_rows(besides: Iterable[type[models.Model]] = ()) -> dict[str, list[str]]:
    """Every row of every table with clients' data as text."""
    found = {}
    encoder = DjangoJSONEncoder(sort_keys=True)
    watched = [model for model in apps.get_models() if model._meta.db_table in registry.client_tables()]
    with row_security.context(controllers=OURS):
        for model in watched:
            if model not in besides:
                rows = model._base_manager.order_by("pk").values()
                found[model._meta.db_table] = [
                    encoder.encode({name: str(value) for name, value in row.items()}) for row in rows
                ]
    return found


def test_a_row_becomes_a_client_with_everything_that_it_says(importer: Importer) -> None:
    found = imported(importer, OLENA.replace("Joensuu", "LIPERI") + "010594Y9032")
    assert counts(found) == {"made": 1}
    (person,) = everybody()
    assert (person.name, person.controller_id, person.municipality) == ("Olena Shevchenko", "426", "426")
    assert (person.date_of_birth, person.birthday_is_placeholder) == (date(1994, 5, 1), False)
    assert (person.gender, person.citizenships, person.service_languages) == ("female", ["UA"], ["uk", "en"])
    assert {each.value for each in person.channels.all()} == {"+358401234567", "olena@example.fi"}
    assert [each.kind for each in person.identifiers.all()] == ["hetu"]


def test_an_imported_client_has_the_same_rows_as_one_made_at_the_desk(importer: Importer) -> None:
    """What `make_person` learns to write, the import has to learn too."""
    assert importer.worker
    with builders.as_worker(importer.worker):
        at_the_desk = actions.make_person(
            controller="167",
            name="Olena Shevchenko",
            names=["Олена Шевченко"],
            by=importer.worker,
            date_of_birth=date(1994, 5, 1),
            gender="female",
            citizenships=["UA"],
            mother_tongue="uk",
            service_languages=["uk", "en"],
            municipality="167",
            channels=[("phone", "0401234567", True), ("email", "olena@example.fi", False)],
            hetu="010594Y9032",
        )
    desk = rows_of(at_the_desk)
    with row_security.context(controllers=OURS):
        Person.objects.get(pk=at_the_desk.pk).delete()
    mapping = MAPPING.replace("[Etunimi, Sukunimi]", "[Etunimi, Sukunimi]\n  spellings: {constant: Олена Шевченко}")
    mapping += "  mother_tongue: {constant: uk}\n  phone_safe: {constant: kyllä}\n"
    content = f"{HEADINGS}\n{OLENA}010594Y9032".encode()
    assert counts(imported_file(importer, content, mapping)) == {"made": 1}
    (person,) = everybody()
    assert rows_of(person) == desk


def rows_of(person: Person) -> dict[str, list[str]]:
    """Every row that hangs on a person, without keys, times and sealed bytes."""
    # An import opens nobody to whoever ran it, so it has not made them in that sense.
    changing = {"id", "person_id", "created_at", "sealed", "made_by_id"}
    found = {}
    with row_security.context(controllers=OURS):
        hanging: list[Any] = [each.related_model for each in Person._meta.related_objects]
        for model in [Person, *hanging]:
            if model in {OldRecord, *LOG} or model._meta.app_label != "people":
                continue
            names = [field.name for field in model._meta.fields if field.related_model is Person]
            own = {"pk": person.pk} if model is Person else {names[0]: person}
            rows = model._base_manager.filter(**own).values()
            found[model._meta.db_table] = sorted(
                str({name: bytes(value) if isinstance(value, memoryview) else value for name, value in row.items()
                     if name not in changing})
                for row in rows
            )  # fmt: skip
    return found


def test_bad_rows_are_told_by_row_and_column_and_left_out_whole(importer: Importer) -> None:
    found = imported(
        importer,
        OLENA,
        "2;Ali;Karimi;31.2.1990;M;AF;dari;Joensuu;;;",
        "3;Ali;Karimi;1990;Z;AF;dari;Springfield;12;x;010594Y9031",
        "4;=1+1;Karimi;1990;M;AF;dari;Joensuu;;;",
        ";Ali;Karimi;1990;M;AF;dari;Joensuu;;;",
        "6;;-;1990;M;AF;dari;Joensuu;;;",
        "7;Ali;Karimi;1990;M;AF;dari;Joensuu;;;;too many",
        "8;Ali;Karimi;2.5.1994;M;AF;dari;Joensuu;;;010594Y9032",
    )
    assert counts(found) == {"made": 1, "refused": 7}
    assert places(found) == [
        (3, "Synt"),
        *((4, column) for column in ("Sukupuoli", "Kunta", "Puh", "Posti", "Hetu")),
        (5, "Etunimi"),
        (6, "Nro"),
        (7, "Etunimi + Sukunimi"),
        (8, ""),
        (9, "Hetu"),
    ]
    assert found["problems"][-1]["message"] == "The identity code and the date of birth tell different days."
    assert [person.name for person in everybody()] == ["Olena Shevchenko"]


def test_a_rehearsal_says_the_same_and_writes_nothing(importer: Importer) -> None:
    lines = [OLENA, "2;Олена;Шевченко;1.5.1994;N;UA;uk;Liperi;;;", "3;Ali;=x;;;;;;;;"]
    before = all_rows()
    lines_before = builders.audit_actions()
    said = rehearsed(importer, *lines)
    assert counts(said) == {"made": 1, "duplicates_proposed": 1, "refused": 1}
    assert said["proposals"] == [{"row": 3, "candidates": [{"row": 2, "score": 1.0, "because": "birthday"}]}]
    assert all_rows() == before
    assert builders.audit_actions() == lines_before
    assert counts(imported(importer, *lines)) == counts(said)


def test_each_client_leaves_a_line_and_so_does_the_import(importer: Importer) -> None:
    imported(importer, OLENA, "2;Ali;Karimi;1990;M;AF;dari;Liperi;;;")
    assert builders.audit_actions() == [
        "import.started",
        "person.imported",
        "person.imported",
        "persons.compared",
        "import.ended",
    ]


@pytest.mark.parametrize(
    ("row", "because"),
    [
        ("2;Олена;Шевченко;1.5.1994;N;UA;uk;Liperi;;;", "birthday"),
        ("2;Shevtshenko;Olena;1994-05-01;N;UA;uk;Joensuu;;;", "birthday"),
        ("2;Olena;Shevchenko;5.1.1994;N;UA;uk;Joensuu;;;", "birthday"),
        ("2;Olena;Shevchenko;1994;N;UA;uk;Joensuu;;;", "birthday"),
        ("2;Olena;Shevchenko;;N;UA;uk;Joensuu;;;", "name"),
        ("2;Olena;Kovalenko;;N;UA;uk;Joensuu;+358 40 1234567;;", "contact"),
        ("2;Olena;Kovalenko;1994;N;UA;uk;Joensuu;;OLENA@example.fi;", "contact"),
    ],
)
@pytest.mark.parametrize("in_one_file", [True, False])
def test_somebody_likely_known_is_proposed_and_not_made(
    importer: Importer, row: str, because: str, in_one_file: bool
) -> None:
    if in_one_file:
        found = imported(importer, OLENA, row)
    else:
        imported(importer, OLENA)
        found = imported(importer, row)
    assert found["duplicates_proposed"] == 1
    (person,) = everybody()
    (candidate,) = found["proposals"][0]["candidates"]
    assert (candidate["person"], candidate["because"]) == (str(person.pk), because)


@pytest.mark.parametrize(
    "row",
    [
        "2;Oksana;Bondarenko;1.5.1994;N;UA;uk;Joensuu;;;",
        "2;Olena;Shevchenko;7.9.1971;N;UA;uk;Joensuu;;;",
        "2;Mykola;Shevchenko;3.3.2015;M;UA;uk;Joensuu;0401234567;;",
        "2;Olena;Kovalenko;;N;UA;uk;Joensuu;;;",
    ],
)
def test_relatives_and_namesakes_are_made(importer: Importer, row: str) -> None:
    assert counts(imported(importer, OLENA, row)) == {"made": 2}


def test_the_same_identity_code_is_surely_the_same_person_and_differences_are_only_told(importer: Importer) -> None:
    imported(importer, OLENA + "010594Y9032")
    (before,) = everybody()
    found = imported(importer, "77;Olena;Kovalenko;;N;;;Liperi;;;010594y9032")
    assert counts(found) == {"differs": 1}
    assert found["differences"] == [{"row": 2, "person": str(before.pk), "fields": ["municipality", "name"]}]
    (after,) = everybody()
    assert (after.name, after.municipality, after.version) == ("Olena Shevchenko", "167", before.version)


def test_two_different_identity_codes_are_two_persons(importer: Importer) -> None:
    twin = OLENA.replace("1;Olena", "2;Olena").replace("040 123 4567", "")
    assert counts(imported(importer, OLENA + "010594Y9032", twin + "010594Y9021")) == {"made": 2}


def test_the_same_number_twice_is_one_row_or_a_fault_of_the_file(importer: Importer) -> None:
    found = imported(importer, OLENA, OLENA, OLENA.replace("Olena;", "Ilona;"))
    assert counts(found) == {"made": 1, "unchanged": 1, "refused": 1}
    assert found["problems"][0] == {
        "sheet": "",
        "row": 4,
        "column": "Nro",
        "message": "Row 2 has the same number of the old register and says something else.",
    }


def test_a_later_file_that_says_something_new_is_told_once_and_overwrites_nothing(importer: Importer) -> None:
    imported(importer, OLENA)
    newer = OLENA.replace("Joensuu", "Liperi").replace("040 123 4567", "050 765 4321")
    assert imported(importer, newer)["differences"][0]["fields"] == ["municipality", "phone"]
    assert counts(imported(importer, newer)) == {"unchanged": 1}
    (person,) = everybody()
    assert person.municipality == "167"


def test_what_was_changed_here_since_is_not_told_as_different_again(importer: Importer) -> None:
    imported(importer, OLENA)
    (person,) = everybody()
    assert importer.worker
    builders.a_case(person, importer.worker)
    with builders.as_worker(importer.worker):
        actions.change_person(person, version=person.version, by=importer.worker, municipality="426")
    assert counts(imported(importer, OLENA)) == {"unchanged": 1}


def test_without_a_number_of_its_own_a_row_is_known_by_what_it_says(importer: Importer) -> None:
    mapping = MAPPING.replace("key: Nro\n", "")
    content = f"{HEADINGS}\n{OLENA}\n".encode()
    assert counts(imported_file(importer, content, mapping)) == {"made": 1}
    assert counts(imported_file(importer, content, mapping)) == {"unchanged": 1}


def test_an_import_that_was_interrupted_goes_on_where_it_was(
    importer: Importer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "BATCH", 2)
    lines = [
        OLENA,
        "2;Ali;Karimi;3.4.1990;M;AF;dari;Joensuu;;;",
        "3;Ali;=x;;;;;;;;",
        "4;Олена;Шевченко;1.5.1994;N;UA;uk;Liperi;;;",
        "5;Fatima;Noori;5.6.1980;N;AF;dari;Liperi;;;",
    ]
    content = "\n".join([HEADINGS, *lines]).encode()
    table, plan = tables.read(content), mappings.read(MAPPING)
    run = running.begin(table, plan, importer, file_name="old.csv", digest=running.file_hash(content))

    def interrupt(done: int, _wanted: int) -> None:
        if done >= 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        running.carry_out(run, table, plan, importer, tell=interrupt)
    assert [person.name for person in everybody()] == ["Ali Karimi", "Olena Shevchenko"]
    again = running.begin(table, plan, importer, file_name="old.csv", digest=running.file_hash(content))
    assert again.pk == run.pk
    ended = running.carry_out(again, table, plan, importer)
    assert ended.counts == {"made": 3, "refused": 1, "proposed": 1}
    assert len(everybody()) == 3


def test_an_importer_without_the_mandate_is_told_which_there_are(importer: Importer) -> None:
    with row_security.context():
        Mandate.objects.filter(controller_id="167").update(valid_to=timezone.localdate() - timedelta(days=1))
    assert importer.worker
    later = running.Importer(importer.worker, ("426",))
    with pytest.raises(mappings.BadMapping, match=r"There is no mandate from “167” today\. There is from: 426\."):
        imported(later, OLENA)


@pytest.mark.slow
def test_a_messy_file_imported_twice_changes_nothing_the_second_time(importer: Importer) -> None:
    table = messy_file.make(5_000, seed=7, today=timezone.localdate())
    mapping = example_mapping()
    content = messy_file.to_csv(table)
    first = imported_file(importer, content, mapping)
    refused = {problem["row"] for problem in first["problems"]}
    assert refused == {*table.numbers("bad"), *table.numbers("alien")}
    proposed = {each["row"] for each in first["proposals"]}
    known = {each["row"] for each in first["differences"]}
    doubles = set(table.numbers("double"))
    surely = doubles & proposed | doubles & known
    assert len(surely) + first["unchanged"] - len(table.numbers("again")) >= 0.97 * len(doubles)
    assert len(proposed - doubles) <= 0.02 * len(table.numbers("good"))
    before = all_rows(besides=LOG)
    second = imported_file(importer, content, mapping)
    assert counts(second).keys() <= {"unchanged", "waiting_from_before", "refused"}
    assert second["refused"] == first["refused"]
    assert all_rows(besides=LOG) == before


def example_mapping() -> str:
    return (tables.ROOT / "kotisatama/people/importing/example.yaml").read_text(encoding="utf-8")


def test_a_messy_workbook_gives_the_same_as_its_csv(importer: Importer) -> None:
    table = messy_file.make(400, seed=8, today=timezone.localdate())
    mapping = mappings.read(example_mapping())
    found = []
    for content in (messy_file.to_csv(table), messy_file.to_workbook(table)):
        read = tables.read(content)
        outcome = running.rehearse(read, mapping, importer)
        found.append(report.of_rehearsal(outcome, read, {}).to_json())
    aliens = table.numbers("alien")
    as_csv, as_workbook = found
    assert {row for row, _ in places(as_csv)} == {*(row for row, _ in places(as_workbook)), *aliens}
    assert as_workbook["sheet"] == "Asiakkaat"


def test_names_are_found_by_search_after_an_import(importer: Importer) -> None:
    imported(importer, OLENA)
    with row_security.context(controllers=OURS):
        tokens = {(each.kind, each.token) for each in SearchToken.objects.all()}
    assert {("name", "olena"), ("phone", "+358401234567"), ("birth", "1994-05-01")} <= tokens


def test_the_number_of_queries_does_not_grow_with_the_rows(
    importer: Importer, django_assert_max_num_queries: Any
) -> None:
    table = messy_file.make(300, seed=9, today=timezone.localdate())
    content = io.BytesIO(messy_file.to_csv(table)).getvalue()
    read, mapping = tables.read(content), mappings.read(example_mapping())
    with django_assert_max_num_queries(25):
        running.rehearse(read, mapping, importer)
