"""A client of the OpenRosa protocol, written from its specification and nothing of ours.

Form List API 1.0, Form Manifest, Form Submission API 1.0 (docs.getodk.org/openrosa).
"""

import hashlib
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.http import parse_http_date

LIST = "{http://openrosa.org/xforms/xformsList}"
MANIFEST = "{http://openrosa.org/xforms/xformsManifest}"
ANSWER = "{http://openrosa.org/http/response}"
XFORMS = "{http://www.w3.org/2002/xforms}"
JAVAROSA = "{http://openrosa.org/javarosa}"


@dataclass
class Fetched:
    """A blank form with its files."""

    form_id: str
    name: str
    version: str
    xform: bytes
    files: dict[str, bytes] = field(default_factory=dict)

    def instance(self) -> ET.Element:
        """A new instance: the model's first instance, without templates of repeats."""
        model = ET.fromstring(self.xform).find(f".//{XFORMS}model")
        assert model is not None
        instance = model.find(f"{XFORMS}instance")
        assert instance is not None
        root = instance[0]
        for above in list(root.iter()):
            for child in [each for each in above if f"{JAVAROSA}template" in each.attrib]:
                above.remove(child)
        return root


class OpenRosaClient:
    """What a device with ODK Collect does with the address that was typed into it."""

    def __init__(self, server: str, *, language: str = "en") -> None:
        self.server = server.rstrip("/")
        self.headers = {"X-OpenRosa-Version": "1.0", "Accept-Language": language}
        self.browser = Client(enforce_csrf_checks=True)

    def get(self, url: str, **query: str) -> Any:
        assert url.startswith("http://testserver/"), "an absolute address"
        return self.browser.get(urlsplit(url).path, query, headers=self.headers)

    def listed(self, **query: str) -> list[dict[str, str]]:
        response = self.get(f"{self.server}/formList", **query)
        assert response.status_code == 200, response.content
        assert response.headers["Content-Type"] == "text/xml; charset=utf-8"
        assert response.headers["X-OpenRosa-Version"] == "1.0"
        assert parse_http_date(response.headers["Date"])
        root = ET.fromstring(response.content)
        assert root.tag == f"{LIST}xforms"
        assert {child.tag for child in root} <= {f"{LIST}xform"}
        return [{each.tag.removeprefix(LIST): each.text or "" for each in child} for child in root]

    def fetch(self, listed: dict[str, str]) -> Fetched:
        """Download a form of the list and its files, each compared with its hash."""
        xform = self.download(listed["downloadUrl"], listed["hash"])
        fetched = Fetched(listed["formID"], listed["name"], listed["version"], xform)
        if "manifestUrl" in listed:
            root = ET.fromstring(self.get(listed["manifestUrl"]).content)
            assert root.tag == f"{MANIFEST}manifest"
            for child in root:
                said = {each.tag.removeprefix(MANIFEST): each.text or "" for each in child}
                fetched.files[said["filename"]] = self.download(said["downloadUrl"], said["hash"])
        return fetched

    def download(self, url: str, wanted: str) -> bytes:
        response = self.get(url)
        assert response.status_code == 200, response.content
        content = bytes(response.content)
        assert wanted == "md5:" + hashlib.md5(content).hexdigest()
        return content

    def send(self, instance: ET.Element | bytes, **files: bytes) -> Any:
        """HEAD first, then everything in one POST. A file's name has two low lines for its full stop."""
        head = self.browser.head(urlsplit(f"{self.server}/submission").path, headers=self.headers)
        assert head.status_code == 204, head.status_code
        assert int(head.headers["X-OpenRosa-Accept-Content-Length"]) > 10_000_000
        content = instance if isinstance(instance, bytes) else ET.tostring(instance, "utf-8", xml_declaration=True)
        parts: dict[str, Any] = {"xml_submission_file": SimpleUploadedFile("form.xml", content, "text/xml")}
        for name, data in files.items():
            name = name.replace("__", ".")
            parts[name] = SimpleUploadedFile(name, data, "application/octet-stream")
        return self.browser.post(urlsplit(head.headers["Location"]).path, parts, headers=self.headers)


def said(response: Any) -> str:
    """The message of an answer, which is always the protocol's XML."""
    assert response.headers["Content-Type"] == "text/xml; charset=utf-8"
    assert response.headers["X-OpenRosa-Version"] == "1.0"
    root = ET.fromstring(response.content)
    assert root.tag == f"{ANSWER}OpenRosaResponse"
    message = root.find(f"{ANSWER}message")
    assert message is not None
    return message.text or ""


def fill(root: ET.Element, **answers: str) -> None:
    """Write answers by the names of their questions."""
    for name, text in answers.items():
        node = next(each for each in root.iter() if each.tag.rpartition("}")[2] == name)
        node.text = text
