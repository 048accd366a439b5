"""Compile gettext catalogues with Babel, so that nobody needs gettext's own programs.

python tools/compile_translations.py FILE.po ...      writes FILE.mo beside each; exit code 1 names what is wrong
"""

import os
import pathlib
import sys

from babel.messages import mofile, pofile


def compile_catalogue(source: pathlib.Path) -> list[str]:
    """Write the .mo file; give what is wrong with the source, a line each, and write nothing then."""
    with source.open("rb") as file:
        catalogue = pofile.read_po(file, locale=source.parts[-3], abort_invalid=True)
    wrong = [f"{source}: {error}" for message in catalogue for error in message.check(catalogue)]
    if not wrong:
        target = source.with_suffix(".mo")
        unfinished = target.with_suffix(".mo.new")
        with unfinished.open("wb") as output:
            mofile.write_mo(output, catalogue)
        os.replace(unfinished, target)
    return wrong


def main(files: list[str]) -> int:
    wrong = []
    for name in files:
        try:
            wrong += compile_catalogue(pathlib.Path(name))
        except (pofile.PoFileError, ValueError) as error:
            wrong.append(f"{name}: {error}")
    sys.stderr.writelines(f"{line}\n" for line in wrong)
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
