"""What a call costs. A dollar per million tokens is a micro-dollar per token."""

from decimal import ROUND_HALF_UP, Decimal


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
