"""Rows as the documents that people wrote, to be read, copied and compared."""

from typing import Any

from model_registry.json_values import JsonObject
from model_registry.models import Model, ModelVersion, Price

GOVERNANCE = (
    "provider",
    "region",
    "data_class",
    "retention",
    "trains_on_data",
    "risk_class",
    "risk_reason",
)
PERSON = ("who", "rate_usd_micros_per_minute", "expected_wait_s", "accuracy")


def manifest_document(version: ModelVersion) -> JsonObject:
    """The manifest that would register this version of its model elsewhere."""
    model = version.model
    document = {
        "model": model.name,
        "kind": model.kind,
        "capability": model.capability,
        "description": model.description,
        "tags": [tag.name for tag in model.tags.all()],
        "card": model.card,
        "governance": governance_document(model),
        "input_schema": model.input_schema,
        "output_schema": model.output_schema,
    }
    if model.kind != Model.Kind.MODEL:
        return {**document, "person": person_document(model)}
    prices = [price_document(price) for price in version.prices.all()]
    return {**document, "version": call_document(version), "prices": prices}


def version_document(version: ModelVersion) -> JsonObject:
    """What two versions are compared by."""
    return {
        "status": version.standing.status,
        "created_by": version.created_by,
        **call_document(version),
        "prices": [price_document(price) for price in version.prices.all()],
    }


def governance_document(model: Model) -> JsonObject:
    """What is stated in the governance record."""
    stated = {name: getattr(model, name) for name in GOVERNANCE}
    if model.review_by:
        stated["review_by"] = model.review_by.isoformat()
    return {name: value for name, value in stated.items() if value}


def person_document(model: Model) -> JsonObject:
    """Whom to ask; what is not known is left out."""
    stated = {name: getattr(model, name) for name in PERSON}
    return {name: value for name, value in stated.items() if value is not None}


def call_document(version: ModelVersion) -> JsonObject:
    """How the version is called."""
    queue = {"queue": version.queue} if version.queue else {}
    return {
        "adapter": version.adapter,
        "runs": version.runs,
        **queue,
        "settings": version.settings,
    }


def price_document(price: Price) -> dict[str, Any]:
    """What calls cost from a moment on; amounts in dollars are text."""
    return {
        "valid_from": price.valid_from.isoformat(),
        "input_usd_per_million": str(price.input_usd_per_million),
        "output_usd_per_million": str(price.output_usd_per_million),
        "usd_micros_per_call": price.usd_micros_per_call,
    }
