"""How a state looks: every one has an icon and a word; colour comes third."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Look(NamedTuple):
    """`tone` is the name of a colour in tokens.css."""

    tone: str
    icon: str
    word: str | Promise


LOOKS = {
    # Runs and steps
    "queued": Look("pending", "circle-dashed", _("Queued")),
    "pending": Look("pending", "circle-dashed", _("Pending")),
    "paused": Look("pending", "player-pause", _("Paused")),
    "running": Look("running", "loader-2", _("Running")),
    "waiting": Look("pending", "clock", _("Waiting")),
    "asking": Look("waiting", "user-circle", _("Waiting for a person")),
    "retrying": Look("pending", "refresh", _("Tried again soon")),
    "succeeded": Look("succeeded", "circle-check", _("Succeeded")),
    "completed": Look("succeeded", "circle-check", _("Succeeded")),
    "failed": Look("failed", "circle-x", _("Failed")),
    "poisoned": Look("failed", "alert-octagon", _("Set aside")),
    "skipped": Look("skipped", "circle-minus", _("Skipped")),
    "cancelled": Look("skipped", "circle-minus", _("Cancelled")),
    "detached": Look("skipped", "unlink", _("Detached")),
    "in_doubt": Look("in-doubt", "help-octagon", _("In doubt")),
    # Approvals and what was decided
    "ready": Look("waiting", "user-circle", _("Waiting for a person")),
    "claimed": Look("waiting", "user-check", _("Claimed")),
    "decided": Look("succeeded", "circle-check", _("Decided")),
    "applied": Look("succeeded", "circle-check", _("Applied")),
    "obsolete": Look("skipped", "circle-minus", _("Withdrawn")),
    "approved": Look("succeeded", "circle-check", _("Approved")),
    "edited": Look("succeeded", "pencil", _("Approved with changes")),
    "rejected": Look("failed", "circle-x", _("Rejected")),
    # Verdicts of models; a `fail` is no failed step
    "pass": Look("succeeded", "circle-check", _("Pass")),
    "fail": Look("waiting", "alert-triangle", _("Fail")),
    "uncertain": Look("waiting", "help-octagon", _("Uncertain")),
    # Flows and their problems
    "draft": Look("pending", "pencil", _("Draft")),
    "published": Look("succeeded", "circle-check", _("Published")),
    "error": Look("failed", "circle-x", _("Error")),
    "warning": Look("waiting", "alert-triangle", _("Warning")),
    # Versions of models; "approved" stands above
    "unapproved": Look("waiting", "user-circle", _("Needs approval")),
    "suspended": Look("failed", "circle-x", _("Suspended")),
    "retired": Look("skipped", "circle-minus", _("Retired")),
    # Whether a model can be called
    "answering": Look("succeeded", "circle-check", _("Answering")),
    "not_answering": Look("failed", "circle-x", _("Not answering")),
    "left_alone": Look("failed", "player-pause", _("Left alone")),
    "tried_again": Look("waiting", "refresh", _("Tried again")),
    "not_looked_at": Look("pending", "circle-dashed", _("Not looked at")),
    # Risk
    "high": Look("failed", "alert-octagon", _("High")),
    "medium": Look("waiting", "flag", _("Medium")),
    "low": Look("skipped", "arrow-down", _("Low")),
}
