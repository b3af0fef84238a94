"""Runs estimators of scikit-learn from skops files, in the child process.

A skops file names the types that it is made of. Those that skops trusts and those listed
here are loaded; nobody can add to the list but whoever changes this file.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import sklearn.base
import skops.io
from sklearn.tree._tree import Tree

from model_registry import artefacts
from model_registry.adapters.base import ComputingModel
from model_registry.adapters.skops_file import require_skops
from model_registry.adapters.tensors import tensor_from
from model_registry.computing import told
from model_registry.errors import ModelUnavailable
from model_registry.json_values import JsonObject

# Beside the estimators, which skops trusts: what fitted ones of them are made of. None
# takes a function from the file. Left out: search trees of neighbours and predictors of
# histogram boosting, whose contents scikit-learn follows without looking.
TRUSTED = (
    "numpy.dtype",
    "sklearn.calibration._CalibratedClassifier",
    "sklearn.calibration._SigmoidCalibration",
    "sklearn.feature_selection._univariate_selection.f_classif",
    "sklearn.feature_selection._univariate_selection.f_regression",
    "sklearn.feature_selection._univariate_selection.chi2",
    "sklearn.neural_network._stochastic_optimizers.AdamOptimizer",
    "sklearn.neural_network._stochastic_optimizers.SGDOptimizer",
    "sklearn.tree._tree.Tree",
)
SHOWN = 5


def load_model(settings: JsonObject, model_dir: Path) -> ComputingModel:
    """Load the file that the settings name. Raises: ModelUnavailable."""
    file = settings["file"]
    content = artefacts.read(model_dir, file, settings["sha256"])
    require_skops(file, content)
    _require_trusted(file, content)
    try:
        estimator = skops.io.loads(content, trusted=list(TRUSTED))
    except Exception as error:
        raise ModelUnavailable(f"{file} cannot be loaded: {told(error)}") from error
    if not isinstance(estimator, sklearn.base.BaseEstimator):
        kind = type(estimator).__name__
        raise ModelUnavailable(f"{file} holds a {kind}, which is no estimator.")
    for tree in _trees(estimator):
        _check_tree(file, tree)
    return SklearnModel(estimator, settings)


class SklearnModel:
    """One estimator, and what goes into it."""

    def __init__(
        self, estimator: sklearn.base.BaseEstimator, settings: JsonObject
    ) -> None:
        self._estimator = estimator
        self._settings = settings
        self._answer = _answering(estimator)

    def __call__(self, value: JsonObject) -> JsonObject:
        """Answer one question. Raises: ValueError if the estimator cannot take it."""
        is_one = bool(self._settings.get("fields"))
        if is_one:
            row = tensor_from(self._settings, value).data
            rows: Any = np.array([row], dtype=_dtype(row))
        else:
            name = self._settings["field"]
            given = value.get(name)
            is_one = isinstance(given, str)
            rows = [given] if is_one else given
            if not isinstance(rows, list) or not rows:
                raise ValueError(f"the field '{name}' holds neither text nor rows")
        answers: JsonObject = self._answer(rows)
        if is_one:
            return {name: entries[0] for name, entries in answers.items()}
        return answers


def _require_trusted(file: str, content: bytes) -> None:
    try:
        found = skops.io.get_untrusted_types(data=content)
    except Exception as error:
        raise ModelUnavailable(f"{file} cannot be read: {told(error)}") from error
    if wrong := sorted(set(found) - set(TRUSTED)):
        raise ModelUnavailable(
            f"{file} is refused: it holds {', '.join(wrong[:SHOWN])}, which may not be "
            "loaded. Take it out of the estimator, or export the estimator to ONNX."
        )


def _answering(estimator: Any) -> Any:  # noqa: ANN401 - any estimator
    """What answers rows, by the kind of the estimator: fields of lists."""
    if sklearn.base.is_classifier(estimator):
        return _classify(estimator)
    if sklearn.base.is_outlier_detector(estimator):
        return lambda rows: {
            "is_anomaly": [bool(kind < 0) for kind in estimator.predict(rows)],
            "score": (-estimator.score_samples(rows)).tolist(),
        }
    if hasattr(estimator, "predict"):
        return lambda rows: {"value": estimator.predict(rows).tolist()}
    if hasattr(estimator, "transform"):
        return lambda rows: {"vector": _dense(estimator.transform(rows)).tolist()}
    raise ModelUnavailable("The estimator can neither predict nor transform.")


def _classify(estimator: Any) -> Any:  # noqa: ANN401 - any classifier
    has_probabilities = hasattr(estimator, "predict_proba")

    def classify(rows: Any) -> dict[str, list[Any]]:  # noqa: ANN401
        answers = {"label": estimator.predict(rows).tolist()}
        if has_probabilities:
            names = [str(name) for name in estimator.classes_.tolist()]
            answers["probabilities"] = [
                dict(zip(names, row, strict=True))
                for row in estimator.predict_proba(rows).tolist()
            ]
        return answers

    return classify


def _dense(found: Any) -> Any:  # noqa: ANN401 - numpy's or scipy's
    return found.toarray() if hasattr(found, "toarray") else found


def _dtype(row: list[Any]) -> type[Any]:
    return object if any(isinstance(entry, str) for entry in row) else np.float64


def _trees(estimator: object) -> Iterator[Tree]:
    """Every decision tree within an estimator."""
    stack, seen = [estimator], set()
    while stack:
        found = stack.pop()
        if id(found) in seen:
            continue
        seen.add(id(found))
        match found:
            case Tree():
                yield found
            case dict():
                stack.extend(found.values())
            case list() | tuple():
                stack.extend(found)
            case np.ndarray() if found.dtype == object:
                stack.extend(found.ravel().tolist())
            case sklearn.base.BaseEstimator():
                stack.extend(vars(found).values())


def _check_tree(file: str, tree: Tree) -> None:
    """Refuse a tree that points out of itself: it would be followed unseen."""
    places = np.arange(tree.node_count)
    is_leaf = tree.children_left == -1
    inner = places[~is_leaf]
    children = np.concatenate([tree.children_left[inner], tree.children_right[inner]])
    features = tree.feature[inner]
    is_sound = (
        np.all(children > np.concatenate([inner, inner]))
        and np.all(children < tree.node_count)
        and np.all((features >= 0) & (features < tree.n_features))
    )
    if not is_sound:
        raise ModelUnavailable(
            f"{file} is refused: it holds a decision tree that points out of itself."
        )
