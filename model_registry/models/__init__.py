"""Tables: a model, its immutable versions, and the aliases that name one."""

from model_registry.models.alias import Alias
from model_registry.models.figures import ModelFigures
from model_registry.models.health import ModelHealth
from model_registry.models.limits import ModelLimits
from model_registry.models.model import Model
from model_registry.models.version import ModelVersion

__all__ = [
    "Alias",
    "Model",
    "ModelFigures",
    "ModelHealth",
    "ModelLimits",
    "ModelVersion",
]
