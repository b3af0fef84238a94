from decimal import Decimal

import pytest

from model_registry.pricing import cost_usd_micros


@pytest.mark.parametrize(
    ("tokens_in", "tokens_out", "price_in", "price_out", "micros"),
    [
        (1_000_000, 0, "2.5", "10", 2_500_000),  # the price itself
        (0, 1_000_000, "2.5", "10", 10_000_000),
        (120, 30, "2.5", "10", 600),
        (1, 0, "0.15", "0", 0),  # rounded once, over both
        (3, 1, "0.1", "0.2", 1),  # 0.5 is rounded up
        (0, 0, "2.5", "10", 0),
    ],
)
def test_cost(tokens_in, tokens_out, price_in, price_out, micros):
    cost = cost_usd_micros(
        input_tokens=tokens_in,
        output_tokens=tokens_out,
        input_usd_per_million=Decimal(price_in),
        output_usd_per_million=Decimal(price_out),
    )
    assert cost == micros
