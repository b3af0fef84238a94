"""`{% load runs %}`: how runs and their steps are called and drawn on pages."""

from uuid import UUID

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from flows.views.advice import advice_for
from flows.views.canvas import SHAPES, icon_of
from flows.views.run_address import RunAddress
from orchestrator_site.shell.states import LOOKS
from orchestrator_site.shell.templatetags.shell import icon, status_mark

register = template.Library()
register.filter("error_advice", advice_for)
register.filter("node_icon", icon_of)

BARS = {
    "completed": "timeline-bar-succeeded",
    "running": "timeline-bar-running",
    "failed": "timeline-bar-failed",
    "waiting": "timeline-bar-idle",
    "asking": "timeline-bar-waiting",
    "in_doubt": "timeline-bar-doubt",
}
# What somebody has asked of a run and no worker has done yet.
ASKED = {
    "cancel": ("cancelled", _("Being cancelled")),
    "pause": ("paused", _("Being paused")),
    "resume": ("running", _("Going on soon")),
    "release": ("running", _("Tried again soon")),
}
KEYS = str.maketrans({"/": "-", ":": ".", "[": ".", "]": ""})


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


@register.filter
def tone(status: str) -> str:
    """The colour of a state."""
    return LOOKS[status].tone


@register.filter
def slug_key(address: str) -> str:
    """An address as part of an id of an element."""
    return address.translate(KEYS)


@register.simple_tag
def run_mark(state: str, asked: str = "", *, pill: bool = False) -> SafeString:
    """A run's state, or what is about to be done to it."""
    look, words = ASKED.get(asked, (state, ""))
    return status_mark(look, words, pill=pill)


@register.simple_tag
def select_url(here: RunAddress, step: str) -> str:
    """The run's page as it is, with this step selected."""
    return str(here.select(step))
