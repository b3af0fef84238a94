"""The flows that ship, as documents."""

from pathlib import Path
from typing import Any

import orjson

FOLDER = Path(__file__).parent


def read_demo_flows() -> dict[str, dict[str, Any]]:
    """The documents of the demo flows by slug."""
    return {
        path.stem: orjson.loads(path.read_bytes())
        for path in sorted(FOLDER.glob("*.json"))
    }
