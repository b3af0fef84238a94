"""What a running stack tells the other commands on the same data folder."""

import json
from pathlib import Path
from typing import Any

FILE = "runtime.json"


def read(data_dir: Path) -> dict[str, Any]:
    """Facts of the running stack (`redis_url`, `address`, `pid`); empty if none runs."""
    try:
        facts = json.loads((data_dir / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return facts if isinstance(facts, dict) else {}
