"""What was sent is shown with the questions as they were, whatever becomes of the form afterwards."""

import re
from typing import Any

import pytest
from django.test import Client

from kotisatama.forms import actions as forms
from kotisatama.forms.models import Version
from kotisatama.intake.tests import rows
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Role
from tests import builders

pytestmark = pytest.mark.django_db
TOKEN = re.compile(r'(csrfmiddlewaretoken" value="|X-CSRFToken": ?")[^"]*')


def shown(browser: Client, path: str) -> str:
    response = browser.get(path)
    assert response.status_code == 200
    return TOKEN.sub(r"\1", response.content.decode())


def later(rows: dict[str, Any], change: Any) -> dict[str, Any]:
    """The same form with each row of survey and choices changed."""
    sheets = {
        sheet: {**rows[sheet], "rows": [[number, change(cells)] for number, cells in rows[sheet]["rows"]]}
        for sheet in ("survey", "choices")
    }
    return {**rows, **sheets}


def reworded(cells: dict[str, str]) -> dict[str, str]:
    """Every question and every choice says something else."""
    return {key: f"Uusi {text}" if key.startswith("label") else text for key, text in cells.items()}


def renamed(cells: dict[str, str]) -> dict[str, str]:
    """A choice has another name, so that the old answers are none of the new choices."""
    return {key: "vesseli" if key == "name" and text == "housing" else text for key, text in cells.items()}


def optional(cells: dict[str, str]) -> dict[str, str]:
    """Nothing has to be answered."""
    return {key: text for key, text in cells.items() if key != "required"}


def publish(rows: dict[str, Any], before: Version, by: Worker) -> Version:
    version = forms.start_version(before.form, rows=rows, by=by)
    assert forms.check_version(version, revision=1, by=by) == []
    version.refresh_from_db()
    with builders.as_worker(by):
        forms.publish_version(version, by=by)
    return version


def test_a_submission_looks_the_same_after_three_later_versions_of_its_form() -> None:
    item = rows.an_item(language="uk")
    browsers = [builders.signed_in(builders.a_worker(language=language)) for language in ("fi", "en")]
    path = f"/desk/inbox/{item.pk}/"
    before = [shown(browser, path) for browser in browsers]
    main_user, version = builders.a_worker(Role.MAIN_USER), rows.the_form()
    first = version
    for change in (reworded, renamed, optional):
        version = publish(later(version.source, change), version, main_user)
    assert rows.the_form() == version != first
    assert [shown(browser, path) for browser in browsers] == before
    first.refresh_from_db()
    assert first.state == Version.State.RETIRED
    assert first.sha256 == forms.fingerprint(first.source, first.attachments)


def test_a_submission_of_the_new_version_does_not_look_like_that() -> None:
    """Else the test above would compare pages on which no question stands."""
    main_user, version = builders.a_worker(Role.MAIN_USER), rows.the_form()
    publish(later(version.source, reworded), version, main_user)
    item = rows.an_item(language="uk")
    browser = builders.signed_in(builders.a_worker(language="fi"))
    assert "Uusi " in shown(browser, f"/desk/inbox/{item.pk}/")
