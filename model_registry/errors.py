"""What can go wrong with a model, as one tree.

ModelRegistryError
├── ModelError               a call did not give an answer; has `retryable`
│   ├── ModelNotFound
│   ├── AliasNotFound
│   ├── ModelInputInvalid
│   ├── ModelOutputInvalid
│   ├── ModelTimedOut
│   ├── ModelUnavailable
│   ├── ModelAnswerInvalid
│   ├── ModelRefused
│   ├── UseRefused           was not called; its `code` is that of the rule
│   ├── ModelOverloaded
│   ├── ModelBusy            by our own limits
│   └── ModelCircuitOpen     by our own circuit breaker
└── RegistrationRefused      a model, version or alias was not written
    ├── ManifestInvalid
    ├── ModelDiffers
    ├── GovernanceDiffers
    ├── AliasNameInvalid
    ├── LimitsInvalid
    ├── UnknownModel
    ├── UnknownVersion
    ├── UnknownCredential
    ├── UnknownOwner
    ├── ReasonMissing
    ├── StandingRefused
    ├── SecondPersonNeeded
    ├── PriceTaken
    ├── CredentialInvalid
    ├── GrantRefused
    ├── CopyRefused
    ├── ImportRefused
    ├── CasesInvalid
    ├── SetRefused
    │   └── SetTaken
    ├── UnknownSet
    ├── RuleInvalid
    ├── AliasGateClosed
    ├── OrderRefused
    ├── ArtefactRefused
    ├── UnknownArtefact
    └── ArtefactInUse
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import MappingProxyType
from typing import NamedTuple


class ModelRegistryError(Exception):
    """Base: a stable `code` for programs and a sentence for people."""

    code = "model_registry_error"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Missed(NamedTuple):
    """A version that was asked and gave no answer, with the code of its error."""

    model: str
    version: int | None
    code: str


class ModelError(ModelRegistryError):
    """A call failed. `retryable` says whether the same call may succeed later.

    `missed` are the models of a chain that were asked, where there is more than one.
    `cost_usd_micros` and `usage` are of what came back all the same.
    """

    code = "model_error"
    retryable_by_default = False
    missed: tuple[Missed, ...] = ()
    cost_usd_micros: int = 0
    usage: Mapping[str, int] = MappingProxyType({})

    def __init__(self, message: str, *, retryable: bool | None = None) -> None:
        super().__init__(message)
        self.retryable = self.retryable_by_default if retryable is None else retryable


@contextmanager
def paid(usage: Mapping[str, int], cost_usd_micros: int) -> Iterator[None]:
    """Let an error say what the answer has cost that it finds fault with."""
    try:
        yield
    except ModelError as error:
        error.usage, error.cost_usd_micros = usage, cost_usd_micros
        raise


class ModelNotFound(ModelError):
    """The workspace has no model of that name."""

    code = "model_not_found"


class AliasNotFound(ModelError):
    """The model has no alias of that name."""

    code = "model_alias_not_found"


class ModelInputInvalid(ModelError):
    """The input breaks the model's schema, or the model cannot take it."""

    code = "model_input_invalid"


class ModelOutputInvalid(ModelError):
    """The answer breaks the model's output schema."""

    code = "model_output_invalid"


class ModelTimedOut(ModelError):
    """No answer within the time of the call."""

    code = "model_timed_out"
    retryable_by_default = True


class ModelUnavailable(ModelError):
    """The model cannot be loaded or reached, or it broke while it answered."""

    code = "model_unavailable"


class ModelAnswerInvalid(ModelError):
    """What came back is not an answer: no JSON object, cut off, or too large."""

    code = "model_answer_invalid"


class ModelRefused(ModelError):
    """The other side said no."""

    code = "model_refused"


class UseRefused(ModelError):
    """The governance record does not allow the call, and nobody was asked."""

    code = "model_use_refused"

    def __init__(self, message: str, *, code: str) -> None:
        super().__init__(message)
        self.code = code


class ModelOverloaded(ModelError):
    """The other side has no room now."""

    code = "model_overloaded"
    retryable_by_default = True


class ModelBusy(ModelError):
    """As many calls as the model's limits allow are under way, or have been made."""

    code = "model_busy"
    retryable_by_default = True


class ModelCircuitOpen(ModelError):
    """The model kept failing and is left alone for a while."""

    code = "model_circuit_open"
    retryable_by_default = True


# What a call may meet once it is made.
MODEL_ERRORS: dict[str, type[ModelError]] = {
    error.code: error
    for error in ModelError.__subclasses__()
    if error is not UseRefused
}


