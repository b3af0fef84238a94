"""What ships: the models' manifests, with what they have in common written once.

A manifest names a capability; its schemas stand in `contracts/`, so that models of one
capability can take each other's place.
"""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
MANIFESTS, CONTRACTS, CARDS = HERE / "manifests", HERE / "contracts", HERE / "cards"


@cache
def shipped_manifests() -> dict[str, str]:
    """Map the name of each model that ships to the text of its whole manifest."""
    texts = {}
    for path in sorted(MANIFESTS.glob("*.yaml")):
        text = path.read_text(encoding="utf-8")
        contract = CONTRACTS / f"{yaml.safe_load(text)['capability']}.yaml"
        texts[path.stem] = text + contract.read_text(encoding="utf-8")
    return texts


@cache
def read_shipped() -> dict[str, dict[str, Any]]:
    """Map the name of each model that ships to its manifest."""
    return {name: yaml.safe_load(text) for name, text in shipped_manifests().items()}


def card_path(name: str) -> Path:
    """Return the file that holds the card of a model."""
    return CARDS / f"{name}.md"
