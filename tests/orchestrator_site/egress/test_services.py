import pytest
from django.core.management import CommandError, call_command

from orchestrator_site.egress.errors import OriginInvalid, OriginKnown, OriginNotAllowed
from orchestrator_site.egress.models import AllowedOrigin
from orchestrator_site.egress.origins import origin_of
from orchestrator_site.egress.selectors import workspace_allowance
from orchestrator_site.egress.services import allow_origin, withdraw_origin
from orchestrator_site.ledger.api import Event, verify
from tests.factories.accounts import make_workspace

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
API = "https://api.example"
ACTOR = "user:someone"


def may_call(workspace, url) -> bool:
    return workspace_allowance(workspace.pk).refusal(url) is None


def test_what_a_workspace_allows_holds_for_its_flows_only():
    workspace, other = make_workspace(), make_workspace()
    allow_origin(workspace, " https://API.example:443/ ", actor=ACTOR)
    assert may_call(workspace, "https://api.example/v1")
    assert not may_call(workspace, "http://api.example/v1")
    assert not may_call(other, "https://api.example/v1")


def test_what_the_installation_allows_holds_for_every_workspace(settings):
    settings.BATON_EGRESS_ALLOW = ("http://models.internal=10.1.0.0/16",)
    found = workspace_allowance(make_workspace().pk)
    entry = found.require(origin_of("http://models.internal/v1"))
    assert [str(network) for network in entry.networks] == ["10.1.0.0/16"]


def test_an_entry_of_a_workspace_reaches_public_addresses_only():
    workspace = make_workspace()
    allow_origin(workspace, API, actor=ACTOR)
    entry = workspace_allowance(workspace.pk).require(origin_of(API))
    assert entry.networks == ()


def test_a_refusal_says_who_can_change_it():
    with pytest.raises(OriginNotAllowed, match="owner or admin.*BATON_EGRESS_ALLOW"):
        workspace_allowance(make_workspace().pk).require(origin_of(API))


def test_changes_stand_in_the_ledger():
    allowed = allow_origin(make_workspace(), API, actor=ACTOR)
    withdraw_origin(allowed, actor=ACTOR)
    withdraw_origin(allowed, actor=ACTOR)
    kinds = Event.objects.order_by("seq").values_list("kind", flat=True)
    assert list(kinds) == ["egress.allowed", "egress.withdrawn"]
    assert verify().flaws == []


def test_the_same_origin_is_allowed_once():
    workspace = make_workspace()
    allow_origin(workspace, API, actor=ACTOR)
    with pytest.raises(OriginKnown):
        allow_origin(workspace, f"{API}/", actor=ACTOR)
    assert AllowedOrigin.objects.count() == 1


def test_what_is_within_cannot_be_allowed():
    with pytest.raises(OriginInvalid):
        allow_origin(make_workspace(), "http://169.254.169.254", actor=ACTOR)
    assert not AllowedOrigin.objects.exists()


def test_commands_allow_and_withdraw(capsys):
    workspace = make_workspace()
    call_command("allow_origin", API)
    assert may_call(workspace, API)
    call_command("withdraw_origin", API)
    assert not may_call(workspace, API)
    assert API in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["allow_origin", "api.example"], "no origin"),
        (["withdraw_origin", API], "Allowed: none"),
        (["allow_origin", API, "--workspace", "nowhere"], "no workspace"),
        (["withdraw_origin", API, "--workspace", "nowhere"], "no workspace"),
    ],
)
def test_commands_say_what_is_wrong(arguments, says):
    make_workspace()
    with pytest.raises(CommandError, match=says):
        call_command(*arguments)
