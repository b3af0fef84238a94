"""Models, what they may be used for, and where their aliases point."""

from dataclasses import asdict
from typing import Any, ClassVar

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from flows.api import model_formats as formats
from flows.api.answers import page_of
from flows.api.base import ApiView, read
from flows.api.description import described
from flows.api.model_answers import (
    alias_moved,
    model_detail,
    model_summary,
    received_summary,
)
from flows.api.pagination import page
from flows.selectors import moment_text
from model_registry import api as registry
from orchestrator_site.accounts.api import Permission


class ModelsView(ApiView):
    needs: ClassVar = {"GET": Permission.MODEL_VIEW, "POST": Permission.MODEL_REGISTER}

    @described(
        "models_list",
        "List models, own and shared ones, newest first",
        parameters=(formats.ModelFilters,),
        gives={200: page_of(formats.ModelSummary)},
        problems=(400,),
    )
    def get(self, request: Request) -> Response:
        asked = read(formats.ModelFilters, request.query_params.dict())
        narrowed = {name: asked[name] for name in registry.ModelFilter.__slots__}
        grants = registry.grants_by_model(self.workspace)
        found = registry.list_models(
            self.workspace, registry.ModelFilter(**narrowed), grants
        )

        def present(model: registry.Model) -> dict[str, Any]:
            grant = grants.get(model.pk)
            return received_summary(grant, model) if grant else model_summary(model)

        return Response(page(found, present, asked))

    @described(
        "models_register",
        "Register a model, or a further version of one, as a draft",
        takes=formats.NewModel,
        gives={200: formats.Registered, 201: formats.Registered},
        problems=(400, 409, 413, 415, 422),
    )
    def post(self, request: Request) -> Response:
        asked = read(formats.NewModel, request.data)
        manifest = registry.check_manifest(asked["manifest"])
        similar = registry.find_similar(self.workspace, manifest)
        version, created = registry.register(
            self.workspace,
            manifest,
            self.principal.actor,
            may_govern=self.principal.can(Permission.MODEL_APPROVE),
            may_move=self.principal.can(Permission.MODEL_MOVE_ALIAS),
        )
        answer = {
            "model": manifest.model,
            "version": version.number,
            "created": created,
            "similar": [asdict(each) for each in similar],
        }
        return Response(answer, status=201 if created else 200)


class ModelView(ApiView):
    needs: ClassVar = {"GET": Permission.MODEL_VIEW}

    @described(
        "models_get",
        "Read a model with all that is on record",
        gives={200: formats.ModelDetail},
        problems=(404,),
    )
    def get(self, _request: Request, slug: str) -> Response:
        return Response(model_detail(registry.get_model(self.workspace, slug)))


class GovernanceView(ApiView):
    needs: ClassVar = {"POST": Permission.MODEL_APPROVE}

    @described(
        "models_govern",
        "Change what a model may be used for",
        takes=formats.NewGovernance,
        gives={200: formats.ModelDetail},
        problems=(400, 404, 413, 415, 422),
    )
    def post(self, request: Request, slug: str) -> Response:
        model = registry.get_model(self.workspace, slug)
        asked = read(formats.NewGovernance, request.data)
        record = registry.check_stated(registry.GovernanceRecord, asked["governance"])
        registry.govern(model, record, actor=self.principal.actor)
        return Response(model_detail(registry.get_model(self.workspace, slug)))


class AliasesView(ApiView):
    needs: ClassVar = {
        "GET": Permission.MODEL_VIEW,
        "POST": Permission.MODEL_MOVE_ALIAS,
    }

    @described(
        "models_moves",
        "List the moves of a model's aliases, the last one first",
        parameters=(formats.MoveFilters,),
        gives={200: page_of(formats.AliasMoved)},
        problems=(400, 404),
    )
    def get(self, request: Request, slug: str) -> Response:
        model = registry.get_model(self.workspace, slug)
        asked = read(formats.MoveFilters, request.query_params.dict())
        moves = registry.list_moves(model)
        if "alias" in asked:
            moves = moves.filter(alias=asked["alias"])
        return Response(page(moves, alias_moved, asked))

    @described(
        "models_move_alias",
        "Let an alias point at another version",
        takes=formats.NewAlias,
        gives={200: formats.AliasTarget},
        problems=(400, 404, 413, 415, 422),
    )
    def post(self, request: Request, slug: str) -> Response:
        model = registry.get_model(self.workspace, slug)
        asked = read(formats.NewAlias, request.data)
        alias = registry.move_alias(
            self.workspace,
            model.name,
            asked["alias"],
            asked["version"],
            actor=self.principal.actor,
            reason=asked["reason"],
        )
        answer = {
            "alias": alias.name,
            "version": alias.version.number,
            "at": moment_text(alias.moved_at),
        }
        return Response(answer)


class AliasView(ApiView):
    needs: ClassVar = {"GET": Permission.MODEL_VIEW}

    @described(
        "models_alias_at",
        "Say which version an alias pointed at",
        parameters=(formats.MomentRequest,),
        gives={200: formats.AliasTarget},
        problems=(400, 404),
    )
    def get(self, request: Request, slug: str, alias: str) -> Response:
        model = registry.get_model(self.workspace, slug)
        asked = read(formats.MomentRequest, request.query_params.dict())
        moment = asked.get("at") or timezone.now()
        version = registry.version_at(model, alias, moment)
        answer = {
            "alias": alias,
            "version": version.number if version else None,
            "at": moment_text(moment),
        }
        return Response(answer)
