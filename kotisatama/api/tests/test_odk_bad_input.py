"""What a device sends wrongly: each a clear answer, and nothing half-done."""

import copy
import time
import xml.etree.ElementTree as ET
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from kotisatama.api.models import DeviceKey
from kotisatama.api.tests.devices import a_device, filled, nothing_is_left
from kotisatama.api.tests.openrosa_client import OpenRosaClient, said
from kotisatama.forms import actions as forms
from kotisatama.intake.tests import rows
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


def a_bomb() -> bytes:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    return f'<!DOCTYPE data [<!ENTITY e0 "ha">{entities}]><data id="yhteydenotto">&e9;</data>'.encode()


def nested(depth: int) -> bytes:
    return b"<data>" + b"<a>" * depth + b"</a>" * depth + b"</data>"


@pytest.mark.parametrize(
    ("content", "status", "sentence"),
    [
        (b"", 400, "The form is not well-formed XML"),
        (b"<data><open></data>", 400, "The form is not well-formed XML"),
        (b"<data>&nobody;</data>", 400, "The form is not well-formed XML"),
        (b"\xff\xfe<data/>", 400, "The form is not well-formed XML"),
        (b'<?xml version="1.0" encoding="nonsense"?><data/>', 400, "The form is not well-formed XML"),
        (b'<?xml version="1.0" encoding="utf-7"?><data/>', 400, "The form "),
        (b"<!DOCTYPE data><data/>", 400, "The form has a document type"),
        (b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><d>&x;</d>', 400, "The form has a document type"),
        (a_bomb(), 400, "The form has a document type"),
        (nested(100_000), 413, "The form is too deep"),
        (b"<data>" + b"<a/>" * 100_000 + b"</data>", 413, "The form is too deep or has too many answers"),
        (b"<data>" + b"a" * 1_000_000 + b"</data>", 413, "The answers are larger than 1 MB"),
        (b"<data/>", 400, "The form does not say its instanceID"),
        (b"<data><meta><instanceID>uuid:1</instanceID></meta></data>", 404, "There is no such version"),
    ],
)  # fmt: skip
def test_bad_xml_gets_a_clear_answer(device: OpenRosaClient, content: bytes, status: int, sentence: str) -> None:
    response = device.send(content)
    assert response.status_code == status
    assert said(response).startswith(sentence)
    assert nothing_is_left()


@pytest.mark.parametrize("version", ["2020010101", "", "x" * 300, "2026112401' OR 1=1"])
def test_a_version_that_never_was_is_told(device: OpenRosaClient, version: str) -> None:
    root = filled(device, letter="")
    root.set("version", version)
    response = device.send(root)
    assert response.status_code == 404
    assert said(response).startswith("There is no such version of the form here.")
    assert nothing_is_left()


def test_a_draft_of_a_form_is_no_version_to_send(device: OpenRosaClient, worker: Worker) -> None:
    root, version = filled(device, letter=""), rows.the_form()
    root.set("version", forms.start_version(version.form, rows=version.source, by=worker).number)
    assert device.send(root).status_code == 404


def test_ten_thousand_rows_are_refused_quickly(device: OpenRosaClient) -> None:
    root = filled(device, letter="")
    page = next(each for each in root.iter() if each.tag.endswith("page_family"))
    member = next(each for each in page if each.tag.endswith("member"))
    for _number in range(10_000):
        page.append(copy.deepcopy(member))
    content = ET.tostring(root).replace(b"ns0:", b"")
    began = time.monotonic()
    response = device.send(content)
    assert time.monotonic() - began < 5
    assert response.status_code in (413, 422)
    slim = content.replace(b"<member_relation>child</member_relation>", b"").replace(
        b"<member_birth_year>2015</member_birth_year>", b""
    )
    response = device.send(slim)
    assert response.status_code == 422
    assert "You can add at most 20." in said(response)
    assert nothing_is_left()


def test_an_element_that_the_form_does_not_know_is_refused(device: OpenRosaClient) -> None:
    root = filled(device, letter="")
    ET.SubElement(root[2], "surprise").text = "!"
    response = device.send(root)
    assert response.status_code == 400
    assert "“surprise”" in said(response)
    moved = filled(device, letter="")
    ET.SubElement(moved, "member_name").text = "Outside its repeat"
    assert device.send(moved).status_code == 422
    assert nothing_is_left()


def test_unknown_ended_and_expired_keys_are_told_the_same(device: OpenRosaClient, worker: Worker) -> None:
    root = filled(device, letter="")
    ended, expired = a_device(worker), a_device(worker)
    DeviceKey.objects.filter(pk=DeviceKey.objects.order_by("pk")[1].pk).update(ended_at=timezone.now())
    last = DeviceKey.objects.order_by("pk")[2]
    DeviceKey.objects.filter(pk=last.pk).update(expires_on=timezone.localdate() - timedelta(days=1))
    unknown = OpenRosaClient("http://testserver/odk/3467-9ACD-EFGH-JKMN-PQRT-VWXY")
    answers = set()
    for client in (ended, expired, unknown, OpenRosaClient("http://testserver/odk/x")):
        listed = client.get(f"{client.server}/formList")
        path = client.server.removeprefix("http://testserver")
        posted = client.browser.post(f"{path}/submission", {"xml_submission_file": ET.tostring(root)})
        answers |= {(each.status_code, each.content) for each in (listed, posted)}
        assert client.browser.head(f"{path}/submission").status_code == 404
    assert len({status for status, _ in answers}) == 1
    assert {said(client.get(f"{client.server}/formList")) for client in (ended, expired, unknown)} == {
        "This address opens nothing. Ask the centre for a new one."
    }
    assert nothing_is_left()


def test_the_secret_may_be_typed_in_small_letters(device: OpenRosaClient) -> None:
    assert OpenRosaClient(device.server.lower()).listed()


def test_a_body_over_the_limit_is_refused_before_it_is_read(device: OpenRosaClient, settings: Any) -> None:
    settings.DEVICE_MAX_BYTES = 10_000
    path = device.server.removeprefix("http://testserver") + "/submission"
    response = device.browser.post(path, {"xml_submission_file": "x" * 20_000}, headers={"Accept-Language": "en"})
    assert response.status_code == 413
    assert said(response).startswith("A form and its files are together at most")


def test_what_is_no_form_at_all_is_told_so(device: OpenRosaClient) -> None:
    path = device.server.removeprefix("http://testserver") + "/submission"
    post = device.browser.post
    broken = b'--b\r\nContent-Disposition: form-data; name="x'
    for response in (
        post(path, b"{}", content_type="application/json"),
        post(path, b"", content_type="multipart/form-data"),
        post(path, broken, content_type="multipart/form-data; boundary=b"),
        post(path, {"other": "x"}),
        post(path, {f"f{number}": "x" for number in range(2_000)}),
    ):
        assert response.status_code == 400
        assert said(response)
    assert device.browser.get(path).status_code == 405


def test_a_large_file_is_refused_with_its_name(device: OpenRosaClient, settings: Any) -> None:
    settings.UPLOAD_MAX_BYTES = 5_000
    response = device.send(filled(device), **{"1700000000001__png": b"x" * 6_000})
    assert response.status_code == 413
    assert said(response).startswith("1700000000001.png: The file is too large.")
    assert nothing_is_left()
