import pytest

from orchestrator_site.egress.allowance import allowance_of
from orchestrator_site.egress.errors import OriginInvalid
from orchestrator_site.egress.origins import parse_entry, parse_public

ALLOW = ("https://models.example", "http://127.0.0.1:8080", "http://[::1]:9000/")


@pytest.mark.parametrize(
    "url",
    [
        "https://models.example/v1",
        "https://MODELS.example:443/v1",
        "https://models.example./v1",
        "http://127.0.0.1:8080/v1",
        "http://[::1]:9000",
    ],
)
def test_listed_origin_may_be_called(url):
    assert allowance_of(ALLOW).refusal(url) is None


@pytest.mark.parametrize(
    "url",
    [
        "http://models.example/v1",
        "https://models.example:8443",
        "https://models.example.evil.example",
        "https://models.example@evil.example",
        "http://127.0.0.1",
        "http://127.1:8080",
        "http://2130706433:8080",
        "http://localhost:8080",
        "http://[::ffff:127.0.0.1]:8080",
        "http://169.254.169.254/latest",
        "ftp://models.example",
        "models.example",
        "https://models.example:99999",
        "",
    ],
)
def test_every_other_origin_is_refused(url):
    assert allowance_of(ALLOW).refusal(url)


def test_nothing_is_listed_unless_the_operator_lists_it():
    refusal = allowance_of([]).refusal("https://models.example")
    assert "BATON_EGRESS_ALLOW" in (refusal or "")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "models.example",
        "ftp://models.example",
        "https://models.example/v1",
        "https://models.example?x",
        "https://a@models.example",
        "https://*.example",
        "https://models.example:0",
        "https://models.example:99999",
        "https://mödels.example",
        "https://models.example=10.0.0.1/8",
        "https://models.example=ten",
    ],
)
def test_what_is_no_entry_is_told(text):
    with pytest.raises(OriginInvalid):
        parse_entry(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://Api.Example:443/", "https://api.example"),
        ("http://api.example:8080", "http://api.example:8080"),
        ("https://93.184.216.34", "https://93.184.216.34"),
        ("https://[2606:4700::1111]", "https://[2606:4700::1111]"),
    ],
)
def test_a_workspace_may_list_public_origins(text, shown):
    assert str(parse_public(text)) == shown


@pytest.mark.parametrize(
    "text",
    [
        "http://localhost:8080",
        "http://api.localhost",
        "http://127.0.0.1:8080",
        "http://10.0.0.1",
        "http://[::1]",
        "http://[::ffff:10.0.0.1]",
        "http://169.254.169.254",
        "https://models.example=10.0.0.0/8",
        "https://models.example=8.8.8.8",
    ],
)
def test_a_workspace_cannot_reach_into_the_network_of_the_operator(text):
    with pytest.raises(OriginInvalid, match="whoever runs Baton"):
        parse_public(text)
