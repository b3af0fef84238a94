"""Which models a server behind the OpenAI protocol has, by its own list of them."""

from dataclasses import dataclass

import orjson
from pydantic import TypeAdapter, ValidationError

from model_registry.adapters.failures import of_status, read_reason, without_answer
from model_registry.adapters.settings import BaseUrl
from model_registry.credentials import read_secret
from model_registry.errors import ImportRefused, ModelUnavailable
from model_registry.json_values import is_text
from model_registry.words import sentence
from orchestrator_site.accounts.api import Workspace
from orchestrator_site.egress.api import (
    EgressError,
    Request,
    installation_allowance,
    send,
)

TIMEOUT_S = 15.0
MOST_BYTES = 4_000_000
MOST_MODELS = 800
LONGEST_ID = 200
REDIRECTS = (301, 302, 303, 307, 308)
USUALLY = "It usually ends in /v1."


@dataclass(frozen=True, slots=True)
class Source:
    """A server, and the stored credential that it asks for; empty if it needs none."""

    base_url: str
    credential: str = ""


def read_source(base_url: str, credential: str = "") -> Source:
    """Take an address as somebody typed it; that of the list itself will do.

    Raises: ImportRefused
    """
    try:
        checked = TypeAdapter(BaseUrl).validate_python(base_url.strip())
    except ValidationError as error:
        said = sentence(error.errors()[0])
        raise ImportRefused(f"The address {said}", place="base_url") from None
    return Source(checked.removesuffix("/models"), credential)


def list_served(workspace: Workspace, source: Source) -> list[str]:
    """Ask a server which models it has, by its names for them; blocks.

    Raises: ImportRefused
    """
    return _ids(_ask(workspace, source))


def _ask(workspace: Workspace, source: Source) -> bytes:
    """The body of a good answer. Raises: ImportRefused."""
    key, headers = "", {"Accept": "application/json"}
    if source.credential:
        try:
            key = read_secret(workspace.pk, source.credential)
        except ModelUnavailable as error:
            raise ImportRefused(error.message, place="credential") from None
        headers["Authorization"] = f"Bearer {key}"
    asked = Request(
        method="GET",
        url=f"{source.base_url}/models",
        headers=headers,
        timeout_s=TIMEOUT_S,
        max_bytes=MOST_BYTES,
        answers=REDIRECTS,
    )
    try:
        answer = send(asked, installation_allowance())
    except EgressError as error:
        met = without_answer(error, TIMEOUT_S)
        raise ImportRefused(met.message, place="base_url") from None
    if answer.status // 100 == 2:
        return answer.body
    said = of_status(
        answer.status, read_reason(answer.body), key=key, setting="base_url"
    )
    raise _refused(answer.status, said.message, has_key=bool(key))


def _refused(status: int, said: str, *, has_key: bool) -> ImportRefused:
    if status in {401, 403}:
        advice = (
            "Exchange the credential, or choose another one."
            if has_key
            else "Choose a credential that holds its key."
        )
        return ImportRefused(f"{said} {advice}", place="credential")
    if status == 404:
        said = f"{said} There is no list of models: correct the address. {USUALLY}"
    return ImportRefused(said, place="base_url")


def _ids(body: bytes) -> list[str]:
    """The names in an answer, each once. Raises: ImportRefused."""
    try:
        listed = orjson.loads(body)["data"]
        ids = list(dict.fromkeys(entry["id"] for entry in listed))
    except (ValueError, TypeError, KeyError):
        raise ImportRefused(
            f"The answer is no list of models: correct the address. {USUALLY}",
            place="base_url",
        ) from None
    if len(ids) > MOST_MODELS:
        raise ImportRefused(
            f"The server lists {len(ids):,} models; at most {MOST_MODELS} are shown. "
            "Register those you want by the form or a manifest.",
            place="base_url",
        )
    for each in ids:
        if not isinstance(each, str) or not 0 < len(each) <= LONGEST_ID:
            raise _unusable_id(each)
        if not (is_text(each) and each.isprintable()):
            raise _unusable_id(each)
    return sorted(ids)


def _unusable_id(given: object) -> ImportRefused:
    return ImportRefused(
        f"The server lists a model by the name {str(given)[:40]!r}, which no model can "
        "have. Register those you want by the form or a manifest.",
        place="base_url",
    )
