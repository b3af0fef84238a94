"""Why a run or an item failed, where that is not simply the error of a step."""

from flows.conductor.held import HeldRun

REASONS = {
    "loop_exhausted": "The loop has used all its rounds, and nothing follows its port "
    "'exhausted'. Draw an edge from there, or allow more rounds.",
    "run_deadline_passed": "The run took longer than its deadline allows.",
    "run_too_long": "The run has more than 100,000 steps. Split the flow.",
}


def reason(run: HeldRun, address: str | None, code: str | None) -> dict[str, str]:
    """The error behind a failure at a step, or behind the code that says more."""
    if code is not None:
        return {"code": code, "message": REASONS[code]}
    return run.failures[address or ""]
