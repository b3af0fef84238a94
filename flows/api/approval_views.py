"""Approvals: what waits for a person, and deciding it."""

from typing import Any, ClassVar
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from approvals import api as approvals
from flows.api import approval_formats as formats
from flows.api.answers import page_of
from flows.api.base import ApiView, read
from flows.api.description import described
from flows.api.idempotency import key_header, require_key
from flows.api.pagination import page
from orchestrator_site.accounts.api import Permission


class ApprovalsView(ApiView):
    needs: ClassVar = {"GET": Permission.APPROVAL_VIEW}

    @described(
        "approvals_list",
        "List approvals that wait, or that were decided, newest first",
        parameters=(formats.ApprovalFilters,),
        gives={200: page_of(formats.ApprovalSummary)},
        problems=(400,),
    )
    def get(self, request: Request) -> Response:
        asked = read(formats.ApprovalFilters, request.query_params.dict())
        if asked["state"] == "decided":
            found = approvals.list_decided(self.workspace)
        else:
            found = approvals.list_waiting(self.workspace, approvals.Filters())
        return Response(page(found, approvals.approval_summary, asked))


class ApprovalView(ApiView):
    needs: ClassVar = {"GET": Permission.APPROVAL_VIEW}

    @described(
        "approvals_get",
        "Read an approval with all that is decided on",
        gives={200: formats.ApprovalDetail},
        problems=(404,),
    )
    def get(self, request: Request, approval_id: UUID) -> Response:
        approval = approvals.get_approval(self.workspace, approval_id)
        return Response(approvals.approval_document(approval))


class DecisionView(ApiView):
    needs: ClassVar = {"POST": Permission.APPROVAL_DECIDE}

    @described(
        "approvals_decide",
        "Decide an approval, once and for ever",
        takes=formats.NewDecision,
        parameters=(key_header(gives="receipt", required=True),),
        gives={200: formats.DecisionReceipt},
        problems=(400, 404, 409, 412, 413, 415, 422),
    )
    def post(self, request: Request, approval_id: UUID) -> Response:
        asked = read(formats.NewDecision, request.data)
        verdict = _verdict(asked, require_key(request))
        receipt = approvals.decide(approval_id, verdict, principal=self.principal)
        return Response(approvals.receipt_document(receipt))


def _verdict(asked: dict[str, Any], key: str) -> approvals.Verdict:
    reason = asked.get("reason")
    return approvals.Verdict(
        outcome=asked["outcome"],
        content_hash=asked["content_hash"],
        idempotency_key=key,
        fields=asked.get("fields"),
        reason=approvals.Reason(**reason) if reason else None,
    )
