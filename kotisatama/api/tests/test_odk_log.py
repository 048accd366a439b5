"""What our own log says of a device: that something went wrong, not the way in."""

import io
import logging
from collections.abc import Iterator

import pytest

from kotisatama.api.tests.devices import a_device, filled
from kotisatama.api.tests.openrosa_client import OpenRosaClient
from kotisatama.intake.tests import rows
from kotisatama.staff.permissions import Role
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What the site's own handler writes, as settings made it."""
    (ours,) = [each for each in logging.getLogger().handlers if each.name == "stderr"]
    assert isinstance(ours, logging.StreamHandler)
    into = io.StringIO()
    before = ours.setStream(into)
    yield into
    ours.setStream(before)


@pytest.fixture
def device() -> OpenRosaClient:
    rows.a_main_service_point()
    rows.the_form()
    return a_device(builders.a_worker(Role.MAIN_USER))


def test_the_log_tells_of_a_refused_form_without_the_secret_of_the_device(
    device: OpenRosaClient, written: io.StringIO
) -> None:
    assert device.send(filled(device, letter="", urgent="")).status_code == 422
    assert device.send(b"").status_code == 400
    secret = device.server.rpartition("/")[2]
    assert device.browser.get(f"/odk/{secret}").status_code == 404
    assert written.getvalue().count("/odk/…/submission") == 2
    assert written.getvalue().count("/odk/…\n") == 1
    assert secret not in written.getvalue()


@pytest.mark.parametrize("address", ["/odk/{}/formList", "/uk/looks/{}/", "/fi/correct/{}/", "//odk//{}"])
def test_no_address_with_a_secret_is_told_in_a_sentence_or_a_traceback(written: io.StringIO, address: str) -> None:
    secret = "3KXQ-9TRA-wY_c"
    try:
        raise LookupError(address.format(secret))
    except LookupError:
        logging.getLogger("django.request").exception("Internal Server Error: %s", address.format(secret))
    assert written.getvalue().count(address.format("…")) == 2
    assert secret not in written.getvalue()


def test_no_handler_of_djangos_own_writes_beside_ours() -> None:
    """In a debugging session, too, its console would write addresses as they are."""
    names = [name for name in logging.root.manager.loggerDict if name.split(".")[0] == "django"]
    handlers = {each for name in ["", *names] for each in logging.getLogger(name).handlers}
    assert {type(each).__name__ for each in handlers} & {"AdminEmailHandler"} == set()
    assert all(each.filters for each in handlers if type(each) is logging.StreamHandler)
