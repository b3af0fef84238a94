"""Train the intent classifier: `python -m model_registry.builtin.support.train`.

Needs scikit-learn, which the models themselves do not. The held-out file plays no
part here; what the command prints comes from cross-validation on the training file.
"""

import sys

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from model_registry.builtin.minilm import load_encoder
from model_registry.builtin.support.corpus import read_training
from model_registry.builtin.support.features import featurize
from model_registry.builtin.support.weights import Weights, write_weights

STRENGTH = 10.0
FOLDS = 10
MIN_CONFIDENCE = 0.35
THRESHOLDS = (0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6)


def classifier() -> LogisticRegression:
    """Return the untrained classifier."""
    return LogisticRegression(C=STRENGTH, max_iter=3000)


def main() -> None:
    """Train, report and write the weights."""
    messages = read_training("intent")
    encoder = load_encoder()
    features = np.stack([featurize(text, encoder) for text, _ in messages])
    intents = np.array([intent for _, intent in messages])
    report(features, intents)
    trained = classifier().fit(features, intents)
    write_weights(
        Weights(
            intents=tuple(map(str, trained.classes_)),
            coefficients=trained.coef_,
            biases=trained.intercept_,
            min_confidence=MIN_CONFIDENCE,
        )
    )


def report(features: NDArray[np.float32], intents: NDArray[np.str_]) -> None:
    """Print what cross-validation says for each threshold of confidence."""
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
    chances = cross_val_predict(
        classifier(), features, intents, cv=folds, method="predict_proba"
    )
    chosen = np.unique(intents)[chances.argmax(axis=1)]
    right, sure = chosen == intents, chances.max(axis=1)
    topical, answerable = intents != "other", chosen != "other"
    lines = [f"messages {len(intents)}, intent right {right.mean():.3f}"]
    for least in THRESHOLDS:
        answered = (sure >= least) & answerable
        lines.append(
            f"confidence >= {least:.2f}:"
            f" answered {answered[topical].mean():.3f},"
            f" right among them {right[answered & topical].mean():.3f},"
            f" other handed over {1 - answered[~topical].mean():.3f}"
        )
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
