"""Faults that a worker brings upon itself, put between the conductor and its store.

The product has no door for this: methods are wrapped in the worker's own process, before
its conductor starts.
"""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta, tzinfo
from itertools import count
from typing import Any, NamedTuple

from django.db import connection
from django.utils import timezone

from flows.conductor import executor, lease, loop
from flows.conductor.postgresql.store import PostgresqlStore
from flows.conductor.sqlite import store as sqlite_store
from flows.conductor.sqlite.store import SqliteStore

LATE_AT_MOST_S = 10.0
NAME_THEIR_RUN = (
    "commit",
    "claim",
    "claim_addressed",
    "open_approval",
    "prepare_child",
    "perform",
)


class Point(NamedTuple):
    """A boundary of a commit: before, inside or after the nth call of `name`.

    Counted are the calls that are about the run, where a call says which it is about;
    of the others those that found something to do.
    """

    name: str
    when: str
    nth: int = 1
    run_id: str = ""

    def __str__(self) -> str:
        return f"{self.when} {self.name} {self.nth}"


@dataclass(frozen=True, kw_only=True)
class Faults:
    """What goes wrong in one worker.

    `crash_at` kills it there; every `lose_every`th joined commit lands and its answer
    is lost; with `late_beat` one that was frozen past its lease goes on writing before
    it notices; `clock_s` is by how much its clock jumps at SIGUSR1. The lease is short and
    looks are many by `lease_s`, `sweep_s` and `mail_s`, so that nobody waits for them.
    """

    crash_at: Sequence[Any] | None = None
    lose_every: int = 0
    late_beat: bool = False
    clock_s: float = 0.0
    lease_s: float = lease.LEASE_S
    sweep_s: float = lease.SWEEP_S
    mail_s: float = loop.MAIL_S

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def plant(faults: Faults) -> None:
    """Let it go wrong in this process, from now on."""
    lease.LEASE_S, lease.SWEEP_S = faults.lease_s, faults.sweep_s
    loop.MAIL_S = faults.mail_s
    if faults.late_beat:
        beat_late()
    signal.signal(signal.SIGUSR1, lambda *_: move_clock(faults.clock_s))
    if faults.lose_every:
        lose_answers(faults.lose_every)
    if faults.crash_at:
        crash_at(Point(*faults.crash_at))


def move_clock(by_s: float) -> None:
    """Let everything of ours that asks Django or `datetime` for the time be wrong."""
    shift, true_now = timedelta(seconds=by_s), timezone.now
    timezone.now = lambda: true_now() + shift

    class AnyDatetime(type):
        def __instancecheck__(cls, value: object) -> bool:
            return isinstance(value, datetime)

    class Shifted(datetime, metaclass=AnyDatetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:
            return datetime.now(tz) + shift

    for name, module in list(sys.modules.items()):
        if name.startswith("flows.") and getattr(module, "datetime", None) is datetime:
            module.datetime = Shifted


def lose_answers(every: int) -> None:
    """Let some joined commits land, and tell the conductor that the connection broke."""
    calls = count(1)

    def losing(commit: Callable[..., Any]) -> Callable[..., Any]:
        def commit_and_lose(*args: Any) -> Any:
            landed = commit(*args)
            if next(calls) % every == 0:
                raise OSError("connection reset by peer")
            return landed

        return commit_and_lose

    _wrap(_store_type(), "commit", losing)


def beat_late() -> None:
    """After a pause as long as the lease, let the next commit come before the beat."""
    store, last, committed = _store_type(), [time.monotonic()], threading.Event()

    def beating(beat: Callable[..., Any]) -> Callable[..., Any]:
        def beat_late(*args: Any) -> Any:
            if time.monotonic() - last[0] > lease.LEASE_S:
                committed.clear()
                committed.wait(LATE_AT_MOST_S)
            last[0] = time.monotonic()
            return beat(*args)

        return beat_late

    def committing(commit: Callable[..., Any]) -> Callable[..., Any]:
        def commit_and_say_so(*args: Any) -> Any:
            landed = commit(*args)
            committed.set()
            return landed

        return commit_and_say_so

    _wrap(store, "beat", beating)
    _wrap(store, "commit", committing)


def crash_at(point: Point) -> None:
    """Die at this point as of a SIGKILL, which no code survives or notices."""
    owner, name = _place(point)
    calls = count(1)

    def crashing(call: Callable[..., Any]) -> Callable[..., Any]:
        def call_or_die(*args: Any, **keys: Any) -> Any:
            if point.when == "before" and _is_counted(point, args):
                _die_at(point, calls)
            result = call(*args, **keys)
            if point.when != "before" and result and _is_counted(point, args, result):
                _die_at(point, calls)
            return result

        return call_or_die

    _wrap(owner, name, crashing)


def _is_counted(point: Point, *said: Any) -> bool:
    if point.name not in NAME_THEIR_RUN or not point.run_id:
        return True
    return point.run_id in repr(said)


def _die_at(point: Point, calls: Iterator[int]) -> None:
    if next(calls) == point.nth:
        os.kill(os.getpid(), signal.SIGKILL)


def _place(point: Point) -> tuple[Any, str]:
    """Where to wrap; inside a transaction of SQLite there is a place of its own."""
    if point.when == "inside":
        return sqlite_store, "move"
    if hasattr(executor, point.name):
        return executor, point.name
    return _store_type(), point.name


def _store_type() -> type[Any]:
    return SqliteStore if connection.vendor == "sqlite" else PostgresqlStore


def _wrap(
    owner: Any, name: str, wrapper: Callable[[Callable[..., Any]], Callable[..., Any]]
) -> None:
    setattr(owner, name, wrapper(getattr(owner, name)))
