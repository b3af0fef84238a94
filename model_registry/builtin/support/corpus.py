"""The data written for the demo: messages to learn from, messages to measure with."""

import json
from dataclasses import dataclass
from pathlib import Path

SUPPORT_DATA = Path(__file__).parent.parent / "data" / "support"
TRAINING = SUPPORT_DATA / "training"
HELDOUT = SUPPORT_DATA / "heldout.jsonl"

INTENTS = (
    "account_access",
    "complaint",
    "damaged",
    "delivery",
    "invoice",
    "other",
    "privacy",
    "refund",
    "subscription",
    "warranty",
)


@dataclass(frozen=True, slots=True)
class Message:
    """A message of the held-out file.

    `kind` is clear, blank, foreign, gibberish, hostile or other; `intents` names
    every intent that counts as right and is empty unless the message has one.
    """

    text: str
    kind: str
    intents: tuple[str, ...]


def read_training() -> list[tuple[str, str]]:
    """List pairs of text and intent, in a fixed order."""
    return [
        (line, intent) for intent in INTENTS for line in _lines(f"{intent}.txt")
    ]


def _lines(name: str) -> list[str]:
    lines = (TRAINING / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.strip()]


def read_heldout(path: Path = HELDOUT) -> list[Message]:
    """List the messages that no model was trained on."""
    rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return [
        Message(row["text"], row["kind"], tuple(row.get("intents", ())))
        for row in rows
    ]
