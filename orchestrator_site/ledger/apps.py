"""The ledger as an app."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Tables of events, chain heads and blobs."""

    name = "orchestrator_site.ledger"
    label = "ledger"
