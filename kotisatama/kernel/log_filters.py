"""What our own log does not say, though Django names the address of every answer that went wrong."""

import logging
import re

# What follows these words in an address opens something to whoever reads it: a device's way in, a client's own view of
# looks, a correction, a worker's new password. Up to the next slash, so that a mistyped secret is not told either.
_SECRET = re.compile(r"\b(odk|looks|correct|password/reset/key)(/+)[^/\n]+", re.IGNORECASE)


class WithoutSecrets(logging.Filter):
    """Leaves the secrets of addresses out of the sentence and of the traceback; everything else stays."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Write both out now, so that whatever formats the record later finds no secret to put in."""
        record.msg, record.args = _masked(record.getMessage()), None
        if record.exc_info:
            record.exc_text = _masked(record.exc_text or logging.Formatter().formatException(record.exc_info))
        return True


def _masked(text: str) -> str:
    return _SECRET.sub(r"\1\2…", text)
