"""A version is begun, checked, published and retired; a published one stays as it is."""

import pathlib

import pytest

from kotisatama.forms import actions, definition, queries
from kotisatama.forms.models import Version
from kotisatama.kernel.errors import ChangedMeanwhile, NotAllowed
from tests import builders

pytestmark = pytest.mark.django_db
WORKBOOK = pathlib.Path(definition.__file__).parent / "definitions" / "yhteydenotto.xlsx"


@pytest.fixture
def published() -> Version:
    imported = actions.import_form(WORKBOOK, publish=True)
    assert imported.version_id
    return Version.objects.get(pk=imported.version_id)


def test_a_draft_begins_with_the_rows_of_another_version_and_can_be_published_after_its_check(
    published: Version,
) -> None:
    worker = builders.a_worker()
    draft = actions.start_version(published.form, rows=published.source, by=worker)
    with pytest.raises(NotAllowed):
        actions.publish_version(draft)
    assert actions.check_version(draft, revision=1, by=worker) == []
    actions.publish_version(draft)
    published.refresh_from_db()
    assert published.state == Version.State.RETIRED
    assert queries.published_version("yhteydenotto") == draft


def test_two_who_change_one_draft_do_not_overwrite_each_other(published: Version) -> None:
    worker = builders.a_worker()
    draft = actions.start_version(published.form, rows=published.source, by=worker)
    rows = {**published.source, "name": "other"}
    actions.change_rows(draft, rows=rows, revision=1, by=worker)
    with pytest.raises(ChangedMeanwhile):
        actions.change_rows(draft, rows=published.source, revision=1, by=worker)


def test_rows_of_a_published_version_do_not_change(published: Version) -> None:
    with pytest.raises(NotAllowed):
        actions.change_rows(published, rows={**published.source, "name": "other"}, revision=1, by=builders.a_worker())


def test_a_check_names_what_is_wrong_and_leaves_the_draft_unchecked(published: Version) -> None:
    worker = builders.a_worker()
    rows = {**published.source, "survey": {**published.source["survey"], "rows": []}}
    draft = actions.start_version(published.form, rows=rows, by=worker)
    assert actions.check_version(draft, revision=1, by=worker)
    draft.refresh_from_db()
    assert draft.state == Version.State.DRAFT
