"""What holds for every graph, every choice of ports and every order of completion."""

from hypothesis import given
from hypothesis import strategies as st

from flows.engine.events import (
    CompleteRun,
    RunStarted,
    SkipStep,
    StartStep,
    StepCompleted,
)
from flows.engine.plan import plan, resume
from flows.engine.state import RunState
from flows.engine.topology import Topology, Way


@st.composite
def shapes(draw):
    """Connected graphs without cycles; every node has up to two ports."""
    size = draw(st.integers(2, 9))
    ways: dict[str, list[Way]] = {f"n{index}": [] for index in range(size)}
    for target in range(1, size):
        sources = draw(
            st.lists(st.integers(0, target - 1), min_size=1, max_size=3, unique=True)
        )
        for source in sources:
            port = draw(st.sampled_from(["a", "b"]))
            ways[f"n{source}"].append(Way(port, f"n{target}"))
    ways_in = {
        name: sum(way.target == name for out in ways.values() for way in out)
        for name in ways
    }
    return Topology(
        {name: tuple(out) for name, out in ways.items()},
        ways_in,
        ("n0",),
        frozenset({f"n{size - 1}"}),
    )


def play(shape, data):
    """Run to the end, in an order and with ports that Hypothesis chooses."""
    state, commands = plan(shape, RunState(), RunStarted())
    issued, history = list(commands), []
    while state.active:
        address = data.draw(st.sampled_from(sorted(state.active)))
        step = StepCompleted(address, data.draw(st.sampled_from(["a", "b"])))
        history.append(step)
        state, commands = plan(shape, state, step)
        issued += commands
    return issued, history


@given(shapes(), st.data())
def test_every_node_is_started_once_or_skipped_once(shape, data):
    issued, _ = play(shape, data)
    decided = [c.address for c in issued if isinstance(c, StartStep | SkipStep)]
    assert sorted(decided) == sorted(shape.ways_out)


@given(shapes(), st.data())
def test_a_node_starts_exactly_if_some_way_to_it_is_taken(shape, data):
    issued, history = play(shape, data)
    started = {c.address for c in issued if isinstance(c, StartStep)}
    reached = {
        way.target
        for step in history
        for way in shape.ways_out[step.address]
        if way.port == step.port
    }
    assert started == reached | {"n0"}


@given(shapes(), st.data())
def test_a_run_ends_exactly_once_and_last(shape, data):
    issued, _ = play(shape, data)
    assert [c for c in issued if isinstance(c, CompleteRun)] == issued[-1:]


@given(shapes(), st.data())
def test_resuming_anywhere_starts_exactly_what_is_outstanding(shape, data):
    _, history = play(shape, data)
    cut = data.draw(st.integers(0, len(history) - 1))
    state, commands = resume(shape, history[:cut])
    assert {c.address for c in commands if isinstance(c, StartStep)} == state.active
    assert history[cut].address in state.active
