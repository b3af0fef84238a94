"""`{% load runs %}`: how runs and their steps are called and drawn on pages."""

from uuid import UUID

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString

from flows.views.advice import advice_for
from flows.views.canvas import SHAPES, icon_of
from flows.views.filters import address
from orchestrator_site.shell.states import LOOKS
from orchestrator_site.shell.templatetags.shell import icon

register = template.Library()
register.filter("error_advice", advice_for)
register.filter("node_icon", icon_of)

BARS = {
    "completed": "timeline-bar-succeeded",
    "running": "timeline-bar-running",
    "failed": "timeline-bar-failed",
    "waiting": "timeline-bar-waiting",
}


@register.filter
def short_id(run_id: UUID | str) -> str:
    """The end of an id: its beginning is the time, the same for runs of one hour."""
    return str(run_id)[-6:]


@register.filter
def error_title(code: str) -> str:
    """A code as words: `model_timed_out` is "Model timed out"."""
    return code.replace("_", " ").capitalize()


@register.filter
def tile_class(node_type: str) -> str:
    """The shape that says the kind of a node."""
    return SHAPES.get(node_type, "")


@register.filter
def bar_class(status: str) -> str:
    """The look of a step's bar."""
    return BARS.get(status, "")


@register.simple_tag
def state_icon(status: str) -> SafeString:
    """A state as its icon alone, said in words to those who do not see it."""
    look = LOOKS[status]
    return icon(look.icon, f"icon-small tone-{look.tone}", str(look.word))


@register.simple_tag
def step_url(run_id: UUID, step: str, view: str = "", attempt: int = 1) -> str:
    """The run's page with this step selected."""
    earlier = {"attempt": str(attempt)} if attempt > 1 else {}
    path = reverse("flows:run", args=[run_id])
    return address(path, {"step": step, **earlier, "view": view})
