"""Room for a call: so many at once, so many in a minute, over all workers together.

Each process counts its own calls, and Valkey counts those of all. Without Valkey only
the process's own count holds. Source: ADR 0019.
"""

import random
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from secrets import token_hex
from uuid import UUID

import redis

from model_registry.errors import ModelBusy
from model_registry.guarding.limits import Limits
from orchestrator_site.live.api import valkey

MINUTE_S = 60.0
# How often to ask again where another worker's call has to end first.
LOOK_S = 0.05
# Nobody waits longer than this without looking up.
LONGEST_WAIT_S = 0.5
# A call that its worker did not live to end is counted this much longer than it may take.
GRACE_S = 5.0
PREFIX = "baton:model"

# Gives the milliseconds after which to ask again, 0 for room. Times are the server's.
ENTER = """
local at = redis.call('TIME')
local now = at[1] * 1000 + math.floor(at[2] / 1000)
local most, a_minute, member, hold = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3], tonumber(ARGV[4])
if most > 0 then
  redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
  if redis.call('ZCARD', KEYS[1]) >= most then return -1 end
end
if a_minute > 0 then
  redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now - 60000)
  if redis.call('ZCARD', KEYS[2]) >= a_minute then
    local first = redis.call('ZRANGE', KEYS[2], 0, 0, 'WITHSCORES')
    return math.max(first[2] + 60000 - now, 1)
  end
  redis.call('ZADD', KEYS[2], now, member)
  redis.call('PEXPIRE', KEYS[2], 60000)
end
if most > 0 then
  redis.call('ZADD', KEYS[1], now + hold, member)
  redis.call('PEXPIRE', KEYS[1], math.max(hold, redis.call('PTTL', KEYS[1])))
end
return 0
"""


class Room:
    """The calls of one model. Any thread may enter."""

    def __init__(
        self, model_id: UUID, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._keys = (f"{PREFIX}:{model_id}:calls", f"{PREFIX}:{model_id}:minute")
        self._clock = clock
        self._changed = threading.Condition()
        self._under_way = 0
        self._minute: deque[float] = deque()

    @contextmanager
    def entered(self, model: str, limits: Limits, ends: float) -> Iterator[None]:
        """Wait for room and hold it; `ends` is when the call has to be over.

        Raises: ModelBusy if there is none in time.
        """
        member = token_hex(8)
        self._enter(model, limits, member, ends)
        try:
            yield
        finally:
            if limits.max_concurrency is not None:
                valkey().tell("ZREM", self._keys[0], member)
            self._leave()

    def _enter(self, model: str, limits: Limits, member: str, ends: float) -> None:
        until = min(self._clock() + limits.wait_s, ends)
        while wait_s := self._reserve(limits) or self._shared_wait_s(
            limits, member, ends
        ):
            left_s = until - self._clock()
            if left_s <= 0:
                raise ModelBusy(f"{model} had no room within {limits.wait_s:g} s.")
            with self._changed:
                self._changed.wait(min(wait_s, left_s, LONGEST_WAIT_S))

    def _reserve(self, limits: Limits) -> float:
        """Take a place here. Returns: seconds after which to ask again, 0 for a place."""
        now = self._clock()
        with self._changed:
            most, a_minute = limits.max_concurrency, limits.rate_per_minute
            if most is not None and self._under_way >= most:
                return LONGEST_WAIT_S
            if a_minute is not None:
                while self._minute and self._minute[0] <= now - MINUTE_S:
                    self._minute.popleft()
                if len(self._minute) >= a_minute:
                    return self._minute[0] + MINUTE_S - now
                self._minute.append(now)
            self._under_way += 1
        return 0.0

    def _shared_wait_s(self, limits: Limits, member: str, ends: float) -> float:
        """Take a place among all workers; without one, give that here back."""
        hold_ms = int((max(ends - self._clock(), 0.0) + GRACE_S) * 1000)
        wait_ms = valkey().attempt(partial(self._ask, limits, member, hold_ms))
        if not wait_ms:
            return 0.0
        with self._changed:
            if limits.rate_per_minute is not None and self._minute:
                self._minute.pop()
        self._leave()
        if wait_ms > 0:
            return wait_ms / 1000
        return LOOK_S * random.uniform(0.5, 2)  # noqa: S311  no secret

    def _ask(
        self, limits: Limits, member: str, hold_ms: int, client: redis.Redis
    ) -> int:
        most, a_minute = limits.max_concurrency or 0, limits.rate_per_minute or 0
        arguments = (most, a_minute, member, hold_ms)
        return int(client.eval(ENTER, 2, *self._keys, *map(str, arguments)))

    def _leave(self) -> None:
        with self._changed:
            self._under_way -= 1
            self._changed.notify()
