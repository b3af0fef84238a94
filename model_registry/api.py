"""The only module of `model_registry` that other apps import."""

from model_registry.calling import ModelReply, close_child, stop_call
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
    CasesInvalid,
    LimitsInvalid,
    ManifestInvalid,
    Missed,
    ModelError,
    ModelNotFound,
    ModelRegistryError,
    OrderRefused,
    RegistrationRefused,
    SetTaken,
)
from model_registry.evaluations.case_files import MAX_BYTES as MAX_CASES_BYTES
from model_registry.evaluations.case_files import CaseDraft
from model_registry.evaluations.measures import Measure, Metric
from model_registry.evaluations.selectors import (
    Result,
    find_trial,
    get_set,
    list_evaluations,
    list_results,
    list_rules,
    list_sets,
    result_of,
)
from model_registry.facts import GovernanceRecord, PersonFacts, PriceTerms
from model_registry.figures import ModelReport, report_of
from model_registry.governance import (
    DataClass,
    Governance,
    Refusal,
    Status,
    Use,
    refusal,
    warning,
)
from model_registry.guarding.calls import call
from model_registry.guarding.condition import (
    HEALTH_CHOICES,
    Condition,
    conditions,
    last_changes,
    open_drifts,
    upness,
)
from model_registry.guarding.keeping import start_keeping, stop_keeping
from model_registry.guarding.limiting import own_limits, set_limits
from model_registry.guarding.limits import Limits, changed_limits
from model_registry.guarding.selectors import Figures
from model_registry.guarding.series import PERIODS, Period, Point
from model_registry.guarding.standing_in import may_compute
from model_registry.manifest import (
    Manifest,
    check_manifest,
    check_stated,
    parse_manifest,
)
from model_registry.models import (
    Alias,
    AliasMove,
    AliasRule,
    Artefact,
    CaseResult,
    Credential,
    Evaluation,
    EvaluationCase,
    EvaluationSet,
    Grant,
    HealthChange,
    Model,
    ModelDrift,
    ModelVersion,
    StandingChange,
    Trial,
    WorkStatus,
)
from model_registry.persons import asked_of, deciders_of
from model_registry.quality import Evaluated, QualityOf, Verdicts
from model_registry.received import (
    get_received,
    grants_by_model,
    is_hidden,
    list_callable,
    missing_credential,
)
from model_registry.resolving import (
    ResolvedModel,
    model_names,
    queue_names,
    resolve,
    resolve_all,
    resolve_version,
)
from model_registry.reviews import Reviewed
from model_registry.selectors import (
    ModelFilter,
    Similar,
    compare,
    find_similar,
    get_artefact,
    get_model,
    get_version,
    list_artefacts,
    list_capabilities,
    list_credentials,
    list_given,
    list_models,
    list_moves,
    list_received,
    list_stood_in_for,
    list_versions,
    version_at,
)
from model_registry.served import read_source
from model_registry.services.aliases import move_alias
from model_registry.services.copying import copy_model
from model_registry.services.credentials import delete_credential, set_credential
from model_registry.services.describing import (
    change_person,
    describe,
    govern,
    set_owner,
)
from model_registry.services.evaluation_sets import (
    SetTerms,
    make_set,
    upload_set,
)
from model_registry.services.gates import remove_rule, rule_text, set_rule
from model_registry.services.importing import ImportKind, import_models, list_offers
from model_registry.services.ordering import (
    cancel_evaluation,
    order_evaluation,
    order_trial,
)
from model_registry.services.prices import set_price
from model_registry.services.registering import register, register_builtin
from model_registry.services.sharing import grant_model, withdraw_grant
from model_registry.services.standing import set_standing
from model_registry.services.uploading import add_artefact, delete_artefact
from model_registry.using import person_refusal, refusal_of
from model_registry.views.model import find_model, page_context
from model_registry.views.received import find_received, received_context

__all__ = [
    "Alias",
    "AliasMove",
    "AliasNotFound",
    "AliasRule",
    "Artefact",
    "CaseDraft",
    "CaseResult",
    "CasesInvalid",
    "Condition",
    "Credential",
    "DataClass",
    "Evaluated",
    "Evaluation",
    "EvaluationCase",
    "EvaluationSet",
    "Figures",
    "Governance",
    "GovernanceRecord",
    "Grant",
    "HEALTH_CHOICES",
    "HealthChange",
    "ImportKind",
    "Limits",
    "LimitsInvalid",
    "MAX_CASES_BYTES",
    "Manifest",
    "ManifestInvalid",
    "Measure",
    "Metric",
    "Missed",
    "Model",
    "ModelDrift",
    "ModelError",
    "ModelFilter",
    "ModelNotFound",
    "ModelRegistryError",
    "ModelReply",
    "ModelReport",
    "ModelVersion",
    "OrderRefused",
    "PERIODS",
    "Period",
    "PersonFacts",
    "Point",
    "PriceTerms",
    "QualityOf",
    "Refusal",
    "RegistrationRefused",
    "ResolvedModel",
    "Result",
    "Reviewed",
    "Row",
    "SetTaken",
    "SetTerms",
    "Similar",
    "StandingChange",
    "Status",
    "Trial",
    "Use",
    "Verdicts",
    "WorkStatus",
    "add_artefact",
    "asked_of",
    "call",
    "call_document",
    "cancel_evaluation",
    "change_person",
    "changed_limits",
    "check_manifest",
    "check_stated",
    "close_child",
    "compare",
    "conditions",
    "copy_model",
    "deciders_of",
    "delete_artefact",
    "delete_credential",
    "describe",
    "find_model",
    "find_received",
    "find_similar",
    "find_trial",
    "get_artefact",
    "get_model",
    "get_set",
    "get_received",
    "get_version",
    "govern",
    "governance_document",
    "grant_model",
    "grants_by_model",
    "import_models",
    "last_changes",
    "is_hidden",
    "list_artefacts",
    "list_callable",
    "list_capabilities",
    "list_credentials",
    "list_evaluations",
    "list_given",
    "list_models",
    "list_moves",
    "list_offers",
    "list_received",
    "list_results",
    "list_rules",
    "list_sets",
    "list_stood_in_for",
    "list_versions",
    "make_set",
    "manifest_document",
    "may_compute",
    "missing_credential",
    "model_names",
    "move_alias",
    "open_drifts",
    "order_evaluation",
    "order_trial",
    "own_limits",
    "page_context",
    "parse_manifest",
    "person_document",
    "person_refusal",
    "price_document",
    "queue_names",
    "read_secret",
    "received_context",
    "read_source",
    "refusal",
    "refusal_of",
    "register",
    "register_builtin",
    "remove_rule",
    "report_of",
    "resolve",
    "resolve_all",
    "resolve_version",
    "result_of",
    "rule_text",
    "set_credential",
    "set_limits",
    "set_owner",
    "set_price",
    "set_rule",
    "set_standing",
    "start_desk",
    "start_keeping",
    "stop_call",
    "stop_desk",
    "stop_keeping",
    "upload_set",
    "upness",
    "version_at",
    "warning",
    "withdraw_grant",
]
