import numpy as np
import pytest

from model_registry.builtin.measuring.figures import (
    average_precision,
    bootstrapped,
    roc_auc,
    share,
)

LABELS = np.array([True, False, True, False])


def test_share_has_the_interval_of_wilson():
    found = share("right", [True] * 8 + [False] * 2)
    assert (found.value, found.low, found.high) == (0.8, 0.4902, 0.9433)


def test_share_of_nothing_says_nothing():
    assert (share("right", []).low, share("right", []).high) == (0.0, 1.0)


def test_bootstrap_is_repeatable_and_holds_the_value():
    values = np.arange(50.0)
    first = bootstrapped("mean", lambda places: values[places].mean(), 50)
    again = bootstrapped("mean", lambda places: values[places].mean(), 50)
    assert first == again
    assert first.low < first.value == 24.5 < first.high


@pytest.mark.parametrize(
    ("scores", "precision", "auc"),
    [
        ([0.9, 0.1, 0.8, 0.2], 1.0, 1.0),
        ([0.9, 0.8, 0.7, 0.1], 5 / 6, 0.75),
        ([0.5, 0.5, 0.5, 0.5], 5 / 6, 0.5),  # equal scores: in the order of the cases
    ],
)
def test_curves(scores, precision, auc):
    assert average_precision(LABELS, np.array(scores)) == pytest.approx(precision)
    assert roc_auc(LABELS, np.array(scores)) == pytest.approx(auc)
