"""Where this installation keeps its data."""

from pathlib import Path

from orchestrator_site import env

BASE_DIR = Path(__file__).resolve().parents[3]
DATA_DIR = env.folder("BATON_DATA_DIR", BASE_DIR / ".baton")
MODEL_DIR = env.folder("BATON_MODEL_DIR", DATA_DIR / "models")
UPLOAD_MB = env.number("BATON_UPLOAD_MB", 64, low=1, high=512)
UPLOAD_QUOTA_MB = env.number("BATON_UPLOAD_QUOTA_MB", 512, low=1, high=1_000_000)
