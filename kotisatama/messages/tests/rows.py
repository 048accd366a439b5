"""Submissions for tests, as the contact form gives them."""

from typing import Any

from kotisatama.forms.models import Form, Submission, Version
from kotisatama.kernel import identifiers, row_security
from kotisatama.network.models import ServicePoint
from tests import builders

ANSWERS: dict[str, Any] = {
    "topics": ["letters", "benefits"],
    "message": "لا أفهم هذه الرسالة. هل يجب أن أعيد المال؟",
    "urgent": "yes",
    "municipality": "426",
    "service_language": "ar",
    "interpreter": "yes",
    "date_of_birth": "1991-03-08",
    "with_family": "yes",
    "member": [{"member_name": "Yusuf Al-Zahra", "member_birth_year": 2015, "member_relation": "child"}],
    "reply_by": "sms",
    "phone": "+358 40 123 4567",
    "phone_safe": "yes",
    "email": "fatima@post.example",
    "name": "Fatima Al-Zahra",
    "consent": "OK",
}


def numbers(submission: Submission) -> list[tuple[str, bool]]:
    """What the submission says of its telephone, as whoever queues a message tells it."""
    return [(submission.answers["phone"], submission.answers.get("phone_safe") == "yes")]


def a_main_service_point() -> ServicePoint:
    """The centre's main place, with a telephone and an address to print."""
    point = builders.a_service_point(is_main=True)
    point.phone, point.street_address = "+358 13 000 0000", "Torikatu 1, Joensuu"
    point.save()
    return point


def a_submission(controller: str = builders.LIPERI, *, language: str = "ar", **answers: Any) -> Submission:
    """A submission of that controller; keyword arguments change or add answers, None takes one away."""
    given = {name: value for name, value in (ANSWERS | answers).items() if value is not None}
    with row_security.context(controllers=[controller]):
        return Submission.objects.create(
            controller=builders.a_municipality(controller),
            holder="0" * 64,
            key=identifiers.new_id(),
            reference=identifiers.new_reference(),
            version=a_version(),
            language=language,
            answers=given,
        )


def a_version() -> Version:
    """A version of the contact form without its questions."""
    form = Form.objects.get_or_create(code="yhteydenotto", defaults={"title": "Yhteydenotto"})[0]
    return Version.objects.get_or_create(
        form=form, number="1", defaults={"source": {}, "definition": {}, "sha256": "0" * 64}
    )[0]
