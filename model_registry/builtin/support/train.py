"""Train the classifiers: `python -m model_registry.builtin.support.train`.

Needs scikit-learn, which the models themselves do not. The held-out file plays no
part here; what the command prints comes from cross-validation on the training files.
"""

import sys

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from model_registry.builtin.minilm import load_encoder
from model_registry.builtin.moderation.guardian import load_guardian
from model_registry.builtin.support.corpus import read_training
from model_registry.builtin.support.features import featurize
from model_registry.builtin.support.screen import CLEAR, Hostility
from model_registry.builtin.support.weights import Weights, write_weights

Matrix = NDArray[np.float32]
Labels = NDArray[np.str_]

STRENGTH = 10.0
FOLDS = 10
SURE_ENOUGH = 0.4
HOSTILE_ENOUGH = 0.3
STEPS = (0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.6)


def main() -> None:
    """Train both classifiers, report on them and write their weights."""
    train_intent()
    train_screen()


def train_intent() -> None:
    """Train what tells the intents apart."""
    encoder = load_encoder()
    messages = read_training("intent")
    features = np.stack([featurize(text, encoder) for text, _ in messages])
    labels = np.array([label for _, label in messages])
    report_intent(labels, *cross_validate(features, labels))
    train("intent", features, labels, SURE_ENOUGH)


def train_screen() -> None:
    """Train what tells hostile from clear; ordinary messages teach it the latter."""
    ordinary = [(text, CLEAR) for text, _ in read_training("intent")]
    messages = read_training("screen") + ordinary
    hostility = Hostility(load_encoder(), load_guardian())
    features = np.stack([hostility.featurize(text) for text, _ in messages])
    labels = np.array([label for _, label in messages])
    report_screen(labels, *cross_validate(features, labels))
    train("screen", features, labels, HOSTILE_ENOUGH)


def train(task: str, features: Matrix, labels: Labels, threshold: float) -> None:
    """Fit a classifier on everything and write its weights."""
    trained = classifier().fit(csr_matrix(features), labels)
    weights = Weights(
        labels=tuple(map(str, trained.classes_)),
        coefficients=trained.coef_,
        biases=trained.intercept_,
        threshold=threshold,
    )
    write_weights(task, weights)


def classifier() -> LogisticRegression:
    """Return the untrained classifier."""
    return LogisticRegression(C=STRENGTH, max_iter=3000)


def cross_validate(
    features: Matrix, labels: Labels
) -> tuple[Labels, NDArray[np.float64]]:
    """Return the names of the labels and a row of their chances a message."""
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
    chances = cross_val_predict(
        classifier(), csr_matrix(features), labels, cv=folds, method="predict_proba"
    )
    return np.unique(labels), chances


def report_intent(labels: Labels, names: Labels, chances: NDArray[np.float64]) -> None:
    """Print what each threshold of confidence would do."""
    chosen, sure = names[chances.argmax(axis=1)], chances.max(axis=1)
    right, topical = chosen == labels, labels != "other"
    say(f"intent: {len(labels)} messages, right {right.mean():.3f}")
    for step in STEPS:
        answered = (sure >= step) & (chosen != "other")
        say(
            f"  from {step:.2f}: answered {answered[topical].mean():.3f},"
            f" right among them {right[answered & topical].mean():.3f},"
            f" other handed over {1 - answered[~topical].mean():.3f}"
        )


def report_screen(labels: Labels, names: Labels, chances: NDArray[np.float64]) -> None:
    """Print what each threshold of hostility would do, rules left aside."""
    hostility, hostile = 1 - chances[:, names == CLEAR][:, 0], labels != CLEAR
    say(f"screen: {len(labels)} messages, {hostile.sum()} of them hostile")
    for step in STEPS:
        held = hostility >= step
        say(
            f"  from {step:.2f}: hostile found {held[hostile].mean():.3f},"
            f" clear taken for hostile {held[~hostile].mean():.3f}"
        )


def say(line: str) -> None:
    """Write one line."""
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
