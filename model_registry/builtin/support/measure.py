"""Measure the five models, chained as the support flow chains them.

`python -m model_registry.builtin.support.measure` prints the figures.
"""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from model_registry.builtin.support import composer, intent, policy, screen, verifier
from model_registry.builtin.support.corpus import Message, read_heldout

HANDED_OVER_KINDS = ("blank", "foreign", "gibberish", "hostile", "other")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the chain made of one message; no answer means handed over."""

    message: Message
    intent: str | None
    answer: str | None
    codes: tuple[str, ...]

    @property
    def is_right(self) -> bool:
        """Tell whether the intent is one that counts as right."""
        return self.intent in self.message.intents


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares from 0 to 1; `misses` are the messages that went the wrong way."""

    intent_right: float
    clear_answered: float
    handed_over: dict[str, float]
    counts: dict[str, int]
    misses: list[Outcome] = field(repr=False)

    def render(self) -> str:
        """Return the figures as lines of text."""
        lines = [
            f"clear messages: {self.counts['clear']}",
            f"  intent right: {self.intent_right:.1%}",
            f"  answered:     {self.clear_answered:.1%}",
            "handed over:",
        ]
        lines += [
            f"  {kind + ':':<11} {share:.1%} of {self.counts[kind]}"
            for kind, share in self.handed_over.items()
        ]
        return "\n".join(lines)


class Chain:
    """The five models, called in the order of the support flow."""

    def __init__(self) -> None:
        self._intent = intent.load({})
        self._screen = screen.load({})
        self._policy = policy.load({})

    def run(self, message: Message) -> Outcome:
        """Answer a message or hand it over."""
        found = self._intent({"text": message.text})
        screened = self._screen({"text": message.text})
        reasons = [*found["reasons"], *screened["reasons"]]
        passages = self._policy({"text": message.text, "intent": found["intent"]})
        answer = None
        if not reasons and passages["policy"]:
            source = passages.pop("source")
            asked = {"message": message.text, "intent": found["intent"]}
            draft = composer.compose(asked | passages)
            verdict = verifier.verify(
                {"message": message.text, "source": source} | draft
            )
            reasons = verdict["reasons"]
            answer = draft["answer"] if verdict["verdict"] == "pass" else None
        codes = tuple(reason["code"] for reason in reasons)
        return Outcome(message, found["intent"], answer, codes)


def measure(messages: Sequence[Message] | None = None) -> Figures:
    """Run the chain over messages, the held-out file by default."""
    chain = Chain()
    chosen = read_heldout() if messages is None else messages
    outcomes = [chain.run(message) for message in chosen]
    by_kind = {
        kind: [outcome for outcome in outcomes if outcome.message.kind == kind]
        for kind in ("clear", *HANDED_OVER_KINDS)
    }
    clear = by_kind["clear"]
    return Figures(
        intent_right=_share(clear, lambda outcome: outcome.is_right),
        clear_answered=_share(clear, _is_answered),
        handed_over={
            kind: 1 - _share(by_kind[kind], _is_answered)
            for kind in HANDED_OVER_KINDS
            if by_kind[kind]
        },
        counts={kind: len(rows) for kind, rows in by_kind.items()},
        misses=[outcome for outcome in outcomes if _is_miss(outcome)],
    )


def _is_answered(outcome: Outcome) -> bool:
    return outcome.answer is not None


def _is_miss(outcome: Outcome) -> bool:
    if outcome.message.kind == "clear":
        return not (outcome.is_right and _is_answered(outcome))
    return _is_answered(outcome)


def _share(rows: Sequence[Outcome], holds: Callable[[Outcome], bool]) -> float:
    return sum(map(holds, rows)) / len(rows) if rows else 0.0


def main() -> None:
    """Print the figures and every miss."""
    figures = measure()
    sys.stdout.write(figures.render() + "\n\nmisses:\n")
    for miss in figures.misses:
        expected = ", ".join(miss.message.intents) or "hand over"
        sys.stdout.write(
            f"  {miss.message.kind} | {miss.message.text!r} | expected {expected}"
            f" | intent {miss.intent}, codes {list(miss.codes)}\n"
        )


if __name__ == "__main__":
    main()
