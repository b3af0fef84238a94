"""What holds for every flow, every choice of ports and every order of completion."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from flows.engine.events import (
    Command,
    Event,
    FailMap,
    FailRun,
    FinishMap,
    ItemsKnown,
    RunStarted,
    StartStep,
    StepCompleted,
    StepFailed,
)
from flows.engine.plan import initial_state, plan
from flows.graph.ancestry import Dominators
from flows.graph.regions import find_regions
from tests.flows.engine.random_graphs import Drawn, random_flow
from tests.flows.engine.world import Holder, World, fingerprint

flows = st.integers(0, 1_000_000).map(random_flow)
some = settings(max_examples=80, deadline=None)


@st.composite
def outcomes(draw: st.DrawFn, drawn: Drawn, command: Command) -> Event:
    """What may come of a command."""
    address = str(getattr(command, "address", ""))
    node_id = address.rpartition("/")[2]
    if isinstance(command, FailMap):
        return StepFailed(
            address, draw(st.sampled_from([None, *drawn.ports_of(address)]))
        )
    if isinstance(command, StartStep) and node_id in drawn.maps:
        return ItemsKnown(address, draw(st.integers(0, 3)))
    ports = drawn.ports_of(address)
    left_by = draw(st.sets(st.sampled_from(ports), min_size=1)) if ports else set()
    return StepCompleted(address, ",".join(sorted(left_by)) or None)


def turns(drawn: Drawn, data: st.DataObject):
    """Play to the end, as Hypothesis chooses; give each event and what it made."""
    world = World(drawn)
    holder = world.lease()
    agenda = list(holder.agenda)
    while not holder.state.is_over:
        command = data.draw(st.sampled_from(agenda))
        event = data.draw(outcomes(drawn, command))
        commands = world.commit(holder, event)
        yield world, holder, event, commands
        agenda = [each for each in [*agenda, *commands] if is_open(holder, each)]
        agenda.remove(command) if command in agenda else None


def is_open(holder: Holder, command: Command) -> bool:
    kinds = StartStep | FinishMap | FailMap
    return isinstance(command, kinds) and command.address in holder.state.active


@some
@given(flows, st.data())
def test_rule_5_every_node_is_decided_once_and_the_run_ends_once(drawn, data):
    *_, (world, _holder, _event, _commands) = turns(drawn, data)
    world.audit()


@some
@given(flows, st.data())
def test_resuming_anywhere_gives_the_same_state(drawn, data):
    for world, holder, _event, _commands in turns(drawn, data):
        if not holder.state.is_over:
            assert fingerprint(world.resumed()[0]) == fingerprint(holder.state)


@some
@given(flows, st.data())
def test_an_event_that_comes_again_changes_nothing(drawn, data):
    for world, holder, event, _commands in turns(drawn, data):
        before = fingerprint(holder.state)
        assert world.commit(holder, event) == []
        assert world.commit(holder, RunStarted()) == []
        assert fingerprint(holder.state) == before


@some
@given(flows, st.data())
def test_the_order_in_which_edges_were_drawn_does_not_matter(drawn, data):
    edges = data.draw(st.permutations(drawn.graph.edges))
    other = replace(drawn, graph=replace(drawn.graph, edges=tuple(edges)))
    state, _ = plan(other.shape, initial_state(other.shape), RunStarted())
    for _world, _holder, event, commands in turns(drawn, data):
        state, others = plan(other.shape, state, event)
        assert sorted(map(essence, others)) == sorted(map(essence, commands))


def essence(command: Command) -> str:
    """A command without which of several feeding nodes it blames."""
    if isinstance(command, FailRun | FailMap) and command.code:
        return f"{type(command).__name__} {command.code}"
    return str(command)


@some
@given(flows)
def test_rule_8_loops_nest_as_their_definition_says(drawn):
    found = find_regions(drawn.graph)
    assert found.path == drawn.anatomy.chains
    assert {head: loop.body for head, loop in found.loops.items()} == (
        drawn.anatomy.bodies
    )
    dominators = Dominators(drawn.graph)
    assert all(
        dominators.dominates(edge.target, edge.source) for edge in drawn.graph.feedback
    )


@some
@given(flows)
def test_ways_lead_where_the_definition_says(drawn):
    for key, region in drawn.shape.regions.items():
        assert sorted(region.elements) == sorted(drawn.anatomy.elements[key])
        for element in region.elements:
            ways_in = drawn.anatomy.ways_in[key, element]
            assert region.ways_in[element] == len(ways_in)
