"""Taking models over from a server behind the OpenAI protocol."""

from dataclasses import asdict
from typing import Any, ClassVar

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from flows.api.answers import Answer
from flows.api.base import ApiView, read
from flows.api.description import described
from flows.api.fields import ObjectField
from flows.api.requests import StrictSerializer
from model_registry import api as registry
from orchestrator_site.accounts.api import Permission

KINDS = registry.ImportKind.choices


class ModelSource(StrictSerializer):
    """A server; whoever runs Baton has to have allowed its origin."""

    base_url = serializers.CharField(
        max_length=500, help_text="Such as https://models.example/v1."
    )
    credential = serializers.CharField(
        max_length=64,
        default="",
        allow_blank=True,
        help_text="Name of the credential that holds its key, if it asks for one.",
    )


class ModelChoice(StrictSerializer):
    id = serializers.CharField(max_length=200, help_text="What the server calls it.")
    kind = serializers.ChoiceField(
        choices=KINDS, required=False, help_text="Left out: what the id lets one think."
    )


class NewImport(ModelSource):
    """Which models to register as drafts."""

    models = serializers.ListField(child=ModelChoice(), min_length=1, max_length=800)


class ModelOffer(Answer):
    id = serializers.CharField()
    name = serializers.CharField(help_text="What it would be called here.")
    kind = serializers.ChoiceField(choices=KINDS, help_text="As its id says.")
    registered = ObjectField(help_text="Kind to the model that calls it already.")


class ModelOffers(Answer):
    offers = ModelOffer(many=True)


class ImportedModel(Answer):
    id = serializers.CharField()
    model = serializers.CharField()
    is_new = serializers.BooleanField(help_text="False where it was there already.")


class ModelImport(Answer):
    models = ImportedModel(many=True)


class OffersView(ApiView):
    needs: ClassVar = {"POST": Permission.MODEL_REGISTER}

    @described(
        "models_offers",
        "Ask a server which models it has",
        takes=ModelSource,
        gives={200: ModelOffers},
        problems=(400, 413, 415, 422),
    )
    def post(self, request: Request) -> Response:
        asked = read(ModelSource, request.data)
        offers = registry.list_offers(self.workspace, registry.read_source(**asked))
        return Response({"offers": [asdict(offer) for offer in offers]})


class ImportsView(ApiView):
    needs: ClassVar = {"POST": Permission.MODEL_REGISTER}

    @described(
        "models_import",
        "Register models of a server as drafts",
        takes=NewImport,
        gives={200: ModelImport},
        problems=(400, 409, 413, 415, 422),
    )
    def post(self, request: Request) -> Response:
        asked = read(NewImport, request.data)
        chosen = {each["id"]: _kind(each) for each in asked.pop("models")}
        came = registry.import_models(
            self.workspace,
            registry.read_source(**asked),
            chosen,
            actor=self.principal.actor,
            owner=self.principal.user,
        )
        return Response({"models": [asdict(each) for each in came]})


def _kind(choice: dict[str, Any]) -> registry.ImportKind | None:
    return registry.ImportKind(choice["kind"]) if "kind" in choice else None
