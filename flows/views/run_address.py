"""The address of a run's page: what is selected, shown and unfolded there. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from django.http import QueryDict

VIEWS = ("steps", "values", "events")
# More than anybody unfolds by hand; an address has to stay one.
MOST = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class RunAddress:
    """One state of the page.

    `opened` and `shut` are paths of loops' rounds, maps and items that differ from how
    the page folds them by itself; `starts` the first item shown of a map, `troubled` the
    maps of which only the items that failed or have not ended are shown. `after` is the
    last event that is not shown any more.
    """

    path: str
    step: str = ""
    attempt: int = 0
    view: str = ""
    opened: frozenset[str] = frozenset()
    shut: frozenset[str] = frozenset()
    starts: Mapping[str, int] = field(default_factory=dict)
    troubled: frozenset[str] = frozenset()
    after: int = 0

    @classmethod
    def read(cls, path: str, query: QueryDict) -> "RunAddress":
        """Take what the query says and can be; the rest is left out."""
        starts = (text.rpartition(":") for text in query.getlist("from")[:MOST])
        return cls(
            path=path,
            step=query.get("step", ""),
            attempt=_number(query.get("attempt", "")),
            view=query.get("view", "") if query.get("view") in VIEWS else "",
            opened=frozenset(query.getlist("open")[:MOST]),
            shut=frozenset(query.getlist("shut")[:MOST]),
            starts={region: _number(start) for region, _colon, start in starts},
            troubled=frozenset(query.getlist("only")[:MOST]),
            after=_number(query.get("after", "")),
        )

    def __str__(self) -> str:
        query = QueryDict(mutable=True)
        single = {
            "step": self.step,
            "attempt": self.attempt,
            "view": self.view,
            "after": self.after,
        }
        query.update({name: str(value) for name, value in single.items() if value})
        query.setlist("open", sorted(self.opened))
        query.setlist("shut", sorted(self.shut))
        starts = [f"{region}:{n}" for region, n in sorted(self.starts.items()) if n]
        query.setlist("from", starts)
        query.setlist("only", sorted(self.troubled))
        text = query.urlencode(safe="/:[]")
        return f"{self.path}?{text}" if text else self.path

    @property
    def shown(self) -> str:
        """The part of the run that is shown."""
        return self.view or VIEWS[0]

    def select(self, step: str, attempt: int = 0) -> "RunAddress":
        """With this step selected; none for an empty one."""
        return replace(self, step=step, attempt=attempt)

    def show(self, view: str) -> "RunAddress":
        """With another part of the run shown."""
        return replace(self, view=view, after=0)

    def fold(self, path: str, *, is_open: bool) -> "RunAddress":
        """With something unfolded, or folded."""
        opened, shut = self.opened - {path}, self.shut - {path}
        if is_open:
            return replace(self, opened=opened | {path}, shut=shut)
        return replace(self, opened=opened, shut=shut | {path})

    def is_open(self, path: str, *, by_itself: bool) -> bool:
        """Whether something is unfolded; `by_itself` where the address does not say."""
        return path in self.opened or (by_itself and path not in self.shut)

    def turn_to(self, region: str, start: int) -> "RunAddress":
        """With the items of a map from this one on."""
        return replace(self, starts={**self.starts, region: start})

    def filter(self, region: str, *, is_troubled: bool) -> "RunAddress":
        """With all items of a map, or only those that need a look; from the first on."""
        troubled = self.troubled - {region}
        if is_troubled:
            troubled |= {region}
        return replace(self, troubled=troubled, starts={**self.starts, region: 0}).fold(
            region, is_open=True
        )

    def turn_events(self, after: int) -> "RunAddress":
        """With the events after this one."""
        return replace(self, view="events", after=after)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 12 else 0
