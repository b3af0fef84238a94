"""Files of models that a workspace keeps: uploaded, listed and deleted."""

from typing import ClassVar

from rest_framework.request import Request
from rest_framework.response import Response

from flows.api import model_formats as formats
from flows.api.answers import page_of
from flows.api.base import ApiView, read
from flows.api.description import described
from flows.api.model_answers import artefact_detail
from flows.api.pagination import page
from flows.api.parsers import ArtefactParser
from flows.api.requests import PageRequest
from model_registry import api as registry
from orchestrator_site.accounts.api import Permission


class ArtefactsView(ApiView):
    needs: ClassVar = {
        "GET": Permission.MODEL_VIEW,
        "POST": Permission.MODEL_REGISTER,
    }
    parser_classes = (ArtefactParser,)

    @described(
        "artefacts_list",
        "List uploaded files of models, newest first",
        parameters=(PageRequest,),
        gives={200: page_of(formats.ArtefactDetail)},
        problems=(400,),
    )
    def get(self, request: Request) -> Response:
        asked = read(PageRequest, request.query_params.dict())
        found = registry.list_artefacts(self.workspace)
        return Response(page(found, artefact_detail, asked))

    @described(
        "artefacts_upload",
        "Upload a file of a model; one that is there already stays as it is",
        takes={ArtefactParser.media_type: formats.NewArtefact},
        gives={200: formats.ArtefactDetail, 201: formats.ArtefactDetail},
        problems=(400, 411, 413, 415, 422),
    )
    def post(self, request: Request) -> Response:
        given = read(formats.NewArtefact, request.data)["file"]
        artefact, is_new = registry.add_artefact(
            self.workspace, given.name, given.chunks(), actor=self.principal.actor
        )
        return Response(artefact_detail(artefact), status=201 if is_new else 200)


class ArtefactView(ApiView):
    http_method_names = ["get", "head", "delete"]
    needs: ClassVar = {
        "GET": Permission.MODEL_VIEW,
        "DELETE": Permission.MODEL_REGISTER,
    }

    @described(
        "artefacts_get",
        "Read what an uploaded file is",
        gives={200: formats.ArtefactDetail},
        problems=(404,),
    )
    def get(self, _request: Request, sha256: str) -> Response:
        return Response(artefact_detail(registry.get_artefact(self.workspace, sha256)))

    @described(
        "artefacts_delete",
        "Delete an uploaded file that no version names",
        gives={200: formats.ArtefactDetail},
        problems=(404, 409),
    )
    def delete(self, _request: Request, sha256: str) -> Response:
        deleted = registry.delete_artefact(
            self.workspace, sha256, actor=self.principal.actor
        )
        return Response(artefact_detail(deleted))
