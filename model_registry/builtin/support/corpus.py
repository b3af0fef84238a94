"""The data written for the demo: messages to learn from, messages to measure with."""

import json
from dataclasses import dataclass
from pathlib import Path

SUPPORT_DATA = Path(__file__).parent.parent / "data" / "support"
HELDOUT = SUPPORT_DATA / "heldout.jsonl"


@dataclass(frozen=True, slots=True)
class Message:
    """A message of the held-out file.

    `kind` is clear, blank, foreign, gibberish, hostile or other; `intents` names
    every intent that counts as right and is empty unless the message has one.
    """

    text: str
    kind: str
    intents: tuple[str, ...]


def read_training(task: str) -> list[tuple[str, str]]:
    """List pairs of text and label for a task, `intent` or `screen`, in fixed order."""
    files = sorted((SUPPORT_DATA / f"training_{task}").glob("*.txt"))
    return [
        (line, file.stem)
        for file in files
        for line in file.read_text(encoding="utf-8").splitlines()
        if line.strip()
    ]


def read_heldout(path: Path = HELDOUT) -> list[Message]:
    """List the messages that no model was trained on."""
    rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return [
        Message(row["text"], row["kind"], tuple(row.get("intents", ()))) for row in rows
    ]
