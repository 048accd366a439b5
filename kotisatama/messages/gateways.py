"""The outside: a mail server by SMTP, and whoever carries text messages."""

import json
import smtplib
from pathlib import Path
from typing import Protocol

import phonenumbers
from django.conf import settings
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone
from django.utils.module_loading import import_string

from kotisatama.messages.models import Message


class NotSent(Exception):
    """The message has certainly not left. `code` is a word for the outbox: no address and no text. Later may help."""

    def __init__(self, code: str, *, for_good: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.for_good = for_good


class Unclear(Exception):
    """The connection broke while the message was handed over: it may have left, so nobody tries again by itself."""


class SmsGateway(Protocol):
    """Carries text messages."""

    def send(self, number: str, text: str, *, reference: str) -> str:
        """Hand the text to the provider; return its receipt id. The same `reference` twice is the same message.

        `number` is E.164. Raises NotSent, Unclear.
        """


class EmailGateway(Protocol):
    """Carries e-mail."""

    def send(self, message: Message) -> str:
        """Hand the message to the mail server; return the Message-ID. Raises NotSent, Unclear."""


class FileSms:
    """Writes each text message as a JSON file into settings.SMS_FILE_PATH: the demo's gateway, sending nothing."""

    def send(self, number: str, text: str, *, reference: str) -> str:
        check_number(number)
        folder = Path(settings.SMS_FILE_PATH)
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            line = {"number": number, "text": text, "at": timezone.now().isoformat(), "reference": reference}
            (folder / f"{reference}.json").write_text(json.dumps(line, ensure_ascii=False, indent=1), encoding="utf-8")
        except OSError:
            raise NotSent("folder") from None
        return f"file-{reference}"


class DjangoEmail:
    """Sends by settings.EMAIL_BACKEND; in production SMTP. The Message-ID is the same at every try."""

    def send(self, message: Message) -> str:
        connection = mail.get_connection()
        try:
            connection.open()
        except (OSError, smtplib.SMTPException):
            raise NotSent("connection") from None
        try:
            letter = compose_letter(message)
            letter.connection = connection
            letter.send()
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPResponseException) as refusal:
            raise _refused(refusal) from None
        except (OSError, smtplib.SMTPException):
            raise Unclear from None
        finally:
            _close(connection)
        return str(letter.extra_headers["Message-ID"])


def compose_letter(message: Message) -> mail.EmailMessage:
    """The letter: plain UTF-8 text, its language said in the header."""
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">") or "localhost"
    headers = {
        "Message-ID": f"<{message.pk}@{domain}>",
        "Content-Language": message.language,
        "Auto-Submitted": "no",
    }
    return mail.EmailMessage(message.subject, message.body, None, [message.address], headers=headers)


def _refused(refusal: smtplib.SMTPRecipientsRefused | smtplib.SMTPResponseException) -> NotSent:
    """5xx is a no for good, 4xx for now (RFC 5321, 4.2.1). Its words may hold the address: the number alone is kept."""
    if isinstance(refusal, smtplib.SMTPRecipientsRefused):
        code = next((code for code, _text in refusal.recipients.values()), 0)
    else:
        code = refusal.smtp_code
    return NotSent(f"smtp-{code}", for_good=500 <= code < 600)


def _close(connection: BaseEmailBackend) -> None:
    try:
        connection.close()
    except (OSError, smtplib.SMTPException):
        return  # The answer to the message itself has come already.


def check_number(number: str) -> None:
    """Raise NotSent for good unless the number is E.164 and possible in its country's plan."""
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        raise NotSent("number", for_good=True) from None
    if phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164) != number:
        raise NotSent("number", for_good=True)
    if not phonenumbers.is_valid_number(parsed):
        raise NotSent("number", for_good=True)


def sms() -> SmsGateway:
    """The gateway that settings.SMS_GATEWAY names."""
    gateway: SmsGateway = import_string(getattr(settings, "SMS_GATEWAY", "kotisatama.messages.gateways.FileSms"))()
    return gateway


def email() -> EmailGateway:
    """E-mail goes by Django's backend, whichever settings.EMAIL_BACKEND names."""
    return DjangoEmail()
