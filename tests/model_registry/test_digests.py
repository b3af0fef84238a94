from model_registry.digests import digest_of
from tests.factories.models import make_manifest

# As it was before anything but the call could be stated.
KNOWN = "6f387fe99bd802a50c58399196b8fec5fdf1191241481bd042919b6de4bc8042"


def test_digest_of_a_version_stays():
    assert digest_of(make_manifest(model="shop")) == KNOWN


def test_what_is_said_about_a_model_makes_no_other_version():
    stated = {
        "description": "d",
        "tags": ["a"],
        "card": "c",
        "governance": {"region": "EU"},
        "prices": [{"valid_from": "2026-01-01"}],
    }
    assert digest_of(make_manifest(model="shop", alias=None, **stated)) == KNOWN


def test_call_makes_another_version():
    assert digest_of(make_manifest(model="shop", runs="cpu")) != KNOWN
