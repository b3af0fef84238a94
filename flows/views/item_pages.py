"""The items of a map counted: how many there are, and which of them a page shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from flows.selectors.steps import MapCount
from flows.views.run_address import RunAddress
from flows.views.step_tree import Scope
from flows.views.timeline import Span

PAGE_ITEMS = 25
# So many items in all are shown without being asked for.
FEW_ITEMS = 10
TROUBLED = frozenset({"failed", "in_doubt", "running", "asking", "waiting", "retrying"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The items on one page: their numbers, from the `start`th of all that are `listed`.

    `troubled` counts those that failed or are open; `is_part` if there is more to see.
    """

    numbers: Sequence[int]
    start: int
    listed: int
    troubled: int
    is_part: bool


def opened_regions(
    counts: Mapping[str, MapCount], address: RunAddress, selected: str
) -> list[str]:
    """Addresses of the maps whose items are unfolded."""
    are_few = sum(count.begun for count in counts.values()) <= FEW_ITEMS
    return [
        region
        for region in counts
        if address.is_open(
            region, by_itself=are_few or selected.startswith(f"{region}[")
        )
    ]


def choose_items(passes: Mapping[int, Scope], here: RunAddress, region: str) -> Chosen:
    """The items that the address asks for."""
    numbers = sorted(passes)
    troubled = [n for n in numbers if passes[n].status() in TROUBLED]
    is_filtered = region in here.troubled
    listed = troubled if is_filtered else numbers
    start = min(here.starts.get(region, 0), max(len(listed) - 1, 0))
    start -= start % PAGE_ITEMS
    return Chosen(
        numbers=listed[start : start + PAGE_ITEMS],
        start=start,
        listed=len(listed),
        troubled=len(troubled),
        is_part=len(numbers) > PAGE_ITEMS or is_filtered,
    )


def page_in_words(chosen: Chosen) -> str:
    """Which of the items are shown."""
    figures = {
        "first": chosen.start + 1 if chosen.listed else 0,
        "last": chosen.start + len(chosen.numbers),
        "all": chosen.listed,
    }
    return _("%(first)d to %(last)d of %(all)d") % figures


def links_to_pages(
    region: str, chosen: Chosen, here: RunAddress
) -> tuple[tuple[str, str], ...]:
    """Ways to the other items: words and addresses."""
    links: list[tuple[str, str]] = []
    start = chosen.start
    if start > 0:
        links.append((_("Earlier"), str(here.turn_to(region, start - PAGE_ITEMS))))
    if start + PAGE_ITEMS < chosen.listed:
        links.append((_("Later"), str(here.turn_to(region, start + PAGE_ITEMS))))
    if region in here.troubled:
        links.append((_("All items"), str(here.filter(region, is_troubled=False))))
    elif chosen.troubled:
        words = _("Only the %(n)d failed or open") % {"n": chosen.troubled}
        links.append((words, str(here.filter(region, is_troubled=True))))
    return tuple(links)


def span_of_items(status: str, count: MapCount) -> list[tuple[str, Span]]:
    """From the first item to the last: the end of a map does not say when it began."""
    if count.first_start is None or count.last_end is None:
        return []
    return [(status, Span(count.first_start, count.last_end, is_wait=False))]


def items_in_words(count: MapCount, totals: Mapping[str, int]) -> str:
    """How many items a map has, and how many of them failed or have ended."""
    total = max(totals.get(count.region, 0), count.begun)
    words = ngettext("%(n)d item", "%(n)d items", total) % {"n": total}
    if count.failed:
        return _("%(items)s, %(n)d failed") % {"items": words, "n": count.failed}
    done = count.begun - count.open
    if done < total:
        return _("%(n)d of %(items)s") % {"items": words, "n": done}
    return words
