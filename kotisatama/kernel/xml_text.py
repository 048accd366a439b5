"""What XML can hold, and with it every file and answer that is made of it."""

import re

# What XML 1.0 cannot hold, not even escaped. All else stays, also what is not seen: signs that join or part letters,
# that turn the direction, spaces that do not break.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def is_writable(text: str) -> bool:
    """Whether XML can hold every sign of the text."""
    return not _UNWRITABLE.search(text)


def writable(text: str) -> str:
    """The text without what XML cannot hold; line ends become \\n, as a reader of XML makes them anyway."""
    return _UNWRITABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
