"""The lists that a worker works from, in a small and in a large register, side by side, as the restricted role.

Both registers have the same caseload per worker and per team: what grows is everything around. A round asks each list
of some workers in one register, then in the other; the ratio of the 95th percentiles counts. The plans of the large
register are looked at too: a list that does not come by its index ends the run with an error.

    python bench/worklists.py [SMALL LARGE]      persons in each register; 10000 1000000 when nothing is said
"""

import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence

import psycopg

from kotisatama.kernel import testing

SIZES = (10_000, 1_000_000)
ROUNDS = 6
MOST_RATIO = 1.5

# Persons of five controllers; three in ten have an open case, 60 a worker, eight workers a team, one in fifty of
# them offered to somebody. Made by the owner,
# who is bound by the policies as well, so that the context names the controllers.
FILL = """
SELECT set_config('kotisatama.controllers', '167,276,426,309,146,260', false);
CREATE TEMPORARY TABLE who AS
  SELECT id AS worker, team_id AS team, row_number() OVER (ORDER BY id) - 1 AS number FROM staff_worker
  WHERE email LIKE 'bench%%';
CREATE INDEX ON who (number);
INSERT INTO people_person (id, controller_id, name, sort_key, birthday_is_placeholder, gender, citizenships,
    mother_tongue, service_languages, municipality, ground_of_stay, ground_ends_on, created_at, version, is_protected)
  SELECT ('019a0000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, code, 'Client ' || n,
    lpad((hashint8(n) & 2147483647)::text, 12, '0'), false, 'unknown', '{{}}', 'uk', '{{uk,ru}}', code,
    'temporary_protection', CASE WHEN n %% 3 = 0 THEN current_date + (n %% 400)::int END, now(), 1, false
  FROM (SELECT n, (array['167','167','276','426','309'])[1 + n %% 5] AS code FROM generate_series(1, {persons}) n) s;
INSERT INTO cases_case (id, controller_id, person_id, worker_id, team_id, reason, further_reasons, plan_kept_in,
    outcome, closing_reason, opened_on, closed_on, last_contact_on, version)
  SELECT ('019b0000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
    (array['167','167','276','426','309'])[1 + n %% 5],
    ('019a0000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, worker, team, 'guidance', '{{}}', '',
    CASE WHEN n / {workers} %% 10 < 3 THEN '' ELSE 'settled' END, '', current_date - (30 + n %% 700)::int,
    CASE WHEN n / {workers} %% 10 < 3 THEN NULL ELSE current_date - (n %% 30)::int END,
    current_date - (n %% 120)::int, 1
  FROM generate_series(1, {persons}) n JOIN who ON who.number = n %% {workers};
INSERT INTO cases_transfer (id, controller_id, case_id, to_worker_id, why, state, refusal, proposed_by_id, proposed_at)
  SELECT gen_random_uuid(), c.controller_id, c.id, who.worker, 'load', 'proposed', '', c.worker_id, now()
  FROM (SELECT *, row_number() OVER () AS place FROM cases_case
    WHERE closed_on IS NULL AND id NOT IN (SELECT case_id FROM cases_transfer)) c
  JOIN who ON who.number = c.place / 50 %% {workers} WHERE c.place %% 50 = 0;
ANALYZE people_person, cases_case, cases_transfer, staff_worker;
"""

MAKE_WORKERS = """
import sys
from kotisatama.network.models import Organisation
from kotisatama.staff.models import Team, Worker
house = Organisation.objects.get(slug="international-house-joensuu")
number = int(sys.argv[1])
teams = Team.objects.bulk_create(Team(name=f"Bench {n}", organisation=house) for n in range(-(-number // 8)))
Worker.objects.bulk_create(
    Worker(email=f"bench{n}@example.org", name=f"Worker {n}", password="!", organisation=house, team=teams[n // 8],
           roles=["counsellor"]) for n in range(number))
"""

