"""Models that other workspaces share with this one."""

from typing import ClassVar

from rest_framework.request import Request
from rest_framework.response import Response

from flows.api import model_formats as formats
from flows.api.base import ApiView, read
from flows.api.description import described
from flows.api.model_answers import copied, received_detail
from model_registry import api as registry
from orchestrator_site.accounts.api import Permission


class SharedModelView(ApiView):
    needs: ClassVar = {"GET": Permission.MODEL_VIEW}

    @described(
        "shared_models_get",
        "Read a model that another workspace shares with this one",
        gives={200: formats.SharedModelDetail},
        problems=(404,),
    )
    def get(self, _request: Request, slug: str) -> Response:
        grant = registry.get_received(self.workspace, slug)
        return Response(received_detail(grant))


class ModelCopyView(ApiView):
    needs: ClassVar = {"POST": Permission.MODEL_REGISTER}

    @described(
        "shared_models_copy",
        "Copy a shared model into this workspace, as a draft",
        takes=formats.NewModelCopy,
        gives={201: formats.CopiedModel},
        problems=(400, 404, 409, 413, 415, 422),
    )
    def post(self, request: Request, slug: str) -> Response:
        grant = registry.get_received(self.workspace, slug)
        asked = read(formats.NewModelCopy, request.data)
        version = registry.copy_model(grant, actor=self.principal.actor, **asked)
        return Response(copied(version), status=201)
