"""What a run suffers from others: from those that compute, and from slow senders."""

import threading
import time
from collections.abc import Callable
from functools import partial

from django.db import connection, transaction

from flows.dispatch import ring
from flows.models import Inbox, Run
from tests.bench.documents import calling, chain
from tests.bench.figures import answer, figure, timed
from tests.bench.runs import Ends, start, store
from tests.bench.stack import workers
from tests.fixtures.stack import wait_until

ROUNDS, COMPUTING, OPEN_S = 20, 16, 0.3


def measure_computing() -> None:
    """W1 through a worker, alone and while 16 nodes compute."""
    flow, burning = chain("committed"), calling("burn", 3, runs="cpu")
    ends = Ends()
    with workers(1):
        last = ends.last_of(flow, {"n": 1})
        alone = _rounds(partial(_play, flow, ends, last))
        ids = store(burning, [{"n": n, "seconds": 1.0} for n in range(COMPUTING)])
        ring()
        under_way = Run.objects.filter(pk__in=ids, seq__gt=1)
        wait_until(lambda: under_way.count() == COMPUTING, "nodes that compute")
        beside = _rounds(partial(_play, flow, ends, last))
        still = Run.objects.filter(pk__in=ids, ended_at__isnull=True).count()
        Run.objects.filter(pk__in=ids).update(status="poisoned", owner_id=None)
    ends.close()
    note = f"{still} of {COMPUTING} still computing at the end"
    answer(
        [
            figure("Baton", "W1 through a worker", alone, "ms"),
            figure("Baton", "W1 beside 16 that compute", beside, "ms", note=note),
        ]
    )


def measure_senders() -> None:
    """W1 through a worker while a sender keeps its row of the inbox uncommitted.

    Beside it the same in the same rhythm without one: a worker that has had nothing to do
    for 300 ms has to be rung for, in both. What was sent is read before the next round.
    """
    flow, waiting = chain("committed"), calling("wait")
    ends = Ends()
    with workers(1):
        last = ends.last_of(flow, {"n": 1})
        (held,) = store(waiting, [{"n": 1, "seconds": 30.0}])
        ring()
        wait_until(
            lambda: Run.objects.filter(pk=held, seq__gt=1).exists(), "the held run"
        )
        play = partial(_play, flow, ends, last)
        alone, beside = [], []
        for _ in range(ROUNDS):
            alone.append(_play_beside_sender(held, play, is_open=False) * 1000)
            beside.append(_play_beside_sender(held, play, is_open=True) * 1000)
        Run.objects.filter(pk=held).update(status="poisoned", owner_id=None)
    ends.close()
    answer(
        [
            figure("Baton", "W1 without a slow sender", alone, "ms"),
            figure("Baton", "W1 while a sender is open", beside, "ms"),
        ]
    )


def _rounds(play) -> list[float]:
    return [play() * 1000 for _ in range(ROUNDS)]


def _play(flow, ends: Ends, last: int) -> float:
    return timed(lambda: ends.wait([start(flow, {"n": 1})], last))


def _play_beside_sender(run_id, play: Callable[[], float], *, is_open: bool) -> float:
    """W1 within the 300 ms in which a sender's transaction is open, or nothing is."""
    is_sent = threading.Event()

    def send() -> None:
        with transaction.atomic():
            if is_open:
                Inbox.objects.create(
                    run_id=run_id,
                    kind="cancel_step",
                    actor="system:bench",
                    address="no",
                )
            is_sent.set()
            time.sleep(OPEN_S)
        connection.close()

    sender = threading.Thread(target=send)
    sender.start()
    is_sent.wait()
    seconds = play()
    sender.join()
    unread = Inbox.objects.filter(run_id=run_id)
    wait_until(lambda: not unread.exists(), "mail that is read")
    return seconds
