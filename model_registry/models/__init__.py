"""Tables: models, their immutable versions, and all that is on record about both."""

from model_registry.models.alias import Alias, AliasMove
from model_registry.models.artefact import Artefact, ArtefactPart
from model_registry.models.chore import Chore
from model_registry.models.copy import VersionCopy
from model_registry.models.credential import Credential
from model_registry.models.drift import ModelAnswers, ModelDrift
from model_registry.models.evaluation import (
    AliasRule,
    CaseResult,
    Evaluation,
    EvaluationCase,
    EvaluationSet,
    Order,
    Trial,
    WorkStatus,
)
from model_registry.models.figures import ModelFigures
from model_registry.models.grant import Grant
from model_registry.models.health import HealthChange, ModelHealth
from model_registry.models.limits import ModelLimits
from model_registry.models.model import Model, ModelTag
from model_registry.models.price import Price
from model_registry.models.standing import StandingChange, VersionStanding
from model_registry.models.version import ModelVersion

__all__ = [
    "Alias",
    "AliasMove",
    "AliasRule",
    "Artefact",
    "ArtefactPart",
    "CaseResult",
    "Chore",
    "Credential",
    "Evaluation",
    "EvaluationCase",
    "EvaluationSet",
    "Grant",
    "HealthChange",
    "Model",
    "ModelAnswers",
    "ModelDrift",
    "ModelFigures",
    "ModelHealth",
    "ModelLimits",
    "ModelTag",
    "ModelVersion",
    "Order",
    "Price",
    "StandingChange",
    "Trial",
    "VersionCopy",
    "VersionStanding",
    "WorkStatus",
]
