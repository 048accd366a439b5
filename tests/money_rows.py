"""A project of the centre with all that hangs on it, for a world (tests/worlds.py): nothing in it tells of a client."""

from datetime import date
from decimal import Decimal

from kotisatama.funding import actions
from kotisatama.funding.tests import rows
from kotisatama.kernel import identifiers
from tests import builders

FILE = b"Pvm;Tosite;Rivi;Laji;Summa\n1.10.2022;M1;1;travel;12,50\n"
KINDS = ("project", "cost", "cost_file", "claim", "commitment")


def a_project() -> dict[str, str]:
    """A project with terms, a cost, a file that waits, a draft of a claim and a commitment; kind to key."""
    by = rows.a_keeper()
    project = rows.a_planned_project(by)
    cost = rows.a_cost(project, "100.00", by)
    claim = rows.a_claim(project, by)
    given = {"kind": "travel", "text": "x", "amount": Decimal("5.00"), "due_on": date(2023, 5, 1)}
    with builders.as_worker(by):
        actions.add_commitment(project, key=identifiers.new_id(), fields=given, by=by)
        file = actions.keep_file(project, name="k.csv", content=FILE, by=by)
        commitment = project.commitments.get()
    keys = (project.pk, cost.pk, file.pk, claim.number, commitment.pk)
    return dict(zip(KINDS, map(str, keys), strict=True))
