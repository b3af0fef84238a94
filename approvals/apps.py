"""Approvals as an app."""

from django.apps import AppConfig

from orchestrator_site.ledger.sources import register
from orchestrator_site.live.api import register_topic
from orchestrator_site.shell.counts import register_count


class ApprovalsConfig(AppConfig):
    """What waits for a person, and what people decided."""

    name = "approvals"

    def ready(self) -> None:
        """Let the ledger verify what was shown and decided, pages watch it and count it."""
        register("approvals.evidence.ApprovalContent")
        register_topic("approval", "approvals.selectors.find_version")
        register_count(
            "approvals:queue", "approvals.selectors.count_waiting", "approvals"
        )
