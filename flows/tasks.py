"""Celery's only task: the doorbell."""

from celery import shared_task

from flows.conductor import process


@shared_task(name="flows.wake")
def wake() -> None:
    """Wake this worker's conductor and return; any number of rings does no harm."""
    process.wake()
