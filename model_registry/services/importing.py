"""Taking over the models that a server behind the OpenAI protocol lists."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import TextChoices

from model_registry.errors import ImportRefused
from model_registry.json_values import JsonObject
from model_registry.manifest import check_manifest
from model_registry.models import Model, ModelVersion
from model_registry.served import Source, list_served
from model_registry.services.describing import set_owner
from model_registry.services.registering import register
from orchestrator_site.accounts.api import User, Workspace

LONGEST_NAME = 64
REDIRECTS = (301, 302, 303, 307, 308)
USUALLY = "It usually ends in /v1."
TEXT = {
    "type": "object",
    "required": ["text"],
    "properties": {"text": {"type": "string"}},
}
EMBEDS = re.compile(r"embed|(^|[-_/])(bge|e5|gte|minilm)([-_.]|$)", re.IGNORECASE)


class ImportKind(TextChoices):
    """What a model of such a server is asked for."""

    CHAT = "chat", "Chat"
    EMBEDDINGS = "embeddings", "Embeddings"


ADAPTERS = {
    ImportKind.CHAT: "openai_chat",
    ImportKind.EMBEDDINGS: "openai_embeddings",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A model that a server lists.

    `name` is what it would be called here, `kind` what its own name lets one think it
    is, `registered` the models here that call it already, by what for.
    """

    id: str
    name: str
    kind: ImportKind
    registered: Mapping[ImportKind, str]


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a chosen model; `is_new` is false where it was there already."""

    id: str
    model: str
    is_new: bool


def list_offers(workspace: Workspace, source: Source) -> list[Offer]:
    """Ask a server which models it has; blocks, and changes nothing.

    Raises: ImportRefused
    """
    served = list_served(workspace, source)
    known = _registered(workspace, source.base_url)
    taken = set(Model.objects.in_workspace(workspace).values_list("name", flat=True))
    offers = []
    for each in served:
        name = _free_name(each, taken)
        taken.add(name)
        kind = ImportKind.EMBEDDINGS if EMBEDS.search(each) else ImportKind.CHAT
        offers.append(
            Offer(id=each, name=name, kind=kind, registered=known.get(each, {}))
        )
    return offers


def import_models(
    workspace: Workspace,
    source: Source,
    chosen: Mapping[str, ImportKind | None],
    *,
    actor: str,
    owner: User | None = None,
) -> list[Imported]:
    """Register chosen models as drafts, all or none; those that are there are left.

    `chosen` maps what the server calls them to what they are asked for; None takes what
    the name says.
    Raises: ImportRefused
    """
    offers = {offer.id: offer for offer in list_offers(workspace, source)}
    _require_offered(chosen, offers)
    with transaction.atomic():
        return [
            _import(
                workspace,
                _document(offers[each], kind or offers[each].kind, source),
                offers[each].registered.get(kind or offers[each].kind),
                actor=actor,
                owner=owner,
            )
            for each, kind in chosen.items()
        ]


def _import(
    workspace: Workspace,
    document: JsonObject,
    known: str | None,
    *,
    actor: str,
    owner: User | None,
) -> Imported:
    served_as = document["version"]["settings"]["model"]
    if known is not None:
        return Imported(served_as, known, is_new=False)
    version, _ = register(workspace, check_manifest(document), actor, may_move=False)
    if owner is not None:
        set_owner(version.model, owner, actor=actor)
    return Imported(served_as, version.model.name, is_new=True)


def _document(offer: Offer, kind: ImportKind, source: Source) -> JsonObject:
    """The manifest; what may be sent to the model is for people to say."""
    settings: JsonObject = {"base_url": source.base_url, "model": offer.id}
    if source.credential:
        settings["credential"] = source.credential
    if kind is ImportKind.CHAT:
        settings["prompt"] = "{{ input.text }}"
        capability = "chat"
        answer: JsonObject = {"answer": {"type": "string"}}
    else:
        settings["text"] = "{{ input.text }}"
        capability = "embed"
        answer = {"vector": {"type": "array", "items": {"type": "number"}}}
    output: JsonObject = {
        "type": "object",
        "required": list(answer),
        "properties": answer,
    }
    if kind is ImportKind.CHAT:
        output["additionalProperties"] = False  # servers of such models ask for it
    return {
        "model": offer.name,
        "capability": capability,
        "description": f"{offer.id}, imported from {urlsplit(source.base_url).netloc}.",
        "input_schema": TEXT,
        "output_schema": output,
        "version": {"adapter": ADAPTERS[kind], "settings": settings},
    }


def _registered(
    workspace: Workspace, base_url: str
) -> dict[str, dict[ImportKind, str]]:
    """Which models here call which of the server's, and what for."""
    kinds = {adapter: kind for kind, adapter in ADAPTERS.items()}
    versions = ModelVersion.objects.filter(
        model__workspace=workspace,
        adapter__in=list(kinds),
        settings__base_url=base_url,
    ).order_by("model__name", "number")
    found: dict[str, dict[ImportKind, str]] = {}
    for adapter, served_as, name in versions.values_list(
        "adapter", "settings__model", "model__name"
    ):
        found.setdefault(served_as, {}).setdefault(kinds[adapter], name)
    return found


def _free_name(served_as: str, taken: Collection[str]) -> str:
    """A name of ours that reads like the server's, and is nobody else's."""
    words = re.sub(r"[^a-z0-9_-]+", "-", served_as.lower()).strip("-_")
    if not words[:1].isalpha():
        words = f"model-{words}".rstrip("-")
    name = words[:LONGEST_NAME].rstrip("-_")
    number = 1
    while name in taken:
        number += 1
        ending = f"-{number}"
        name = words[: LONGEST_NAME - len(ending)].rstrip("-_") + ending
    return name


def _require_offered(chosen: Collection[str], offers: Collection[str]) -> None:
    if not chosen:
        raise ImportRefused("Choose at least one model.", place="models")
    if missing := sorted(set(chosen) - set(offers)):
        raise ImportRefused(
            f"The server lists no {missing[0]!r}. List its models and choose again.",
            place="models",
        )
