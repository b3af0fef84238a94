"""What the settings of adapters refuse, before any version is registered."""

import pytest

from model_registry.errors import ManifestInvalid
from tests.factories.models import make_manifest

HTTP = {"url": "https://models.example/score"}
OIP = {
    "base_url": "https://models.example",
    "model": "fraud",
    "inputs": {"x": {"datatype": "FP32", "fields": ["amount"]}},
}
VECTORS = {"base_url": "https://models.example/v1", "model": "small"}


@pytest.mark.parametrize(
    ("adapter", "settings", "says"),
    [
        ("http_json", HTTP | {"url": "ftp://x"}, "must be an address"),
        ("http_json", HTTP | {"url": "https://me:pw@x"}, "no user, password"),
        ("http_json", HTTP | {"output": {"a": "output."}}, r"output\.a"),
        ("http_json", HTTP | {"output": {"a": "steps.b.c"}}, "reads 'steps'"),
        ("http_json", HTTP | {"body": {"a": "output.b"}}, "there is only input"),
        ("http_json", HTTP | {"api_key_env": "PATH"}, "ends in _KEY or _TOKEN"),
        ("http_json", HTTP | {"api_key_env": "BATON_SECRET_KEY"}, "not start with"),
        (
            "http_json",
            HTTP | {"api_key_env": "A_KEY", "credential": "b"},
            "one of `api_key_env` and `credential`",
        ),
        ("oip_v2", OIP | {"inputs": {}}, "at least 1"),
        ("oip_v2", OIP | {"model": "../admin"}, "Write it to match"),
        (
            "oip_v2",
            OIP | {"inputs": {"x": {"datatype": "FP32"}}},
            "one of `fields` and `field`",
        ),
        ("openai_embeddings", VECTORS, "one of `text` and `texts`"),
        (
            "openai_embeddings",
            VECTORS | {"text": "{{ steps.a }}"},
            r"only \{\{ input.name \}\}",
        ),
    ],
)
def test_settings_that_are_refused(adapter, settings, says):
    with pytest.raises(ManifestInvalid, match=says):
        make_manifest(adapter=adapter, settings=settings, runs="wait")


@pytest.mark.parametrize(
    ("adapter", "settings"),
    [
        ("http_json", HTTP),
        ("oip_v2", OIP),
        ("openai_embeddings", VECTORS | {"texts": "passages"}),
    ],
)
def test_settings_that_are_taken(adapter, settings):
    manifest = make_manifest(adapter=adapter, settings=settings, runs="wait")
    assert manifest.version.settings == settings


@pytest.mark.parametrize("adapter", ["http_json", "oip_v2", "openai_embeddings"])
def test_what_waits_for_a_server_runs_nowhere_else(adapter):
    with pytest.raises(ManifestInvalid, match="runs in wait, not in cpu"):
        make_manifest(adapter=adapter, settings={}, runs="cpu")
