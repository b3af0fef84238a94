"""A broker of one's own: emptied, stopped, and with a messenger who garbles messages."""

import random
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis
from celery import Celery, current_app
from django.test import override_settings

from flows.dispatch import FLAG, awake
from flows.graph.catalog import RUNS_QUEUE as QUEUE
from orchestrator_site.live.api import valkey
from orchestrator_site.supervisor.valkey import prepare_valkey
from tests.fixtures.stack import wait_until


class Broker:
    """A real Valkey server. Starters ring in `ringing`, workers listen in `listening`.

    Between the two databases of the server a `Messenger` carries the messages.
    """

    def __init__(self, folder: Path) -> None:
        self._valkey = prepare_valkey(folder)
        self._log = folder / "valkey.log"
        self.listening = self._valkey.url
        self.ringing = self._valkey.url.removesuffix("0") + "1"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._valkey.argv, stdout=log, stderr=log, start_new_session=True
            )
        wait_until(self._answers, "an answer of the broker")

    def stop(self) -> None:
        """End it at once; what it held is gone."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self._process = None

    def flush(self) -> None:
        """Lose every message and flag."""
        with redis.from_url(self.listening) as client:
            client.flushall()

    def _answers(self) -> bool:
        try:
            with redis.from_url(self.listening) as client:
                return bool(client.ping())
        except redis.ConnectionError:
            return False


class Messenger:
    """Delivers every message three times, late and in any order."""

    def __init__(self, broker: Broker, *, at_most_s: float, seed: int = 1) -> None:
        self._broker, self._at_most_s = broker, at_most_s
        self._chance = random.Random(seed)  # noqa: S311  shuffles messages
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._work)
        self.delivered = 0

    @contextmanager
    def at_work(self) -> Iterator[None]:
        self._thread.start()
        try:
            yield
        finally:
            self._over.set()
            self._thread.join()

    def _work(self) -> None:
        bag: list[bytes] = []
        while not self._over.wait(self._at_most_s / 10):
            try:
                self._carry(bag)
            except redis.RedisError:
                bag.clear()  # the broker is away, and the messages with it

    def _carry(self, bag: list[bytes]) -> None:
        """Take in what was rung, and let go of a tenth of what is held back."""
        with redis.from_url(self._broker.ringing) as ringing:
            ringing.delete(FLAG)  # so that every start rings
            bag += 3 * (ringing.lpop(QUEUE, 1000) or [])
        self._chance.shuffle(bag)
        with redis.from_url(self._broker.listening) as listening:
            for _ in range(-(-len(bag) // 10)):
                listening.lpush(QUEUE, bag.pop())
                self.delivered += 1


@contextmanager
def starters_ring(url: str) -> Iterator[None]:
    """Let whatever this process starts ring the bell at this address."""
    before = current_app._get_current_object()
    with override_settings(CELERY_BROKER_URL=url):
        app = Celery("starter")
        app.config_from_object("django.conf:settings", namespace="CELERY")
        app.set_current()
        _forget_connections()
        try:
            yield
        finally:
            app.close()
            before.set_current()
            _forget_connections()


def _forget_connections() -> None:
    awake.cache_clear()
    valkey.cache_clear()


@contextmanager
def own_broker(folder: Path) -> Iterator[Broker]:
    """A broker that runs until the end of the block."""
    broker = Broker(folder)
    broker.start()
    try:
        yield broker
    finally:
        broker.stop()
