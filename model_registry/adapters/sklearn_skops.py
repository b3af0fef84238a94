"""Estimators of scikit-learn in skops files, in the folder of models.

`sklearn_model` runs them, in the child. This module loads neither library.
"""

from typing import NoReturn

from model_registry import artefacts
from model_registry.adapters.artefact_settings import SkopsSettings
from model_registry.adapters.base import LoadRequest, TellsSchemas
from model_registry.errors import ModelUnavailable


def load(_request: LoadRequest) -> NoReturn:
    """It computes, so that it never runs in the process of the worker."""
    raise ModelUnavailable("An estimator is run in the process for models only.")


def health(request: LoadRequest, _timeout_s: float) -> str:
    """The file is there, and still the same."""
    settings = SkopsSettings.model_validate(request.settings)
    artefacts.check(request.model_dir, settings.file, settings.sha256)
    return f"{settings.file} is there and unchanged."


def schema(_request: LoadRequest, _timeout_s: float) -> TellsSchemas | None:
    """Only a loaded estimator could tell."""
    return None
