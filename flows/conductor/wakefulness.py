"""When to look for runs: often while some come, not at all while asleep.

While the flag is up nobody rings, so whoever keeps it up has to look; before sleeping
the flag goes down and one more look closes the gap. Source: ADR 0003.
"""

import math
import time

from flows.dispatch import awake, ring, send_bell

LOOK_EVERY_S = 0.003
SLEEP_AFTER_S = 0.02
RENEW_EVERY_S = 0.3
SHARE_EVERY_S = 0.1
# About as long as it takes until a sibling that was told has looked.
SIBLING_S = 0.015
ASLEEP_S = 1.0


class Wakefulness:
    """Whether this conductor is looking for runs."""

    def __init__(self) -> None:
        self._flag = awake()
        self._awake = False
        self._last_look = False
        self._quiet_since = 0.0
        self._renewed = 0.0
        self._shared = -math.inf

    def wake(self) -> None:
        """Start to look, or go on looking."""
        self._awake, self._last_look = True, False
        self._quiet_since = time.monotonic()

    def glance(self) -> None:
        """Look once, unless awake anyway."""
        if not self._awake:
            self._awake, self._last_look = True, True

    def is_looking(self) -> bool:
        """Whether to claim in this turn; not while a sibling takes its share."""
        return self._awake and time.monotonic() - self._shared > SIBLING_S

    @property
    def is_last_look(self) -> bool:
        """Whether this conductor sleeps after this look, unless it brings something."""
        return self._awake and self._last_look

    def patience(self) -> float:
        """Seconds to wait for news before the next look."""
        return LOOK_EVERY_S if self._awake else ASLEEP_S

    def looked(self, *, found: bool) -> None:
        """Say what a look brought."""
        now = time.monotonic()
        if found:
            self._quiet_since, self._last_look = now, False
            self._keep_up(now)
        elif self._last_look:
            self._awake = False
        elif now - self._quiet_since > SLEEP_AFTER_S:
            self._flag.lower()
            self._last_look = True

    def fill_up(self, *, pass_on: bool) -> None:
        """Stop looking for lack of room; with `pass_on`, a sibling is told."""
        self._awake = False
        self._flag.lower()
        if pass_on:
            ring()

    def share(self) -> None:
        """More was ready than one takes at once: let a sibling take part, now and then."""
        now = time.monotonic()
        if now - self._shared > SHARE_EVERY_S:
            self._shared = now
            send_bell()

    def _keep_up(self, now: float) -> None:
        if now - self._renewed > RENEW_EVERY_S:
            self._flag.renew()
            self._renewed = now
