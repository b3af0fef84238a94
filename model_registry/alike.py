"""Models beside one that do the same."""

from django.db.models import Exists, OuterRef, Q

from model_registry.models import Model, ModelVersion
from model_registry.selectors import Similar


def list_alike(model: Model) -> list[Similar]:
    """Own models that are the same thing, or take and give the same; by name."""
    others = Model.objects.filter(workspace=model.workspace_id).exclude(pk=model.pk)
    calls = model.versions.exclude(adapter="").values("call_digest")
    same = ModelVersion.objects.filter(model=OuterRef("pk"), call_digest__in=calls)
    like = Q(contract=model.contract, kind=model.kind)
    found = others.annotate(is_same=Exists(same)).filter(like | Q(is_same=True))
    rows = found.order_by("-is_same", "name").values_list("name", "is_same")
    return [Similar(name, is_same=is_same) for name, is_same in rows]
