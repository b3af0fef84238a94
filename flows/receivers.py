"""A worker's life: the conductor lives as long as Celery's worker does."""

from celery.signals import worker_ready, worker_shutting_down

from flows.conductor import process


@worker_ready.connect
def start_conductor(**_kwargs: object) -> None:
    """Run flows from the moment this worker takes messages."""
    process.start()


@worker_shutting_down.connect
def stop_conductor(**_kwargs: object) -> None:
    """Let go of runs before Celery ends the process."""
    process.stop()
