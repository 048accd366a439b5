"""Durable submissions per second through the whole stack, over pgbench writing the same rows, side by side.

One submission is one POST of the summary page: routed, checked again against the whole form, written with its inbox
item and audit line, its draft removed, committed, redirected to the receipt. pgbench does the same inserts and the same
delete in one transaction, as the same restricted role, on the same server, as durable. Rounds alternate; medians count.
"""

import http.client
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import uuid
from collections.abc import Sequence

from kotisatama.kernel import embedded_place, testing
from kotisatama.kernel.live_app import LiveApp, free_port

CLIENTS = 8
ROUNDS = 3
SUBMISSIONS = 400  # in a round
CSRF = "a" * 32
FORM = testing.ROOT / "kotisatama" / "forms" / "definitions" / "yhteydenotto.xlsx"
CHECK = "/fi/form/yhteydenotto/check/"

MAKE_DRAFTS = """
import hashlib, json, sys
from kotisatama.forms import actions, filling, queries
from kotisatama.forms.models import Draft
from kotisatama.kernel import row_security
from django.utils import timezone
version = queries.published_version("yhteydenotto")
now = timezone.localtime()
answers = filling.initial_answers(queries.definition(version), today=now.date(), now=now) | {
    "topics": ["letters"], "message": "En ymmärrä tätä kirjettä. " * 20, "urgent": "yes", "municipality": "426",
    "service_language": "ar", "interpreter": "yes", "with_family": "no", "reply_by": "sms",
    "phone": "+358 40 000 0000", "phone_safe": "yes", "consent": "OK"}
keys = []
for number in range(int(sys.argv[1])):
    secret = f"{sys.argv[2]}-{number}"
    holder = hashlib.sha256(secret.encode()).hexdigest() if sys.argv[2] != "pgbench" else "pgbench"
    with row_security.context(holder=holder):
        if holder == "pgbench":
            draft = Draft(holder=f"pgbench", version=version, language="fi", answers=answers)
            keys.append(draft)
        else:
            draft = actions.keep_draft(holder=holder, version=version, language="fi", answers=answers, page=4)
            keys.append((secret, str(draft.submission_key)))
if sys.argv[2] == "pgbench":
    print(json.dumps({"version": version.pk, "answers": answers}))
else:
    print(json.dumps(keys))
"""

# The same rows in the same order. Every draft of pgbench has a holder of its own, as every visitor has.
TRANSACTION = """
\\set n random(1, 1000000000)
BEGIN;
SELECT set_config('kotisatama.controllers', '426', true), set_config('kotisatama.holder', 'pgbench' || :n, true);
INSERT INTO forms_submission (id, controller_id, holder, key, reference, version_id, language, answers, calculated,
  filled_by, submitted_at)
  VALUES (gen_random_uuid(), '426', 'pgbench' || :n, gen_random_uuid(), substr(md5(random()::text), 1, 9), {version},
  'fi', '{answers}', '{{}}', '{{}}', now());
INSERT INTO forms_agreement (id, controller_id, submission_id, version_id, question, purpose, text, language, answer,
  at)
  SELECT gen_random_uuid(), '426', id, version_id, 'consent', '', 'Ymmärrän, että tietojani käytetään.', 'fi', 'OK',
  now() FROM forms_submission WHERE holder = 'pgbench' || :n LIMIT 1;
INSERT INTO intake_item (id, controller_id, submission_id, municipality, service_language, topics, is_urgent,
  received_at, state, version) SELECT gen_random_uuid(), '426', id, '426', 'ar', '{{letters}}', true, now(), 'new', 1
  FROM forms_submission WHERE holder = 'pgbench' || :n LIMIT 1;
INSERT INTO audit_line (id, at, action, controllers, subject_type, subject_id, details, mac)
  SELECT gen_random_uuid(), now(), 'submission.received', '{{426}}', 'forms.submission', id, '{{}}',
  sha256(holder::bytea)
  FROM forms_submission WHERE holder = 'pgbench' || :n LIMIT 1;
DELETE FROM forms_draft WHERE holder = 'pgbench' || :n;
COMMIT;
"""


def drafts(app: LiveApp, number: int, prefix: str) -> list[list[str]]:
    """Make drafts that are ready to be sent; returns (the visitor's secret, the draft's key) of each."""
    found: list[list[str]] = json.loads(_script(app, str(number), prefix))
    return found


