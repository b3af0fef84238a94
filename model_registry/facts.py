"""What people state about a model and its versions, as manifests and the API give it."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from model_registry.governance import DataClass, RiskClass, TrainsOnData

SLUG = r"^[a-z][a-z0-9_-]{0,63}$"
Slug = Annotated[str, Field(pattern=SLUG)]
Description = Annotated[str, Field(max_length=2000)]
Tags = Annotated[tuple[Slug, ...], Field(max_length=20)]
Card = Annotated[str, Field(max_length=50_000)]
Dollars = Annotated[Decimal, Field(ge=0, le=1_000_000, max_digits=16, decimal_places=6)]
# A role that decides approvals, or somebody's e-mail address.
WHO = r"^(role:(owner|admin|reviewer)|user:[^\s:@]+@[^\s:@]+)$"


class Stated(BaseModel):
    """Base: unknown keys are refused; what is left out is not stated."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Words(Stated):
    """What people say about a model; it decides nothing about its answers."""

    description: Description = ""
    tags: Tags = ()
    card: Card = ""


class GovernanceRecord(Stated):
    """What a model may be used for; `data_class` is the highest it may see."""

    provider: Annotated[str, Field(max_length=100)] = ""
    region: Annotated[str, Field(max_length=100)] = ""
    data_class: DataClass | None = None
    retention: Annotated[str, Field(max_length=300)] = ""
    trains_on_data: TrainsOnData = TrainsOnData.UNKNOWN
    risk_class: RiskClass | None = None
    risk_reason: Annotated[str, Field(max_length=500)] = ""
    review_by: date | None = None

    @field_validator("trains_on_data", mode="before")
    @classmethod
    def understand_what_yaml_makes_of_yes_and_no(cls, given: object) -> object:
        """Take yes and no without quotes, which YAML reads as true and false."""
        return {True: "yes", False: "no"}[given] if isinstance(given, bool) else given

    @model_validator(mode="after")
    def ask_for_the_reason(self) -> Self:
        """Refuse a risk class that nobody gave a reason for."""
        if self.risk_class and not self.risk_reason.strip():
            raise ValueError("risk_class needs its risk_reason")
        return self


class PersonFacts(Stated):
    """Whom to ask, what a minute costs, how long it takes and how often it is right."""

    who: Annotated[str, Field(pattern=WHO, max_length=300)]
    rate_usd_micros_per_minute: Annotated[int, Field(ge=0, le=10**12)] | None = None
    expected_wait_s: Annotated[int, Field(ge=0, le=2**31 - 1)] | None = None
    accuracy: Annotated[float, Field(ge=0, le=1)] | None = None


class PriceTerms(Stated):
    """What calls cost from a moment on; a day without a time begins at midnight UTC."""

    valid_from: datetime
    input_usd_per_million: Dollars = Decimal(0)
    output_usd_per_million: Dollars = Decimal(0)
    usd_micros_per_call: Annotated[int, Field(ge=0, le=10**12)] = 0

    @field_validator("valid_from")
    @classmethod
    def be_aware(cls, given: datetime) -> datetime:
        """Read a time without a zone as UTC."""
        return given if given.tzinfo else given.replace(tzinfo=UTC)
