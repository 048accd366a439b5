"""What can be wrong with an expression: found when it is read, or when it costs too much."""


class ExpressionProblem(Exception):
    """The expression cannot be used. `column` is the character where it goes wrong, counted from 1."""

    def __init__(self, message: str, column: int) -> None:
        super().__init__(message)
        self.message = message
        self.column = column

    def __str__(self) -> str:
        return f"{self.message} (character {self.column})"


class TooComplex(Exception):
    """The evaluation used up its budget."""


class Budget:
    """Steps that an evaluation may take. A step is one part of a tree or one node looked at."""

    __slots__ = ("left",)

    def __init__(self, steps: int = 100_000) -> None:
        self.left = steps

    def spend(self, steps: int = 1) -> None:
        """Take the steps; raises TooComplex when there are none left."""
        self.left -= steps
        if self.left < 0:
            raise TooComplex("The expression takes too many steps.")
