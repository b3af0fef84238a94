from datetime import UTC, datetime, timedelta

import pytest

from model_registry.guarding.upness import Change, upness_of

NOW = datetime(2026, 11, 28, 12, 30, tzinfo=UTC)


def change(hours_ago, is_well, source="probe"):
    return Change(NOW - timedelta(hours=hours_ago), source, is_well)


def marks(upness):
    return "".join({None: "?", True: "u", False: "d"}[each] for each in upness.hours)


@pytest.mark.parametrize(
    ("changes", "hours", "share", "outages"),
    [
        ([], "????", None, 0),  # nobody has looked
        ([change(2, True)], "??uu", 1.0, 0),  # known for two hours
        ([change(90, True)], "uuuu", 1.0, 0),  # since long ago
        ([change(90, False)], "dddd", 0.0, 1),
        ([change(90, True), change(2.5, False), change(2, True)], "uduu", 0.875, 1),
        # both have to be well
        (
            [change(90, True), change(3, False, "breaker"), change(1, True, "breaker")],
            "uddu",
            0.5,
            1,
        ),
        (
            [change(3, False), change(2.5, False, "breaker"), change(2, True)],
            "?ddd",
            0.0,
            1,
        ),
    ],
)
def test_hours_share_and_outages(changes, hours, share, outages):
    upness = upness_of(changes[::-1], NOW, hours=4)
    assert (marks(upness), upness.outages) == (hours, outages)
    assert upness.share == share
