"""Celery's only task of the registry: the doorbell of the desk."""

from celery import shared_task

from model_registry.desk.clerks import wake_desk


@shared_task(name="model_registry.wake")
def wake() -> None:
    """Let this worker look for orders; any number of rings does no harm."""
    wake_desk()
