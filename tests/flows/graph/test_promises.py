"""What the validator promises holds in every run that the engine plays."""

from collections import defaultdict

from hypothesis import given, settings
from hypothesis import strategies as st

from flows.engine.events import (
    Command,
    Event,
    FailMap,
    ItemsKnown,
    RunStarted,
    StartStep,
    StepCompleted,
    StepFailed,
)
from flows.engine.plan import initial_state, plan
from flows.engine.state import Scope, find_address
from flows.graph.activation import Activations
from flows.graph.ancestry import Ancestors
from flows.graph.exclusion import reached_together
from flows.graph.order import successors
from flows.graph.regions import find_regions
from flows.graph.ways import Ways
from tests.flows.engine.random_graphs import Drawn, random_flow

flows = st.integers(0, 1_000_000).map(random_flow)


def certain_before(drawn: Drawn, ways: Ways) -> dict[str, set[str]]:
    """For each node, the steps that it may read without asking."""
    graph = drawn.graph
    starts = {n.id for n in graph.nodes if not n.parent and not graph.incoming(n.id)}
    partial = {node_id for node_id, rule in drawn.rules.items() if rule.mode != "all"}
    activations = Activations(graph, ways, starts, partial=partial)
    entries = [(n.parent, n.id) for n in graph.nodes if n.parent]
    links = [(edge.source, edge.target) for edge in graph.forward] + entries
    ancestors = Ancestors(graph.order, successors(graph.order, links))
    path = find_regions(graph).path
    maps = {key: [each for each in path[key] if each in drawn.maps] for key in path}
    found = defaultdict(set)
    for at in graph.order:
        for step in graph.order:
            is_seen = maps[at][: len(maps[step])] == maps[step] and step not in path[at]
            if (
                is_seen
                and ancestors.comes_before(step, at)
                and activations.certain(step, at)
            ):
                found[at].add(step)
    return found


def choices_of(drawn: Drawn) -> Ways:
    return Ways(drawn.graph, drawn.ports, several=drawn.ports)


class Played:
    """One run, played to its end by choices of Hypothesis."""

    def __init__(self, drawn: Drawn, data: st.DataObject) -> None:
        self.drawn, self.data = drawn, data
        self.state = initial_state(drawn.shape)
        self.ended: set[str] = set()
        self.started: list[tuple[str, Scope, frozenset[str]]] = []
        self.agenda: list[Command] = []
        self.apply(RunStarted())
        while self.agenda and not self.state.is_over:
            place = data.draw(st.integers(0, len(self.agenda) - 1))
            self.end(self.agenda.pop(place))

    def end(self, command: Command) -> None:
        address = str(getattr(command, "address", ""))
        if address not in self.state.active:
            return
        event = self.outcome(command, address)
        if isinstance(event, StepCompleted):
            self.ended.add(address)
        self.apply(event)

    def outcome(self, command: Command, address: str) -> Event:
        node_id = address.rpartition("/")[2]
        ports = self.drawn.ports_of(address)
        if isinstance(command, FailMap):
            return StepFailed(address)
        if isinstance(command, StartStep) and node_id in self.drawn.maps:
            return ItemsKnown(address, self.data.draw(st.integers(0, 2)))
        taken = (
            self.data.draw(st.sets(st.sampled_from(ports), min_size=1)) if ports else ()
        )
        return StepCompleted(address, ",".join(sorted(taken)) or None)

    def apply(self, event: Event) -> None:
        self.state, commands = plan(self.drawn.shape, self.state, event)
        for command in commands:
            self.agenda.append(command)
            if isinstance(command, StartStep) and command.address in self.state.active:
                scope, node_id = self.state.active[command.address]
                self.started.append((node_id, scope, frozenset(self.ended)))


@settings(max_examples=150, deadline=None)
@given(flows, st.data())
def test_a_step_that_is_certain_has_ended_when_it_may_be_read(
    drawn: Drawn, data: st.DataObject
) -> None:
    certain = certain_before(drawn, choices_of(drawn))
    path = find_regions(drawn.graph).path
    for node_id, scope, ended in Played(drawn, data).started:
        for step in certain.get(node_id, ()):
            assert find_address(scope, path[step], step) in ended


@settings(max_examples=100, deadline=None)
@given(flows, st.data())
def test_ends_that_are_exclusive_are_never_both_reached(
    drawn: Drawn, data: st.DataObject
) -> None:
    graph, ways = drawn.graph, choices_of(drawn)
    ends = {n.id for n in graph.nodes if not n.parent and not graph.outgoing(n.id)}
    ends -= {edge.source for edge in graph.feedback}
    starts = {n.id for n in graph.nodes if not n.parent and not graph.incoming(n.id)}
    shared = {other for _, other in reached_together(ways, starts, ends)}
    reached = {node_id for node_id, _, _ in Played(drawn, data).started} & ends
    in_order = [node_id for node_id in graph.order if node_id in reached]
    assert set(in_order[1:]) <= shared
