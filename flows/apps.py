"""Flows as an app."""

from django.apps import AppConfig

from orchestrator_site.ledger.sources import register


class FlowsConfig(AppConfig):
    """Flows, their versions, runs and steps."""

    name = "flows"

    def ready(self) -> None:
        """Let the ledger verify what runs and versions keep."""
        register("flows.evidence.RunChains")
        register("flows.evidence.VersionDocuments")
