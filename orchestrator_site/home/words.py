"""The sentence at the top of the page."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orchestrator_site.home.approvals import Waiting
from orchestrator_site.home.runs import RunFigures


def lead(waiting: Waiting) -> str:
    """How many approvals need the reader, or whoever decides here."""
    if waiting.mine:
        said = ngettext(
            "%(number)s approval needs you.",
            "%(number)s approvals need you.",
            waiting.mine,
        )
        return _said(said, waiting.mine)
    if waiting.all:
        said = ngettext(
            "%(number)s approval waits for somebody else.",
            "%(number)s approvals wait for somebody else.",
            waiting.all,
        )
        return _said(said, waiting.all)
    return _("Nothing needs you.")


def standing(figures: RunFigures) -> str:
    """What runs and what failed."""
    if not (figures.under_way or figures.handled):
        return _("No run is in progress, and none has ended in the last 7 days.")
    under_way = ngettext(
        "%(number)s run in progress.", "%(number)s runs in progress.", figures.under_way
    ) % {"number": figures.under_way}
    if not figures.broken_day:
        return f"{under_way} {_('None failed in the last 24 hours.')}"
    failed = _("%(number)s failed in the last 24 hours.")
    return f"{under_way} {failed % {'number': figures.broken_day}}"


def share(part: int, whole: int) -> str:
    """In per cent; not rounded up to all, nor down to nothing."""
    percent = 100 * part / whole
    if 0 < percent < 1:
        return "< 1 %"
    if 99 < percent < 100:
        return "> 99 %"
    return f"{percent:.0f} %"


def _said(sentence: str, number: int) -> str:
    words = [
        _("no"),
        _("one"),
        _("two"),
        _("three"),
        _("four"),
        _("five"),
        _("six"),
        _("seven"),
        _("eight"),
        _("nine"),
    ]
    word = words[number] if number < len(words) else str(number)
    said = sentence % {"number": word}
    return said[:1].upper() + said[1:]
