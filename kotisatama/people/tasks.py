"""Work on the register after the answer, and by the clock."""

from uuid import UUID

from procrastinate.contrib.django import app

from kotisatama.kernel import row_security
from kotisatama.network.models import Municipality
from kotisatama.people import duplicates, merging
from kotisatama.people.models import Person


@app.task(name="people.look_for_duplicates")
def look_for_duplicates(person_id: str, controller: str) -> None:
    """Look who may be the same as this person; safe to run twice."""
    with row_security.context(controllers=[controller]):
        person = Person.objects.filter(pk=UUID(person_id)).first()
        if person:
            duplicates.look_for(person)


@app.periodic(cron="17 3 * * *", periodic_id="forget_merges")
@app.task(name="people.forget_merges")
def forget_merges(timestamp: int = 0) -> None:
    """Empty what was kept for undoing merges when its days are over."""
    for controller in Municipality.objects.values_list("pk", flat=True):
        with row_security.context(controllers=[controller]):
            merging.forget_undoable(controller)
