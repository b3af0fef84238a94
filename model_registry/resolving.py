"""From the name in a flow to the version that answers."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from model_registry.errors import AliasNotFound, ModelNotFound
from model_registry.json_values import JsonObject
from model_registry.models import Alias, Model, ModelVersion

FRESH_S = 0.5
MOST = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolvedModel:
    """A version with all that a call needs; plain values, no row."""

    model: str
    version: int
    adapter: str
    settings: JsonObject
    runs: str
    capability: str
    input_schema: JsonObject
    output_schema: JsonObject
    digest: str
    queue: str = ""


Name = tuple[UUID, str, str]


class Resolver:
    """Remembers answers for half a second, so that a moved alias counts at once."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._known: dict[Name, tuple[float, ResolvedModel]] = {}

    def resolve(self, name: Name) -> ResolvedModel:
        """Answer from memory while that is fresh, else from the database."""
        now = self._clock()
        until, resolved = self._known.get(name, (0.0, None))
        if resolved is not None and now < until:
            return resolved
        resolved = _read(*name)
        if len(self._known) >= MOST:
            self.forget()
        self._known[name] = (now + FRESH_S, resolved)
        return resolved

    def forget(self) -> None:
        """Read everything again."""
        self._known = {}


_RESOLVER = Resolver()
forget = _RESOLVER.forget


def resolve(workspace_id: UUID, model: str, alias: str) -> ResolvedModel:
    """Find the version that `alias` of `model` points at, at most half a second old.

    Raises: ModelNotFound, AliasNotFound.
    """
    return _RESOLVER.resolve((workspace_id, model, alias))


def resolve_version(workspace_id: UUID, model: str, number: int) -> ResolvedModel:
    """Find a version that was resolved before, whatever aliases point at now.

    Raises: ModelNotFound.
    """
    versions = ModelVersion.objects.select_related("model")
    found = versions.filter(
        model__workspace_id=workspace_id, model__name=model, number=number
    ).first()
    if found is None:
        raise ModelNotFound(f"There is no version {number} of a model {model!r}.")
    return _resolved(found, found.model)


def model_names(workspace_id: UUID) -> dict[str, frozenset[str]]:
    """Map the name of each model in the workspace to the names of its aliases."""
    rows = Model.objects.filter(workspace_id=workspace_id).values_list(
        "name", "aliases__name"
    )
    names: dict[str, set[str]] = {}
    for model, alias in rows:
        names.setdefault(model, set()).update({alias} - {None})
    return {model: frozenset(aliases) for model, aliases in names.items()}


def queue_names(workspace_id: UUID) -> frozenset[str]:
    """The queues that versions of the workspace's models ask for."""
    versions = ModelVersion.objects.filter(model__workspace_id=workspace_id)
    named = versions.exclude(queue="").values_list("queue", flat=True)
    return frozenset(named.distinct())


def _read(workspace_id: UUID, model: str, alias: str) -> ResolvedModel:
    try:
        found = Alias.objects.select_related("version", "model").get(
            model__workspace_id=workspace_id, model__name=model, name=alias
        )
    except Alias.DoesNotExist:
        raise _missing(workspace_id, model, alias) from None
    return _resolved(found.version, found.model)


def _resolved(version: ModelVersion, owner: Model) -> ResolvedModel:
    return ResolvedModel(
        model=owner.name,
        version=version.number,
        adapter=version.adapter,
        settings=version.settings,
        runs=version.runs,
        capability=owner.capability,
        input_schema=owner.input_schema,
        output_schema=owner.output_schema,
        digest=version.digest,
        queue=version.queue,
    )


def _missing(
    workspace_id: UUID, model: str, alias: str
) -> ModelNotFound | AliasNotFound:
    names = model_names(workspace_id)
    if model not in names:
        known = ", ".join(sorted(names)) or "none"
        return ModelNotFound(f"There is no model {model!r}. Registered are: {known}.")
    known = ", ".join(sorted(names[model])) or "none"
    return AliasNotFound(f"The model {model} has no alias {alias!r}. It has: {known}.")
