"""`{% load shell %}`: icons, states, times and figures, and a page's modules."""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from orchestrator_site.shell import figures
from orchestrator_site.shell.modules import import_map as modules
from orchestrator_site.shell.states import LOOKS

register = template.Library()
register.filter("money", figures.money)
register.filter("duration", figures.duration)
register.filter("initials", figures.initials)

SPRITE = "vendor/icons.svg"
DAY_S = 86_400
# What JSON allows and an HTML parser would take for the end of the script.
ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@register.simple_tag
@lru_cache(maxsize=1024)
def icon(name: str, style: str = "", label: str = "") -> SafeString:
    """A symbol of the sprite; without a `label`, a word must stand beside it.

    `style`: "small", "large", or classes of the page.
    """
    size = {"small": "icon-small", "large": "icon-large"}.get(style, style)
    said = (
        format_html('role="img" aria-label="{}"', label)
        if label
        else mark_safe('aria-hidden="true"')
    )
    return format_html(
        '<svg class="icon {}" {}><use href="{}#{}"/></svg>',
        size,
        said,
        static(SPRITE),
        name,
    )


@register.simple_tag(takes_context=True)
def import_map(context: Mapping[str, Any]) -> SafeString:
    """Where modules are found. Stands before the first module of the page."""
    said = json.dumps({"imports": modules()}).translate(ESCAPES)
    return format_html(
        '<script type="importmap" nonce="{}">{}</script>',
        context.get("csp_nonce", ""),
        mark_safe(said),  # noqa: S308
    )


@register.simple_tag
def status_mark(state: str, text: object = "", *, pill: bool = False) -> SafeString:
    """A state as icon and word; `text` says more than the state's own word."""
    look = LOOKS[state]
    return format_html(
        '<span class="status status-{}{}">{}{}</span>',
        look.tone,
        " status-pill" if pill else "",
        icon(look.icon, "icon-small"),
        format_html("<span>{}</span>", text or look.word),
    )


@register.simple_tag
def time_of(moment: datetime | None, form: str = "M j, H:i") -> SafeString:
    """A moment in the person's zone; `form` as of the filter `date`."""
    if moment is None:
        return SafeString("")
    local = timezone.localtime(moment)
    return _time(moment, figures.formatted(local, form))


@register.simple_tag
def relative_time(moment: datetime | None) -> SafeString:
    """How long ago, kept up to date in the browser; a date when over 24 hours."""
    if moment is None:
        return SafeString("")
    age_s = (timezone.now() - moment).total_seconds()
    if abs(age_s) >= DAY_S:
        return time_of(moment)
    return _time(moment, _distance(age_s), "data-relative")


def _distance(age_s: float) -> str:
    """The same words as static/js/times.js says later."""
    minutes = int(abs(age_s) // 60)
    if minutes == 0:
        return _("now")
    if minutes < 60:
        return (_("in %s min") if age_s < 0 else _("%s min ago")) % minutes
    return (_("in %s h") if age_s < 0 else _("%s h ago")) % (minutes // 60)


def _time(moment: datetime, text: str, attribute: str = "") -> SafeString:
    local = timezone.localtime(moment)
    return format_html(
        '<time datetime="{}" title="{}" {}>{}</time>',
        moment.isoformat(),
        figures.formatted(local, "M j, Y, H:i:s T"),
        attribute,
        text,
    )
