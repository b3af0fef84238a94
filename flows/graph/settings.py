"""How a flow's runs are carried out, after parsing."""

from dataclasses import dataclass
from typing import Literal, NamedTuple, get_args

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


class Called(NamedTuple):
    """A version of a flow that another one calls, and the data class it states."""

    slug: str
    version: int
    data_class: str | None


def class_refusal(called: Called, data_class: str | None) -> str | None:
    """Why a subflow may not be given data of `data_class`; None if it may."""
    stated = called.data_class
    ranks: dict[str, int] = {each: rank for rank, each in enumerate(DATA_CLASSES)}
    if data_class is None or (stated and ranks[stated] >= ranks[data_class]):
        return None
    says = f"is for {stated} data at most" if stated else "states no data class"
    return (
        f"The data is {data_class}, and version {called.version} of {called.slug} {says}. "
        f"Raise it in the settings of {called.slug}, and name that version here."
    )
