"""How a flow's runs are carried out, after parsing."""

from dataclasses import dataclass
from typing import Literal, get_args

# How much harm a leak would do, least first, as the registry has it.
DataClass = Literal["public", "internal", "confidential", "personal", "special"]
DATA_CLASSES: tuple[DataClass, ...] = get_args(DataClass)


@dataclass(frozen=True, kw_only=True, slots=True)
class Concurrency:
    """How many runs may go on at once, in all or for each value of `key` (CEL)."""

    limit: int
    key: str = ""
    when_full: Literal["queue", "replace", "refuse"] = "queue"
    hold_while_waiting: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """The `settings` of a flow document.

    `data_class` is that of the most sensitive data of its runs, if anybody said so.
    """

    durability: Literal["standard", "express"] = "standard"
    deadline_s: float | None = None
    priority: int = 0
    concurrency: Concurrency | None = None
    data_class: DataClass | None = None


def may_hold(stated: str | None, data_class: str | None) -> bool:
    """Tell whether a flow of the class `stated` may be given data of `data_class`."""
    if data_class is None:
        return True
    ranks: dict[str, int] = {each: rank for rank, each in enumerate(DATA_CLASSES)}
    return stated is not None and ranks[stated] >= ranks[data_class]
