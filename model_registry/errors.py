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
│   └── ModelOverloaded
└── RegistrationRefused      a model, version or alias was not written
    ├── ManifestInvalid
    ├── ModelDiffers
    ├── AliasNameInvalid
    ├── UnknownModel
    └── UnknownVersion
"""

from collections.abc import Sequence


class ModelRegistryError(Exception):
    """Base: a stable `code` for programs and a sentence for people."""

    code = "model_registry_error"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class ModelError(ModelRegistryError):
    """A call failed. `retryable` says whether the same call may succeed later."""

    code = "model_error"
    retryable_by_default = False

    def __init__(self, message: str, *, retryable: bool | None = None) -> None:
        super().__init__(message)
        self.retryable = self.retryable_by_default if retryable is None else retryable


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


class ModelOverloaded(ModelError):
    """The other side has no room now."""

    code = "model_overloaded"
    retryable_by_default = True


MODEL_ERRORS: dict[str, type[ModelError]] = {
    error.code: error for error in ModelError.__subclasses__()
}


class RegistrationRefused(ModelRegistryError):
    """Nothing was written."""

    code = "registration_refused"


class ManifestInvalid(RegistrationRefused):
    """The manifest has problems; each names its place."""

    code = "model_manifest_invalid"

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class ModelDiffers(RegistrationRefused):
    """The manifest changes what belongs to the model, not to a version."""

    code = "model_differs"


class AliasNameInvalid(RegistrationRefused):
    """An alias is a short word."""

    code = "model_alias_name_invalid"


class UnknownModel(RegistrationRefused):
    """The workspace has no model of that name."""

    code = "model_not_found"


class UnknownVersion(RegistrationRefused):
    """The model has no version of that number."""

    code = "model_version_not_found"