def _script(app: LiveApp, *words: str) -> str:
    start = "import django; django.setup()\n"
    command = [sys.executable, "-c", start + MAKE_DRAFTS, *words]
    return subprocess.run(command, env=app.environment, capture_output=True, text=True, check=True).stdout


def send(app: LiveApp, work: list[list[str]], took: list[float]) -> None:
    """One visitor after another over one kept-alive connection; appends seconds per POST."""
    line = http.client.HTTPConnection("127.0.0.1", app.port, timeout=30)
    while True:
        try:
            secret, key = work.pop()
        except IndexError:
            return
        body = urllib.parse.urlencode({"csrfmiddlewaretoken": CSRF, "page:key": key, "page:go": "send"})
        headers = {
            "Cookie": f"kotisatama_draft={secret}; kotisatama_csrf={CSRF}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        began = time.perf_counter()
        line.request("POST", CHECK, body, headers)
        answer = line.getresponse()
        answer.read()
        took.append(time.perf_counter() - began)
        if answer.status != 302 or "/sent/" not in (answer.getheader("Location") or ""):
            raise RuntimeError(f"not sent: {answer.status} {answer.getheader('Location')}")


def through_the_stack(app: LiveApp, work: list[list[str]]) -> tuple[float, list[float]]:
    """Submissions per second and the seconds of each."""
    took: list[float] = []
    number = len(work)
    threads = [threading.Thread(target=send, args=(app, work, took)) for _ in range(CLIENTS)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if len(took) != number:
        raise RuntimeError(f"{number - len(took)} submissions failed")
    return number / (time.perf_counter() - began), took


def with_pgbench(app: LiveApp, script: pathlib.Path) -> float:
    """Transactions per second of the same rows."""
    url = urllib.parse.urlsplit(app.database_url)
    host = urllib.parse.parse_qs(url.query).get("host", ["127.0.0.1"])[0]
    command = [
        embedded_place.find(embedded_place.home(app.server.var)).binaries / "pgbench",
        "-n",
        "-f",
        script,
        "-c",
        str(CLIENTS),
        "-j",
        "2",
    ]
    command += ["-t", str(SUBMISSIONS // CLIENTS), "-h", host, "-U", url.username or "", url.path.lstrip("/")]
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=True)
    return next(float(line.split()[2]) for line in done.stdout.splitlines() if line.startswith("tps"))


def measure(app: LiveApp, folder: pathlib.Path) -> dict[str, float]:
    """Medians of the rounds: submissions per second, their p95 in milliseconds, pgbench's transactions, the ratio."""
    pattern = json.loads(_script(app, "1", "pgbench"))
    script = folder / "submission.sql"
    answers = json.dumps(pattern["answers"]).replace("'", "''").replace(":", ": ")
    script.write_text(TRANSACTION.format(version=pattern["version"], answers=answers))
    through_the_stack(app, drafts(app, 60, "warm"))
    ours: list[float] = []
    theirs: list[float] = []
    took: list[float] = []
    for number in range(ROUNDS):
        rate, seconds = through_the_stack(app, drafts(app, SUBMISSIONS, f"round{number}-{uuid.uuid4()}"))  # noqa: TID251
        ours.append(rate)
        took += seconds
        theirs.append(with_pgbench(app, script))
    return {
        "submissions_per_second": round(statistics.median(ours), 1),
        "p95_milliseconds": round(1000 * statistics.quantiles(took, n=20)[-1], 1),
        "pgbench_per_second": round(statistics.median(theirs), 1),
        "ratio": round(statistics.median(ours) / statistics.median(theirs), 3),
    }


def main(words: Sequence[str] = ()) -> None:
    """Print the figures as JSON."""
    with tempfile.TemporaryDirectory() as folder, testing.server() as server:
        name = server.create(f"live_bench_{os.getpid()}")
        app = LiveApp(server, name, pathlib.Path(folder), free_port(), workers="2")  # as `serve` starts it
        try:
            app.command("collectstatic", "--noinput", "--verbosity", "0")
            app.command("demo-region")
            app.command("form-import", str(FORM), "--publish")
            app.start()
            figures = measure(app, pathlib.Path(folder))
        finally:
            app.stop()
            server.drop(name)
    sys.stdout.write(json.dumps({"form_submission": figures}, indent=2) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
