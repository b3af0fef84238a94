import pytest

from model_registry.egress import refusal

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
    assert refusal(url, ALLOW) is None


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
    assert refusal(url, ALLOW)


def test_nothing_is_listed_unless_the_operator_lists_it():
    assert "BATON_EGRESS_ALLOW" in (refusal("https://models.example", ()) or "")
