"""ODK's protocol, end to end: a device fetches a form and sends it, and the inbox has it once."""

import copy
import hashlib
from typing import Any
from uuid import UUID

import pytest

from kotisatama.api import openrosa, secrets_of_devices
from kotisatama.api.tests.devices import INSTANCE, a_device, a_picture, filled, nothing_is_left, submissions
from kotisatama.api.tests.openrosa_client import OpenRosaClient, said
from kotisatama.audit.models import Line
from kotisatama.documents.models import Content, Document
from kotisatama.forms import actions as forms
from kotisatama.forms.models import Draft, Form, Version
from kotisatama.intake.models import Item
from kotisatama.intake.tests import rows
from kotisatama.kernel import row_security
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Role
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker() -> Worker:
    rows.a_main_service_point()
    rows.the_form()
    return builders.a_worker(Role.MAIN_USER)


@pytest.fixture
def device(worker: Worker) -> OpenRosaClient:
    return a_device(worker)


def test_a_device_fetches_fills_in_and_sends_with_a_picture(device: OpenRosaClient) -> None:
    response = device.send(filled(device), **{"1700000000001__png": a_picture()})
    assert (response.status_code, said(response)) == (201, "The form was received.")
    (sent,) = submissions()
    assert sent.answers["topics"] == ["letters", "benefits"]
    assert sent.answers["message"] == "I do not understand\nthis letter."
    assert sent.answers["date_of_birth"] == "1991-03-08"
    assert sent.answers["member"] == [{"member_name": "Yusuf", "member_birth_year": 2015, "member_relation": "child"}]
    assert sent.answers["start"] == "2026-11-20T10:15:00.000+02:00"
    assert sent.answers["today"] == "2026-11-20"
    assert sent.calculated["children"] == "1"
    assert sent.language == "en"
    with row_security.context(controllers=["426"]):
        item = Item.objects.get(submission=sent)
        assert (item.municipality, item.service_language, item.topics) == ("426", "ar", ["letters", "benefits"])
        document = Document.objects.get(pk=sent.answers["letter"]["document"])
        assert (document.media_type, document.controller_id) == ("image/jpeg", "426")
        assert bytes(Content.objects.get(document=document).data).startswith(b"\xff\xd8")
        assert Line.objects.filter(action="submission.received").count() == 1
    with row_security.retention():
        assert not Draft.objects.exists()


def test_the_inbox_shows_it(device: OpenRosaClient, worker: Worker) -> None:
    device.send(filled(device), **{"1700000000001__png": a_picture()})
    page = builders.signed_in(builders.a_worker(Role.COUNSELLOR)).get("/desk/inbox/").content.decode()
    (sent,) = submissions()
    with row_security.context(controllers=["426"]):
        assert f"/desk/inbox/{Item.objects.get(submission=sent).pk}/" in page


def test_the_same_instance_again_is_the_same_submission(device: OpenRosaClient, worker: Worker) -> None:
    root = filled(device)
    for _time in range(3):
        assert device.send(copy.deepcopy(root), **{"1700000000001__png": a_picture()}).status_code == 201
    assert len(submissions()) == 1
    with row_security.context(controllers=["426"]):
        assert Document.objects.count() == 1
    assert a_device(worker).send(root, **{"1700000000001__png": a_picture()}).status_code == 201
    assert len(submissions()) == 2, "an instanceID of another device is not ours"


def test_a_draft_that_an_interrupted_sending_left_ends_in_one_submission(device: OpenRosaClient) -> None:
    root = filled(device, letter="")
    hashed = secrets_of_devices.hashed(device.server.rpartition("/")[2])
    holder = hashlib.sha256(f"device:{hashed}:{INSTANCE}".encode()).hexdigest()
    with row_security.context(holder=holder):
        forms.keep_draft(
            holder=holder, version=rows.the_form(), language="fi", answers={"message": "The power went"}, page=1,
            submission_key=UUID(hex=holder[:32]),
        )  # fmt: skip
    assert device.send(root).status_code == 201
    (sent,) = submissions()
    assert sent.answers["message"] == "I do not understand\nthis letter."
    with row_security.retention():
        assert not Draft.objects.exists()


