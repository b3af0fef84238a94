"""Tables: a model, its immutable versions, and the aliases that name one."""

from model_registry.models.alias import Alias
from model_registry.models.model import Model
from model_registry.models.version import ModelVersion

__all__ = ["Alias", "Model", "ModelVersion"]
