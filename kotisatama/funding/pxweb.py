"""Statistics Finland's PxWeb interface: numbers of people by municipality, asked for one year."""

import json
import urllib.error
import urllib.request
from collections.abc import Sequence
from importlib.resources import files
from typing import Protocol

from django.conf import settings
from django.utils.translation import gettext as _

from kotisatama.funding import json_stat
from kotisatama.kernel.errors import NotAllowed

SECONDS = 10


class Source(Protocol):
    """Where numbers of people come from."""

    name: str

    def answer(self, *, year: int, codes: Sequence[str]) -> bytes:
        """The numbers of these municipalities in json-stat2. Raises NotAllowed with a sentence when none came."""


class PxWeb:
    """Asks the address, table and variables of the settings, and waits ten seconds at most."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.name = address

    def answer(self, *, year: int, codes: Sequence[str]) -> bytes:
        asked = {settings.PXWEB_AREA: [f"KU{code}" for code in codes], settings.PXWEB_YEAR: [str(year)]}
        body = json.dumps(query(asked | json.loads(settings.PXWEB_SELECTION))).encode()
        request = urllib.request.Request(  # noqa: S310 - configured() allows http and https alone
            self.address, data=body, headers={"Content-Type": "application/json"}, method="POST"
        )
        try:
            with urllib.request.urlopen(request, timeout=SECONDS) as response:  # noqa: S310
                content: bytes = response.read(json_stat.MOST_BYTES + 1)
                return content
        except urllib.error.HTTPError as error:
            sentence = _("Statistics Finland refused the question (%(code)s). Check the table and the year.")
            raise NotAllowed(sentence % {"code": error.code}) from None
        except (OSError, ValueError):
            raise NotAllowed(
                _("Statistics Finland does not answer. Try again later, or type the numbers in.")
            ) from None


class Recorded:
    """The answer that comes along, for the demo and for tests: the numbers of 2019, four of them synthetic."""

    name = "foreign_citizens_json_stat2.json"

    def __init__(self) -> None:
        self.asked: list[tuple[int, tuple[str, ...]]] = []

    def answer(self, *, year: int, codes: Sequence[str]) -> bytes:
        self.asked.append((year, tuple(codes)))
        return files("kotisatama.funding").joinpath("data", self.name).read_bytes()


def query(selection: dict[str, list[str]]) -> dict[str, object]:
    """A question of the interface: values by variable."""
    chosen = [{"code": code, "selection": {"filter": "item", "values": values}} for code, values in selection.items()]
    return {"query": chosen, "response": {"format": "json-stat2"}}


def configured() -> Source | None:
    """The source that the settings name; the recorded answer in the demo; None where numbers are typed in."""
    address = f"{settings.PXWEB_BASE.rstrip('/')}/{settings.PXWEB_TABLE.lstrip('/')}"
    if settings.PXWEB_TABLE and settings.PXWEB_BASE.startswith(("http://", "https://")):
        return PxWeb(address)
    return Recorded() if settings.DEMO else None
