from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from model_registry.errors import PriceTaken
from model_registry.facts import PriceTerms
from model_registry.models import Price
from model_registry.pricing import price_at
from model_registry.resolving import resolve
from model_registry.services.prices import set_price
from orchestrator_site.ledger.api import Event
from tests.factories.models import make_draft, make_model_version

JANUARY = datetime(2026, 1, 1, tzinfo=UTC)
JUNE = datetime(2026, 6, 1, tzinfo=UTC)
CHAT = {"base_url": "https://models.example/v1", "model": "m", "prompt": "p"}
PRICE = {"input_usd_per_million": "0.25", "output_usd_per_million": "1"}


def terms(at, **values):
    return PriceTerms(valid_from=at, **values)


@pytest.mark.parametrize(
    ("moment", "price"),
    [
        (JANUARY - timedelta(seconds=1), None),
        (JANUARY, 1),
        (JUNE - timedelta(microseconds=1), 1),
        (JUNE, 2),
    ],
)
def test_call_has_the_price_that_holds_when_it_starts(moment, price):
    prices = [
        terms(JUNE, usd_micros_per_call=2),
        terms(JANUARY, usd_micros_per_call=1),
    ]
    found = price_at(prices, moment)
    assert (found.usd_micros_per_call if found else None) == price


def test_time_without_a_zone_is_utc():
    assert PriceTerms(valid_from="2026-01-01").valid_from == JANUARY


@pytest.mark.django_db
def test_new_price_follows_and_an_old_one_never_changes():
    version = make_draft()
    set_price(version, terms(JANUARY, usd_micros_per_call=1), actor="user:1")
    set_price(version, terms(JUNE, usd_micros_per_call=2), actor="user:1")
    before = Event.objects.count()
    set_price(version, terms(JUNE, usd_micros_per_call=2), actor="user:1")
    assert Event.objects.count() == before
    with pytest.raises(PriceTaken, match="never changes"):
        set_price(version, terms(JUNE, usd_micros_per_call=3), actor="user:1")
    assert [p.usd_micros_per_call for p in version.prices.all()] == [1, 2]


@pytest.mark.django_db
def test_prices_of_a_manifest_come_with_what_resolves():
    prices = [{"valid_from": "2026-01-01", **PRICE}, {"valid_from": "2026-06-01"}]
    version = make_model_version(prices=prices)
    found = resolve(version.model.workspace_id, version.model.name, "champion")
    assert found.price_at(JANUARY).input_usd_per_million == Decimal("0.25")
    assert found.price_at(JUNE).input_usd_per_million == 0
    assert found.price_at(JANUARY - timedelta(days=1)) is None


@pytest.mark.django_db
def test_price_in_the_settings_is_the_first_one(settings):
    settings.BATON_EGRESS_ALLOW = ("https://models.example",)
    chat = {**CHAT, "price": {"input_usd_per_million": 3, "output_usd_per_million": 15}}
    make_draft(adapter="openai_chat", runs="wait", settings=chat)
    price = Price.objects.get()
    assert (price.input_usd_per_million, price.output_usd_per_million) == (3, 15)
