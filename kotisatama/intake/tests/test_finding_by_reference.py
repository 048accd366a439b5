"""A client is found by the reference on the receipt of what was sent in."""

import pytest

from kotisatama.forms.models import Submission
from kotisatama.intake import actions
from kotisatama.intake.tests import rows
from kotisatama.people import queries as people
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("text", ["K7QF-29XM", " k7qf-29xm ", "K7QF29XM"])
def test_the_reference_of_a_submission_finds_its_client(text: str) -> None:
    rows.a_main_service_point()
    worker, item = builders.a_worker(), rows.an_item()
    person = builders.a_person(controller=item.controller_id)
    with builders.as_worker(worker):
        Submission.objects.filter(pk=item.submission_id).update(reference="K7QF-29XM")
        assert people.search(worker, text) == []
        item = actions.claim(item, by=worker)
        actions.tie(item, person, version=item.version, by=worker)
        assert [(each.person.pk, each.matched) for each in people.search(worker, text)] == [(person.pk, "reference")]
    outsider = builders.an_outsider()
    with builders.as_worker(outsider):
        assert people.search(outsider, text) == []
