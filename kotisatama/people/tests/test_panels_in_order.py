"""The person's page: what is done most stands first."""

import re

import pytest
from django.urls import reverse

from kotisatama.staff.permissions import Role
from tests import builders

pytestmark = pytest.mark.django_db


def test_a_contact_is_recorded_before_anything_rarer_is_offered() -> None:
    worker, person = builders.a_worker(Role.COUNSELLOR), builders.a_person()
    builders.a_case(person, worker)
    page = builders.signed_in(worker).get(reverse("people:detail", args=[person.pk])).content.decode()
    found = re.findall("Record a contact|<h2[^>]*>(Case|Forms sent to the client)</h2>", page[page.index("<main") :])
    assert found[:3] == ["", "Case", "Forms sent to the client"]
