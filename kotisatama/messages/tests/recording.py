"""The recording twin of the text-message gateway."""

from kotisatama.messages import gateways


class RecordingSms:
    """Keeps what it is given; `problems` are raised first, one a call. One list for all, as settings name a class."""

    sent: list[tuple[str, str, str]] = []
    problems: list[Exception] = []

    def send(self, number: str, text: str, *, reference: str) -> str:
        gateways.check_number(number)
        if self.problems:
            raise self.problems.pop(0)
        self.sent.append((number, text, reference))
        return f"recorded-{len(self.sent)}"

    @classmethod
    def empty(cls) -> None:
        cls.sent.clear()
        cls.problems.clear()
