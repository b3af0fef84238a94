"""What a model may be used for, and the decision over one call. Pure.

Source: the data classes and the governance record of docs/models.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType


class DataClass(StrEnum):
    """How much harm a leak would do, least first."""

    PUBLIC = "public"
    INTERNAL = "internal"
    CONFIDENTIAL = "confidential"
    PERSONAL = "personal"
    SPECIAL = "special"


class RiskClass(StrEnum):
    """The classes of the EU's AI Act."""

    MINIMAL = "minimal"
    LIMITED = "limited"
    HIGH = "high"
    PROHIBITED = "prohibited"


class TrainsOnData(StrEnum):
    """Whether the provider trains on what it is sent."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Status(StrEnum):
    """Where a version stands."""

    DRAFT = "draft"
    APPROVED = "approved"
    SUSPENDED = "suspended"
    RETIRED = "retired"


NEXT: Mapping[Status, frozenset[Status]] = MappingProxyType(
    {
        Status.DRAFT: frozenset({Status.APPROVED, Status.RETIRED}),
        Status.APPROVED: frozenset({Status.SUSPENDED, Status.RETIRED}),
        Status.SUSPENDED: frozenset({Status.APPROVED, Status.RETIRED}),
        # Back to where it has to be approved anew.
        Status.RETIRED: frozenset({Status.DRAFT}),
    }
)
_RANK = {data_class.value: rank for rank, data_class in enumerate(DataClass)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Governance:
    """What is on record about a version and its model; empty text is not stated.

    `data_class` is the highest that the model may see.
    """

    status: str = Status.DRAFT
    provider: str = ""
    region: str = ""
    data_class: str = ""
    retention: str = ""
    trains_on_data: str = TrainsOnData.UNKNOWN
    risk_class: str = ""
    review_by: date | None = None


@dataclass(frozen=True, slots=True)
class Use:
    """What a call is for: the class of its data, if anybody stated it.

    `takes_drafts`: whether somebody only tries things out, as with the draft of a flow.
    """

    data_class: str | None = None
    takes_drafts: bool = False


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a model is not called: a stable code and a sentence."""

    code: str
    message: str


PROHIBITED = Refusal(
    "model_prohibited",
    "The model's risk class is prohibited: nothing may use it. Use another model.",
)
NOT_APPROVED: Mapping[str, Refusal] = MappingProxyType(
    {
        Status.DRAFT: Refusal(
            "model_not_approved",
            "This version is a draft. Somebody who may approve models, other than who "
            "registered it, has to approve it first.",
        ),
        Status.SUSPENDED: Refusal(
            "model_suspended",
            "This version is suspended. Let somebody approve it again, or let the alias "
            "point at another version.",
        ),
        Status.RETIRED: Refusal(
            "model_retired",
            "This version is retired. Let the alias point at another version.",
        ),
    }
)


def refusal(
    governance: Governance,
    data_class: str | None,
    *,
    is_external: bool,
    takes_drafts: bool = False,
) -> Refusal | None:
    """Say why a call with data of `data_class` must not be made, or None if it may.

    Data whose class is unknown never leaves the installation. A model without a stated
    highest class takes public data where it is external, and any data where it is not.
    """
    return _barred(governance, takes_drafts=takes_drafts) or _too_sensitive(
        governance, data_class, is_external=is_external
    )


def warning(governance: Governance, today: date) -> str | None:
    """Say what to look after although calls go on."""
    due = governance.review_by
    if due is None or due >= today:
        return None
    return f"Its review was due on {due.isoformat()}. Review it, then set a new date."


def _barred(governance: Governance, *, takes_drafts: bool) -> Refusal | None:
    if governance.risk_class == RiskClass.PROHIBITED:
        return PROHIBITED
    status = governance.status
    if status == Status.APPROVED or (takes_drafts and status == Status.DRAFT):
        return None
    return NOT_APPROVED[status]


def _too_sensitive(
    governance: Governance, data_class: str | None, *, is_external: bool
) -> Refusal | None:
    rank = _RANK.get(data_class or "")
    if rank is None:
        if not is_external:
            return None
        return Refusal(
            "data_class_unknown",
            "Nobody said how sensitive the data is, and the model is outside. State the "
            "flow's data class.",
        )
    highest = governance.data_class
    if not highest:
        if not is_external:
            return None
        highest = DataClass.PUBLIC.value
    if rank <= _RANK[highest]:
        return None
    stated = "" if governance.data_class else " as long as its record states no class"
    return Refusal(
        "data_class_too_high",
        f"The data is {data_class}, and the model may see {highest} data at most{stated}.",
    )
