"""Announcing what changes all the time, at a pace at which pages can look.

Source: engine.md rule 44: an announcement for each step costs more than the step.
"""

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from queue import SimpleQueue

from orchestrator_site.live.announcing import Announcement, announce_now
from orchestrator_site.live.topics import Key

EVERY_S = 0.1
LOOK_EVERY_S = 0.025
STOP_S = 1.0

Say = Callable[[Sequence[Announcement]], None]


class Speaker:
    """Announces from a thread of its own: whoever works does not wait for Valkey."""

    def __init__(self) -> None:
        self._news: SimpleQueue[Sequence[Announcement]] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="speaker", daemon=True)
        self._thread.start()

    def say(self, news: Sequence[Announcement]) -> None:
        """Announce soon, in the order of asking."""
        self._news.put(news)

    def close(self) -> None:
        """Announce what is left, as far as that takes no time."""
        self._news.put(())
        self._thread.join(STOP_S)

    def _run(self) -> None:
        while news := self._news.get():
            announce_now(news)


class Pacer:
    """Announces each topic at most every tenth of a second, and never loses the newest.

    The first change of a topic is announced at once, later ones are held back. Not
    thread-safe.
    """

    def __init__(self, say: Say, clock: Callable[[], float] = time.monotonic) -> None:
        self._say = say
        self._clock = clock
        self._said: dict[Key, float] = {}  # when, the longest ago first
        self._held: dict[Key, Announcement] = {}
        self._look_at = 0.0

    def announce(
        self, news: Iterable[Announcement], last: Iterable[Announcement] = ()
    ) -> None:
        """Announce now or soon; what is the `last` of its topic for now, at once."""
        now = self._clock()
        self._forget(now)
        due = self._say_due(now)
        for each in news:
            key = Key(each.workspace_id, each.topic)
            if key in self._said:
                self._held[key] = each
            else:
                self._said[key] = now
                due.append(each)
        for each in last:
            key = Key(each.workspace_id, each.topic)
            self._held.pop(key, None)
            self._said.pop(key, None)
            self._said[key] = now
            due.append(each)
        if due:
            self._say(due)

    def patience(self, at_most_s: float) -> float:
        """Seconds until something that is held back should be announced."""
        if not self._held:
            return at_most_s
        return min(max(self._look_at - self._clock(), 0.0), at_most_s)

    def _say_due(self, now: float) -> list[Announcement]:
        """Take out what has been held back for long enough."""
        if not self._held or now < self._look_at:
            return []
        self._look_at = now + LOOK_EVERY_S
        due = {key: each for key, each in self._held.items() if key not in self._said}
        for key in due:
            del self._held[key]
            self._said[key] = now
        return list(due.values())

    def _forget(self, now: float) -> None:
        """Let topics speak again that spoke long enough ago."""
        while self._said:
            key = next(iter(self._said))
            if now - self._said[key] < EVERY_S:
                return
            del self._said[key]
