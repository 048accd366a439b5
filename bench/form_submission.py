"""Durable submissions per second through the whole stack, over pgbench writing the same rows, side by side.

One submission is one POST of the summary page: routed, checked again against the whole form, written with its
agreement, inbox item and audit line, its draft removed, committed, redirected to the receipt. pgbench writes copies of
the rows that such a submission has written, and removes a draft of the same size, in one transaction, as the same
restricted role, under the same row security, on the same server, as durable. It looks nothing up. Rounds alternate;
medians count. After them, submissions come at 80 % of the top rate, whether the ones before are answered or not.

Both sides have the machine's processors for everything, the making of load too: requests are made before the clock
starts and go over plain sockets, so that the clients cost little here as they do in pgbench.
"""

import hashlib
import json
import os
import pathlib
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import uuid
from collections.abc import Callable, Sequence

import psycopg
from psycopg import sql

from kotisatama.kernel import embedded_place, testing
from kotisatama.kernel.live_app import LiveApp, free_port

CLIENTS = 8
ROUNDS = 5
SUBMISSIONS = 800  # in a round
TRANSACTIONS = 3200  # of pgbench in a round
PACE = 0.8
CSRF = "a" * 32
FORM = testing.ROOT / "kotisatama" / "forms" / "definitions" / "yhteydenotto.xlsx"
CHECK = "/fi/form/yhteydenotto/check/"
CONTROLLER = "426"

FIRST_DRAFT = """
import hashlib, sys
from kotisatama.forms import actions, filling, queries
from kotisatama.kernel import row_security
from django.utils import timezone
version = queries.published_version("yhteydenotto")
now = timezone.localtime()
answers = filling.initial_answers(queries.definition(version), today=now.date(), now=now) | {
    "topics": ["letters"], "message": "En ymmärrä tätä kirjettä. " * 20, "urgent": "yes", "municipality": "426",
    "service_language": "ar", "interpreter": "yes", "with_family": "no", "reply_by": "sms",
    "phone": "+358 40 000 0000", "phone_safe": "yes", "consent": "OK"}
holder = hashlib.sha256(sys.argv[1].encode()).hexdigest()
with row_security.context(holder=holder):
    actions.keep_draft(holder=holder, version=version, language="fi", answers=answers, page=4)
"""

# What a submission writes, and how its row is found.
WRITTEN = {
    "forms_submission": "holder = %s",
    "forms_agreement": "submission_id = (SELECT id FROM forms_submission WHERE holder = %s)",
    "intake_item": "submission_id = (SELECT id FROM forms_submission WHERE holder = %s)",
    "audit_line": "subject_id = (SELECT id FROM forms_submission WHERE holder = %s)",
}
BY_DEFAULT = {"epoch", "txid"}  # of an audit line: the database fills them in, for both sides
# `:n` has seven digits and is another one for each transaction. Every draft has a holder of its own, as a visitor has.
HOLDER = "b" * 57 + ":n"
SUBMISSION = "00000000-0000-7000-8000-00000:n"
OTHERS = {
    "forms_submission": {"id": SUBMISSION, "holder": HOLDER, "key": SUBMISSION, "reference": "B-:n"},
    "forms_agreement": {"id": SUBMISSION, "submission_id": SUBMISSION},
    "intake_item": {"id": SUBMISSION, "submission_id": SUBMISSION},
    "audit_line": {"id": SUBMISSION, "subject_id": SUBMISSION},
}
BEGIN = f"""
\\set i :i + 1
\\set n 1000000 + :first + :client_id * :each + :i
BEGIN;
SELECT set_config('kotisatama.controllers', '{CONTROLLER}', true), set_config('kotisatama.holder', '{HOLDER}', true);
"""
END = f"""
DELETE FROM forms_draft WHERE holder = '{HOLDER}';
COMMIT;
"""

Pace = Callable[[], float]


