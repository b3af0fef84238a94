"""A file of a model that a workspace keeps in the database."""

from django.db import models

from orchestrator_site.accounts.api import WorkspaceOwned, new_id


class Artefact(WorkspaceOwned):
    """What its content was found to be; the bytes stand in its parts."""

    class Format(models.TextChoices):
        """What Baton loads."""

        ONNX = "onnx", "ONNX"
        SKOPS = "skops", "skops"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    format = models.CharField(max_length=8, choices=Format)
    size = models.PositiveBigIntegerField()
    created_by = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """One content is one artefact of a workspace."""

        ordering = ("name", "sha256")
        constraints = (
            models.UniqueConstraint(
                fields=("workspace", "sha256"), name="artefact_unique_in_workspace"
            ),
        )

    def __str__(self) -> str:
        """Give the name."""
        return self.name


class ArtefactPart(models.Model):
    """Some bytes of a file, so that no row is as large as a file may be."""

    artefact = models.ForeignKey(
        Artefact, on_delete=models.CASCADE, related_name="parts"
    )
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        """Numbers count from 0."""

        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(
                fields=("artefact", "number"), name="artefact_part_number_unique"
            ),
        )

    def __str__(self) -> str:
        """Name the file and the number."""
        return f"{self.artefact_id} {self.number}"
