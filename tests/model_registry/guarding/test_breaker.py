import pytest

from model_registry.guarding.breaker import LONGEST_OPEN_S, Breaker, Opened


@pytest.fixture
def breaker(clock):
    return Breaker(failures=3, open_s=10, clock=clock)


def play(breaker: Breaker, ends: str) -> list[bool]:
    """Calls that end well (`+`), badly (`-`) or without being asked (`0`)."""
    changes = []
    for end in ends:
        assert breaker.admits()
        changes.append(breaker.report(ok={"+": True, "-": False, "0": None}[end]))
    return changes


@pytest.mark.parametrize(
    ("ends", "state"),
    [
        ("", "closed"),
        ("--", "closed"),
        ("--+--", "closed"),  # an answer in between
        ("--0-", "open"),  # nothing was asked in between
        ("---", "open"),
        ("-+" * 9, "closed"),
        ("-+" * 9 + "-", "open"),  # the tenth of the last 20
        ("--+" + "+" * 18 + "-+" * 8 + "-", "closed"),  # the first ones are forgotten
    ],
)
def test_opens_after_failures_in_a_row_or_too_large_a_share(breaker, ends, state):
    play(breaker, ends)
    assert breaker.state == state
    assert breaker.admits() is (state == "closed")


def test_tells_that_it_opened_once(breaker):
    for _ in range(4):
        breaker.admits()
    assert [breaker.report(ok=False) for _ in range(4)] == [False, False, True, False]


def test_lets_one_call_through_when_its_time_is_over(breaker, clock):
    play(breaker, "---")
    clock.now += 9.9
    assert not breaker.admits()
    clock.now += 0.2
    assert breaker.state == "half_open"
    assert [breaker.admits() for _ in range(3)] == [True, False, False]


def test_closes_when_that_call_is_answered(breaker, clock):
    play(breaker, "---")
    clock.now += 11
    assert play(breaker, "+") == [True]
    assert breaker.state == "closed"
    assert play(breaker, "--") == [False, False]


def test_opens_for_longer_each_time_that_call_fails(breaker, clock):
    play(breaker, "---")
    spans = []
    for _ in range(7):
        clock.now += breaker.left_s
        assert play(breaker, "-") == [True]
        spans.append(breaker.left_s)
    assert spans[:3] == [20, 40, 80]
    assert spans[-1] == LONGEST_OPEN_S


def test_call_that_was_not_made_gives_its_place_back(breaker, clock):
    play(breaker, "---")
    clock.now += 11
    play(breaker, "0")
    assert breaker.admits()


def test_follows_what_another_worker_has_found(breaker):
    breaker.adopt(Opened(1, left_s=5))
    assert not breaker.admits()
    breaker.adopt(Opened(1, left_s=0))  # no news
    assert not breaker.admits()
    breaker.adopt(Opened(2, left_s=0))
    assert breaker.admits()


def test_without_a_number_of_failures_it_stays_closed(clock):
    breaker = Breaker(failures=0, open_s=10, clock=clock)
    assert not any(play(breaker, "-" * 50))
