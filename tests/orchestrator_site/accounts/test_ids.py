from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from uuid import RFC_4122

from orchestrator_site.accounts.ids import _Sequence, new_id


def test_id_is_uuid_of_version_7():
    made = new_id()
    assert (made.version, made.variant) == (7, RFC_4122)


def test_id_starts_with_the_time_in_milliseconds():
    before = datetime.now(UTC).timestamp()
    made_at = (new_id().int >> 80) / 1000
    assert before - 0.01 <= made_at <= datetime.now(UTC).timestamp() + 1


def test_ids_sort_in_the_order_in_which_they_were_made():
    ids = [new_id() for _ in range(5_000)]
    assert ids == sorted(ids)


def test_threads_never_get_the_same_id():
    with ThreadPoolExecutor(4) as pool:
        ids = list(pool.map(lambda _: new_id(), range(4_000)))
    assert len(set(ids)) == len(ids)


def test_clock_that_goes_back_does_not_take_the_ids_with_it():
    sequence = _Sequence()
    assert sequence.next(2_000) < sequence.next(1_000)


def test_full_counter_borrows_the_next_millisecond():
    sequence = _Sequence()
    sequence.next(1_000)
    sequence._counter = (1 << 42) - 1
    ms, counter = sequence.next(1_000)
    assert ms == 1_001
    assert counter < 1 << 42