class RegistrationRefused(ModelRegistryError):
    """Nothing was written. `detail` stands beside the sentence for programs."""

    code = "registration_refused"
    http_status = 422

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.detail: dict[str, object] = {}


class ManifestInvalid(RegistrationRefused):
    """The manifest has problems; each names its place."""

    code = "model_manifest_invalid"

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)
        self.detail = {"problems": list(problems)}


class ModelDiffers(RegistrationRefused):
    """The manifest changes what belongs to the model, not to a version."""

    code = "model_differs"
    http_status = 409


class GovernanceDiffers(RegistrationRefused):
    """The manifest changes the governance record, which registering alone may not."""

    code = "model_governance_differs"
    http_status = 409


class AliasNameInvalid(RegistrationRefused):
    """An alias is a short word."""

    code = "model_alias_name_invalid"


class LimitsInvalid(RegistrationRefused):
    """Limits have problems; each names its field."""

    code = "model_limits_invalid"

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class UnknownModel(RegistrationRefused):
    """The workspace has no model of that name."""

    code = "model_not_found"
    http_status = 404


class UnknownVersion(RegistrationRefused):
    """The model has no version of that number."""

    code = "model_version_not_found"
    http_status = 404


class UnknownCredential(RegistrationRefused):
    """The workspace has no credential of that name."""

    code = "credential_not_found"
    http_status = 404


class UnknownOwner(RegistrationRefused):
    """An owner is an active member of the workspace."""

    code = "model_owner_not_found"


class ReasonMissing(RegistrationRefused):
    """The change needs a reason, in a few words."""

    code = "reason_missing"


class StandingRefused(RegistrationRefused):
    """A version does not get from where it stands to there."""

    code = "model_standing_refused"
    http_status = 409


class SecondPersonNeeded(RegistrationRefused):
    """A version is approved by somebody else than who registered it."""

    code = "model_second_person_needed"
    http_status = 403


class PriceTaken(RegistrationRefused):
    """Another price of the version begins at that moment."""

    code = "model_price_taken"
    http_status = 409


class CredentialInvalid(RegistrationRefused):
    """The name is no short word, or the value is nothing that a key can be."""

    code = "credential_invalid"


class GrantRefused(RegistrationRefused):
    """The model cannot be granted to that workspace."""

    code = "model_grant_refused"
    http_status = 409


class CopyRefused(RegistrationRefused):
    """The version is not there to be copied, or not under that name."""

    code = "model_copy_refused"
    http_status = 409


class ImportRefused(RegistrationRefused):
    """No models were listed or taken; `place` is the setting to correct."""

    code = "model_import_refused"

    def __init__(self, message: str, *, place: str) -> None:
        super().__init__(message)
        self.place = place
        self.detail = {"pointer": f"/{place}"}


class CasesInvalid(RegistrationRefused):
    """A file with cases has problems; each names its line."""

    code = "evaluation_cases_invalid"

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)
        self.detail = {"problems": list(problems)}


class SetRefused(RegistrationRefused):
    """An evaluation set cannot be made of that."""

    code = "evaluation_set_refused"


class SetTaken(SetRefused):
    """There is a set of that name; `is_same` where it holds just that already."""

    code = "evaluation_set_exists"
    http_status = 409

    def __init__(self, name: str, *, is_same: bool) -> None:
        super().__init__(
            f"There is a set {name!r} already. A set never changes: take another name."
        )
        self.is_same = is_same


class UnknownSet(RegistrationRefused):
    """The workspace has no evaluation set of that name."""

    code = "evaluation_set_not_found"
    http_status = 404


class RuleInvalid(RegistrationRefused):
    """An alias cannot be held to that."""

    code = "alias_rule_invalid"


class AliasGateClosed(RegistrationRefused):
    """The version has not shown what the alias asks for; `detail` has the figures."""

    code = "alias_gate_closed"
    http_status = 409


class OrderRefused(RegistrationRefused):
    """The version is not called with that, or the key is that of another order."""

    code = "model_order_refused"
    http_status = 409


class ArtefactRefused(RegistrationRefused):
    """The file is not kept."""

    code = "artefact_refused"


class UnknownArtefact(RegistrationRefused):
    """The workspace keeps no file of that digest."""

    code = "artefact_not_found"
    http_status = 404


class ArtefactInUse(RegistrationRefused):
    """Versions need the file."""

    code = "artefact_in_use"
    http_status = 409
