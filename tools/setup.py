#!/usr/bin/env python3
"""Make everything that `make run` or `make test` needs; repeatable, and well under a second when nothing changed.

    python3 tools/setup.py [--dev] [--browser]

Standard library only. Makes .venv, installs from the lock files with hashes checked, puts the command `kotisatama` into
.venv/bin, compiles the translations and collects the static files. --dev adds what tests and checks need, --browser a
Chromium. Each step leaves a stamp in .venv and is skipped while its stamp is true. Where uv is found, it does the
installing, else pip. Written so that a Python too old for the project can still read it and say so.
"""

from __future__ import annotations

import glob
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from typing import NoReturn

OLDEST = (3, 11)
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
VAR = os.path.abspath(os.environ.get("KOTISATAMA_VAR") or os.path.join(ROOT, "var"))
LOCKS = {"run": "requirements/run.txt", "dev": "requirements/dev.txt"}
LAUNCHER = """#!/bin/sh
exec "{python}" -m kotisatama.config.commandline "$@"
"""


def say(text: str) -> None:
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def fail(text: str) -> NoReturn:
    sys.exit("Set-up stopped. " + text)


def run(words: list[str], hint: str) -> None:
    """Run a program with its output on standard error; when it fails, say what to do."""
    environment = {k: v for k, v in os.environ.items() if k not in ("PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV")}
    environment["PIP_DISABLE_PIP_VERSION_CHECK"] = "1"
    if subprocess.call(words, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=sys.stderr):
        fail(hint)


def right_python() -> None:
    """Go on in a Python that is new enough, if this one is not."""
    if sys.version_info >= OLDEST:
        return
    for minor in range(20, OLDEST[1] - 1, -1):
        found = shutil.which("python3.%d" % minor)  # noqa: UP031 -- read by old Pythons
        if found:
            os.execv(found, [found, *sys.argv])  # noqa: S606 -- no shell is wanted
    fail(
        "Python %d.%d or later is needed; this is %s. " % (*OLDEST, sys.version.split()[0])  # noqa: UP031
        + "Install it (Debian: apt install python3 python3-venv), or name one: make run PYTHON=/path/to/python3."
    )


def digest(files: list[str]) -> str:
    content = hashlib.sha256(repr((sys.version, VENV)).encode())
    for file in files:
        with open(file, "rb") as opened:
            content.update(opened.read())
    return content.hexdigest()


def seen(files: list[str]) -> str:
    """Names, sizes and times: enough for what is only derived again."""
    states = [(file, os.stat(file)) for file in sorted(files)]
    return hashlib.sha256(repr([(name, s.st_size, s.st_mtime_ns) for name, s in states]).encode()).hexdigest()


def stamps() -> dict[str, str]:
    try:
        with open(os.path.join(VENV, "kotisatama-stamps.json")) as file:
            return dict(json.load(file))
    except (OSError, ValueError):
        return {}


def stamp(name: str, value: str) -> None:
    changed = dict(stamps(), **{name: value})
    path = os.path.join(VENV, "kotisatama-stamps.json")
    with open(path + ".new", "w") as file:
        json.dump(changed, file)
    os.replace(path + ".new", path)


def make_venv(uv: str | None) -> None:
    needed = "" if uv else "import pip"  # what uv made has no pip, and uv may be gone by now
    if os.path.exists(PYTHON) and subprocess.call([PYTHON, "-c", needed], stderr=subprocess.DEVNULL) == 0:
        return
    say("Set-up: making .venv ...")
    if uv:
        run([uv, "venv", "--quiet", "--allow-existing", "--python", sys.executable, VENV], "uv could not make .venv.")
        return
    hint = "Python could not make .venv. On Debian and Ubuntu: apt install python3-venv. Then run the same again."
    run([sys.executable, "-m", "venv", "--clear", VENV], hint)


