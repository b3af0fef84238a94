"""What a version costs, from a moment on."""

from django.db import models

from model_registry.models.version import ModelVersion
from orchestrator_site.accounts.api import new_id


class Price(models.Model):
    """Holds until the next price of the version begins. Never changed, only followed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = models.ForeignKey(
        ModelVersion, on_delete=models.PROTECT, related_name="prices"
    )
    valid_from = models.DateTimeField()
    input_usd_per_million = models.DecimalField(max_digits=16, decimal_places=6)
    output_usd_per_million = models.DecimalField(max_digits=16, decimal_places=6)
    usd_micros_per_call = models.PositiveBigIntegerField(default=0)
    set_by = models.CharField(max_length=64)
    set_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """One price at a time."""

        ordering = ("version", "valid_from")
        constraints = (
            models.UniqueConstraint(
                fields=("version", "valid_from"), name="price_unique_in_version"
            ),
        )

    def __str__(self) -> str:
        """Say whose it is and from when."""
        return f"{self.version} from {self.valid_from.isoformat()}"
