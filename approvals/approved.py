"""What people approved in many runs, without what they were shown."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any, NamedTuple
from uuid import UUID

from approvals.models import Outcome
from approvals.selectors import list_decided
from orchestrator_site.accounts.api import Workspace
from orchestrator_site.ledger.api import read_cells


class Approved(NamedTuple):
    """The fields of an approval as they were proposed, and as they were approved."""

    proposed: dict[str, Any]
    fields: dict[str, Any]


def list_approved(
    workspace: Workspace, runs: Collection[UUID]
) -> dict[UUID, list[Approved]]:
    """What was approved in each of these runs, the latest first; two queries."""
    decided = list_decided(workspace).filter(run_id__in=runs)
    decided = decided.exclude(decision__outcome=Outcome.REJECTED)
    found = list(decided.defer(None).defer("shown", "schema"))
    cells = [
        (each.pk, cell)
        for each in found
        for cell in (each.fields, each.decision.result or each.fields)
    ]
    values = iter(read_cells(cells))
    approved: defaultdict[UUID, list[Approved]] = defaultdict(list)
    for each, proposed, fields in zip(found, values, values, strict=True):
        approved[each.run_id].append(Approved(proposed, fields))
    return dict(approved)
