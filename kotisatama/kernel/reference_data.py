"""Reading the packaged tables (CSV with a header line) that a first installation starts from."""

import csv
from importlib.resources import files


def rows(package: str, name: str) -> list[dict[str, str]]:
    """Return the rows of `<package>/data/<name>`, each a dict of column to text."""
    text = files(package).joinpath("data", name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
