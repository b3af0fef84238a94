"""How runs stand for people: a run that waits may wait for very different things."""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Value

from approvals.api import Approval
from flows.models import Inbox, InboxKind, Run, RunStatus, Step, StepStatus
from orchestrator_site.accounts.api import Principal, Workspace

ASKING = "asking"
# As the index of the table says it, word for word.
STOPPED = (RunStatus.PAUSED.value, RunStatus.POISONED.value)
STEERING = (
    InboxKind.CANCEL,
    InboxKind.PAUSE,
    InboxKind.RESUME,
    InboxKind.RELEASE,
)


class Literal(Value):
    """A constant in the SQL itself: SQLite finds a partial index by nothing else."""

    def as_sql(self, *_args: object, **_kwargs: object) -> tuple[str, tuple[()]]:
        """Quote it; only words of our own are ever given."""
        return f"'{self.value}'", ()


def doubts() -> QuerySet[Step]:
    """The steps of which a person has to say whether they happened.

    One that was found not to have happened was tried again since.
    """
    later = Step.objects.filter(
        run_id=OuterRef("run_id"),
        address=OuterRef("address"),
        attempt__gt=OuterRef("attempt"),
    )
    in_doubt = Step.objects.filter(status=Literal(StepStatus.IN_DOUBT.value))
    return in_doubt.filter(~Exists(later), run__ended_at__isnull=True)


def doubtful_steps(workspace: Workspace) -> QuerySet[Step]:
    """Those of a workspace."""
    return doubts().filter(run__workspace=workspace)


def stopped_runs(workspace: Workspace) -> QuerySet[Run]:
    """The runs of a workspace that go on only if a person lets them: paused, set aside."""
    stopped = Run.objects.filter(status__in=[Literal(word) for word in STOPPED])
    return stopped.filter(workspace=workspace)


def count_needing_operator(_workspace_id: UUID, *, principal: Principal) -> int:
    """How many steps are in doubt and runs set aside, in one query."""
    workspace = principal.workspace
    steps = doubtful_steps(workspace).order_by().values("run_id")
    stopped = stopped_runs(workspace).filter(status=RunStatus.POISONED)
    runs = stopped.order_by().values("pk")
    return steps.union(runs, all=True).count()


def count_asking(workspace: Workspace) -> int:
    """How many runs, parts of others included, wait for a decision of a person."""
    asking = Approval.objects.in_workspace(workspace).filter(ended_at__isnull=True)
    return asking.order_by().values("run_id").distinct().count()


def standing_of(statuses: Iterable[tuple[UUID, str]]) -> dict[UUID, str]:
    """The state to show for each run, given as (id, status); at most two queries.

    Beside its status that is `in_doubt` where a person has to say what happened, and
    `asking` where it waits for a decision.
    """
    states = dict(statuses)
    going = [
        run_id
        for run_id, status in states.items()
        if status in (RunStatus.WAITING, RunStatus.RUNNING)
    ]
    waiting = [each for each in going if states[each] == RunStatus.WAITING]
    if waiting:
        asking = Approval.objects.filter(run_id__in=waiting, ended_at__isnull=True)
        states |= dict.fromkeys(asking.values_list("run_id", flat=True), ASKING)
    if going:
        found = doubts().filter(run__in=going).values_list("run_id", flat=True)
        states |= dict.fromkeys(found, StepStatus.IN_DOUBT.value)
    return states


def requests_of(runs: Iterable[Run]) -> dict[UUID, set[str]]:
    """What somebody has asked of each run and no worker has done yet."""
    open_ids = [run.pk for run in runs if run.ended_at is None]
    found: defaultdict[UUID, set[str]] = defaultdict(set)
    if open_ids:
        asked = Inbox.objects.filter(run__in=open_ids, kind__in=STEERING)
        for run_id, kind in asked.values_list("run_id", "kind"):
            found[run_id].add(kind)
    return dict(found)
