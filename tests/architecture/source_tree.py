"""The files that the architecture tests read."""

from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("orchestrator_site", "flows", "model_registry", "approvals")
GENERATED = {"migrations", "vendor", "__pycache__", "node_modules"}


def files(*folders: str, suffix: str) -> Iterator[Path]:
    """List our own files; migrations and vendored code are not ours to size."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob(f"*{suffix}")):
            if not GENERATED & set(path.relative_to(ROOT).parts):
                yield path
