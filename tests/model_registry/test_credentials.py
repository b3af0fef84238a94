import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command

from model_registry.credentials import read_secret
from model_registry.errors import (
    CredentialInvalid,
    ModelUnavailable,
    UnknownCredential,
)
from model_registry.models import Credential
from model_registry.services.credentials import delete_credential, set_credential
from orchestrator_site.ledger.api import Event
from tests.factories.accounts import make_workspace

pytestmark = pytest.mark.django_db
CANARY = "sk-canary-8c1f0d"


def stored():
    rows = Credential.objects.values_list("value", flat=True)
    events = Event.objects.values_list("body", flat=True)
    return "".join(rows) + "".join(bytes(body).decode() for body in events)


def test_secret_is_read_where_it_was_set_and_stands_nowhere():
    workspace = make_workspace()
    set_credential(workspace, "fjord", f" {CANARY}\n", actor="user:1")
    assert read_secret(workspace.pk, "fjord") == CANARY
    assert CANARY not in stored()
    assert CANARY not in repr(Credential.objects.values())


def test_another_workspace_does_not_find_it():
    set_credential(make_workspace(), "fjord", CANARY, actor="user:1")
    with pytest.raises(ModelUnavailable, match="no credential 'fjord'"):
        read_secret(make_workspace().pk, "fjord")


def test_exchanged_secret_counts_from_the_next_call_on():
    workspace = make_workspace()
    set_credential(workspace, "fjord", "old", actor="user:1")
    set_credential(workspace, "fjord", CANARY, actor="user:2")
    assert read_secret(workspace.pk, "fjord") == CANARY
    row = Credential.objects.get()
    assert (row.created_by, row.set_by) == ("user:1", "user:2")


def test_deleted_secret_is_gone():
    workspace = make_workspace()
    set_credential(workspace, "fjord", CANARY, actor="user:1")
    delete_credential(workspace, "fjord", actor="user:1")
    assert not Credential.objects.exists()
    with pytest.raises(UnknownCredential):
        delete_credential(workspace, "fjord", actor="user:1")
    kinds = list(Event.objects.order_by("at", "seq").values_list("kind", flat=True))
    assert kinds == ["credential.set", "credential.deleted"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Fjord", CANARY),
        ("", CANARY),
        ("fjord", " "),
        ("fjord", f"{CANARY}\n{CANARY}"),
        ("fjord", f"{CANARY}é"),
        ("fjord", f"{CANARY}\x00"),
        ("fjord", CANARY * 1000),
    ],
)
def test_what_no_key_can_be_is_refused_without_being_shown(name, value):
    with pytest.raises(CredentialInvalid) as caught:
        set_credential(make_workspace(), name, value, actor="user:1")
    assert CANARY not in str(caught.value)


def test_keys_are_rotated_and_old_ones_taken_out(settings, capsys):
    old, new = (Fernet.generate_key().decode() for _ in range(2))
    workspace = make_workspace()
    settings.ENCRYPTION_KEYS = (old,)
    set_credential(workspace, "fjord", CANARY, actor="user:1")
    settings.ENCRYPTION_KEYS = (new, old)
    assert read_secret(workspace.pk, "fjord") == CANARY
    call_command("rotate_keys")
    assert capsys.readouterr().out == "Credentials encrypted with the first key: 1.\n"
    settings.ENCRYPTION_KEYS = (new,)
    assert read_secret(workspace.pk, "fjord") == CANARY
    assert Credential.objects.get().rotated_at is not None


def test_key_that_is_gone_is_told(settings):
    workspace = make_workspace()
    settings.ENCRYPTION_KEYS = (Fernet.generate_key().decode(),)
    set_credential(workspace, "fjord", CANARY, actor="user:1")
    settings.ENCRYPTION_KEYS = (Fernet.generate_key().decode(),)
    with pytest.raises(ModelUnavailable, match="Set the credential again"):
        read_secret(workspace.pk, "fjord")
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("rotate_keys")
    assert Credential.objects.get().rotated_at is None
