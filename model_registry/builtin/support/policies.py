"""The policies of the fictional shop: one page an intent, one sentence a line."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from model_registry.builtin.support.corpus import SUPPORT_DATA

POLICIES = SUPPORT_DATA / "policies"
FENCE = "---\n"


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy page; each sentence stands verbatim, on a line of its own, in source."""

    id: str
    intent: str
    title: str
    source: str

    @property
    def sentences(self) -> list[str]:
        """List the sentences in the order of the page."""
        return self.source.splitlines()


@cache
def policies_by_intent() -> Mapping[str, Policy]:
    """Read all policies; `other` has none."""
    pages = (read_policy(path) for path in sorted(POLICIES.glob("*.md")))
    return {page.intent: page for page in pages}


def read_policy(path: Path) -> Policy:
    """Read one page: lines `key: value` between two fences, then the sentences."""
    _, head, body = path.read_text(encoding="utf-8").split(FENCE, 2)
    fields = dict(line.split(": ", 1) for line in head.splitlines())
    return Policy(source=body.strip(), **fields)
