"""Every hop of a redirect is asked for anew."""

import pytest

from orchestrator_site.egress.allowance import Allowance, allowance_of
from orchestrator_site.egress.client import send
from orchestrator_site.egress.errors import (
    AddressNotAllowed,
    BrokenOff,
    OriginNotAllowed,
    RedirectRefused,
)
from orchestrator_site.egress.messages import Request
from orchestrator_site.egress.origins import Entry, parse_entry
from tests.fakes.http_server import http_service
from tests.orchestrator_site.egress.conftest import PUBLIC, ask, public_only

SECRETS = {
    "Authorization": "Bearer s",
    "Cookie": "session=s",
    "X-Api-Key": "s",
    "Accept-Language": "fr",
}


def to(other, behaviour="answers", code=302):
    return f"redirects?code={code}&to={other.url(behaviour)}"


def test_a_redirect_within_what_is_allowed_is_followed(service, other_service):
    answer = ask(service, to(other_service), also=[other_service.origin])
    assert answer.status == 200
    assert len(other_service.asked) == 1


def test_a_redirect_to_an_origin_that_is_not_listed_is_refused(service, other_service):
    with pytest.raises(OriginNotAllowed) as caught:
        ask(service, to(other_service))
    assert other_service.asked == []
    assert caught.value.sent


def test_a_redirect_to_an_address_within_is_refused(service, other_service):
    """The list has the origin, but only as one of the public Internet."""
    entries = allowance_of([service.origin]).entries
    entries += (Entry(parse_entry(other_service.origin).origin),)
    asked = Request(method="GET", url=service.url(to(other_service)))
    with pytest.raises(AddressNotAllowed):
        send(asked, Allowance(entries))
    assert other_service.asked == []


@pytest.mark.parametrize(
    ("code", "method", "then"),
    [
        (301, "POST", "GET"),
        (302, "POST", "GET"),
        (303, "POST", "GET"),
        (303, "PUT", "GET"),
        (307, "POST", "POST"),
        (308, "PUT", "PUT"),
        (302, "HEAD", "HEAD"),
        (303, "HEAD", "HEAD"),
        (307, "DELETE", "DELETE"),
    ],
)
def test_the_method_follows_the_status(service, code, method, then):
    body = b"" if method in ("HEAD", "DELETE") else b"text"
    ask(service, f"redirects?code={code}&to=/answers", method=method, body=body)
    assert service.last["method"] == then
    assert service.last["body"] == (body.decode() if then == method else "")


def test_secrets_stay_behind_when_the_origin_changes(service, other_service):
    ask(service, to(other_service), also=[other_service.origin], headers=SECRETS)
    sent = other_service.last["headers"]
    assert not {"authorization", "cookie", "x-api-key"} & sent.keys()
    assert sent["accept-language"] == "fr"
    assert sent["host"] == other_service.origin.removeprefix("http://")
    assert service.asked[0]["headers"]["x-api-key"] == "s"


def test_a_key_goes_along_within_the_origin(service):
    ask(service, "redirects?to=/answers", headers=SECRETS)
    assert service.last["headers"]["x-api-key"] == "s"


def test_redirects_in_a_circle_end(service):
    with pytest.raises(RedirectRefused):
        ask(service, "circles")
    assert len(service.asked) == 6


def test_a_status_that_the_flow_asks_for_is_an_answer(service):
    answer = ask(service, "redirects?code=302&to=/answers", answers=(302,))
    assert answer.status == 302
    assert answer.headers["location"] == "/answers"


@pytest.mark.parametrize(
    "target", ["http://[::bad", "https://a:b@api.example/", "ftp://x/"]
)
def test_a_redirect_to_no_usable_address_is_told(service, target):
    with pytest.raises((BrokenOff, OriginNotAllowed)):
        ask(service, f"redirects?to={target}", also=["https://api.example"])


def test_a_redirect_never_leaves_https(names, authority, other_service):
    with http_service(authority.serving("api.example")) as secure:
        names.ports |= {PUBLIC: secure.port, "8.8.8.8": other_service.port}
        names.add("api.example", [PUBLIC])
        names.add("plain.example", ["8.8.8.8"])
        url = "https://api.example/redirects?to=http://plain.example/answers"
        with pytest.raises(RedirectRefused, match="from https to http"):
            send(
                Request(method="GET", url=url),
                public_only("https://api.example", "http://plain.example"),
                edge=names.edge(authority.trusting()),
            )
    assert other_service.asked == []
