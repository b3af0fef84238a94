"""Evaluation sets: out of JSON, files, runs and decisions."""

from collections.abc import Callable
from typing import ClassVar

import orjson
from drf_spectacular.types import OpenApiTypes
from rest_framework.request import Request
from rest_framework.response import Response

from flows.api import evaluation_formats as formats
from flows.api.answers import page_of
from flows.api.base import ApiView, read
from flows.api.description import described
from flows.api.evaluation_answers import case_detail, numbered, set_detail
from flows.api.pagination import page
from flows.api.parsers import CsvParser, JsonLinesParser
from flows.api.refusals import CasesRefused
from flows.selectors import get_flow
from flows.services.collecting import collect, last_runs
from model_registry import api as registry
from orchestrator_site.accounts.api import Permission


class SetsView(ApiView):
    needs: ClassVar = {"GET": Permission.MODEL_VIEW}

    @described(
        "evaluations_sets",
        "List evaluation sets, newest first",
        parameters=(formats.SetFilters,),
        gives={200: page_of(formats.SetDetail)},
        problems=(400,),
    )
    def get(self, request: Request) -> Response:
        asked = read(formats.SetFilters, request.query_params.dict())
        found = registry.list_sets(self.workspace, asked["capability"])
        return Response(page(found, set_detail, asked))


class SetView(ApiView):
    needs: ClassVar = {"GET": Permission.MODEL_VIEW}

    @described(
        "evaluations_set",
        "Read an evaluation set without its cases",
        gives={200: formats.SetDetail},
        problems=(404,),
    )
    def get(self, _request: Request, name: str) -> Response:
        return Response(set_detail(registry.get_set(self.workspace, name)))


class CasesView(ApiView):
    needs: ClassVar = {"GET": Permission.MODEL_VIEW}

    @described(
        "evaluations_cases",
        "List the cases of an evaluation set by number",
        parameters=(formats.CaseRequest,),
        gives={200: formats.Cases},
        problems=(400, 404),
    )
    def get(self, request: Request, name: str) -> Response:
        found = registry.get_set(self.workspace, name)
        asked = read(formats.CaseRequest, request.query_params.dict())
        return Response(numbered(found.cases.all(), case_detail, asked))


class NewSetView(ApiView):
    needs: ClassVar = {"POST": Permission.MODEL_REGISTER}

    @described(
        "evaluations_make_set",
        "Make an evaluation set for models of this one's capability",
        takes=formats.NewCases,
        gives={200: formats.SetDetail, 201: formats.SetDetail},
        problems=(400, 404, 409, 413, 415, 422),
    )
    def post(self, request: Request, slug: str) -> Response:
        model = registry.get_model(self.workspace, slug)
        asked = read(formats.NewCases, request.data)
        content = b"\n".join(map(orjson.dumps, asked.pop("cases")))
        terms = registry.SetTerms(**asked)
        try:
            return _made(
                model,
                terms,
                lambda: registry.upload_set(
                    model, terms, content, is_csv=False, actor=self.principal.actor
                ),
            )
        except registry.CasesInvalid as error:
            raise CasesRefused(error, at="/cases") from None


class UploadView(ApiView):
    needs: ClassVar = {"POST": Permission.MODEL_REGISTER}
    parser_classes = (CsvParser, JsonLinesParser)

    @described(
        "evaluations_upload_set",
        "Make an evaluation set out of a file of CSV or JSON Lines",
        takes={
            CsvParser.media_type: OpenApiTypes.STR,
            JsonLinesParser.media_type: OpenApiTypes.STR,
        },
        parameters=(formats.NewSet,),
        gives={200: formats.SetDetail, 201: formats.SetDetail},
        problems=(400, 404, 409, 413, 415, 422),
    )
    def post(self, request: Request, slug: str) -> Response:
        model = registry.get_model(self.workspace, slug)
        content = request.data if isinstance(request.data, bytes) else b""
        terms = registry.SetTerms(**read(formats.NewSet, request.query_params.dict()))
        is_csv = str(request.content_type).startswith(CsvParser.media_type)
        try:
            return _made(
                model,
                terms,
                lambda: registry.upload_set(
                    model, terms, content, is_csv=is_csv, actor=self.principal.actor
                ),
            )
        except registry.CasesInvalid as error:
            raise CasesRefused(error) from None


class CollectionView(ApiView):
    needs: ClassVar = {"POST": Permission.MODEL_REGISTER}

    @described(
        "evaluations_collect_set",
        "Make an evaluation set of what a model was asked in a flow's runs",
        takes=formats.NewCollection,
        gives={200: formats.SetDetail, 201: formats.SetDetail},
        problems=(400, 404, 409, 413, 415, 422),
    )
    def post(self, request: Request, slug: str) -> Response:
        model = registry.get_model(self.workspace, slug)
        asked = read(formats.NewCollection, request.data)
        flow = get_flow(self.workspace, asked.pop("flow"))
        runs = last_runs(flow, asked.pop("limit"))
        terms = registry.SetTerms(**asked)
        actor = self.principal.actor
        return _made(model, terms, lambda: collect(model, runs, terms, actor=actor))


def _made(
    model: registry.Model,
    terms: registry.SetTerms,
    make: Callable[[], registry.EvaluationSet],
) -> Response:
    """Answer 201 with the set, or 200 where just that one is there already."""
    try:
        return Response(set_detail(make()), status=201)
    except registry.SetTaken as error:
        if not error.is_same:
            raise
    there = registry.get_set(model.workspace, terms.name)
    return Response(set_detail(there))
