"""Model manifests: YAML text to a value, with every problem named by its place."""

from collections.abc import Hashable, Iterator
from typing import Annotated, Any, Literal, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from yaml.nodes import MappingNode, Node, ScalarNode

from model_registry.adapters.registry import adapter_names, find_adapter
from model_registry.errors import ManifestInvalid
from model_registry.facts import (
    Card,
    Description,
    GovernanceRecord,
    PersonFacts,
    PriceTerms,
    Slug,
    Tags,
)
from model_registry.json_values import JsonObject, not_json
from model_registry.schemas import schema_problem
from model_registry.words import sentences

MAX_BYTES = 256 * 1024
MAX_DEPTH = 40
QueueName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
StatedT = TypeVar("StatedT", bound=BaseModel)
# The queue of the bells for runs.
NO_QUEUE = "runs"


class ManifestVersion(BaseModel):
    """How the model is called, and by the workers of which queue if by special ones."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    adapter: str
    runs: Literal["loop", "wait", "cpu"]
    queue: QueueName | None = None
    settings: JsonObject

    @model_validator(mode="before")
    @classmethod
    def run_where_the_adapter_usually_does(cls, given: object) -> object:
        """Fill in `runs`."""
        if not isinstance(given, dict):
            return given
        adapter = find_adapter(given.get("adapter"))
        return {"runs": adapter.runs[0] if adapter else "cpu", **given}


class Manifest(BaseModel):
    """A model with one version of it, or a person or team, who have no version.

    What is optional and left out is not stated: an entry that exists keeps it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    model: Slug
    capability: Slug
    kind: Literal["model", "person", "team"] = "model"
    description: Description = ""
    tags: Tags = ()
    card: Card = ""
    governance: GovernanceRecord = GovernanceRecord()
    person: PersonFacts | None = None
    input_schema: JsonObject
    output_schema: JsonObject
    version: ManifestVersion | None = None
    prices: Annotated[tuple[PriceTerms, ...], Field(max_length=100)] = ()
    alias: Slug | None = None


class ManifestLoader(yaml.SafeLoader):
    """Plain YAML: no key twice, no anchors (which can blow up), no deep nesting."""

    depth = 0

    def compose_node(self, parent: Node | None, index: int) -> Node | None:
        """Build one node, if it is a plain one."""
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if getattr(event, "anchor", None) is not None:
            raise ManifestInvalid(
                [f"file: {_line(event)} has an anchor; write it out."]
            )
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise ManifestInvalid([f"file: nested more than {MAX_DEPTH} levels deep."])
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node

    def construct_mapping(
        self,
        node: MappingNode,
        deep: bool = False,  # noqa: FBT001, FBT002 - yaml's
    ) -> dict[Hashable, Any]:
        """Build a mapping whose keys are all different."""
        seen: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, ScalarNode):
                raise ManifestInvalid(
                    [f"file: {_line(key)} has a key that is no text."]
                )
            if key.value in seen:
                raise ManifestInvalid([f"file: {_line(key)} has {key.value!r} again."])
            seen.add(key.value)
        return super().construct_mapping(node, deep=deep)


def parse_manifest(text: str) -> Manifest:
    """Read a manifest.

    Raises: ManifestInvalid with all problems at once, each as `place: sentence`.
    """
    return check_manifest(_read_yaml(text))


def check_manifest(document: object) -> Manifest:
    """Take a manifest that was read already.

    Raises: ManifestInvalid with all problems at once, each as `place: sentence`.
    """
    manifest = check_stated(Manifest, document)
    if problems := list(_problems(manifest)):
        raise ManifestInvalid(problems)
    return manifest


def check_stated(kind: type[StatedT], document: object) -> StatedT:
    """Take a part of a manifest, such as a governance record.

    Raises: ManifestInvalid with all problems at once.
    """
    if problems := list(not_json(document)):
        raise ManifestInvalid(problems)
    try:
        return kind.model_validate(document)
    except ValidationError as error:
        raise ManifestInvalid(sentences(error)) from None


def _read_yaml(text: str) -> object:
    if len(text.encode()) > MAX_BYTES:
        raise ManifestInvalid([f"file: larger than {MAX_BYTES // 1024} kB."])
    try:
        return yaml.load(text, ManifestLoader)  # noqa: S506 - a stricter SafeLoader
    except (yaml.YAMLError, ValueError) as error:
        raise ManifestInvalid([f"file: not YAML: {error}"]) from None


def _problems(manifest: Manifest) -> Iterator[str]:
    for place in ("input_schema", "output_schema"):
        if problem := schema_problem(getattr(manifest, place)):
            yield f"{place}: not a JSON Schema that can be used: {problem}"
    if manifest.version is not None:
        yield from _version_problems(manifest.version)
    yield from _kind_problems(manifest)


def _kind_problems(manifest: Manifest) -> Iterator[str]:
    """A model has a version, a person can be asked; nothing is both."""
    if manifest.kind == "model":
        if manifest.version is None:
            yield "version: say how the model is called."
        if manifest.person is not None:
            yield "person: belongs to an entry whose kind is person or team."
        return
    if manifest.person is None:
        yield f"person: say who the {manifest.kind} is."
    if manifest.version is not None or manifest.prices:
        yield f"version: a {manifest.kind} is asked, not called; leave version and prices out."


def _version_problems(version: ManifestVersion) -> Iterator[str]:
    adapter = find_adapter(version.adapter)
    if adapter is None:
        yield f"version.adapter: {version.adapter!r} is none of {adapter_names()}."
        return
    if version.runs not in adapter.runs:
        allowed = ", ".join(adapter.runs)
        yield f"version.runs: {adapter.name} runs in {allowed}, not in {version.runs}."
    if version.queue and version.runs == "loop":
        yield "version.queue: a model that runs in the loop goes to no queue."
    if version.queue == NO_QUEUE:
        yield f"version.queue: {NO_QUEUE!r} is taken. Choose another name."
    try:
        adapter.settings.model_validate(version.settings)
    except ValidationError as error:
        yield from sentences(error, "version", "settings")


def _line(marked: Any) -> str:  # noqa: ANN401 - an event or a node of yaml
    return f"line {marked.start_mark.line + 1}"
