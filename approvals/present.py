"""Approvals as pages show them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson
from django.utils import timezone

from approvals.errors import refusal_sentence
from approvals.models import Approval, ApprovalState, Outcome, Risk
from approvals.people import names_of
from approvals.rules import holder_of
from approvals.selectors import DUE_SOON
from approvals.services.access import find_refusal
from orchestrator_site.accounts.api import Principal

SHORTEST_USED = 12
SENTENCE = re.compile(r"(?<=[.!?])\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What a list and the head of a page say of an approval.

    `holder` is the actor whose claim holds. `state` is a state or an outcome that has
    a mark. `refusal` says why the reader may not decide; empty if they may.
    """

    approval: Approval
    risk: str
    state: str
    refusal: str
    holder: str | None
    holder_name: str
    is_mine: bool
    decider_name: str

    @property
    def is_due_soon(self) -> bool:
        """Whether less than an hour is left."""
        due_at = self.approval.due_at
        return due_at is not None and due_at - timezone.now() < DUE_SOON


def cards_of(approvals: Iterable[Approval], principal: Principal) -> list[Card]:
    """Cards for a reader, with one look at who is named in them."""
    approvals = list(approvals)
    actors = {actor for approval in approvals for actor in _actors_of(approval)}
    names = names_of(actors)
    return [_card(approval, principal, names) for approval in approvals]


def _actors_of(approval: Approval) -> Iterator[str]:
    if approval.claimed_by:
        yield approval.claimed_by
    if is_decided(approval):
        yield approval.decision.actor


def is_decided(approval: Approval) -> bool:
    """Whether there is a decision about it."""
    return approval.state in (ApprovalState.DECIDED, ApprovalState.APPLIED)


def _card(approval: Approval, principal: Principal, names: Mapping[str, str]) -> Card:
    holder = None
    if approval.is_open:
        holder = holder_of(approval.claim, timezone.now())
    rule = find_refusal(approval, principal)
    decider = approval.decision.actor if is_decided(approval) else ""
    return Card(
        approval=approval,
        risk=Risk(approval.risk).name.lower(),
        state=_state_of(approval),
        refusal=refusal_sentence(rule, approval.terms.roles) if rule else "",
        holder=holder,
        holder_name=names.get(holder or "", ""),
        is_mine=holder == principal.actor,
        decider_name=names.get(decider, ""),
    )


def _state_of(approval: Approval) -> str:
    if approval.is_open:
        return "waiting"
    if not is_decided(approval):
        return "withdrawn"
    is_rejected = approval.decision.outcome == Outcome.REJECTED
    return "rejected" if is_rejected else "approved"


class Piece(NamedTuple):
    """A part of a text; `is_used` if the proposal says it word for word."""

    text: str
    is_used: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """One thing that a reviewer sees: paragraphs, or JSON where it is no text."""

    label: str
    paragraphs: list[list[Piece]]
    json: str = ""


def shown_of(shown: Mapping[str, Any], fields: Mapping[str, Any]) -> list[Shown]:
    """What is shown, in order, with the sentences marked that the proposal took over."""
    proposed = " ".join(value for value in fields.values() if isinstance(value, str))
    return [_shown(label_of(name), value, proposed) for name, value in shown.items()]


def label_of(name: str) -> str:
    """A member's name in words."""
    return name.replace("_", " ").strip().capitalize()


def _shown(name: str, value: object, proposed: str) -> Shown:
    texts = list(_texts_of(value))
    if texts or value in ([], "", None):
        return Shown(name, [_pieces(text, proposed) for text in texts])
    dumped = orjson.dumps(value, option=orjson.OPT_INDENT_2)
    return Shown(name, [], dumped.decode())


def _texts_of(value: object) -> Iterator[str]:
    """The texts of a value, if it is nothing but texts."""
    match value:
        case str() if value.strip():
            yield value
        case bool():
            return
        case int() | float():
            yield str(value)
        case list() if all(isinstance(item, str) for item in value):
            yield from value
        case list() if all(isinstance(item, dict) and "text" in item for item in value):
            yield from (str(item["text"]) for item in value)


def _pieces(text: str, proposed: str) -> list[Piece]:
    pieces = []
    for sentence in SENTENCE.split(text):
        is_used = len(sentence) >= SHORTEST_USED and sentence.strip() in proposed
        pieces.append(Piece(sentence, is_used))
    return pieces