def test_the_list_names_published_forms_alone_and_filters(device: OpenRosaClient, worker: Worker) -> None:
    (listed,) = device.listed()
    assert (listed["formID"], listed["name"]) == ("yhteydenotto", "Yhteydenotto")
    assert listed["version"] == rows.the_form().number
    assert "manifestUrl" not in listed
    assert device.listed(formID="nothing") == device.listed(formID="\0") == []
    version = rows.the_form()
    forms.start_version(version.form, rows=version.source, by=worker)
    assert device.listed() == [listed], "a draft is nobody's to fetch"
    forms.retire_version(version)
    assert device.listed() == []
    assert said(device.get(listed["downloadUrl"])) == "There is no such form. Fetch the list again."


def test_the_list_says_the_title_that_visitors_see(device: OpenRosaClient) -> None:
    Form.objects.update(title="Contact, \x01 the one of autumn", is_listed=False)
    (listed,) = device.listed()
    assert listed["name"] == "Yhteydenotto"
    assert b"<h:title>Yhteydenotto</h:title>" in device.fetch(listed).xform


def test_a_sign_that_xml_cannot_hold_closes_no_list_and_all_others_stay() -> None:
    name = "5\u00a0000 \u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645\u200f – a\u2028b"
    answer = openrosa.listing("xforms", openrosa.FORM_LIST, [openrosa.Line("xform", {"name": f"\x0b{name}\ufffe"})])
    assert f"<name>{name}</name>" in answer.content.decode()
    assert said(openrosa.message(f"\x00{name}\ud800", status=422)) == name


def test_a_device_whose_language_the_service_does_not_have_sends_in_the_forms_own(worker: Worker) -> None:
    version = rows.the_form()
    content = copy.deepcopy(version.source)
    content["settings"]["rows"][0][1]["default_language"] = "svenska (sv)"
    newer = forms.start_version(version.form, rows=content, by=worker)
    assert forms.check_version(newer, revision=newer.revision, by=worker) == []
    newer.refresh_from_db()
    forms.publish_version(newer)
    for spoken in ("so", "", "so, ar-SY;q=0.7, fi;q=0.5"):
        device = OpenRosaClient(a_device(worker).server, language=spoken)
        assert device.send(filled(device, letter="")).status_code == 201
    sent = sorted(submissions(), key=lambda each: each.submitted_at)
    assert [each.language for each in sent] == ["sv", "sv", "ar"]


def a_form_with_a_table(worker: Worker) -> Version:
    """A choice from a table, a question of each clock, and children in a repeat of a repeat."""
    survey = [
        ("begin group", "page_a", {"label": "A"}),
        ("select_one_from_file places.csv", "place", {"label": "Place"}),
        ("time", "clock", {"label": "Clock"}),
        ("dateTime", "moment", {"label": "Moment"}),
        ("decimal", "share", {"label": "Share"}),
        ("select_one kind or_other", "kind_of", {"label": "Kind"}),
        ("end group", "", {}),
        ("begin group", "page_b", {"label": "B"}),
        ("begin repeat", "home", {"label": "Home"}),
        ("text", "street", {"label": "Street"}),
        ("begin repeat", "room", {"label": "Room"}),
        ("integer", "size", {"label": "Size", "required": "yes"}),
        ("image", "plan", {"label": "Plan"}),
        ("end repeat", "", {}),
        ("end repeat", "", {}),
        ("end group", "", {}),
    ]
    lines = [[place, {"type": kind, "name": name, **more}] for place, (kind, name, more) in enumerate(survey, 2)]
    content = {
        "name": "homes",
        "survey": {"columns": ["type", "name", "label", "required"], "rows": lines},
        "choices": {
            "columns": ["list_name", "name", "label"], "rows": [[2, {"list_name": "kind", "name": "a", "label": "A"}]],
        },
        "settings": {"columns": ["form_title", "form_id", "version"], "rows": [[2, {"form_title": "Homes"}]]},
    }  # fmt: skip
    tables = {"places.csv": {"columns": ["name", "label"], "rows": [["x", 'Ääni, "x"'], ["y", "Y"]]}}
    form = Form.objects.create(code="homes", title="Homes")
    version = forms.start_version(form, rows=content, attachments=tables, by=worker)
    assert forms.check_version(version, revision=version.revision, by=worker) == []
    version.refresh_from_db()
    forms.publish_version(version)
    return version


