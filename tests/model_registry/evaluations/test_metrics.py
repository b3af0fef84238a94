import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import f1_score, roc_auc_score

from model_registry.evaluations.intervals import bootstrap
from model_registry.evaluations.measures import (
    Answered,
    Measure,
    case_score,
    metric_from,
    metric_names,
)
from model_registry.evaluations.metrics import measured
from model_registry.evaluations.proportions import wilson

# A thousand resamples take what they take.
given_cases = settings(max_examples=40, deadline=None)
LABELS = ("refund", "invoice", "other")


def case(expected, output):
    return Answered(expected=expected, output=output)


def labelled(pairs):
    return [case({"label": a}, None if b is None else {"label": b}) for a, b in pairs]


def figures(measure, target, cases):
    return {metric.name: metric for metric in measured(measure, target, cases)}


@pytest.mark.parametrize(
    ("right", "of", "low", "high"),
    [
        (0, 0, 0.0, 1.0),
        (0, 10, 0.0, 0.2775),  # the published values of Wilson's interval
        (10, 10, 0.7225, 1.0),
        (81, 263, 0.2553, 0.3662),
    ],
)
def test_wilson_gives_the_published_intervals(right, of, low, high):
    assert wilson(right, of) == pytest.approx((low, high), abs=5e-5)


@given(of=st.integers(1, 10_000), data=st.data())
def test_a_proportion_lies_in_its_interval(of, data):
    right = data.draw(st.integers(0, of))
    low, high = wilson(right, of)
    assert 0 <= low <= right / of <= high <= 1


@given(right=st.integers(0, 50), more=st.integers(2, 20))
def test_more_cases_make_a_narrower_interval(right, more):
    few, many = wilson(right, 50), wilson(right * more, 50 * more)
    assert many[1] - many[0] < few[1] - few[0]


def test_the_same_counts_give_the_same_bootstrap():
    def share(counts):
        return float(counts[0] / counts.sum())

    assert bootstrap([3, 7], share) == bootstrap([3, 7], share)


def test_bootstrap_of_a_share_is_near_wilson():
    def share(counts):
        return float(counts[0] / counts.sum())

    assert bootstrap([300, 700], share) == pytest.approx(wilson(300, 1000), abs=0.005)


def test_bootstrap_of_what_has_no_value_is_none():
    assert bootstrap([4], lambda _counts: math.nan) is None
    assert bootstrap([], lambda _counts: 1.0) is None


@given_cases
@given(
    st.lists(st.tuples(st.sampled_from(LABELS), st.sampled_from(LABELS)), min_size=1)
)
def test_macro_f1_is_that_of_scikit_learn(pairs):
    wanted, got = zip(*pairs, strict=True)
    # scikit-learn averages over labels on either side, we over those of the set.
    labels = sorted(set(wanted))
    found = figures(Measure.LABEL, "label", labelled(pairs))
    theirs = f1_score(wanted, got, labels=labels, average="macro", zero_division=0)
    assert found["macro_f1"].value == pytest.approx(theirs)


@given_cases
@given(
    st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=2).filter(
        lambda rows: len({truth for _, truth in rows}) == 2
    )
)
def test_auc_is_that_of_scikit_learn(rows):
    cases = [case({"fraud": truth}, {"score": score / 5}) for score, truth in rows]
    found = figures(Measure.SCORE, "fraud", cases)
    truths, scores = [t for _, t in rows], [s / 5 for s, _ in rows]
    assert found["auc"].value == pytest.approx(roc_auc_score(truths, scores))


def test_scores_without_a_positive_case_have_no_auc():
    cases = [case({"fraud": False}, {"score": 0.1})] * 3
    assert figures(Measure.SCORE, "fraud", cases).keys() == {"answered"}


def test_precision_and_recall_are_of_scores_from_a_half_on():
    rows = [(0.5, True), (0.9, False), (0.49, True), (0.7, True), (0.0, False)]
    cases = [case({"fraud": truth}, {"score": score}) for score, truth in rows]
    found = figures(Measure.SCORE, "fraud", cases)
    assert (found["precision"].value, found["precision"].of) == (2 / 3, 3)
    assert (found["recall"].value, found["recall"].of) == (2 / 3, 3)


