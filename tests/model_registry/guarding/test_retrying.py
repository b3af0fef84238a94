import pytest

from model_registry.guarding.retrying import RESERVE, RetryBudget, pause_s


@pytest.mark.parametrize("percent", [0, 10, 20, 100])
def test_at_most_a_share_of_the_calls_are_retries(percent):
    budget, retries = RetryBudget(percent), 0
    for _ in range(1000):
        budget.earn()
        while budget.spend():
            retries += 1
    assert 10 * percent <= retries <= 10 * percent + RESERVE


def test_quiet_times_save_up_only_a_few_retries():
    budget = RetryBudget(20)
    for _ in range(10_000):
        budget.earn()
    assert [budget.spend() for _ in range(12)] == [True] * 10 + [False] * 2


@pytest.mark.parametrize(("retry", "longest"), [(0, 0.25), (2, 1.0), (9, 5.0)])
def test_pauses_spread_up_to_a_limit_that_doubles(retry, longest):
    pauses = [pause_s(retry) for _ in range(300)]
    assert max(pauses) <= longest
    assert max(pauses) - min(pauses) > longest / 2
