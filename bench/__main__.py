"""Run the performance bars, one after the other: `make bench`, or `make bench ARGS="form_submission"` for a part.

Each bar is a module of this folder with `main(words)`, which prints its figures as JSON. A bar measures two ways of
doing the same work side by side in one run and gives their ratio: machines differ, ratios less.
"""

import importlib
import pathlib
import sys

NOT_BARS = frozenset({"__init__", "__main__"})


def names() -> list[str]:
    """The bars of this folder, in the order of their names."""
    return sorted(path.stem for path in pathlib.Path(__file__).parent.glob("*.py") if path.stem not in NOT_BARS)


def main(words: list[str]) -> int:
    """Run the bars that are named, or all of them. Exit code 2 for an unknown one."""
    unknown = sorted(set(words) - set(names()))
    if unknown:
        sys.stderr.write(f"There is no bar called {', '.join(unknown)}; there are: {', '.join(names())}.\n")
        return 2
    for name in words or names():
        sys.stderr.write(f"{name} ...\n")
        importlib.import_module(f"bench.{name}").main()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
