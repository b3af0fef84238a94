"""Flows, their drafts and their versions."""

from dataclasses import asdict
from typing import Any, ClassVar

from django.db import IntegrityError
from drf_spectacular.types import OpenApiTypes
from rest_framework.request import Request
from rest_framework.response import Response

from flows.api import answers, requests
from flows.api.base import ApiView, read
from flows.api.description import described
from flows.api.pagination import page
from flows.api.parsers import DocumentParser
from flows.api.refusals import SlugTaken
from flows.errors import Problem
from flows.graph.models import schema_document
from flows.models import Flow
from flows.selectors import (
    flow_summary,
    get_flow,
    get_version,
    list_flows,
    list_versions,
    version_summary,
)
from flows.selectors.sharing import find_origin, origin_detail
from flows.services.drafts import create_flow, save_draft
from flows.services.publishing import problems_of, publish
from flows.services.runs import version_document
from orchestrator_site.accounts.api import Permission


class FlowsView(ApiView):
    parser_classes = (DocumentParser,)
    needs: ClassVar = {"GET": Permission.FLOW_VIEW, "POST": Permission.FLOW_EDIT}

    @described(
        "flows_list",
        "List flows, newest first",
        parameters=(requests.PageRequest,),
        gives={200: answers.page_of(answers.FlowSummary)},
        problems=(400,),
    )
    def get(self, request: Request) -> Response:
        asked = read(requests.PageRequest, request.query_params.dict())
        return Response(page(list_flows(self.workspace), flow_summary, asked))

    @described(
        "flows_create",
        "Create a flow with its first draft",
        takes=requests.NewFlow,
        gives={201: answers.FlowDetail},
        problems=(400, 409, 413, 415, 422),
    )
    def post(self, request: Request) -> Response:
        asked = read(requests.NewFlow, request.data)
        try:
            flow = create_flow(self.workspace, actor=self.principal.actor, **asked)
        except IntegrityError:
            if list_flows(self.workspace).filter(slug=asked["slug"]).exists():
                raise SlugTaken(asked["slug"]) from None
            raise
        return Response(with_draft(flow), status=201)


class FlowView(ApiView):
    parser_classes = (DocumentParser,)
    needs: ClassVar = {"GET": Permission.FLOW_VIEW, "PUT": Permission.FLOW_EDIT}

    @described(
        "flows_get",
        "Read a flow and its draft",
        gives={200: answers.FlowDetail},
        problems=(404,),
    )
    def get(self, request: Request, slug: str) -> Response:
        return Response(with_draft(get_flow(self.workspace, slug)))

    @described(
        "flows_save",
        "Replace the draft that was read",
        takes=requests.NewDraft,
        gives={200: answers.FlowDetail},
        problems=(400, 404, 409, 413, 415, 422),
    )
    def put(self, request: Request, slug: str) -> Response:
        flow = get_flow(self.workspace, slug)
        asked = read(requests.NewDraft, request.data)
        saved = save_draft(flow, actor=self.principal.actor, **asked)
        return Response(with_draft(saved))


class DraftValidationView(ApiView):
    needs: ClassVar = {"POST": Permission.FLOW_VIEW}

    @described(
        "flows_validate",
        "List all problems of a flow's draft",
        gives={200: answers.Problems},
        problems=(404,),
    )
    def post(self, request: Request, slug: str) -> Response:
        flow = get_flow(self.workspace, slug)
        return Response(_listed(problems_of(self.workspace.id, flow.draft_document)))


class DocumentValidationView(ApiView):
    parser_classes = (DocumentParser,)
    needs: ClassVar = {"POST": Permission.FLOW_VIEW}

    @described(
        "flows_validate_document",
        "List all problems of a document that is stored nowhere",
        takes=requests.DocumentToCheck,
        gives={200: answers.Problems},
        problems=(400, 413, 415),
    )
    def post(self, request: Request) -> Response:
        asked = read(requests.DocumentToCheck, request.data)
        return Response(_listed(problems_of(self.workspace.id, asked["document"])))


class PublicationView(ApiView):
    needs: ClassVar = {"POST": Permission.FLOW_PUBLISH}

    @described(
        "flows_publish",
        "Make the draft the version that runs from now on",
        gives={200: answers.VersionSummary},
        problems=(404, 422),
    )
    def post(self, request: Request, slug: str) -> Response:
        flow = get_flow(self.workspace, slug)
        return Response(version_summary(publish(flow, actor=self.principal.actor)))


class VersionsView(ApiView):
    needs: ClassVar = {"GET": Permission.FLOW_VIEW}

    @described(
        "versions_list",
        "List published versions, newest first",
        parameters=(requests.PageRequest,),
        gives={200: answers.page_of(answers.VersionSummary)},
        problems=(400, 404),
    )
    def get(self, request: Request, slug: str) -> Response:
        asked = read(requests.PageRequest, request.query_params.dict())
        versions = list_versions(get_flow(self.workspace, slug))
        return Response(page(versions, version_summary, asked, key="number"))


class VersionView(ApiView):
    needs: ClassVar = {"GET": Permission.FLOW_VIEW}

    @described(
        "versions_get",
        "Read a published version and its document",
        gives={200: answers.VersionDetail},
        problems=(404,),
    )
    def get(self, request: Request, slug: str, number: int) -> Response:
        version = get_version(get_flow(self.workspace, slug), number)
        document = version_document(version)
        return Response({**version_summary(version), "document": document})


class FlowSchemaView(ApiView):
    needs: ClassVar = {"GET": Permission.FLOW_VIEW}

    @described(
        "flows_schema",
        "Read the JSON Schema of the flow format",
        gives={200: OpenApiTypes.OBJECT},
    )
    def get(self, request: Request) -> Response:
        return Response(schema_document())


def with_draft(flow: Flow) -> dict[str, Any]:
    """A flow as it is drawn, and where it was copied from."""
    return {
        **flow_summary(flow),
        "draft": flow.draft_document,
        "origin": origin_detail(find_origin(flow)),
    }


def _listed(problems: list[Problem]) -> dict[str, Any]:
    return {"problems": [asdict(problem) for problem in problems]}
