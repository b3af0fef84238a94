"""The only module of `model_registry` that other apps import."""

from model_registry.calling import ModelReply, close_child
from model_registry.errors import (
    AliasNotFound,
    LimitsInvalid,
    ManifestInvalid,
    Missed,
    ModelError,
    ModelNotFound,
    ModelRegistryError,
)
from model_registry.guarding.calls import call
from model_registry.guarding.keeping import start_keeping, stop_keeping
from model_registry.guarding.limiting import own_limits, set_limits
from model_registry.guarding.limits import Limits, changed_limits
from model_registry.guarding.selectors import (
    Condition,
    Figures,
    calls_by_hour,
    conditions,
    figures_by_hour,
    figures_by_model,
    figures_by_tag,
    figures_by_version,
)
from model_registry.guarding.standing_in import may_compute
from model_registry.manifest import Manifest, parse_manifest
from model_registry.resolving import (
    ResolvedModel,
    model_names,
    resolve,
    resolve_version,
)
from model_registry.services import move_alias, register, register_builtin

__all__ = [
    "AliasNotFound",
    "Condition",
    "Figures",
    "Limits",
    "LimitsInvalid",
    "Manifest",
    "ManifestInvalid",
    "Missed",
    "ModelError",
    "ModelNotFound",
    "ModelRegistryError",
    "ModelReply",
    "ResolvedModel",
    "call",
    "calls_by_hour",
    "changed_limits",
    "close_child",
    "conditions",
    "figures_by_hour",
    "figures_by_model",
    "figures_by_tag",
    "figures_by_version",
    "may_compute",
    "model_names",
    "move_alias",
    "own_limits",
    "parse_manifest",
    "register",
    "register_builtin",
    "resolve",
    "resolve_version",
    "set_limits",
    "start_keeping",
    "stop_keeping",
]
