"""From the name in a flow to the version that answers."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, UUIDField
from django.utils import timezone

from model_registry.adapters.registry import reaches_outside
from model_registry.errors import AliasNotFound, ModelNotFound
from model_registry.facts import PersonFacts, PriceTerms
from model_registry.governance import Governance
from model_registry.guarding.breaker import Opened
from model_registry.guarding.limits import BY_RUNS, Limits
from model_registry.json_values import JsonObject
from model_registry.models import Alias, Grant, Model, ModelVersion, Price
from model_registry.pricing import price_at
from orchestrator_site.prepared import Given, Prepared

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

    `workspace_id` is the owner's, whose credentials the call uses: a granted model
    belongs to another workspace than the one that asks. A `person` has no adapter.
    Without a `guard` it is called at once, by whoever asks. With `is_external` a call
    leaves the installation.
    """

    workspace_id: UUID
    model_id: UUID
    version_id: UUID
    kind: str
    model: str
    version: int
    adapter: str
    is_external: bool
    settings: JsonObject
    runs: str
    capability: str
    input_schema: JsonObject
    output_schema: JsonObject
    digest: str
    governance: Governance
    prices: tuple[PriceTerms, ...] = ()
    queue: str = ""
    guard: Guard | None = None
    person: PersonFacts | None = None

    def price_at(self, moment: datetime) -> PriceTerms | None:
        """Give the price of a call that starts at `moment`; None if none is set."""
        return price_at(self.prices, moment)


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


def resolve_all(
    workspace_id: UUID, models: Iterable[str]
) -> dict[tuple[str, str], ResolvedModel]:
    """Find by model and alias what all aliases of these models point at, read anew."""
    found = (
        _aliases()
        .prefetch_related("version__prices")
        .filter(
            model__in=Model.objects.filter(_usable(workspace_id), name__in=list(models))
        )
    )
    return {
        (alias.version.model.name, alias.name): resolved_of(alias.version)
        for alias in found
    }


def resolve_version(workspace_id: UUID, model: str, number: int) -> ResolvedModel:
    """Find a version that was resolved before, whatever aliases point at now.

    Raises: ModelNotFound.
    """
    found = (
        whole_versions()
        .filter(model__in=_named(workspace_id, model), number=number)
        .first()
    )
    if found is None:
        raise ModelNotFound(f"There is no version {number} of a model {model!r}.")
    return resolved_of(found)


def model_names(workspace_id: UUID) -> dict[str, frozenset[str]]:
    """Map the name of each model that the workspace may call to its aliases' names."""
    rows = Model.objects.filter(_usable(workspace_id)).values_list(
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
    found = ALIAS.first(workspace=workspace_id, model=model, alias=alias)
    if found is None:
        raise _missing(workspace_id, model, alias)
    return resolved_of(found.version, PRICES.rows(version=found.version_id))


def _aliases() -> QuerySet[Alias]:
    """Aliases with what calling what they point at takes, but for prices."""
    return Alias.objects.select_related(
        "version__standing", "version__health", "version__model__limits"
    )


def _named(workspace_id: UUID | Given, name: str | Given) -> QuerySet[Model]:
    """The model that the workspace calls by this name."""
    return Model.objects.filter(_usable(workspace_id), name=name)


# The conductor asks every half second for each model in use, while its runs wait.
ALIAS = Prepared(
    lambda: _aliases().filter(
        model__in=_named(Given("workspace", UUIDField()), Given("model", CharField())),
        name=Given("alias", CharField()),
    )
)
PRICES = Prepared(lambda: Price.objects.filter(version=Given("version", UUIDField())))


def _usable(workspace_id: UUID | Given) -> Q:
    """Own models, and granted ones whose name no own model has."""
    grants = Grant.objects.filter(workspace_id=workspace_id, model=OuterRef("pk"))
    own = Model.objects.filter(workspace_id=workspace_id, name=OuterRef("name"))
    return Q(workspace_id=workspace_id) | (Exists(grants) & ~Exists(own))


def whole_versions() -> QuerySet[ModelVersion]:
    """Versions with all that `resolved_of` reads."""
    rows = ModelVersion.objects.select_related("model__limits", "standing", "health")
    return rows.prefetch_related("prices")


def resolved_of(
    version: ModelVersion, prices: Iterable[Price] | None = None
) -> ResolvedModel:
    """The values of a row, with those of its model; `prices` if they have been read."""
    owner = version.model
    return ResolvedModel(
        workspace_id=owner.workspace_id,
        model_id=owner.pk,
        version_id=version.pk,
        kind=owner.kind,
        model=owner.name,
        version=version.number,
        adapter=version.adapter,
        is_external=not owner.who and reaches_outside(version.adapter),
        settings=version.settings,
        runs=version.runs,
        capability=owner.capability,
        input_schema=owner.input_schema,
        output_schema=owner.output_schema,
        digest=version.digest,
        governance=_governance(version, owner),
        prices=tuple(map(_terms, version.prices.all() if prices is None else prices)),
        queue=version.queue,
        guard=_guard(version, owner),
        person=_person(owner) if owner.who else None,
    )


def _person(owner: Model) -> PersonFacts:
    """As it was checked when it was stored."""
    return PersonFacts.model_construct(
        who=owner.who,
        rate_usd_micros_per_minute=owner.rate_usd_micros_per_minute,
        expected_wait_s=owner.expected_wait_s,
        accuracy=owner.accuracy,
    )


def _guard(version: ModelVersion, owner: Model) -> Guard | None:
    own = getattr(owner, "limits", None)
    limits = own.as_limits if own else BY_RUNS.get(version.runs)
    return None if limits is None else Guard(limits, _opened(version))


def _opened(version: ModelVersion) -> Opened | None:
    health = getattr(version, "health", None)
    if health is None or not health.breaker_generation:
        return None
    until = health.breaker_until
    left_s = (until - timezone.now()).total_seconds() if until else 0.0
    return Opened(health.breaker_generation, max(left_s, 0.0))


def _governance(version: ModelVersion, owner: Model) -> Governance:
    return Governance(
        status=version.standing.status,
        provider=owner.provider,
        region=owner.region,
        data_class=owner.data_class,
        retention=owner.retention,
        trains_on_data=owner.trains_on_data,
        risk_class=owner.risk_class,
        review_by=owner.review_by,
    )


def _terms(price: Price) -> PriceTerms:
    return PriceTerms(
        valid_from=price.valid_from,
        input_usd_per_million=price.input_usd_per_million,
        output_usd_per_million=price.output_usd_per_million,
        usd_micros_per_call=price.usd_micros_per_call,
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
