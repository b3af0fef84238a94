from django.apps import AppConfig


class EgressConfig(AppConfig):
    name = "orchestrator_site.egress"
    label = "egress"
    verbose_name = "Egress"
