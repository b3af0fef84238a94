"""Any sequence of what happens to a run, against the independent interpreter.

The world starts a run; workers lease it, lose it, crash and write too late; steps complete
and fail, and come again; events and timers lie in an inbox until the holder reads them.
"""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from flows.engine.events import (
    CancelRequested,
    DeadlinePassed,
    Event,
    ItemsKnown,
    StepCancelled,
    StepCompleted,
    StepFailed,
)
from tests.flows.engine.random_graphs import random_flow
from tests.flows.engine.simulation import scopes
from tests.flows.engine.world import Holder, World, fingerprint

PATIENCE = 1_000

is_held = precondition(lambda self: self.holder is not None)
is_free = precondition(lambda self: not (self.holder or self.world.journal.is_over))


class RunMachine(RuleBasedStateMachine):
    holder: Holder | None = None

    def __init__(self) -> None:
        super().__init__()
        self.stale: list[Holder] = []
        self.inbox: list[Event] = []
        self.past: list[Event] = []

    @initialize(seed=st.integers(0, 1_000_000))
    def start(self, seed):
        self.drawn = random_flow(seed)
        self.world = World(self.drawn)

    @is_free
    @rule()
    def lease(self):
        self.holder = self.world.lease()

    @is_held
    @rule(data=st.data())
    def complete(self, data):
        if address := self.draw_step(data):
            self.apply(self.outcome(data, address))

    @is_held
    @rule(data=st.data(), goes_on=st.booleans())
    def fail(self, data, goes_on):
        if address := self.draw_step(data):
            ports = self.drawn.ports_of(address)
            self.apply(StepFailed(address, ports[0] if goes_on and ports else None))

    @is_held
    @rule()
    def expire(self):
        """Another worker may take the run; this one does not know yet."""
        self.stale.append(self.holder)
        self.holder = None

    @precondition(lambda self: self.stale and self.holder)
    @rule(data=st.data())
    def write_too_late(self, data):
        stale = self.stale.pop()
        active = sorted(stale.state.active)
        if active:
            event = self.outcome(data, data.draw(st.sampled_from(active)))
            assert self.world.commit(stale, event) is None

    @is_held
    @rule()
    def crash(self):
        """What is in memory is gone; an invariant says that the next one has it again."""
        self.holder = None

    @precondition(lambda self: self.holder and self.past)
    @rule(data=st.data())
    def duplicate(self, data):
        event = data.draw(st.sampled_from(self.past))
        assert self.world.commit(self.holder, event) == []

    @is_held
    @rule(data=st.data())
    def cancel(self, data):
        active = sorted(self.holder.state.active)
        if active:
            step = data.draw(st.sampled_from(active))
            address = data.draw(st.sampled_from([step, *scopes(step)]))
            self.apply(StepCancelled(address))

    @rule(data=st.data())
    def event(self, data):
        self.post(data, -1)

    @rule(data=st.data())
    def timer(self, data):
        self.post(data, 0)

    @precondition(lambda self: self.holder and self.inbox)
    @rule()
    def read_inbox(self):
        """Of two that end the same wait the first counts."""
        self.apply(self.inbox.pop(0))

    @is_held
    @rule(
        how=st.sampled_from([CancelRequested(), DeadlinePassed()]),
        chance=st.integers(0, 9),
    )
    def stop(self, how, chance):
        if chance == 0:
            self.apply(how)

    @invariant()
    def what_is_held_is_what_is_stored(self):
        if self.holder and not self.world.journal.is_over:
            resumed, _ = self.world.resumed()
            assert fingerprint(resumed) == fingerprint(self.holder.state)

    def teardown(self):
        """Whatever has happened, the run comes to its end."""
        if not hasattr(self, "world") or self.world.journal.is_over:
            return
        self.holder = self.world.lease()
        for _ in range(PATIENCE):
            if self.world.journal.is_over:
                break
            address = max(self.holder.state.active, key=len)
            self.apply(self.next_event(address))
        self.world.audit()

    def apply(self, event):
        assert self.world.commit(self.holder, event) is not None
        if not isinstance(event, CancelRequested | DeadlinePassed | StepCancelled):
            self.past.append(event)

    def draw_step(self, data):
        active = [
            each
            for each in sorted(self.holder.state.active)
            if not self.drawn.waits_for(each)
        ]
        return data.draw(st.sampled_from(active)) if active else None

    def post(self, data, port):
        active = sorted(filter(self.drawn.waits_for, self.world.interpreter.running))
        if active:
            address = data.draw(st.sampled_from(active))
            ports = self.drawn.ports_of(address)
            self.inbox.append(StepCompleted(address, ports[port] if ports else None))

    def outcome(self, data, address):
        if self.is_new_map(address):
            return ItemsKnown(address, data.draw(st.integers(0, 3)))
        ports = self.drawn.ports_of(address)
        left_by = (
            data.draw(st.sets(st.sampled_from(ports), min_size=1)) if ports else ()
        )
        return StepCompleted(address, ",".join(sorted(left_by)) or None)

    def next_event(self, address):
        if self.is_new_map(address):
            return ItemsKnown(address, 1)
        return StepCompleted(address, next(iter(self.drawn.ports_of(address)), None))

    def is_new_map(self, address):
        node_id = address.rpartition("/")[2]
        known = self.world.interpreter.running.get(address)
        return node_id in self.drawn.maps and not (known and node_id in known[0].counts)


TestRuns = RunMachine.TestCase
TestRuns.settings = settings(max_examples=150, stateful_step_count=30, deadline=None)
