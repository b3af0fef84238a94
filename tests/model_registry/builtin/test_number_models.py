import math

import numpy as np
import pytest

from model_registry.builtin.forecasting import holt_winters, naive, seasonal_mean
from model_registry.builtin.forecasting import simulator as series_simulator
from model_registry.builtin.fraud import boosting, isolation, logistic
from model_registry.builtin.fraud import simulator as payment_simulator
from model_registry.builtin.sensors import ewma, zscore
from model_registry.builtin.sensors import isolation as sensor_isolation
from model_registry.builtin.sensors import simulator as sensor_simulator
from model_registry.builtin.trees import IsolationForest, Node, as_forest

FORECASTERS = [naive, seasonal_mean, holt_winters]
WATCHERS = [zscore, ewma, sensor_isolation]
GRADUAL = {"readings": [[math.sin(i), math.cos(i)] for i in range(60)]}


def test_row_goes_right_above_the_threshold():
    tree = [
        Node(feature=1, threshold=2.0, left=1, right=2),
        Node(left=1, right=1, value=10.0),
        Node(left=2, right=2, value=20.0),
    ]
    stump = [Node(left=0, right=0, value=1.0)]
    forest = as_forest([tree, stump], depth=3)
    assert forest.values(np.array([9.0, 2.0])).tolist() == [10.0, 1.0]
    assert forest.values(np.array([0.0, 2.1])).tolist() == [20.0, 1.0]


def test_what_stands_apart_is_isolated_first():
    rows = np.random.default_rng(1).normal(size=(200, 2))
    forest = IsolationForest(rows, trees=50, sample=64, seed=3)
    again = IsolationForest(rows, trees=50, sample=64, seed=3)
    apart = np.array([6.0, -6.0])
    assert forest.score(apart) > 0.65 > 0.5 > forest.score(np.zeros(2))
    assert again.score(apart) == forest.score(apart)


def test_forest_of_equal_rows_finds_nothing_unusual():
    forest = IsolationForest(np.ones((30, 2)), trees=5, sample=16, seed=1)
    assert forest.score(np.ones(2)) == forest.score(np.zeros(2)) == 0.5


@pytest.mark.parametrize("model", [logistic, boosting, isolation])
def test_each_fraud_pattern_is_riskier_than_genuine_payments(model):
    score = model.load({})
    risks: dict[str, list[float]] = {}
    for case in payment_simulator.simulate(99, 120):
        risks.setdefault(case.fraud, []).append(score(case.payload)["risk"])
    assert set(risks) == {"", *payment_simulator.PATTERNS}
    genuine = np.median(risks.pop(""))
    assert [p for p, found in risks.items() if np.median(found) <= genuine] == []


@pytest.mark.parametrize(
    ("make", "heldout"),
    [
        (payment_simulator.training_cases, payment_simulator.heldout_cases),
        (sensor_simulator.tuning_windows, sensor_simulator.heldout_windows),
        (series_simulator.tuning_series, series_simulator.heldout_series),
    ],
)
def test_held_out_data_is_repeatable_and_other_than_what_models_saw(make, heldout):
    kept = heldout()
    assert heldout() == kept
    seen = {repr(case) for case in make()}
    assert seen.isdisjoint(map(repr, kept))


def test_every_fault_is_simulated():
    faults = {window.fault for window in sensor_simulator.heldout_windows()}
    assert faults == {"", *sensor_simulator.FAULTS}


@pytest.mark.parametrize("model", WATCHERS)
def test_jump_is_an_anomaly_and_more_of_the_same_is_none(model):
    assert not model.judge(GRADUAL)["anomaly"]
    jumped = {"readings": [*GRADUAL["readings"][:-1], [0.5, 40.0]]}
    found = model.judge(jumped)
    assert found["anomaly"]
    assert found["score"] > 0.5
    assert found["channel"] in (1, None)


@pytest.mark.parametrize("model", WATCHERS)
def test_readings_that_never_change_are_judged(model):
    still = {"readings": [[5.0]] * 30}
    assert not model.judge(still)["anomaly"]


@pytest.mark.parametrize("model", [zscore, ewma])
def test_first_change_ever_is_an_anomaly(model):
    assert model.judge({"readings": [[5.0]] * 30 + [[5.1]]})["anomaly"]


@pytest.mark.parametrize("model", WATCHERS)
def test_rows_of_different_length_are_refused(model):
    with pytest.raises(ValueError, match="same number of channels"):
        model.judge({"readings": [[1.0]] * 29 + [[1.0, 2.0]]})


def test_repetition_is_seen_by_the_forest():
    readings = np.random.default_rng(5).normal(size=(120, 1)).tolist()
    stuck = readings[:-15] + [readings[-16]] * 15
    assert not zscore.judge({"readings": stuck})["anomaly"]
    assert sensor_isolation.judge({"readings": stuck})["anomaly"]


@pytest.mark.parametrize("model", FORECASTERS)
def test_pure_season_is_continued(model):
    week = [5.0, 7.0, 9.0, 4.0, 1.0, 0.0, 2.0]
    found = model.forecast({"values": week * 8, "horizon": 10, "season": 7})
    assert found["forecast"] == pytest.approx((week * 2)[:10])
    assert found["lower"] == pytest.approx(found["upper"])


def test_trend_is_continued_by_holt_winters():
    values = [3.0 * day for day in range(60)]
    found = holt_winters.forecast({"values": values, "horizon": 3, "season": 1})
    assert found["forecast"] == pytest.approx([180, 183, 186], rel=0.03)


@pytest.mark.parametrize("model", FORECASTERS)
@pytest.mark.parametrize("season", [1, 7, 366])
@pytest.mark.parametrize("past", [2, 3, 15])
def test_short_past_still_has_a_forecast(model, season, past):
    values = [float(i * i) for i in range(past)]
    found = model.forecast({"values": values, "horizon": 20, "season": season})
    assert len(found["forecast"]) == len(found["lower"]) == len(found["upper"]) == 20
    rows = zip(found["lower"], found["forecast"], found["upper"], strict=True)
    assert all(low <= middle <= high for low, middle, high in rows)


@pytest.mark.parametrize("model", [naive, holt_winters])
def test_what_is_further_away_is_less_sure(model):
    noise = np.random.default_rng(2).normal(10, 3, size=70)
    values = (noise + np.arange(70)).tolist()
    found = model.forecast({"values": values, "horizon": 30, "season": 7})
    widths = np.array(found["upper"]) - np.array(found["lower"])
    assert widths[-1] > widths[0]
    assert (np.diff(widths) >= -1e-3).all()
