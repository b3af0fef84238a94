"""Which other workspaces may use a model."""

from typing import ClassVar
from uuid import UUID

from django.shortcuts import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from flows.api import model_formats as formats
from flows.api.answers import page_of
from flows.api.base import ApiView, read
from flows.api.description import described
from flows.api.model_answers import grant_detail
from flows.api.pagination import page
from flows.api.refusals import WorkspaceOutOfReach
from flows.api.requests import PageRequest
from model_registry import api as registry
from orchestrator_site.accounts.api import (
    Permission,
    Principal,
    Workspace,
    workspaces_of,
)


class GrantsView(ApiView):
    needs: ClassVar = {"GET": Permission.MODEL_VIEW, "POST": Permission.MODEL_SHARE}

    @described(
        "models_grants",
        "List who else may use a model",
        parameters=(PageRequest,),
        gives={200: page_of(formats.GrantDetail)},
        problems=(400, 404),
    )
    def get(self, request: Request, slug: str) -> Response:
        model = registry.get_model(self.workspace, slug)
        asked = read(PageRequest, request.query_params.dict())
        return Response(page(registry.list_given(model), grant_detail, asked))

    @described(
        "models_grant",
        "Let another workspace use a model",
        takes=formats.NewGrant,
        gives={201: formats.GrantDetail},
        problems=(400, 404, 409, 413, 415, 422),
    )
    def post(self, request: Request, slug: str) -> Response:
        model = registry.get_model(self.workspace, slug)
        asked = read(formats.NewGrant, request.data)
        grant = registry.grant_model(
            model,
            workspace_in_reach(self.principal, asked["workspace"]),
            registry.Grant.Access(asked["access"]),
            actor=self.principal.actor,
        )
        return Response(grant_detail(grant), status=201)


class GrantWithdrawalView(ApiView):
    needs: ClassVar = {"POST": Permission.MODEL_SHARE}

    @described(
        "models_withdraw_grant",
        "Stop another workspace from using a model",
        gives={200: formats.GrantDetail},
        problems=(404,),
    )
    def post(self, _request: Request, slug: str, grant_id: UUID) -> Response:
        model = registry.get_model(self.workspace, slug)
        grant = get_object_or_404(registry.list_given(model), pk=grant_id)
        answer = grant_detail(grant)
        registry.withdraw_grant(grant, actor=self.principal.actor)
        return Response(answer)


def workspace_in_reach(principal: Principal, slug: str) -> Workspace:
    """A workspace that the person is a member of; others do not exist for them."""
    if principal.user is not None:
        found = workspaces_of(principal.user).filter(slug=slug).first()
        if found is not None:
            return found
    raise WorkspaceOutOfReach(slug)
