"""The only module of `model_registry` that other apps import."""

from model_registry.calling import ModelReply, call, close_child
from model_registry.errors import (
    AliasNotFound,
    ManifestInvalid,
    ModelError,
    ModelNotFound,
    ModelRegistryError,
)
from model_registry.manifest import Manifest, parse_manifest
from model_registry.resolving import (
    ResolvedModel,
    model_names,
    queue_names,
    resolve,
    resolve_version,
)
from model_registry.services import move_alias, register, register_builtin

__all__ = [
    "AliasNotFound",
    "Manifest",
    "ManifestInvalid",
    "ModelError",
    "ModelNotFound",
    "ModelRegistryError",
    "ModelReply",
    "ResolvedModel",
    "call",
    "close_child",
    "model_names",
    "move_alias",
    "parse_manifest",
    "queue_names",
    "register",
    "register_builtin",
    "resolve",
    "resolve_version",
]
