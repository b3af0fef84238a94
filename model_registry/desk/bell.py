"""Telling the workers that there is an order; losing the bell loses only time."""

import logging

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def ring_after_commit(queue: str) -> None:
    """Ring once this transaction is in, for the workers of the queue."""
    transaction.on_commit(lambda: ring(queue))


def ring(queue: str) -> None:
    """Send the message; without a queue it is for workers that drive runs."""
    try:
        current_app.send_task("model_registry.wake", queue=queue or None)
    except (OperationalError, OSError):
        logger.warning("The bell did not ring; the next look finds the order")
