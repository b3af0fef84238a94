"""The checker sees what it is there to see."""

from types import SimpleNamespace

import pytest

from flows.models import Run, Step
from orchestrator_site.accounts.api import new_id
from tests.factories.flows import make_run
from tests.faults.checker import (
    Entry,
    Seen,
    Witness,
    check_effects,
    check_endings,
    check_epochs,
    flaws,
)
from tests.faults.effects import Effect
from tests.fixtures.stack import wait_for_end

pytestmark = pytest.mark.both_databases


def entry(seq, kind="step.completed", epoch=1, address="a", **data):
    named = {"epoch": epoch, "address": address, "attempt": 1, **data}
    return Entry(seq, kind, named)


def claimed(epoch=9):
    return SimpleNamespace(pk=new_id(), epoch=epoch)


@pytest.mark.parametrize(
    ("epochs", "seen", "found"),
    [
        ([1, 2, 2], set(), []),
        ([2, 1], set(), ["event 2 falls to epoch 1"]),
        ([1, 10], set(), ["event 2 has an epoch that nobody claimed"]),
        # The successor had claimed, and had not written yet.
        (
            [1, 1],
            {Seen(epoch=2, seq=1)},
            ["event 2 was written under epoch 1 after epoch 2 had begun"],
        ),
        ([1, 2], {Seen(epoch=2, seq=1)}, []),
    ],
)
def test_rule_37_epochs_never_fall_and_nobody_superseded_writes(epochs, seen, found):
    history = [entry(seq, epoch=epoch) for seq, epoch in enumerate(epochs, 1)]
    assert list(check_epochs(claimed(), history, seen)) == found


@pytest.mark.parametrize(
    ("history", "found"),
    [
        ([entry(1), entry(2, address="b")], []),
        (
            [entry(1), entry(2)],
            ["attempt 1 at a ended 2 times", "a was completed 2 times"],
        ),
        ([entry(1), entry(2, attempt=2)], ["a was completed 2 times"]),
        (
            [entry(1, "run.completed"), entry(2)],
            ["the run ended at [1], and its chain at 2"],
        ),
    ],
)
def test_an_attempt_ends_once_and_the_run_last(history, found):
    assert list(check_endings(history)) == found


def test_an_effect_happens_as_often_as_promised(db):
    run, intent = make_run(), entry(2, "step.started", address="once")
    once = Effect("once", "t", "once", "")
    keyed = Effect("keyed", "t", "keyed", f"{run.pk}/keyed")
    assert list(check_effects(run, [intent], [once, keyed, keyed])) == []
    (found,) = check_effects(run, [intent], [once, once])
    assert "the effect of once happened 2 times" in found
    assert (found.count("EFFECT"), found.count("step.started")) == (2, 1)
    assert list(check_effects(run, [], [once])) == [
        "the effect of once happened without a recorded intent"
    ]
    other = keyed._replace(key="another")
    (found,) = check_effects(run, [], [keyed, other])
    assert "came under the keys" in found


def test_a_sound_run_has_no_flaw_and_a_damaged_one_has(live_conductor):
    run = wait_for_end(make_run())
    sound = Witness(accepted=[run.pk])
    assert flaws(sound) == []
    gone = new_id()
    assert flaws(Witness(accepted=[run.pk, gone])) == [
        f"run {gone} was accepted and is gone"
    ]
    Step.objects.filter(run=run, address="out").update(status="running")
    found = flaws(sound)
    assert any("out is running, and event" in flaw for flaw in found)
    Step.objects.filter(run=run, address="out").delete()
    assert any("of which there is no row" in flaw for flaw in flaws(sound))
    Run.objects.filter(pk=run.pk).update(ended_at=None)
    assert f"run {run.pk} has not ended: it is completed" in flaws(sound)
