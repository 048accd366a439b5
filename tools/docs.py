"""Write the pages that are generated from the code.

    python tools/docs.py        docs/access.md: permissions from the code, then what the tests see (some minutes)

Run by `make docs` in the environment that `make setup-dev` has made.
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
COMMANDS = (
    [str(BIN / "kotisatama"), "access-doc"],
    [sys.executable, "-m", "pytest", "tests/test_access_table.py"],
)


def main() -> int:
    """Run each command until one fails; return its code."""
    environment = os.environ | {"KOTISATAMA_WRITE_DOCS": "1"}
    for words in COMMANDS:
        code = subprocess.run(words, cwd=ROOT, env=environment, check=False).returncode
        if code:
            return code
    return 0


if __name__ == "__main__":
    sys.exit(main())