def test_no_answer_is_the_wrong_score_either_way():
    rows = [(0.9, True), (0.1, False)]
    good = [case({"fraud": truth}, {"score": score}) for score, truth in rows]
    silent = [case({"fraud": True}, None), case({"fraud": False}, None)]
    found = figures(Measure.SCORE, "fraud", good + silent)
    assert found["auc"].value == 0.25
    assert found["recall"].value == found["precision"].value == 0.5
    assert found["answered"].value == 0.5


def test_a_silent_model_gets_no_label_right():
    found = figures(
        Measure.LABEL, "label", labelled([("refund", None), ("other", "other")])
    )
    assert found["accuracy"].value == 0.5
    assert found["macro_f1"].value == 0.5


def test_fields_are_counted_one_by_one_and_together():
    cases = [
        case(
            {"date": "2026-05-03", "amount": 3}, {"date": "2026-05-03", "amount": 3.0}
        ),
        case({"date": "2026-05-03", "amount": 3}, {"date": "2026-05-04", "amount": 3}),
    ]
    found = figures(Measure.FIELDS, "", cases)
    assert (found["field_match"].value, found["field_match"].of) == (0.75, 2)
    assert found["exact_match"].value == 0.5
    assert case_score(Measure.FIELDS, "", cases[1]) == 0.5


def test_forecasts_are_measured_by_distance():
    cases = [
        case({"forecast": [10, 20]}, {"forecast": [12, 20]}),
        case({"forecast": [0, 0]}, {"forecast": [0, 0]}),
    ]
    found = figures(Measure.NUMBERS, "forecast", cases)
    assert found["mae"].value == 0.5
    assert found["smape"].value == pytest.approx((4 / 22) / 2 / 2)
    assert not found["mae"].more_is_better
    assert found["mae"].worse_end == found["mae"].high


@pytest.mark.parametrize(
    "output", [None, {}, {"forecast": [1]}, {"forecast": ["a", 2]}]
)
def test_a_forecast_that_is_none_is_the_worst(output):
    found = figures(Measure.NUMBERS, "forecast", [case({"forecast": [1, 2]}, output)])
    assert found["smape"].value == 2.0
    assert "mae" not in found


@pytest.mark.parametrize(
    ("output", "score"),
    [
        ({"policy": "refund"}, 1.0),
        ({"policy": ["refund", "other"]}, 1.0),
        ({"policy": ["other", "x", "y", "refund"]}, 0.25),
        ({"policy": []}, 0.0),
        (None, 0.0),
    ],
)
def test_what_is_found_counts_by_its_place(output, score):
    found = figures(Measure.RANKING, "policy", [case({"policy": "refund"}, output)])
    assert found["mrr"].value == score
    assert found["top_1"].value == float(score == 1)
    assert (
        case_score(Measure.RANKING, "policy", case({"policy": "refund"}, output))
        == score
    )


def test_one_and_true_are_not_the_same():
    assert case_score(Measure.EXACT, "", case({"a": 1}, {"a": 1.0})) == 1
    assert case_score(Measure.EXACT, "", case({"a": 1}, {"a": True})) == 0


SAMPLES = {
    Measure.LABEL: ("label", [case({"label": "a"}, {"label": "a"})]),
    Measure.FIELDS: ("", [case({"a": 1}, {"a": 2})]),
    Measure.SCORE: (
        "fraud",
        [case({"fraud": True}, {"score": 1}), case({"fraud": False}, {"score": 0})],
    ),
    Measure.NUMBERS: ("n", [case({"n": 1}, {"n": 2})]),
    Measure.RANKING: ("id", [case({"id": 1}, {"id": [1]})]),
    Measure.EXACT: ("", [case({"a": 1}, {"a": 1})]),
}


@pytest.mark.parametrize("measure", Measure)
def test_each_measure_gives_the_metrics_that_it_names(measure):
    target, cases = SAMPLES[measure]
    found = measured(measure, target, cases)
    assert tuple(metric.name for metric in found) == metric_names(measure)
    assert [metric_from(metric.as_json()) for metric in found] == found


@given_cases
@given(
    st.lists(
        st.tuples(st.sampled_from(LABELS), st.none() | st.sampled_from(LABELS)),
        min_size=1,
    )
)
def test_intervals_are_ordered_and_order_of_cases_is_nothing(pairs):
    found = measured(Measure.LABEL, "label", labelled(pairs))
    assert all(metric.low <= metric.high for metric in found)
    turned = figures(Measure.LABEL, "label", labelled(pairs[::-1]))
    assert all(
        turned[metric.name].value == pytest.approx(metric.value) for metric in found
    )