def test_tables_come_by_the_manifest_and_repeats_in_repeats_arrive(device: OpenRosaClient, worker: Worker) -> None:
    a_form_with_a_table(worker)
    (listed,) = device.listed(formID="homes")
    fetched = device.fetch(listed)
    assert fetched.files == {"places.csv": b'name,label\r\nx,"\xc3\x84\xc3\xa4ni, ""x"""\r\ny,Y\r\n'}
    xml = f"""<data id="homes" version="{fetched.version}" xmlns:orx="http://openrosa.org/xforms"><page_a>
      <place>y</place><clock>14:30:00.000+02:00</clock><moment>2026-07-01T09:00:00.000Z</moment><share>0.5</share>
      <kind_of>other</kind_of><kind_of_other>Own words</kind_of_other></page_a><page_b>
      <home><street/><room><size/><plan/></room></home>
      <home><street>Torikatu</street><room><size/><plan/></room><room><size>7</size><plan>p.jpg</plan></room>
        <room><size>9</size><plan/></room></home>
      </page_b><orx:meta><orx:instanceID>uuid:1</orx:instanceID></orx:meta></data>"""
    response = device.send(xml.encode(), p__jpg=a_picture())
    assert response.status_code == 201, said(response)
    (sent,) = submissions()
    plan = sent.answers["home"][0]["room"][0].pop("plan")
    assert plan["name"] == "p.jpg"
    assert sent.answers["home"] == [{"street": "Torikatu", "room": [{"size": 7}, {"size": 9}]}]
    assert sent.answers["clock"] == "14:30:00"
    assert sent.answers["moment"] == "2026-07-01T12:00:00+03:00"
    assert (sent.answers["place"], sent.answers["share"]) == ("y", 0.5)
    assert (sent.answers["kind_of"], sent.answers["kind_of_other"]) == ("other", "Own words")
    assert said(device.get(f"{device.server}/forms/homes/media/other.csv")).startswith("The form has no such file.")


def test_a_form_begun_in_a_version_that_was_retired_since_is_taken(device: OpenRosaClient, worker: Worker) -> None:
    root, old = filled(device, letter=""), rows.the_form()
    newer = forms.start_version(old.form, rows=old.source, by=worker)
    assert forms.check_version(newer, revision=newer.revision, by=worker) == []
    newer.refresh_from_db()
    forms.publish_version(newer)
    assert device.send(root).status_code == 201
    (sent,) = submissions()
    assert sent.version == old


def test_answers_to_hidden_questions_are_dropped(device: OpenRosaClient) -> None:
    assert device.send(filled(device, letter="", with_family="no", guardian="yes")).status_code == 201
    (sent,) = submissions()
    assert "member" not in sent.answers
    assert "guardian" not in sent.answers


def test_incomplete_answers_are_named_and_nothing_is_kept(device: OpenRosaClient) -> None:
    root = filled(device, urgent="", phone="call me", municipality="nowhere")
    response = device.send(root, **{"1700000000001__png": a_picture()})
    assert response.status_code == 422
    lines = said(response).splitlines()
    assert lines[0] == "Some answers are missing or wrong. Nothing was received."
    assert len(lines) == 4
    assert [line for line in lines if line.endswith(": Answer this question.")]
    assert [line for line in lines if line.endswith(": Choose one of the options on the list.")]
    assert nothing_is_left()


def test_a_file_that_did_not_come_along_or_is_none_is_named(device: OpenRosaClient) -> None:
    root = filled(device)
    response = device.send(root)
    assert response.status_code == 422
    assert "The file “1700000000001.png” did not come along." in said(response)
    response = device.send(root, **{"1700000000001__png": b"MZ is no picture"})
    assert response.status_code == 422
    assert "This file is not a picture or a PDF." in said(response)
    assert nothing_is_left()


def test_the_list_asks_a_constant_number_of_queries(
    device: OpenRosaClient, worker: Worker, django_assert_num_queries: Any
) -> None:
    a_form_with_a_table(worker)
    device.listed()
    with django_assert_num_queries(4):  # the key, the forms, and a savepoint of the test
        assert len(device.listed()) == 2