class Bench:
    """The application with drafts to send, and pgbench beside it."""

    def __init__(self, app: LiveApp, folder: pathlib.Path) -> None:
        self.app = app
        self.script = folder / "submission.sql"
        self.first = 0
        self.pattern: dict[str, object] = {}

    def prepare(self) -> None:
        """Send one draft that the application made; its rows are the pattern of all others."""
        start = "import django; django.setup()\n"
        command = [sys.executable, "-c", start + FIRST_DRAFT, "first"]
        subprocess.run(command, env=self.app.environment, check=True)
        self.pattern = self._rows("forms_draft", "holder = %s")
        through_the_stack(self.app, [request("first", str(self.pattern["submission_key"]))], clients=1)
        inserts = [_insert(table, self._rows(table, where) | OTHERS[table]) for table, where in WRITTEN.items()]
        self.script.write_text(BEGIN + "\n".join(inserts) + END)

    def _rows(self, table: str, where: str) -> dict[str, object]:
        """Columns of the first draft's row in this table, as texts."""
        holder = _hash("first")
        with psycopg.connect(self.app.database_url) as line:
            line.execute(
                "SELECT set_config('kotisatama.controllers', %s, true), set_config('kotisatama.holder', %s, true)",
                [CONTROLLER, holder],
            )
            found = line.execute(f"SELECT * FROM {table} WHERE {where}", [holder])
            names = [column.name for column in found.description or ()]
            texts = sql.SQL(", ").join(sql.SQL("{}::text").format(sql.Identifier(name)) for name in names)
            query = sql.SQL("SELECT {} FROM {} WHERE " + where).format(texts, sql.Identifier(table))
            rows = line.execute(query, [holder]).fetchall()
        if len(rows) != 1:
            raise RuntimeError(f"{len(rows)} rows in {table}")
        return dict(zip(names, rows[0], strict=True))

    def drafts(self, holders: Sequence[str], keys: Sequence[str]) -> None:
        """Copies of the first draft for these holders."""
        fixed = {name: value for name, value in self.pattern.items() if name not in ("id", "holder", "submission_key")}
        columns = ", ".join(["id", "holder", "submission_key", *fixed])
        row = f"INSERT INTO forms_draft ({columns}) VALUES (%s, %s, %s{', %s' * len(fixed)})"
        with psycopg.connect(self.app.database_url) as line, line.pipeline():
            for holder, key in zip(holders, keys, strict=True):
                line.execute("SELECT set_config('kotisatama.holder', %s, true)", [holder])
                line.execute(row, [key, holder, key, *fixed.values()])

    def submissions(self, number: int) -> list[bytes]:
        """Requests that each send a fresh draft."""
        secrets = [f"{uuid.uuid4()}" for _ in range(number)]  # noqa: TID251
        self.drafts([_hash(secret) for secret in secrets], secrets)
        return [request(secret, secret) for secret in secrets]

    def pgbench(self) -> float:
        """Transactions per second of the same rows."""
        each = TRANSACTIONS // CLIENTS
        numbers = [1_000_000 + self.first + client * each + i + 1 for client in range(CLIENTS) for i in range(each)]
        self.drafts(
            [HOLDER.replace(":n", str(n)) for n in numbers], [SUBMISSION.replace(":n", str(n)) for n in numbers]
        )
        url = urllib.parse.urlsplit(self.app.database_url)
        host = urllib.parse.parse_qs(url.query).get("host", ["127.0.0.1"])[0]
        binary = embedded_place.find(embedded_place.home(self.app.server.var)).binaries / "pgbench"
        command = [binary, "-n", "-f", self.script, "-c", CLIENTS, "-j", 2, "-t", each, "-h", host]
        command += ["-D", "i=0", "-D", f"each={each}", "-D", f"first={self.first}"]
        command += ["-U", url.username or "", url.path.lstrip("/")]
        self.first += TRANSACTIONS
        done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=True)
        return next(float(line.split()[2]) for line in done.stdout.splitlines() if line.startswith("tps"))


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _insert(table: str, row: dict[str, object]) -> str:
    """The statement as pgbench reads it: one line, numbered by `:n`."""
    given = {name: value for name, value in row.items() if name not in BY_DEFAULT}
    texts = ["NULL" if value is None else "'" + str(value).replace("'", "''") + "'" for value in given.values()]
    return f"INSERT INTO {table} ({', '.join(given)}) VALUES ({', '.join(texts)});"


