"""What a device is told when something cannot be done."""


class Refused(Exception):
    """`status` for the program, `str()` as sentences for the person who holds the device."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
