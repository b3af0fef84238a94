import pytest
from pydantic import ValidationError

from flows.nodes.base import Data, Done, Failed, Fetch
from flows.nodes.http_request import NODE, read_answer

URL = "https://shop.example/orders"


def asked(config: dict, value: object = None):
    data = Data({} if value is None else value, {}, key="run/1/pay")
    return NODE.run(NODE.config(**{"url": URL, **config}), data)


def test_values_are_filled_in_and_encoded() -> None:
    url = "https://shop.example:8443/orders/{{ input.id }}?q={{ input.q }}&n=1"
    value = {"id": "a/b", "q": "x&n=2 ä#"}
    result = asked({"url": url, "headers": {"X-Id": "id {{ input.id }}"}}, value)
    assert (
        result.url
        == "https://shop.example:8443/orders/a%2Fb?q=x%26n%3D2%20%C3%A4%23&n=1"
    )
    assert result.headers == {"X-Id": "id a/b"}


@pytest.mark.parametrize(
    "url",
    [
        "{{ input.url }}",
        "https://{{ input.host }}/",
        "https://shop.example{{ input.host }}/",
        "https://shop.example:{{ input.port }}/",
        "https://shop.{{ input.tld }}",
        "{{ 'https' }}://shop.example/",
        "https://user@shop.example/",
        "https://shop.example@evil.example/",
        "https://shop.example\\@evil.example/",
        "https://shop.example#@evil.example/",
        "https:///shop.example/",
        "https:shop.example/",
        "//shop.example/",
        "ftp://shop.example/",
        "file:///etc/passwd",
        "https://shop.example:99999/",
        "https://shop.example:0/",
        " https://shop.example/",
        "https://shop.example/a b",
        "https://shop.example/\r\nX: y",
        "https://shöp.example/",
        "",
    ],
)
def test_host_is_written_out(url: str) -> None:
    with pytest.raises(ValidationError):
        NODE.config(url=url)


@pytest.mark.parametrize("filled", ["..", ".", "%2e."])
def test_value_does_not_lead_up_the_path(filled: str) -> None:
    url = "https://shop.example/orders/{{ input.id }}/items"
    result = asked({"url": url}, {"id": filled})
    if filled == "%2e.":
        assert result.url.endswith("/%252e./items")
    else:
        assert isinstance(result, Failed)
        assert result.code == "http_url_invalid"


def test_body_is_json_or_text() -> None:
    made = asked({"method": "POST", "body": {"n": "input.n"}}, {"n": 1})
    assert (made.body, made.headers) == (
        b'{"n":1}',
        {"Content-Type": "application/json"},
    )
    given = {
        "method": "PUT",
        "text": "<n>{{ 1 }}</n>",
        "headers": {"content-type": "text/xml"},
    }
    made = asked(given)
    assert (made.body, made.headers) == (b"<n>1</n>", {"content-type": "text/xml"})


def test_value_in_a_header_starts_no_other() -> None:
    result = asked({"headers": {"X-A": "{{ input.a }}"}}, {"a": "1\r\nHost: evil"})
    assert isinstance(result, Failed)
    assert result.code == "http_header_invalid"


@pytest.mark.parametrize(
    "config",
    [
        {"headers": {"Host": "evil.example"}},
        {"headers": {"content-length": "1"}},
        {"headers": {"Idempotency-Key": "1"}},
        {"headers": {"Proxy-Authorization": "x"}},
        {"headers": {"X-A": "1", "x-a": "2"}},
        {"headers": {"X A": "1"}},
        {"method": "POST", "body": {"a": "1"}, "text": "a"},
        {"method": "GET", "body": {"a": "1"}},
        {"method": "TRACE"},
        {"ok_statuses": [99]},
        {"timeout_s": 0},
    ],
)
def test_config_is_refused(config: dict) -> None:
    with pytest.raises(ValidationError):
        NODE.config(**{"url": URL, **config})


@pytest.mark.parametrize(
    ("config", "effect", "key"),
    [
        ({}, "idempotent", None),
        ({"method": "HEAD"}, "idempotent", None),
        ({"method": "PUT"}, "idempotent", None),
        ({"method": "DELETE"}, "idempotent", None),
        ({"method": "POST"}, "at_most_once", None),
        ({"method": "PATCH"}, "at_most_once", None),
        ({"method": "POST", "idempotency": "header"}, "idempotent", "run/1/pay"),
    ],
)
def test_effect_depends_on_the_method(
    config: dict, effect: str, key: str | None
) -> None:
    assert NODE.effect_of(NODE.config(url=URL, **config)) == effect
    assert asked(config).headers.get("Idempotency-Key") == key


def test_every_expression_is_listed() -> None:
    config = NODE.config(
        method="POST",
        url=URL + "/{{ input.a }}",
        headers={"X": "{{ input.b }}"},
        body={"n": "1"},
    )
    assert [use.pointer for use in NODE.uses(config)] == [
        "/url",
        "/headers/X",
        "/body/n",
    ]


FETCH = Fetch(method="GET", url=URL)


@pytest.mark.parametrize(
    ("kind", "body", "read"),
    [
        ("application/json", b'{"a": 1}', {"a": 1}),
        ("application/problem+json; charset=utf-8", b"[]", []),
        ("text/plain; charset=ISO-8859-1", b"\xe4", "ä"),
        ("text/html", "ä".encode(), "ä"),
        ("", b"plain", "plain"),
        ("application/json", b"", None),
    ],
)
def test_body_is_read_by_its_type(kind: str, body: bytes, read: object) -> None:
    answer = read_answer(FETCH, 200, {"content-type": kind}, body)
    assert answer == Done(
        {"status": 200, "headers": {"content-type": kind}, "body": read}
    )


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b"{half"),
        ("image/png", b"\x89PNG"),
        ("text/plain; charset=zlib", b"a"),
        ("text/plain", b"\xff"),
    ],
)
def test_body_that_cannot_be_read_fails(kind: str, body: bytes) -> None:
    answer = read_answer(FETCH, 200, {"content-type": kind}, body)
    assert isinstance(answer, Failed)
    assert answer.code == "http_body_unreadable"


def test_status_decides_whether_it_went_well() -> None:
    listed = Fetch(method="GET", url=URL, ok_statuses=(404,))
    assert read_answer(FETCH, 204, {}, b"").output["status"] == 204
    assert read_answer(FETCH, 404, {}, b"").code == "http_status"
    assert read_answer(listed, 404, {}, b"").output["status"] == 404
    assert isinstance(read_answer(listed, 200, {}, b""), Failed)
