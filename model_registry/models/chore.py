"""Work that is due now and then, and that one worker does for all."""

from django.db import models


class Chore(models.Model):
    """When work is due next; whoever moves `due_at` on is the one that does it."""

    name = models.SlugField(primary_key=True, max_length=32)
    due_at = models.DateTimeField()

    def __str__(self) -> str:
        """Give the name."""
        return self.name
