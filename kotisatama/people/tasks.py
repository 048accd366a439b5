"""What happens after the answer to the worker."""

from uuid import UUID

from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from kotisatama.people.importing import jobs
from kotisatama.staff import queries as staff

MOST_ATTEMPTS = 5


@app.task(
    name="people.import_clients",
    retry=RetryStrategy(max_attempts=MOST_ATTEMPTS, exponential_wait=4),
    pass_context=True,
)
def import_clients(context: JobContext, run_id: str, controller: str, worker_id: int) -> None:
    """Carry out an import that a worker started; safe to run twice, it goes on where it was."""
    worker = staff.worker_by_id(worker_id)
    if worker is None:
        return
    try:
        jobs.carry_out(UUID(run_id), controller, worker)
    except Exception:
        if context.job.attempts + 1 >= MOST_ATTEMPTS:
            jobs.fail(UUID(run_id), controller, worker, why="error")
        raise
