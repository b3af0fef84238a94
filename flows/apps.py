"""Flows as an app."""

from importlib import import_module

from django.apps import AppConfig

from model_registry import expressions, reviews
from orchestrator_site.ledger.sources import register
from orchestrator_site.live.api import register_topic
from orchestrator_site.shell.counts import register_count


class FlowsConfig(AppConfig):
    """Flows, their versions, runs and steps."""

    name = "flows"

    def ready(self) -> None:
        """Let the ledger verify what runs and versions keep, and listen to approvals."""
        import_module("flows.receivers")
        register("flows.evidence.RunChains")
        register("flows.evidence.VersionDocuments")
        expressions.register("flows.model_expressions.compile_for_model")
        reviews.register("flows.services.reviewing.count_reviews")
        register_topic("run", "flows.live.current_run")
        register_count(
            "flows:operations", "flows.selectors.standing.count_needing_operator"
        )
