"""What arrived lately: messages in several languages, most of them waiting, some handled."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from kotisatama.config.demo import draw, region
from kotisatama.forms import actions as forms
from kotisatama.forms.models import Submission, Version
from kotisatama.intake import actions as intake
from kotisatama.intake.models import Item
from kotisatama.staff.models import Worker

WORKBOOK = Path(forms.__file__).parent / "definitions" / "yhteydenotto.xlsx"


@dataclass(frozen=True)
class Letter:
    """One message: how many hours ago, in which language of the page, and what was answered."""

    hours: float
    language: str
    message: str
    answers: dict[str, Any]
    is_done: bool = False


def _by_sms(number: str, *, safe: bool = True, **more: Any) -> dict[str, Any]:
    return {"reply_by": "sms", "phone": f"+358 40 000 {number}", "phone_safe": "yes" if safe else "no", **more}


def _by_mail(address: str, **more: Any) -> dict[str, Any]:
    return {"reply_by": "email", "email": f"{address}@example.org", **more}


LETTERS = [
    Letter(2, "ar", "لا أفهم هذه الرسالة من كيلا. هل يجب أن أعيد المال؟", {
        "topics": ["letters", "benefits"], "urgent": "yes", "municipality": "426", "service_language": "ar",
        "interpreter": "yes", "with_family": "yes",
        "member": [{"member_name": "Omar", "member_birth_year": 2016, "member_relation": "child"},
                   {"member_name": "Lina", "member_birth_year": 2019, "member_relation": "child"}],
        **_by_sms("9001", name="Fatima Al-Zahra")}),
    Letter(3, "uk", "Шукаємо квартиру для родини з трьох осіб. Договір закінчується в січні.", {
        "topics": ["housing"], "urgent": "no", "municipality": "167", "service_language": "uk", "interpreter": "no",
        "with_family": "no", **_by_mail("olena.k", name="Олена Коваленко")}),
    Letter(5, "ru", "Можно ли работать, пока ждёшь продления вида на жительство?", {
        "topics": ["work", "permits"], "urgent": "no", "municipality": "276", "service_language": "ru",
        "with_family": "no", **_by_sms("9002")}),
    Letter(21, "en", "I finished my degree in Joensuu. How do I apply for a permit to look for work?", {
        "topics": ["permits", "work"], "urgent": "no", "municipality": "167", "service_language": "en",
        "with_family": "no", **_by_mail("n.perera", name="Nuwan Perera")}),
    Letter(26, "en", "Caruurtaydu dugsi bay u baahan yihiin. Fadlan i soo waca.", {
        "topics": ["family"], "urgent": "no", "municipality": "309", "service_language": "so", "interpreter": "yes",
        "with_family": "no", "reply_by": "phone", "phone": "+358 40 000 9003", "phone_safe": "no"}),
    Letter(29, "fi", "Haluaisin suomen kielen kurssille, joka on illalla.", {
        "topics": ["language"], "urgent": "no", "municipality": "146", "service_language": "fi", "with_family": "no",
        "reply_by": "visit"}),
    Letter(33, "ar", "زوجي يعيش في بلد آخر. كيف نقدم طلب لمّ الشمل؟", {
        "topics": ["permits", "family"], "urgent": "no", "municipality": "167", "service_language": "ar",
        "interpreter": "yes", "with_family": "no", **_by_sms("9004", safe=False)}),
    Letter(47, "ru", "Хозяин квартиры не возвращает залог. Что мне делать?", {
        "topics": ["housing", "other"], "urgent": "yes", "municipality": "secret", "service_language": "ru",
        "with_family": "no", **_by_mail("i.petrova")}),
    Letter(70, "uk", "Потрібна допомога із заявою на Kela.", {
        "topics": ["benefits"], "urgent": "no", "municipality": "167", "service_language": "uk", "interpreter": "no",
        "with_family": "no", **_by_sms("9005")}, is_done=True),
    Letter(75, "fi", "Miten haen kotikuntaa?", {
        "topics": ["other"], "urgent": "no", "municipality": "426", "service_language": "fi", "with_family": "no",
        **_by_mail("hakija")}, is_done=True),
    Letter(98, "en", "Where can I practise Finnish?", {
        "topics": ["language"], "urgent": "no", "municipality": "276", "service_language": "en", "with_family": "no",
        **_by_mail("student")}, is_done=True),
]  # fmt: skip


def add(seed: int, *, now: datetime) -> int:
    """Publish the contact form and receive the letters; returns how many. Needs the served controllers' context."""
    imported = forms.import_form(WORKBOOK, publish=True)
    version = Version.objects.get(form__code=imported.form, number=imported.version)
    source = draw.stream(seed, "submissions")
    worker = Worker.objects.get(email="aino.niemi@demo.example")
    for number, letter in enumerate(LETTERS):
        at = now - timedelta(hours=letter.hours)
        home = letter.answers["municipality"]
        submission = Submission.objects.create(
            id=draw.key(source, at),
            controller_id=home if home in region.SERVED else region.JOENSUU,
            holder=f"demo-{seed}-{number}",
            key=draw.key(source, at),
            reference=f"DEMX-{2222 + number}",
            version=version,
            language=letter.language,
            answers={"message": letter.message, "consent": "OK", **letter.answers},
        )
        Submission.objects.filter(pk=submission.pk).update(submitted_at=at)
        item = intake.receive_submission(submission)
        done_at = at + timedelta(hours=20)
        done = {"state": "done", "claimed_by": worker, "claimed_at": at, "answered_at": done_at, "done_at": done_at}
        Item.objects.filter(pk=item.pk).update(received_at=at, **(done if letter.is_done else {}))
    return len(LETTERS)
