"""By the clock: sealing every five seconds, and telling the witnesses."""

from procrastinate.contrib.django import app

from kotisatama.audit import sealing, telling, tidying, witnesses


@app.periodic(cron="* * * * * */5")  # the sixth field is seconds
@app.task(name="audit.seal", queueing_lock="audit.seal", lock="audit.seal")
def seal(timestamp: int) -> None:
    """Seal what was written since the last time; safe to run twice."""
    sealing.seal()
    telling.tell(witnesses.configured())
    tidying.forget_finished("audit.seal")