# Runs in a process of its own for each register, and answers one line for each line that it reads.
MEASURE = """
import json, sys, time
from django.db import connection
from kotisatama.cases import worklists
from kotisatama.kernel import row_security
from kotisatama.staff.models import Worker
workers = list(Worker.objects.filter(email__startswith="bench").select_related("organisation", "team").order_by("pk"))
workers = workers[:: max(1, len(workers) // 12)][:12]
ORDERS = {"mine": ["name", "contact"], "team": ["name", "contact"], "silent": ["contact"], "ending": ["ground"],
          "left": ["contact"], "transfers": ["name"]}
def page(worker, tab, order):
    wanted = worklists.asked({"tab": tab, "sort": order})
    with row_security.context(controllers=worker.controller_codes):
        found = worklists.listed(worker, wanted)
        total, rows = found.count(), worklists.lines(found[:50], "fi")
        worklists.tabs(worker, wanted), worklists.filters(worker, wanted, "fi")
    return total, rows
def plans():
    worker = workers[0]
    with row_security.context(controllers=worker.controller_codes):
        return {tab: worklists.listed(worker, worklists.asked({"tab": tab})).explain() for tab in ORDERS}
for line in sys.stdin:
    if line.strip() == "plans":
        print(json.dumps(plans()), flush=True)
        continue
    took = {}
    for tab, orders in ORDERS.items():
        took[tab] = []
        for order in orders:
            for worker in workers:
                began = time.perf_counter()
                page(worker, tab, order)
                took[tab].append(time.perf_counter() - began)
    print(json.dumps(took), flush=True)
"""
INDEX_OF = {
    "mine": "case_open_by_worker",
    "team": "case_open_by_team",
    "silent": "case_open_by_worker",
    "ending": "case_open_by_worker",
    "left": "case_open_by",  # by the team, or by each of the few who have left
    "transfers": "transfer_waits_for",
}


def script(environment: dict[str, str], text: str, *words: str) -> "subprocess.Popen[str]":
    """Start Python with the application set up."""
    command = [sys.executable, "-c", f"import django; django.setup()\n{text}", *words]
    return subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def fill(server: testing.TestServer, name: str, persons: int, folder: pathlib.Path) -> dict[str, str]:
    """A register of that many persons; returns the environment in which the application uses it."""
    environment = server.environment(server.create(name)) | {"KOTISATAMA_VAR": str(folder)}
    workers = max(8, persons * 3 // 10 // 60)
    subprocess.run(
        [sys.executable, "-m", "django", "demo-region"],
        env=environment,
        check=True,
        capture_output=True,
        cwd=testing.ROOT,
    )
    if script(environment, MAKE_WORKERS, str(workers)).wait():
        raise RuntimeError("the workers could not be made")
    with psycopg.connect(server.owner(name), autocommit=True) as connection:
        connection.execute(FILL.format(persons=persons, workers=workers).replace("%%", "%"))
    return environment


def measured(environments: Sequence[dict[str, str]]) -> tuple[list[dict[str, list[float]]], dict[str, str]]:
    """Seconds by list of each register, rounds taking turns; and the plans of the last one."""
    running = [script(environment, MEASURE) for environment in environments]
    took: list[dict[str, list[float]]] = [{} for _process in running]
    for number in range(ROUNDS + 1):
        for process, found in zip(running, took, strict=True):
            answer = ask(process, "go")
            for tab, seconds in answer.items() if number else ():  # the first round warms up
                found.setdefault(tab, []).extend(seconds)
    plans = ask(running[-1], "plans")
    for process in running:
        process.communicate()
    return took, plans


def ask(process: "subprocess.Popen[str]", word: str) -> dict[str, object]:
    """Send one line, read one."""
    assert process.stdin
    assert process.stdout
    process.stdin.write(f"{word}\n")
    process.stdin.flush()
    answer: dict[str, object] = json.loads(process.stdout.readline())
    return answer


def p95(seconds: Sequence[float]) -> float:
    """The 95th percentile in milliseconds."""
    return round(1000 * statistics.quantiles(seconds, n=20)[-1], 1)


def main(words: Sequence[str]) -> int:
    """Print the figures as JSON; 1 when a bar is missed."""
    sizes = tuple(int(word) for word in words) or SIZES
    names = [f"live_worklists_{size}_{os.getpid()}" for size in sizes]
    with tempfile.TemporaryDirectory() as folder, testing.server() as server:
        try:
            began = time.monotonic()
            pairs = zip(names, sizes, strict=True)
            environments = [fill(server, name, size, pathlib.Path(folder)) for name, size in pairs]
            filling = round(time.monotonic() - began)
            took, plans = measured(environments)
        finally:
            for name in names:
                server.drop(name)
    small, large = took
    every = [[each for seconds in one.values() for each in seconds] for one in took]
    lists = {tab: {"small_p95_ms": p95(small[tab]), "large_p95_ms": p95(large[tab])} for tab in small}
    missed = sorted(
        tab for tab, index in INDEX_OF.items() if index not in plans[tab] or "Seq Scan on cases" in plans[tab]
    )
    ratio = round(p95(every[1]) / p95(every[0]), 2)
    figures = {
        "persons": sizes,
        "filling_seconds": filling,
        "lists": lists,
        "p95_ratio": ratio,
        "without_index": missed,
    }
    sys.stdout.write(json.dumps({"worklists": figures}, indent=2) + "\n")
    for tab in missed:
        sys.stderr.write(f"{tab}:\n{plans[tab]}\n")
    return int(ratio > MOST_RATIO or bool(missed))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
