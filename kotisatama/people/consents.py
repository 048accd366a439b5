"""The texts of consents, and giving and withdrawing one."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from kotisatama.audit import actions as audit
from kotisatama.kernel.errors import NotAllowed
from kotisatama.network.models import Organisation
from kotisatama.people import access, rules
from kotisatama.people.models import Consent, Person
from kotisatama.staff.models import Worker
from kotisatama.translation import languages
from kotisatama.translation import queries as translation

NAMESPACE = "consent"


@dataclass(frozen=True)
class Shown:
    """What the person is shown: the text, the language that it is really in, and which text it is."""

    text: str
    language: str
    version: str

    @property
    def direction(self) -> str:
        return languages.direction(self.language)


def text(purpose: str, *, recipient: Organisation | None, data_kinds: Iterable[str], language: str) -> Shown:
    """The text of a purpose in the person's language or the first of its chain, with its places filled in."""
    found = translation.texts(NAMESPACE, language).get(purpose)
    if found is None:
        raise NotAllowed(_("There is no text for this purpose yet."))
    with override(found.language):
        labels = [str(Consent.Data(code).label) for code in data_kinds]
    named = ", ".join(label[:1].lower() + label[1:] for label in labels)
    filled = found.text.replace("{recipient}", recipient.name if recipient else "").replace("{data}", named)
    return Shown(filled, found.language, sha256(found.text.encode()).hexdigest()[:12])


@transaction.atomic
def give_consent(
    person: Person,
    *,
    key: uuid.UUID,
    purpose: str,
    recipient: Organisation | None,
    data_kinds: Iterable[str],
    language: str,
    way: str,
    on: date,
    by: Worker,
    until: date | None = None,
    basis: str = Consent.Basis.CONSENT,
    said: Shown | None = None,
) -> Consent:
    """Write down that the client has agreed, with the text that was shown. The same `key` twice is the same consent.

    `said` is the text when it was not one of ours: a statement in a form, word by word.
    """
    if not access.can_change(by, person):
        raise PermissionDenied
    rules.check_consent_days(on=on, until=until)
    codes = [Consent.Data(code).value for code in data_kinds]
    shown = said or text(purpose, recipient=recipient, data_kinds=codes, language=language)
    consent, is_new = Consent.objects.get_or_create(
        id=key,
        person=person,
        defaults={
            "controller_id": person.controller_id,
            "purpose": Consent.Purpose(purpose),
            "recipient": recipient,
            "data_kinds": codes,
            "basis": Consent.Basis(basis),
            "text": shown.text,
            "text_version": shown.version,
            "language": shown.language,
            "given_on": on,
            "given_by_way": Consent.Way(way),
            "until": until,
            "made_by": by,
        },
    )
    if is_new:
        details = {"consent": str(consent.pk), "purpose": consent.purpose, "language": consent.language}
        audit.record("consent.given", by=by, controllers=[person.controller_id], subject=person, details=details)
    return consent


@transaction.atomic
def withdraw_consent(consent: Consent, *, way: str, by: Worker) -> Consent:
    """From now on the consent is none; what was done before stays lawful. Twice is the same as once."""
    current = Consent.objects.select_for_update(of=("self",)).select_related("person").get(pk=consent.pk)
    if not access.can_change(by, current.person):
        raise PermissionDenied
    if current.withdrawn_on is None:
        current.withdrawn_on, current.withdrawn_by_way = timezone.localdate(), Consent.Way(way)
        current.save(update_fields=["withdrawn_on", "withdrawn_by_way"])
        details = {"consent": str(current.pk), "purpose": current.purpose}
        controllers = [current.controller_id]
        audit.record("consent.withdrawn", by=by, controllers=controllers, subject=current.person, details=details)
    return current
