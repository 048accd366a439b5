"""The rows of the register that hang on one client of a world (tests/worlds.py): family, dates, rights, trail, import.

What tells of the place says the words of the world; `early` is written before a non-disclosure, `late` before or after.
"""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from kotisatama.cases import actions as cases
from kotisatama.cases.assigning import Move
from kotisatama.cases.models import Case
from kotisatama.kernel import identifiers
from kotisatama.people import actions as people
from kotisatama.people import merging
from kotisatama.people.importing import sealing, writing
from kotisatama.people.models import ImportRow, ImportRun, LikelyPair, Opening, Person, Sharing, UnusualLook
from kotisatama.privacy import actions as privacy
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Role
from tests import builders

# Kinds of rows whose keys these functions give, for the world of rows that nobody made.
KINDS = (
    *("relative", "relation", "merge", "residence", "ground", "identifier", "consent", "link", "request"),
    *("restriction", "hold", "opening", "look", "pair", "sharing", "import", "batch"),
)


def early(worker: Worker, person: Person, words: Any) -> dict[str, str]:
    """A relative in the same home, a registration that was merged, where the client lives and on what ground."""
    relative = _another(worker, f"Suku Asiakas {words.number}", words)
    relation = people.relate(relative, person, kind="sibling", by=worker)
    people.live_together(relative, person, by=worker)
    double = _another(worker, f"Turva Kahdesti {words.number}", words, [("phone", words.other_phone, False)])
    versions = (person.version, double.version)
    merge = merging.merge_people(
        person, double, key=identifiers.new_id(), versions=versions, choices={"channels": "both"}, by=worker
    )
    residence = people.record_residence(
        person, kind="registered", municipality=words.code, street_address=f"{words.street} 5", by=worker
    )
    people.change_period(residence, by=worker, reason=words.street, street_address=f"{words.street} 7")
    ground = people.record_ground(person, ground="family", by=worker)
    person.refresh_from_db()
    rows = {"relative": relative, "relation": relation, "merge": merge, "residence": residence, "ground": ground}
    return {kind: str(row.pk) for kind, row in rows.items()}


def _another(worker: Worker, name: str, words: Any, channels: Any = ()) -> Person:
    return people.make_person(
        controller=builders.JOENSUU, name=name, municipality=words.code, channels=channels, by=worker
    )


def late(worker: Worker, person: Person, case: Case, relative: str, words: Any) -> dict[str, str]:
    """What the client asked and agreed to, who looked, who is shared and imported."""
    person.refresh_from_db()
    officer = builders.a_worker(roles=[Role.DATA_PROTECTION_OFFICER, Role.TEAM_LEAD])
    rows = _rights(officer, person, words) | _looks(worker, person)
    rows["pair"] = LikelyPair.objects.create(
        controller_id=builders.JOENSUU, first=person, second_id=relative, percent=80
    )
    rows["import"] = _an_import(worker, person, words)
    batch = identifiers.new_id()
    cases.assign([Move(case.pk, case.version, worker.pk)], batch=batch, by=officer)
    identifier = person.identifiers.get()
    return {kind: str(row.pk) for kind, row in rows.items()} | {"batch": str(batch), "identifier": str(identifier.pk)}


def _rights(officer: Worker, person: Person, words: Any) -> dict[str, Any]:
    today = timezone.localdate()
    consent = people.give_consent(
        person,
        key=identifiers.new_id(),
        purpose="feedback",
        recipient=None,
        data_kinds=["situation"],
        language="fi",
        way="spoken",
        on=today,
        by=officer,
    )
    request = people.ask_rectification(
        person, key=identifiers.new_id(), what=f"Osoite on {words.street} 5", asked_on=today, by=officer
    )
    two_days_ago = today - timedelta(days=2)
    restriction = people.restrict(
        person, key=identifiers.new_id(), reason="claim", valid_from=two_days_ago, valid_to=None, by=officer
    )
    people.lift_restriction(restriction, by=officer)
    hold = privacy.hold(
        person.pk,
        key=identifiers.new_id(),
        controller=person.controller_id,
        reason="claim",
        until=today + timedelta(days=9),
        by=officer,
    )
    return {"consent": consent, "request": request, "restriction": restriction, "hold": hold}


def _looks(worker: Worker, person: Person) -> dict[str, Any]:
    now, today = timezone.now(), timezone.localdate()
    link, _secret = people.make_looks_link(person, key=identifiers.new_id(), language="fi", by=worker)
    common: dict[str, Any] = {"controller_id": person.controller_id, "person": person}
    opening = Opening.objects.create(
        **common,
        worker=builders.a_worker(),
        reason=Opening.Reason.EMERGENCY,
        opened_at=now,
        until=now + timedelta(hours=1),
        review_by=today,
    )
    look = UnusualLook.objects.create(
        **common, worker=worker, day=today, reason=UnusualLook.Reason.NO_RELATION, count=1
    )
    sharing = Sharing.objects.create(
        **common,
        to_controller=builders.a_municipality(builders.LIPERI),
        basis=Sharing.Basis.MOVING,
        scope=Sharing.Scope.ALL,
        begins_on=today,
        ends_on=today,
        made_by=worker,
    )
    return {"link": link, "opening": opening, "look": look, "sharing": sharing}


def _an_import(worker: Worker, person: Person, words: Any) -> ImportRun:
    """One row of an old register that says otherwise than ours; a worker has to decide."""
    run = ImportRun.objects.create(
        controller_id=person.controller_id,
        source="vanha",
        file_name="asiakkaat.csv",
        file_hash="0" * 64,
        by=worker,
        state=ImportRun.State.DONE,
        ended_at=timezone.now(),
        rows=1,
        position=1,
    )
    row = identifiers.new_id()
    content = sealing.to_bytes({"given": {"name": person.name, "municipality": words.code, "email": words.email}})
    sealed = sealing.seal(content, table=writing.SEALED_TABLE, row=row, controller=person.controller_id)
    ImportRow.objects.create(
        id=row,
        run=run,
        controller_id=person.controller_id,
        number=1,
        outcome=ImportRow.Outcome.DIFFERS,
        person=person,
        fields=["municipality", "email"],
        sealed=sealed,
    )
    return run
