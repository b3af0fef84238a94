"""What a call costs. A dollar per million tokens is a micro-dollar per token."""

from collections.abc import Iterable
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from model_registry.facts import PriceTerms


def price_at(prices: Iterable[PriceTerms], moment: datetime) -> PriceTerms | None:
    """Find the price that a call which starts at `moment` has; None before the first."""
    begun = [price for price in prices if price.valid_from <= moment]
    return max(begun, key=lambda price: price.valid_from, default=None)


def cost_usd_micros(
    *,
    input_tokens: int,
    output_tokens: int,
    input_usd_per_million: Decimal,
    output_usd_per_million: Decimal,
) -> int:
    """Cost in whole micro-dollars, rounded half up once, over the whole call."""
    exact = (
        input_tokens * input_usd_per_million + output_tokens * output_usd_per_million
    )
    return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))
