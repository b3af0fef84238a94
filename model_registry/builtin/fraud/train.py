"""Train the fraud models: `python -m model_registry.builtin.fraud.train`.

Needs scikit-learn, which the models themselves do not. The held-out customers play no
part here: thresholds come from cross-validation on the training customers.
"""

import sys
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, precision_recall_curve
from sklearn.model_selection import cross_val_predict
from sklearn.preprocessing import StandardScaler

from model_registry.builtin.arrays import write_arrays
from model_registry.builtin.fraud.features import featurize
from model_registry.builtin.fraud.simulator import training_cases
from model_registry.builtin.fraud.weights import (
    BOOSTING,
    ISOLATION,
    LOGISTIC,
    arrays_of,
)
from model_registry.builtin.trees import IsolationForest, Node, as_forest

Numbers = NDArray[np.float64]
TREES, DEPTH, RATE, LEAF = 120, 3, 0.1, 20
ISOLATION_TREES, ISOLATION_SAMPLE, SEED = 80, 128, 7


def main() -> None:
    """Train all three, report on them and write their arrays."""
    cases = training_cases()
    rows = np.stack([featurize(case.payload) for case in cases])
    labels = np.array([bool(case.fraud) for case in cases])
    say(f"{len(cases)} payments, {labels.sum()} of them fraud")
    train_logistic(rows, labels)
    train_boosting(rows, labels)
    train_isolation(rows, labels)


def train_logistic(rows: Numbers, labels: NDArray[np.bool_]) -> None:
    """Fit logistic regression; the scaling of features goes into the coefficients."""
    scaler = StandardScaler().fit(rows)
    model = LogisticRegression(max_iter=2000)
    threshold = best_threshold("logistic", labels, _chances(model, rows, labels))
    model.fit(scaler.transform(rows), labels)
    coefficients = model.coef_[0] / scaler.scale_
    bias = model.intercept_[0] - coefficients @ scaler.mean_
    write_arrays(
        LOGISTIC,
        {
            "coefficients": coefficients,
            "bias": np.array(bias),
            "threshold": np.array(threshold),
        },
    )


def train_boosting(rows: Numbers, labels: NDArray[np.bool_]) -> None:
    """Fit gradient boosting and lay its trees out as tables."""
    model = GradientBoostingClassifier(
        n_estimators=TREES,
        max_depth=DEPTH,
        learning_rate=RATE,
        min_samples_leaf=LEAF,
        random_state=SEED,
    )
    cut = best_threshold("boosting", labels, _chances(model, rows, labels))
    model.fit(rows, labels)
    forest = as_forest([_nodes(tree[0].tree_) for tree in model.estimators_], DEPTH)
    share = labels.mean()
    bias = np.array(np.log(share / (1 - share)))
    arrays = arrays_of(forest) | {"bias": bias, "cut": np.array(cut)}
    write_arrays(BOOSTING, arrays)


def train_isolation(rows: Numbers, labels: NDArray[np.bool_]) -> None:
    """Grow an isolation forest; labels only choose the threshold."""
    grown = IsolationForest(
        rows, trees=ISOLATION_TREES, sample=ISOLATION_SAMPLE, seed=SEED
    )
    risks = np.array([grown.score(row) for row in rows])
    cut = best_threshold("isolation", labels, risks)
    arrays = arrays_of(grown.forest) | {
        "usual_path": np.array(grown.usual_path),
        "cut": np.array(cut),
    }
    write_arrays(ISOLATION, arrays)


def best_threshold(name: str, labels: NDArray[np.bool_], risks: Numbers) -> float:
    """Return the risk from which on flagging has the best F1."""
    precision, recall, thresholds = precision_recall_curve(labels, risks)
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-9)
    best = int(f1[:-1].argmax())
    area = average_precision_score(labels, risks)
    say(
        f"{name}: average precision {area:.3f}; from {thresholds[best]:.4f} on"
        f" precision {precision[best]:.3f}, recall {recall[best]:.3f}"
    )
    return float(thresholds[best])


def _chances(model: Any, rows: Numbers, labels: NDArray[np.bool_]) -> Numbers:  # noqa: ANN401
    scaled = StandardScaler().fit_transform(rows)
    chances = cross_val_predict(model, scaled, labels, cv=5, method="predict_proba")
    column: Numbers = chances[:, 1]
    return column


def _nodes(tree: Any) -> list[Node]:  # noqa: ANN401 - a tree of scikit-learn
    return [
        Node(left=place, right=place, value=RATE * float(tree.value[place, 0, 0]))
        if tree.children_left[place] < 0
        else Node(
            feature=int(tree.feature[place]),
            threshold=float(tree.threshold[place]),
            left=int(tree.children_left[place]),
            right=int(tree.children_right[place]),
        )
        for place in range(tree.node_count)
    ]


def say(line: str) -> None:
    """Write one line."""
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
