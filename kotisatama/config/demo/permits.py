"""Since when and until when the demo region's clients may stay: the same client has the same permit."""

from datetime import date, timedelta

from kotisatama.config.demo.clients import Client
from kotisatama.people.models import GroundOfStay

# Temporary protection was decided for everybody at once (EU 2025/1460).
PROTECTION_ENDS_ON = date(2027, 3, 4)
# Years for which a permit is given, and its letter.
PERMITS: dict[str, tuple[int, str]] = {
    GroundOfStay.FAMILY: (1, "A"),
    GroundOfStay.STUDY: (2, "B"),
    GroundOfStay.INTERNATIONAL_PROTECTION: (4, "A"),
    GroundOfStay.WORK: (1, "A"),
}
NOT_RENEWED = 4  # of a hundred, so many are late with the next permit


def permit(client: Client, today: date) -> tuple[date, date | None, str]:
    """First day, last day and letter of the permit that holds today or ended last."""
    begins = client.since.date()
    if client.ground == GroundOfStay.TEMPORARY_PROTECTION:
        return begins, max(PROTECTION_ENDS_ON, begins + timedelta(days=180)), ""
    if client.ground not in PERMITS:
        return begins, None, "eu" if client.ground == GroundOfStay.EU else ""
    years, letter = PERMITS[client.ground]
    length = timedelta(days=years * 365)
    past = (today - begins) // length
    is_late = past and client.id.int % 100 < NOT_RENEWED
    begins += length * (past - 1 if is_late else past)
    return begins, begins + length - timedelta(days=1), letter
