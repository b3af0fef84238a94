"""Telling the pages that runs have moved on; what happened they fetch themselves."""

from typing import Protocol
from uuid import UUID

from flows.models import Run
from orchestrator_site.live.api import Announcement, Pacer, Speaker, announce

RUNS = "runs"


class Moved(Protocol):
    """A run that has a new place in its chain; more may be on its way to the record."""

    id: UUID
    workspace_id: UUID
    stored_seq: int


class RunNews:
    """Tells the pages which runs have moved on, as often as they can look."""

    def __init__(self) -> None:
        self._speaker = Speaker()
        self._pacer = Pacer(self._speaker.say)
        self._going: list[Moved] = []
        self._gone: list[Moved] = []

    def note(self, run: Moved, *, is_gone: bool) -> None:
        """Remember to tell of a run; of one that has left this process, at once then."""
        (self._gone if is_gone else self._going).append(run)

    def tell(self) -> None:
        """Tell of what was noted, and of the lists it stands in.

        Without any only what was held back so far is told, if it is due.
        """
        going, self._going = self._going, []
        gone, self._gone = self._gone, []
        lists = {run.workspace_id for run in (*going, *gone)}
        self._pacer.announce(
            [*map(_news_of, going), *(Announcement(each, RUNS) for each in lists)],
            last=map(_news_of, gone),
        )

    def close(self) -> None:
        """Tell what is left to tell."""
        self.tell()
        self._speaker.close()

    def patience(self, at_most_s: float) -> float:
        """Seconds until there is something to tell that was held back."""
        return self._pacer.patience(at_most_s)


def _news_of(run: Moved) -> Announcement:
    return Announcement(run.workspace_id, topic_of(run.id), run.stored_seq)


def announce_new_run(workspace_id: UUID) -> None:
    """Tell the lists of runs, once this transaction is in."""
    announce(workspace_id, RUNS)


def topic_of(run_id: UUID) -> str:
    """The topic of one run."""
    return f"run:{run_id}"


def current_run(workspace_id: UUID, run_id: str) -> int | None:
    """The newest id of a run's topic; None if the workspace has no such run."""
    found = Run.objects.filter(pk=run_id, workspace_id=workspace_id)
    return found.values_list("seq", flat=True).first()
