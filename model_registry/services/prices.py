"""Setting what versions cost from a moment on."""

from django.db import transaction

from model_registry.errors import PriceTaken
from model_registry.facts import PriceTerms
from model_registry.models import ModelVersion, Price
from model_registry.services.events import record_of


@transaction.atomic
def set_price(version: ModelVersion, terms: PriceTerms, *, actor: str) -> Price:
    """Let calls that start from `terms.valid_from` on have this price.

    The same again changes nothing.
    Raises: PriceTaken if another price begins at that moment.
    """
    values = terms.model_dump(exclude={"valid_from"})
    price, is_new = Price.objects.get_or_create(
        version=version,
        valid_from=terms.valid_from,
        defaults={**values, "set_by": actor},
    )
    if not is_new:
        if any(getattr(price, name) != value for name, value in values.items()):
            raise PriceTaken(
                f"{version} has another price from {terms.valid_from.isoformat()} on. "
                "A price never changes; let a new one begin at another moment."
            )
        return price
    data = {
        "version": version.number,
        "valid_from": terms.valid_from.isoformat(),
        **{name: str(value) for name, value in values.items()},
    }
    record_of(version.model, "price.set", actor, data)
    return price
