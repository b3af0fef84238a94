from django.db import models

from orchestrator_site.accounts.ids import new_id


class Workspace(models.Model):
    """Owner of everything else, and the boundary of access.

    A closed one is kept with all its records; nobody is a member of it any more.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slug = models.SlugField(max_length=50, unique=True)
    name = models.CharField(max_length=100)
    created_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.name
