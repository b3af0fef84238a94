"""How a flow's runs are carried out, after parsing."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, kw_only=True, slots=True)
class Concurrency:
    """How many runs may go on at once, in all or for each value of `key` (CEL)."""

    limit: int
    key: str = ""
    when_full: Literal["queue", "replace", "refuse"] = "queue"
    hold_while_waiting: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """The `settings` of a flow document."""

    durability: Literal["standard", "express"] = "standard"
    deadline_s: float | None = None
    priority: int = 0
    concurrency: Concurrency | None = None
