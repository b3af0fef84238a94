"""Models behind the Open Inference Protocol v2: KServe, Triton, MLServer.

Source: https://github.com/kserve/open-inference-protocol, inference over REST.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx2

from model_registry.adapters import json_http
from model_registry.adapters.base import (
    AdapterCall,
    AdapterReply,
    LoadedModel,
    LoadRequest,
    SecretReader,
    TellsSchemas,
)
from model_registry.adapters.http_settings import OipTensorSource, OipV2Settings
from model_registry.adapters.tensor_schemas import (
    TensorType,
    input_schema,
    output_schema,
)
from model_registry.adapters.tensors import (
    Tensor,
    first_row,
    flatten,
    is_one_row,
    nest,
    tensor_from,
)
from model_registry.errors import (
    ModelAnswerInvalid,
    ModelInputInvalid,
    ModelUnavailable,
)
from model_registry.json_values import JsonObject
from orchestrator_site.egress.client import model_client

NUMBERS = {"FP16", "FP32", "FP64"}
KINDS = {"BOOL": "boolean", "BYTES": "string"}


def load(request: LoadRequest) -> LoadedModel:
    """Make a model that any number of threads may call."""
    settings = OipV2Settings.model_validate(request.settings)
    if problem := request.allowance.refusal(settings.base_url):
        raise ModelUnavailable(problem)
    return OipModel(settings, model_client(request.allowance), request.read_secret)


@dataclass(frozen=True, slots=True)
class OipModel:
    """A version of a model. The key is read anew for every call."""

    settings: OipV2Settings
    http: httpx2.Client
    read_secret: SecretReader

    def __call__(self, call: AdapterCall) -> AdapterReply:
        """Ask once, without retries."""
        body = {"id": call.idempotency_key, "inputs": self._inputs(call.input)}
        if self.settings.outputs:
            names = dict.fromkeys(self.settings.outputs.values())
            body["outputs"] = [{"name": name} for name in names]
        asked = _asked(self.settings, self.read_secret, "/infer", call.timeout_s, body)
        return AdapterReply(output=self._output(json_http.ask(self.http, asked)))

    def _inputs(self, value: JsonObject) -> list[JsonObject]:
        try:
            return [
                _written(name, source, value)
                for name, source in self.settings.inputs.items()
            ]
        except ValueError as error:
            raise ModelInputInvalid(f"No tensor for the model: {error}.") from None

    def _output(self, answer: object) -> JsonObject:
        tensors = _read(answer)
        if is_one_row(_plain(self.settings.inputs)):
            tensors = {name: first_row(value) for name, value in tensors.items()}
        if self.settings.outputs is None:
            return tensors
        missing = set(self.settings.outputs.values()) - set(tensors)
        if missing:
            raise ModelAnswerInvalid(
                f"The answer lacks the tensor '{min(missing)}'. It has: "
                f"{', '.join(sorted(tensors)) or 'none'}."
            )
        return {field: tensors[name] for field, name in self.settings.outputs.items()}


def health(request: LoadRequest, timeout_s: float) -> str:
    """Ask whether the model is ready."""
    settings = OipV2Settings.model_validate(request.settings)
    asked = _asked(settings, request.read_secret, "/ready", timeout_s)
    with model_client(request.allowance) as client:
        json_http.ask_status(client, asked)
    return f"The server has {settings.model} ready."


def schema(request: LoadRequest, timeout_s: float) -> TellsSchemas | None:
    """Read the model's metadata."""
    settings = OipV2Settings.model_validate(request.settings)
    asked = _asked(settings, request.read_secret, "", timeout_s)
    with model_client(request.allowance) as client:
        told = json_http.ask(client, asked)
    inputs, outputs = _tensor_types(told, "inputs"), _tensor_types(told, "outputs")
    sources = _plain(settings.inputs)
    return TellsSchemas(
        input=inputs and input_schema(sources, inputs),
        output=outputs and output_schema(sources, settings.outputs, outputs),
    )


def _asked(
    settings: OipV2Settings,
    read_secret: SecretReader,
    what: str,
    timeout_s: float,
    body: JsonObject | None = None,
) -> json_http.Asked:
    key = read_secret(settings.key_name) if settings.key_name else ""
    version = f"/versions/{settings.model_version}" if settings.model_version else ""
    return json_http.Asked(
        url=f"{settings.base_url}/v2/models/{settings.model}{version}{what}",
        setting="base_url",
        timeout_s=timeout_s,
        body=body,
        key=key,
        headers={"Authorization": f"Bearer {key}"} if key else {},
    )


def _written(name: str, source: OipTensorSource, value: JsonObject) -> JsonObject:
    tensor = tensor_from(source.model_dump(), value)
    wanted = KINDS.get(source.datatype, "number")
    if wrong := {_kind(entry) for entry in tensor.data} - {wanted}:
        raise ValueError(f"{name} takes {source.datatype}; found {min(wrong)}")
    return {
        "name": name,
        "shape": tensor.shape,
        "datatype": source.datatype,
        "data": tensor.data,
    }


def _kind(entry: object) -> str:
    match entry:
        case bool():
            return "boolean"
        case str():
            return "string"
        case _:
            return "number"


def _plain(inputs: Mapping[str, OipTensorSource]) -> dict[str, dict[str, Any]]:
    return {name: source.model_dump() for name, source in inputs.items()}


def _read(answer: object) -> dict[str, Any]:
    try:
        return {each["name"]: _nested(each) for each in answer["outputs"]}  # type: ignore[index]
    except (KeyError, TypeError, AttributeError):
        raise ModelAnswerInvalid(
            "The answer is none of the Open Inference Protocol: `outputs` with name, "
            "shape and data was expected."
        ) from None


def _nested(told: JsonObject) -> Any:  # noqa: ANN401 - nested lists
    shape, data = told["shape"], told["data"]
    if not all(isinstance(length, int) for length in shape):
        raise TypeError
    try:
        # Servers send data flat or nested; its entries come in the same order.
        flat = flatten(data, told["name"]).data
        return nest(Tensor(shape, flat))
    except ValueError as error:
        raise ModelAnswerInvalid(
            f"The tensor '{told['name']}' cannot be read: {error}."
        ) from None


def _tensor_types(told: object, which: str) -> dict[str, TensorType] | None:
    """What metadata says about tensors; None if it says nothing that can be read."""
    try:
        return {
            str(each["name"]): TensorType(_json_type(each["datatype"]), each["shape"])
            for each in told[which]  # type: ignore[index]
        }
    except (KeyError, TypeError):
        return None


def _json_type(datatype: str) -> str:
    return KINDS.get(datatype) or ("number" if datatype in NUMBERS else "integer")