def request(secret: str, key: str) -> bytes:
    """The POST that sends the draft of this visitor."""
    body = urllib.parse.urlencode({"csrfmiddlewaretoken": CSRF, "page:key": key, "page:go": "send"})
    head = [
        f"POST {CHECK} HTTP/1.1",
        "Host: 127.0.0.1",
        f"Cookie: kotisatama_draft={secret}; kotisatama_csrf={CSRF}",
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {len(body)}",
    ]
    return "\r\n".join([*head, "", body]).encode()


def at_once() -> float:
    """The next request goes as soon as the one before is answered."""
    return time.perf_counter()


def paced(rate: float) -> Pace:
    """The next request is due at its place in an even row, however late the ones before are answered."""
    lock, due = threading.Lock(), [time.perf_counter()]

    def following() -> float:
        with lock:
            due[0] += 1 / rate
            mine = due[0]
        time.sleep(max(0.0, mine - time.perf_counter()))
        return mine

    return following


def send(app: LiveApp, work: list[bytes], took: list[float], pace: Pace) -> None:
    """One visitor after another over one kept-alive connection; appends seconds per POST, from when it was due."""
    with socket.create_connection(("127.0.0.1", app.port), timeout=30) as line:
        while work:
            try:
                words = work.pop()
            except IndexError:
                return
            began = pace()
            line.sendall(words)
            answer = b""
            while b"\r\n\r\n" not in answer:  # a redirection has no body
                part = line.recv(65_536)
                if not part:
                    raise RuntimeError("the line was closed")
                answer += part
            took.append(time.perf_counter() - began)
            if not answer.startswith(b"HTTP/1.1 302") or b"/sent/" not in answer:
                raise RuntimeError(f"not sent: {answer[:300]!r}")


def through_the_stack(
    app: LiveApp, work: list[bytes], *, clients: int = CLIENTS, pace: Pace = at_once
) -> tuple[float, list[float]]:
    """Submissions per second and the seconds of each."""
    took: list[float] = []
    number = len(work)
    threads = [threading.Thread(target=send, args=(app, work, took, pace)) for _ in range(clients)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if len(took) != number:
        raise RuntimeError(f"{number - len(took)} submissions failed")
    return number / (time.perf_counter() - began), took


def seconds_used(app: LiveApp) -> float:
    """Seconds of processor that the web server's processes have used so far."""
    ticks = 0
    for place in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            words = place.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it ended meanwhile
        if app.process and int(words[2]) == app.process.pid:
            ticks += int(words[11]) + int(words[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def p95(took: Sequence[float]) -> float:
    """In milliseconds."""
    return round(1000 * statistics.quantiles(took, n=20)[-1], 1)


def measure(app: LiveApp, folder: pathlib.Path) -> dict[str, object]:
    """Medians of the rounds: submissions and pgbench's transactions per second, their ratio; p95 at and below the top.

    `server_milliseconds` is the processor's time of the web server for one submission, without the database.
    """
    bench = Bench(app, folder)
    bench.prepare()
    through_the_stack(app, bench.submissions(100))
    ours: list[float] = []
    theirs: list[float] = []
    ratios: list[float] = []
    used = 0.0
    took: list[float] = []
    for _round in range(ROUNDS):
        work, before = bench.submissions(SUBMISSIONS), seconds_used(app)
        rate, seconds = through_the_stack(app, work)
        used += seconds_used(app) - before
        ours.append(rate)
        took += seconds
        theirs.append(bench.pgbench())
        ratios.append(ours[-1] / theirs[-1])
    top = statistics.median(ours)
    _rate, below = through_the_stack(app, bench.submissions(SUBMISSIONS), pace=paced(PACE * top))
    return {
        "submissions_per_second": round(top, 1),
        "p95_milliseconds": p95(took),
        "p95_milliseconds_at_80_percent": p95(below),
        "server_milliseconds": round(1000 * used / len(took), 2),
        "pgbench_per_second": round(statistics.median(theirs), 1),
        "ratio": round(statistics.median(ours) / statistics.median(theirs), 3),
        "ratios_of_rounds": [round(each, 3) for each in ratios],
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
