"""What calls of a model took and cost, how good they were, and how the model is."""

from typing import ClassVar

from rest_framework.request import Request
from rest_framework.response import Response

from flows.api import figures_formats as formats
from flows.api.base import ApiView, read
from flows.api.description import described
from flows.api.figures_answers import figures_document, health_document
from model_registry import api as registry
from orchestrator_site.accounts.api import Permission


class FiguresView(ApiView):
    needs: ClassVar = {"GET": Permission.MODEL_VIEW}

    @described(
        "models_figures",
        "Read what calls of a model took and cost, and how good they were",
        parameters=(formats.PeriodRequest,),
        gives={200: formats.ModelFiguresDetail},
        problems=(400, 404),
    )
    def get(self, request: Request, slug: str) -> Response:
        model = registry.get_model(self.workspace, slug)
        asked = read(formats.PeriodRequest, request.query_params.dict())
        report = registry.report_of(model, registry.PERIODS[asked["period"]])
        return Response(figures_document(model, report))


class HealthView(ApiView):
    needs: ClassVar = {"GET": Permission.MODEL_VIEW}

    @described(
        "models_health",
        "Read whether a model can be called, and what changed",
        gives={200: formats.ModelHealthDetail},
        problems=(404,),
    )
    def get(self, _request: Request, slug: str) -> Response:
        return Response(health_document(registry.get_model(self.workspace, slug)))
