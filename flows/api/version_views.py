"""Versions of models: how they are called, where they stand, what they cost."""

from typing import ClassVar

from rest_framework.request import Request
from rest_framework.response import Response

from flows.api import model_formats as formats
from flows.api.answers import page_of
from flows.api.base import ApiView, read
from flows.api.description import described
from flows.api.model_answers import version_detail, version_summary
from flows.api.pagination import page
from flows.api.requests import PageRequest
from model_registry import api as registry
from orchestrator_site.accounts.api import Permission


class ModelVersionsView(ApiView):
    needs: ClassVar = {"GET": Permission.MODEL_VIEW}

    @described(
        "models_versions",
        "List a model's versions, newest first",
        parameters=(PageRequest,),
        gives={200: page_of(formats.ModelVersionSummary)},
        problems=(400, 404),
    )
    def get(self, request: Request, slug: str) -> Response:
        model = registry.get_model(self.workspace, slug)
        asked = read(PageRequest, request.query_params.dict())
        found = registry.list_versions(model)
        return Response(page(found, version_summary, asked, key="number"))


class ModelVersionView(ApiView):
    needs: ClassVar = {"GET": Permission.MODEL_VIEW}

    @described(
        "models_version",
        "Read a version with its manifest",
        gives={200: formats.ModelVersionDetail},
        problems=(404,),
    )
    def get(self, _request: Request, slug: str, number: int) -> Response:
        version = registry.get_version(self.workspace, slug, number)
        return Response(version_detail(version))


class ComparisonView(ApiView):
    needs: ClassVar = {"GET": Permission.MODEL_VIEW}

    @described(
        "models_compare",
        "Put two versions of a model side by side",
        gives={200: formats.Comparison},
        problems=(404,),
    )
    def get(self, _request: Request, slug: str, number: int, other: int) -> Response:
        versions = [
            registry.get_version(self.workspace, slug, each) for each in (number, other)
        ]
        rows = registry.compare(*versions)
        return Response({"values": [row._asdict() for row in rows]})


class StandingView(ApiView):
    needs: ClassVar = {"POST": Permission.MODEL_APPROVE}

    @described(
        "models_stand",
        "Approve, suspend or retire a version",
        takes=formats.NewStanding,
        gives={200: formats.ModelVersionDetail},
        problems=(400, 404, 409, 413, 415, 422),
    )
    def post(self, request: Request, slug: str, number: int) -> Response:
        version = registry.get_version(self.workspace, slug, number)
        asked = read(formats.NewStanding, request.data)
        registry.set_standing(
            version,
            registry.Status(asked["status"]),
            actor=self.principal.actor,
            reason=asked["reason"],
        )
        return Response(version_detail(version))


class PriceView(ApiView):
    needs: ClassVar = {"POST": Permission.MODEL_REGISTER}

    @described(
        "models_price",
        "Set what a version costs from a moment on",
        takes=formats.NewPrice,
        gives={200: formats.ModelVersionDetail},
        problems=(400, 404, 409, 413, 415, 422),
    )
    def post(self, request: Request, slug: str, number: int) -> Response:
        version = registry.get_version(self.workspace, slug, number)
        asked = read(formats.NewPrice, request.data)
        terms = registry.check_stated(registry.PriceTerms, asked["price"])
        registry.set_price(version, terms, actor=self.principal.actor)
        found = registry.get_version(self.workspace, slug, number)
        return Response(version_detail(found))
