"""The only module of `model_registry` that other apps import."""

from model_registry.calling import ModelReply, call, close_child
from model_registry.comparing import Row
from model_registry.credentials import read_secret
from model_registry.desk.clerks import start_desk, stop_desk
from model_registry.documents import (
    call_document,
    governance_document,
    manifest_document,
    person_document,
    price_document,
)
from model_registry.errors import (
    AliasNotFound,
    ManifestInvalid,
    ModelError,
    ModelNotFound,
    ModelRegistryError,
    OrderRefused,
    RegistrationRefused,
)
from model_registry.evaluations.case_files import CaseDraft
from model_registry.evaluations.selectors import find_trial
from model_registry.facts import GovernanceRecord, PersonFacts, PriceTerms
from model_registry.governance import (
    DataClass,
    Governance,
    Refusal,
    Status,
    refusal,
    warning,
)
from model_registry.manifest import (
    Manifest,
    check_manifest,
    check_stated,
    parse_manifest,
)
from model_registry.models import (
    Alias,
    AliasMove,
    Credential,
    EvaluationSet,
    Grant,
    Model,
    ModelVersion,
    StandingChange,
    Trial,
)
from model_registry.resolving import (
    ResolvedModel,
    model_names,
    resolve,
    resolve_version,
)
from model_registry.selectors import (
    ModelFilter,
    Similar,
    compare,
    find_similar,
    get_model,
    get_version,
    list_capabilities,
    list_credentials,
    list_given,
    list_models,
    list_moves,
    list_received,
    list_versions,
    version_at,
)
from model_registry.services.aliases import move_alias
from model_registry.services.credentials import delete_credential, set_credential
from model_registry.services.describing import (
    change_person,
    describe,
    govern,
    set_owner,
)
from model_registry.services.evaluation_sets import SetTerms, make_set
from model_registry.services.ordering import order_trial
from model_registry.services.prices import set_price
from model_registry.services.registering import register, register_builtin
from model_registry.services.sharing import grant_model, withdraw_grant
from model_registry.services.standing import set_standing

__all__ = [
    "Alias",
    "AliasMove",
    "AliasNotFound",
    "CaseDraft",
    "Credential",
    "DataClass",
    "EvaluationSet",
    "Governance",
    "GovernanceRecord",
    "Grant",
    "Manifest",
    "ManifestInvalid",
    "Model",
    "ModelError",
    "ModelFilter",
    "ModelNotFound",
    "ModelRegistryError",
    "ModelReply",
    "ModelVersion",
    "OrderRefused",
    "PersonFacts",
    "PriceTerms",
    "Refusal",
    "RegistrationRefused",
    "ResolvedModel",
    "Row",
    "SetTerms",
    "Similar",
    "StandingChange",
    "Status",
    "Trial",
    "call",
    "call_document",
    "change_person",
    "check_manifest",
    "check_stated",
    "close_child",
    "compare",
    "delete_credential",
    "describe",
    "find_similar",
    "find_trial",
    "get_model",
    "get_version",
    "govern",
    "governance_document",
    "grant_model",
    "list_capabilities",
    "list_credentials",
    "list_given",
    "list_models",
    "list_moves",
    "list_received",
    "list_versions",
    "make_set",
    "manifest_document",
    "model_names",
    "move_alias",
    "order_trial",
    "parse_manifest",
    "person_document",
    "price_document",
    "read_secret",
    "refusal",
    "register",
    "register_builtin",
    "resolve",
    "resolve_version",
    "set_credential",
    "set_owner",
    "set_price",
    "set_standing",
    "start_desk",
    "stop_desk",
    "version_at",
    "warning",
    "withdraw_grant",
]
