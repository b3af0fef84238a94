from datetime import UTC, datetime, timedelta

import pytest
from pydantic import ValidationError

from flows.nodes.base import Awaited, Data, Failed, WaitFor
from flows.nodes.wait import NODE

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
PAID = {"name": "order.paid", "key": "input.order", "port": "paid"}


def asked(config: dict, value: object = None):
    return NODE.run(NODE.config(**config), Data(value or {"order": "17"}, {}, now=NOW))


@pytest.mark.parametrize(
    ("config", "until"),
    [
        ({"for_s": "90"}, NOW + timedelta(seconds=90)),
        ({"for_s": "0.5"}, NOW + timedelta(seconds=0.5)),
        ({"until": "'2026-05-01T15:00:00+02:00'"}, NOW + timedelta(hours=1)),
        ({"until": "timestamp('2026-05-01T12:00:01Z')"}, NOW + timedelta(seconds=1)),
        ({"until": "'2026-05-01t12:00:00.5z' // UTC"}, NOW + timedelta(seconds=0.5)),
    ],
)
def test_time_is_a_moment(config: dict, until: datetime) -> None:
    assert asked(config) == WaitFor(until=until, due_port="out")
    assert NODE.out_ports(NODE.config(**config)) == ("out",)


def test_time_beside_events_has_a_port_of_its_own() -> None:
    gone = {"name": "order.gone", "key": "'x'", "port": "paid"}
    config = {"for_s": "60", "events": [PAID, gone]}
    assert asked(config) == WaitFor(
        until=NOW + timedelta(seconds=60),
        due_port="timeout",
        events=(
            Awaited("paid", "order.paid", "17"),
            Awaited("paid", "order.gone", "x"),
        ),
    )
    assert NODE.out_ports(NODE.config(**config)) == ("paid", "timeout")


def test_event_alone_waits_without_a_time() -> None:
    result = asked({"events": [{"name": "a", "key": "''"}]})
    assert result == WaitFor(
        until=None, due_port="timeout", events=(Awaited("out", "a", ""),)
    )
    assert NODE.out_ports(NODE.config(events=[PAID])) == ("paid",)


@pytest.mark.parametrize(
    ("config", "code"),
    [
        ({"for_s": "-1"}, "wait_out_of_range"),
        ({"for_s": "400000000"}, "wait_out_of_range"),
        ({"for_s": "'60'"}, "wait_not_number"),
        ({"for_s": "true"}, "wait_not_number"),
        ({"until": "'2026-05-01T12:00:00'"}, "wait_not_time"),
        ({"until": "'2026-13-01T12:00:00Z'"}, "wait_not_time"),
        ({"until": "1777636800"}, "wait_not_time"),
        ({"events": [{"name": "a", "key": "7"}]}, "event_key_not_text"),
        ({"events": [{"name": "a", "key": f"'{'k' * 201}'"}]}, "event_key_too_long"),
    ],
)
def test_what_is_no_time_or_key_fails(config: dict, code: str) -> None:
    result = asked(config)
    assert isinstance(result, Failed)
    assert result.code == code


@pytest.mark.parametrize(
    "config",
    [
        {},
        {"for_s": "1", "until": "'2026-05-01T12:00:00Z'"},
        {"for_s": "1", "events": [{**PAID, "port": "timeout"}]},
        {"events": [{**PAID, "name": "No Name"}]},
    ],
)
def test_config_says_what_is_waited_for(config: dict) -> None:
    with pytest.raises(ValidationError):
        NODE.config(**config)


def test_every_expression_is_listed() -> None:
    config = NODE.config(until="input.at", events=[PAID])
    assert [use.pointer for use in NODE.uses(config)] == ["/until", "/events/0/key"]
    assert asked({"until": "input.at"}, {"at": "2026-05-01T12:00:00Z"}).until == NOW
