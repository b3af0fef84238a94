"""The only module of approvals that other apps import."""

from approvals.approved import Approved, list_approved
from approvals.documents import approval_document, approval_summary, receipt_document
from approvals.errors import ApprovalError, ApprovalNotFound, RunOver
from approvals.models import (
    Approval,
    ApprovalState,
    Decision,
    Outcome,
    ReasonCode,
    Risk,
)
from approvals.selectors import (
    Filters,
    count_waiting,
    for_principal,
    get_approval,
    list_decided,
    list_waiting,
    open_runs,
)
from approvals.services.claiming import claim, release
from approvals.services.deciding import Reason, Receipt, Verdict, decide
from approvals.services.opening import (
    ApprovalRequest,
    mark_applied,
    open_request,
    withdraw_run,
    withdraw_step,
)
from approvals.signals import approval_decided

__all__ = [
    "Approval",
    "ApprovalError",
    "ApprovalNotFound",
    "ApprovalRequest",
    "ApprovalState",
    "Approved",
    "Decision",
    "Filters",
    "Outcome",
    "Reason",
    "ReasonCode",
    "Receipt",
    "Risk",
    "RunOver",
    "Verdict",
    "approval_decided",
    "approval_document",
    "approval_summary",
    "claim",
    "count_waiting",
    "decide",
    "for_principal",
    "get_approval",
    "list_approved",
    "list_decided",
    "list_waiting",
    "mark_applied",
    "open_request",
    "open_runs",
    "receipt_document",
    "release",
    "withdraw_run",
    "withdraw_step",
]
