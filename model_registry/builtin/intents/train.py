"""Train the cheaper classifiers of intents: `python -m model_registry.builtin.intents.train`.

Needs scikit-learn, as the training of the support models does, on the same messages.
"""

from collections.abc import Callable

import numpy as np

from model_registry.builtin.intents import letters, words
from model_registry.builtin.support.corpus import read_training
from model_registry.builtin.support.features import Matrix
from model_registry.builtin.support.train import cross_validate, report_intent, train

SURE_ENOUGH = 0.3


def main() -> None:
    """Train both, report on them and write their weights."""
    train_intents(words.TASK, words.hash_words)
    train_intents(letters.TASK, letters.hash_mended)


def train_intents(task: str, featurize: Callable[[str], Matrix]) -> None:
    """Train one of them."""
    messages = read_training("intent")
    features = np.stack([featurize(text) for text, _ in messages])
    labels = np.array([label for _, label in messages])
    report_intent(labels, *cross_validate(features, labels))
    train(task, features, labels, SURE_ENOUGH)


if __name__ == "__main__":
    main()
