"""What an import tells: the same words on the command line and on a screen."""

from dataclasses import dataclass
from typing import Any

from kotisatama.forms.xlsform import Problem


@dataclass(frozen=True)
class Imported:
    """The outcome of an import; nothing was saved when there are problems. `questions` counts what a person answers."""

    form: str
    version: str
    languages: list[str]
    questions: int
    problems: list[Problem]
    version_id: int | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "form": self.form,
            "version": self.version,
            "languages": self.languages,
            "questions": self.questions,
            "problems": [problem.to_json() for problem in self.problems],
        }
