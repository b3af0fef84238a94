"""The only module of `live` that other apps import."""

from orchestrator_site.live.announcing import Announcement, announce, announce_now
from orchestrator_site.live.pacing import Pacer, Speaker
from orchestrator_site.live.topics import now_id, register_topic
from orchestrator_site.live.valkey import Valkey, valkey

__all__ = [
    "Announcement",
    "Pacer",
    "Speaker",
    "Valkey",
    "announce",
    "announce_now",
    "now_id",
    "register_topic",
    "valkey",
]
