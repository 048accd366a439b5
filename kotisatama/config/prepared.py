"""Remembers that the embedded database was prepared by exactly this code, so that a warm start need not ask Django."""

import dataclasses
import hashlib
import json
import pathlib

from kotisatama.kernel import embedded_postgres

PACKAGE = pathlib.Path(__file__).resolve().parent.parent


@dataclasses.dataclass(frozen=True)
class Stamp:
    """A file beside the data; it speaks only about these data and this code."""

    file: pathlib.Path
    digest: str

    @classmethod
    def of(cls, server: embedded_postgres.Server) -> "Stamp":
        return cls(file(server.home), _digest(server.home))

    def read(self) -> str | None:
        """The text that was kept when the database was prepared, or None when it has to be prepared."""
        try:
            kept = json.loads(self.file.read_text())
            return str(kept["text"]) if kept["digest"] == self.digest else None
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def write(self, text: str) -> None:
        self.file.write_text(json.dumps({"digest": self.digest, "text": text}))


def file(home: pathlib.Path) -> pathlib.Path:
    return home / "prepared.json"


def forget(home: pathlib.Path) -> None:
    """Somebody changed the schema by hand: look again at the next start."""
    file(home).unlink(missing_ok=True)


def _digest(home: pathlib.Path) -> str:
    """Names, sizes and times of all files of the package but templates and tests, and of this very cluster."""
    content = hashlib.sha256()
    cluster = (home / "data" / "PG_VERSION").stat()
    content.update(f"{cluster.st_ino} {cluster.st_mtime_ns}\n".encode())
    for path in sorted([*PACKAGE.rglob("*.py"), *PACKAGE.glob("*/data/**/*")]):
        state = path.stat()
        content.update(f"{path} {state.st_size} {state.st_mtime_ns}\n".encode())
    return content.hexdigest()
