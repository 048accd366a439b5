"""A published version is final, also for whoever owns the database; publishing asks for what the form's owner wants."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from kotisatama.audit.tests import trails
from kotisatama.forms import building_actions, columns, queries, shares, toolbox, versions, workbench, xlsform
from kotisatama.forms.building.book import Edited
from kotisatama.forms.models import Form, TextState, Version
from kotisatama.forms.tests import workbench_rows as rows
from kotisatama.forms.tests.building_rows import row, rows_of
from kotisatama.forms.translating_texts import digest, texts_of, with_words
from kotisatama.kernel import testing
from kotisatama.kernel.errors import ChangedMeanwhile, NotAllowed
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Role
from tests import builders

pytestmark = pytest.mark.django_db
CHANGES = [
    "source = '{}'",
    "attachments = '{\"a.csv\": {}}'",
    "definition = '{}'",
    "sha256 = 'x'",
    "number = '1'",
    "state = 'draft'",
    "published_at = now() + interval '1 day'",
]


@pytest.fixture(name="published")
def published_fixture() -> Version:
    return rows.a_published_version()


@pytest.fixture(name="main_user")
def main_user_fixture() -> Worker:
    return builders.a_worker(Role.MAIN_USER)


def refuses(statement: str) -> None:
    with pytest.raises(DatabaseError, match="is final"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("change", CHANGES)
def test_the_database_refuses_to_change_a_published_version(published: Version, change: str) -> None:
    refuses(f"UPDATE forms_version SET {change} WHERE id = {published.pk}")


def test_a_retired_version_is_as_final_and_does_not_come_back(published: Version) -> None:
    versions.retire_version(published)
    refuses(f"UPDATE forms_version SET source = '{{}}' WHERE id = {published.pk}")
    refuses(f"UPDATE forms_version SET state = 'published' WHERE id = {published.pk}")
    refuses(f"DELETE FROM forms_version WHERE id = {published.pk}")


def test_the_database_refuses_to_delete_a_published_version(published: Version) -> None:
    refuses(f"DELETE FROM forms_version WHERE id = {published.pk}")


@pytest.mark.django_db(transaction=True)
def test_the_owner_of_the_database_is_refused_too(published: Version, database_server: testing.TestServer) -> None:
    with trails.as_owner(database_server):
        for change in CHANGES:
            refuses(f"UPDATE forms_version SET {change}")
        refuses("DELETE FROM forms_version")
        refuses("TRUNCATE forms_version CASCADE")


def test_drafts_change_and_go_away(published: Version, main_user: Worker) -> None:
    draft = rows.a_draft(published, main_user)
    with builders.as_worker(main_user):
        workbench.delete_version(draft, revision=1, by=main_user)
        workbench.delete_version(draft, revision=1, by=main_user)
    assert list(Version.objects.filter(form=published.form)) == [published]


def test_code_and_number_stand_in_the_settings_sheet_and_are_checked(published: Version, main_user: Worker) -> None:
    draft = rows.a_draft(published, main_user)
    cells: dict[str, Any] = draft.source["settings"]["rows"][0][1]
    assert (cells["form_id"], cells["version"]) == ("yhteydenotto", draft.number)
    other = versions.numbered(draft.source, code="other", number="1")
    versions.change_rows(draft, rows=other, revision=1, by=main_user)
    draft.refresh_from_db()
    wrong = versions.check_version(draft, revision=2, by=main_user)
    assert [(each.sheet, each.row, each.column) for each in wrong] == [
        ("settings", 2, "form_id"),
        ("settings", 2, "version"),
    ]


def test_a_second_click_begins_no_second_version(published: Version, main_user: Worker) -> None:
    assert rows.a_draft(published, main_user) == rows.a_draft(published, main_user)
    assert rows.a_draft(published, builders.a_worker(Role.MAIN_USER)).number != published.number
    assert Version.objects.filter(form=published.form).count() == 3


def test_a_language_that_the_owner_wants_finished_stops_publishing(published: Version, main_user: Worker) -> None:
    draft = rows.a_draft(published, main_user)
    less = {**draft.source, "survey": without(draft.source["survey"], "label::українська (uk)")}
    less = with_words(less, "sv", {"settings/form_title": "Kontakt"})
    draft = rows.checked(versions.change_rows(draft, rows=less, revision=1, by=main_user), main_user)
    Form.objects.update(complete_languages_required=["fi", "uk", "so"])
    with pytest.raises(NotAllowed, match="українська, Soomaali"):
        versions.publish_version(draft, by=main_user)
    Form.objects.update(complete_languages_required=["fi", "sv"])
    (asked,) = [each for each in texts_of(draft.source).texts if each.sheet == "survey" and each.kind == "label"][:1]
    state = TextState.objects.create(
        form=draft.form, language="sv", key=asked.key, source_digest=digest(asked.source),
        target_digest=digest(asked.target("sv")), state=TextState.State.MACHINE,
    )  # fmt: skip
    with pytest.raises(NotAllowed, match="in: svenska"):
        versions.publish_version(draft, by=main_user)
    state.delete()
    with builders.as_worker(main_user):
        versions.publish_version(draft, by=main_user)
    assert queries.published_version("yhteydenotto") == draft


def without(sheet: dict[str, Any], heading: str) -> dict[str, Any]:
    kept = [[number, {key: text for key, text in cells.items() if key != heading}] for number, cells in sheet["rows"]]
    return {**sheet, "rows": kept}


def test_only_what_was_looked_at_is_published(published: Version, main_user: Worker) -> None:
    draft = rows.checked(rows.a_draft(published, main_user), main_user)
    with pytest.raises(ChangedMeanwhile):
        versions.publish_version(draft, revision=7, by=main_user)


def test_what_happens_to_versions_leaves_lines_with_codes_only(published: Version, main_user: Worker) -> None:
    draft = rows.checked(rows.a_draft(published, main_user), main_user)
    with builders.as_worker(main_user):
        for _twice in range(2):
            versions.publish_version(draft, revision=draft.revision, by=main_user)
        for _twice in range(2):
            versions.retire_version(draft, by=main_user)
    assert builders.audit_actions() == ["form.version_begun", "form.published", "form.retired"]
    assert builders.audit_lines()[1].details["sha256"] == draft.sha256


def test_shares_of_languages_count_texts_that_stand_in_any_language(published: Version) -> None:
    untitled = with_words(published.source, "sv", {"settings/form_title": ""})
    found = {each.code: each for each in shares.language_shares(published)}
    assert list(found) == ["fi", "sv", "en", "ru", "uk", "ar"]
    assert all(each.is_finished for each in found.values())
    (swedish,) = [each for each in shares.language_shares(Version(source=untitled)) if each.code == "sv"]
    assert (swedish.is_finished, swedish.total - swedish.done) == (False, 1)  # its title
    fewer = Version(source={**published.source, "survey": without(published.source["survey"], "label::العربية (ar)")})
    (arabic,) = [each for each in shares.language_shares(fewer) if each.code == "ar"]
    assert 0 < arabic.done < arabic.total == found["ar"].total


def test_a_form_begun_from_a_template_has_no_old_title_and_the_languages_that_were_chosen() -> None:
    template = toolbox.template("palaute")
    assert template is not None
    adapted = toolbox.adapted(template.rows(), title="Uusi", codes=["fi", "sv"])
    assert not [heading for heading in adapted["settings"]["columns"] if "title::" in heading]
    assert {key for key in adapted["settings"]["rows"][0][1] if "title" in key} == {"form_title"}
    assert list(columns.read_headings(xlsform.source_from_json(adapted)).languages) == ["fi", "sv"]


def test_a_text_that_stands_only_in_another_language_is_missing_in_the_forms_own() -> None:
    fi, sv = "label::suomi (fi)", "label::svenska (sv)"
    said = rows_of([row("text", "who", **{sv: "Vem?"}), {"type": "text", "name": "when", sv: "När?"}])
    (own, other) = shares.language_shares(Version(source=said))
    assert (own.code, own.done, own.total) == ("fi", 2, 3)
    assert (other.code, other.done, other.total) == ("sv", 1, 2)
    assert fi in said["survey"]["columns"]


def test_a_process_remembers_the_texts_of_so_many_versions_and_no_more(published: Version) -> None:
    many = Version.objects.bulk_create(
        Version(form=published.form, number=f"n{number}", source=said, sha256=f"{number:064}")
        for number, said in enumerate([toolbox.nothing(title="X", codes=["fi"])] * (shares.MOST_KNOWN + 5))
    )
    assert len(shares.shares_of(many)) == len(many)
    assert len(shares._known) == shares.MOST_KNOWN


def test_an_empty_form_has_the_columns_of_its_languages(main_user: Worker) -> None:
    empty = toolbox.nothing(title="Palaute", codes=["fi", "ar"])
    with builders.as_worker(main_user):
        version = workbench.begin_form(code="palaute", title="Palaute", rows=empty, by=main_user)
        assert workbench.begin_form(code="palaute", title="Palaute", rows=empty, by=main_user) == version
        with pytest.raises(NotAllowed, match="this code"):
            workbench.begin_form(code="palaute", title="X", rows=toolbox.nothing(title="X", codes=["fi"]), by=main_user)
    assert version.number == f"{timezone.localdate():%Y%m%d}01"
    wrong = versions.check_version(version, revision=1, by=main_user)
    assert [each.message for each in wrong] == ["The form asks nothing."]
    assert [each.code for each in shares.language_shares(version)] == ["fi", "ar"]


def test_a_template_takes_on_the_languages_that_were_chosen(published: Version) -> None:
    adapted = toolbox.adapted(published.source, title="Uusi", codes=["fi", "so", "ar"])
    version = Version(source=adapted)
    found = {each.code: each for each in shares.language_shares(version)}
    total = found["fi"].total
    assert {code: each.done for code, each in found.items()} == {"fi": total, "so": 0, "ar": total - 1}
    (title,) = [each for each in texts_of(adapted).texts if not each.target("ar")]
    assert (title.key, title.source) == ("settings/form_title", "Uusi")
    assert "label::Soomaali (so)" in adapted["survey"]["columns"]
    assert "label::русский (ru)" not in adapted["survey"]["columns"]


def test_whoever_does_not_manage_forms_begins_none(published: Version) -> None:
    with pytest.raises(PermissionDenied):
        workbench.begin_version(published.form, like=published, by=builders.a_worker(Role.COUNSELLOR))


def test_whoever_does_not_manage_forms_publishes_retires_and_edits_none(published: Version) -> None:
    other = builders.a_worker(Role.TRANSLATOR)
    refused: list[Callable[[], object]] = [
        lambda: versions.publish_version(published, by=other),
        lambda: versions.retire_version(published, by=other),
        lambda: building_actions.keep_edit(published, Edited(published.source), revision=1, by=other, what="change"),
    ]
    for act in refused:
        with pytest.raises(PermissionDenied):
            act()


@pytest.mark.django_db(transaction=True)
def test_a_draft_that_two_delete_at_once_is_gone_without_a_fault(published: Version) -> None:
    workers = [builders.a_worker(Role.MAIN_USER) for _ in range(2)]
    for _ in range(4):  # Now and then the first is through before the second begins: no race.
        draft, start, heard = rows.a_draft(published, workers[0]), threading.Barrier(2), list[str]()

        def delete(worker: Worker, draft: Version = draft, start: threading.Barrier = start) -> None:
            try:
                start.wait()
                with builders.as_worker(worker):
                    workbench.delete_version(draft, revision=1, by=worker)
                heard.append("gone")  # noqa: B023 - the threads of this turn end within it
            finally:
                connection.close()

        threads = [threading.Thread(target=delete, args=[worker]) for worker in workers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert heard == ["gone", "gone"]
    assert builders.audit_actions().count("form.draft_deleted") == 4
