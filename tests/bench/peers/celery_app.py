"""Tasks for Celery's own chain and group, acknowledged after the work."""

import os
import time

from celery import Celery

app = Celery("bench", broker=os.environ["REDIS_URL"], backend=os.environ["REDIS_URL"])
app.conf.update(
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    broker_connection_retry_on_startup=True,
    result_expires=60,
)


@app.task
def add_one(n):
    return n + 1


@app.task
def part(n):
    return n


@app.task
def join(parts):
    return len(parts)


@app.task
def turn(text):
    return text[1:] + text[0]


@app.task
def wait(seconds):
    time.sleep(seconds)
