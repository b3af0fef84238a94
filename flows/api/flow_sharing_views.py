"""Flows that workspaces let each other read and copy."""

from typing import ClassVar
from uuid import UUID

from django.db import IntegrityError
from django.shortcuts import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from flows.api import flow_sharing_formats as formats
from flows.api.answers import FlowDetail, page_of
from flows.api.base import ApiView, read
from flows.api.description import described
from flows.api.flow_views import with_draft
from flows.api.grant_views import workspace_in_reach
from flows.api.pagination import page
from flows.api.refusals import SlugTaken
from flows.api.requests import PageRequest
from flows.models import FlowGrant
from flows.selectors import get_flow
from flows.selectors.sharing import (
    find_shared_flow,
    flow_grant_detail,
    list_flow_grants,
    list_shared_flows,
    shared_flow_summary,
)
from flows.services.runs import version_document
from flows.services.sharing import (
    copy_flow,
    grant_flow,
    published_of,
    withdraw_flow_grant,
)
from orchestrator_site.accounts.api import Permission


class FlowGrantsView(ApiView):
    needs: ClassVar = {"GET": Permission.FLOW_VIEW, "POST": Permission.FLOW_SHARE}

    @described(
        "flows_grants",
        "List who else may read and copy a flow",
        parameters=(PageRequest,),
        gives={200: page_of(formats.FlowGrantDetail)},
        problems=(400, 404),
    )
    def get(self, request: Request, slug: str) -> Response:
        flow = get_flow(self.workspace, slug)
        asked = read(PageRequest, request.query_params.dict())
        return Response(page(list_flow_grants(flow), flow_grant_detail, asked))

    @described(
        "flows_grant",
        "Let another workspace read and copy what a flow has published",
        takes=formats.NewFlowGrant,
        gives={201: formats.FlowGrantDetail},
        problems=(400, 404, 409, 413, 415, 422),
    )
    def post(self, request: Request, slug: str) -> Response:
        flow = get_flow(self.workspace, slug)
        asked = read(formats.NewFlowGrant, request.data)
        to = workspace_in_reach(self.principal, asked["workspace"])
        grant = grant_flow(flow, to, actor=self.principal.actor)
        return Response(flow_grant_detail(grant), status=201)


class FlowGrantWithdrawalView(ApiView):
    needs: ClassVar = {"POST": Permission.FLOW_SHARE}

    @described(
        "flows_withdraw_grant",
        "Stop another workspace from reading and copying a flow",
        gives={200: formats.FlowGrantDetail},
        problems=(404,),
    )
    def post(self, _request: Request, slug: str, flow_grant_id: UUID) -> Response:
        flow = get_flow(self.workspace, slug)
        grant = get_object_or_404(list_flow_grants(flow), pk=flow_grant_id)
        answer = flow_grant_detail(grant)
        withdraw_flow_grant(grant, actor=self.principal.actor)
        return Response(answer)


class SharedFlowsView(ApiView):
    needs: ClassVar = {"GET": Permission.FLOW_VIEW}

    @described(
        "shared_flows_list",
        "List the flows that other workspaces share with this one, newest first",
        parameters=(PageRequest,),
        gives={200: page_of(formats.SharedFlowSummary)},
        problems=(400,),
    )
    def get(self, request: Request) -> Response:
        asked = read(PageRequest, request.query_params.dict())
        found = list_shared_flows(self.workspace)
        return Response(page(found, shared_flow_summary, asked))


class SharedFlowView(ApiView):
    needs: ClassVar = {"GET": Permission.FLOW_VIEW}

    @described(
        "shared_flows_get",
        "Read what a shared flow has published",
        gives={200: formats.SharedFlowDetail},
        problems=(404,),
    )
    def get(self, _request: Request, shared_id: UUID) -> Response:
        grant = _found(self, shared_id)
        document = version_document(published_of(grant))
        return Response({**shared_flow_summary(grant), "document": document})


class FlowCopyView(ApiView):
    needs: ClassVar = {"POST": Permission.FLOW_EDIT}

    @described(
        "shared_flows_copy",
        "Copy what a shared flow has published, as the draft of a new flow",
        takes=formats.NewFlowCopy,
        gives={201: FlowDetail},
        problems=(400, 404, 409, 413, 415, 422),
    )
    def post(self, request: Request, shared_id: UUID) -> Response:
        grant = _found(self, shared_id)
        asked = read(formats.NewFlowCopy, request.data)
        try:
            flow = copy_flow(grant, slug=asked["slug"], actor=self.principal.actor)
        except IntegrityError:
            raise SlugTaken(asked["slug"]) from None
        return Response(with_draft(flow), status=201)


def _found(view: ApiView, shared_id: UUID) -> FlowGrant:
    grant = find_shared_flow(view.workspace, shared_id)
    return grant or get_object_or_404(FlowGrant.objects.none(), pk=shared_id)
