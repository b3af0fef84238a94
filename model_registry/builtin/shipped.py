"""What ships: the models' manifests, with what they have in common written once.

A manifest names a capability; its schemas stand in `contracts/`, so that models of one
capability can take each other's place, and its record in `governance.yaml`. The card of a
model is a file of its own.
"""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
MANIFESTS, CONTRACTS, CARDS = HERE / "manifests", HERE / "contracts", HERE / "cards"


@cache
def read_shipped() -> dict[str, dict[str, Any]]:
    """Map the name of each model that ships to its whole manifest."""
    contracts = {path.stem: _read_yaml(path) for path in CONTRACTS.glob("*.yaml")}
    records = _read_yaml(HERE / "governance.yaml")
    shipped = {}
    for path in sorted(MANIFESTS.glob("*.yaml")):
        manifest = _read_yaml(path)
        capability = manifest["capability"]
        shipped[path.stem] = {
            **manifest,
            **contracts[capability],
            "card": card_path(path.stem).read_text(encoding="utf-8"),
            "governance": records["usual"] | records["capabilities"][capability],
        }
    return shipped


def card_path(name: str) -> Path:
    """Return the file that holds the card of a model."""
    return CARDS / f"{name}.md"


def _read_yaml(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return document