def install(kind: str, uv: str | None) -> None:
    """Install one lock file, unless exactly that is installed."""
    lock = os.path.join(ROOT, LOCKS[kind])
    wanted = digest([lock])
    if stamps().get(kind) == wanted:
        return
    say("Set-up: installing the packages of %s with their hashes checked ..." % LOCKS[kind])  # noqa: UP031
    hint = (
        "The packages could not be installed; the lines above say why. A network and about 400 MB of room are needed."
    )
    if uv:
        words = [uv, "pip", "install", "--quiet", "--python", PYTHON]
    else:
        words = [PYTHON, "-m", "pip", "install", "--quiet", "--no-compile", "--progress-bar", "off", "--no-input"]
    run([*words, "--require-hashes", "--only-binary", ":all:", "--no-deps", "-r", lock], hint)
    stamp(kind, wanted)


def link_project() -> None:
    """Make `import kotisatama` and the command work from .venv: a path file and a launcher, quicker than a build."""
    packages = glob.glob(os.path.join(VENV, "lib", "python3*", "site-packages"))[0]
    write(os.path.join(packages, "kotisatama.pth"), ROOT + "\n")
    launcher = os.path.join(VENV, "bin", "kotisatama")
    write(launcher, LAUNCHER.format(python=PYTHON))
    os.chmod(launcher, 0o755)  # noqa: S103 -- a program
    write(os.path.join(VENV, ".gitignore"), "*\n")


def write(path: str, text: str) -> None:
    try:
        with open(path) as file:
            if file.read() == text:
                return
    except OSError:
        pass
    with open(path, "w") as file:
        file.write(text)


def compile_translations() -> None:
    catalogues = glob.glob(os.path.join(ROOT, "kotisatama", "**", "locale", "*", "LC_MESSAGES", "*.po"), recursive=True)
    missing = [po for po in catalogues if not os.path.exists(po[:-2] + "mo")]
    wanted = seen(catalogues)
    if not missing and stamps().get("translations") == wanted:
        return
    say("Set-up: compiling the translations ...")
    run([PYTHON, os.path.join(ROOT, "tools", "compile_translations.py"), *catalogues], "A translation cannot be read.")
    stamp("translations", wanted)


def collect_static() -> None:
    sources = []
    for folder in glob.glob(os.path.join(ROOT, "kotisatama", "*", "static")):
        sources += [os.path.join(path, name) for path, _, names in os.walk(folder) for name in names]
    target = os.path.join(VAR, "static")
    name = "static " + target
    wanted = seen([*sources, os.path.join(ROOT, LOCKS["run"])])
    if stamps().get(name) == wanted and os.path.isdir(target):
        return
    say("Set-up: collecting the static files ...")
    words = [PYTHON, "-m", "kotisatama.config.commandline", "collectstatic", "--noinput", "--clear", "--verbosity", "0"]
    run(words, "The static files could not be collected.")
    stamp(name, wanted)


def find_browser() -> None:
    """A Chromium for the tests: Debian's when we are root, else Playwright's own."""
    if any(shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome")):
        return
    own = os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or os.path.expanduser("~/.cache/ms-playwright")
    if glob.glob(os.path.join(own, "chromium*", "INSTALLATION_COMPLETE")):
        return
    say("Set-up: installing a browser for the tests ...")
    if os.geteuid() == 0 and shutil.which("apt-get"):
        os.environ["DEBIAN_FRONTEND"] = "noninteractive"
        hint = "apt-get could not install Chromium. Install it by hand, then run the same again."
        run(["apt-get", "update", "-qq"], hint)
        run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"], hint)
        return
    hint = "No browser could be installed. Install Chromium so that `chromium` is on the PATH, then run the same again."
    run([PYTHON, "-m", "playwright", "install", "chromium"], hint)


def main() -> None:
    began = time.monotonic()
    right_python()
    uv = shutil.which("uv")
    make_venv(uv)
    install("run", uv)
    if "--dev" in sys.argv:
        install("dev", uv)
    link_project()
    compile_translations()
    collect_static()
    if "--browser" in sys.argv:
        find_browser()
    if time.monotonic() - began > 1:
        say("Set-up: done in %.0f s." % (time.monotonic() - began))


if __name__ == "__main__":
    main()
