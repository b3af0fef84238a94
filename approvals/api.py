"""The only module of approvals that other apps import."""

from approvals.errors import ApprovalError, ApprovalNotFound, RunOver
from approvals.models import Approval, ApprovalState, Decision, Outcome, Risk
from approvals.selectors import (
    Filters,
    count_waiting,
    for_principal,
    get_approval,
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
)
from approvals.signals import approval_decided

__all__ = [
    "Approval",
    "ApprovalError",
    "ApprovalNotFound",
    "ApprovalRequest",
    "ApprovalState",
    "Decision",
    "Filters",
    "Outcome",
    "Reason",
    "Receipt",
    "Risk",
    "RunOver",
    "Verdict",
    "approval_decided",
    "claim",
    "count_waiting",
    "decide",
    "for_principal",
    "get_approval",
    "list_waiting",
    "mark_applied",
    "open_request",
    "open_runs",
    "release",
    "withdraw_run",
]
