"""From the name in a flow to the version that answers."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from model_registry.errors import AliasNotFound, ModelNotFound
from model_registry.guarding.breaker import Opened
from model_registry.guarding.limits import BY_RUNS, Limits
from model_registry.json_values import JsonObject
from model_registry.models import Alias, Model, ModelVersion

CHAMPION = "champion"
FRESH_S = 0.5
MOST = 4096


@dataclass(frozen=True, slots=True)
class Guard:
    """What a call has to respect, and what workers have found about the version."""

    limits: Limits
    opened: Opened | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolvedModel:
    """A version with all that a call needs; plain values, no row.

    Without a `guard` it is called at once, by whoever asks.
    """

    workspace_id: UUID
    model_id: UUID
    version_id: UUID
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
    guard: Guard | None = None


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
    versions = ModelVersion.objects.select_related("model__limits", "health")
    found = versions.filter(
        model__workspace_id=workspace_id, model__name=model, number=number
    ).first()
    if found is None:
        raise ModelNotFound(f"There is no version {number} of a model {model!r}.")
    return resolved_of(found)


def model_names(workspace_id: UUID) -> dict[str, frozenset[str]]:
    """Map the name of each model in the workspace to the names of its aliases."""
    rows = Model.objects.filter(workspace_id=workspace_id).values_list(
        "name", "aliases__name"
    )
    names: dict[str, set[str]] = {}
    for model, alias in rows:
        names.setdefault(model, set()).update({alias} - {None})
    return {model: frozenset(aliases) for model, aliases in names.items()}


def _read(workspace_id: UUID, model: str, alias: str) -> ResolvedModel:
    try:
        found = Alias.objects.select_related(
            "version__health", "version__model__limits"
        ).get(model__workspace_id=workspace_id, model__name=model, name=alias)
    except Alias.DoesNotExist:
        raise _missing(workspace_id, model, alias) from None
    return resolved_of(found.version)


def resolved_of(version: ModelVersion) -> ResolvedModel:
    """The values of a row, with those of its model."""
    owner = version.model
    return ResolvedModel(
        workspace_id=owner.workspace_id,
        model_id=owner.pk,
        version_id=version.pk,
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
        guard=_guard(version, owner),
    )


def _guard(version: ModelVersion, owner: Model) -> Guard | None:
    own = getattr(owner, "limits", None)
    limits = own.as_limits if own else BY_RUNS[version.runs]
    return None if limits is None else Guard(limits, _opened(version))


def _opened(version: ModelVersion) -> Opened | None:
    health = getattr(version, "health", None)
    if health is None or not health.breaker_generation:
        return None
    until = health.breaker_until
    left_s = (until - timezone.now()).total_seconds() if until else 0.0
    return Opened(health.breaker_generation, max(left_s, 0.0))


def _missing(
    workspace_id: UUID, model: str, alias: str
) -> ModelNotFound | AliasNotFound:
    names = model_names(workspace_id)
    if model not in names:
        known = ", ".join(sorted(names)) or "none"
        return ModelNotFound(f"There is no model {model!r}. Registered are: {known}.")
    known = ", ".join(sorted(names[model])) or "none"
    return AliasNotFound(f"The model {model} has no alias {alias!r}. It has: {known}.")
