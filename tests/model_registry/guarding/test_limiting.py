import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from model_registry.errors import LimitsInvalid, UnknownModel
from model_registry.guarding.limiting import set_limits
from model_registry.guarding.limits import Limits
from model_registry.models import ModelLimits
from model_registry.resolving import resolve
from orchestrator_site.ledger.api import Event
from tests.factories.accounts import make_workspace
from tests.factories.models import make_model_version

pytestmark = pytest.mark.django_db
ANSWER = {"type": "object", "required": ["answer"]}


@pytest.fixture
def workspace():
    return make_workspace()


def guard_of(workspace, name):
    return resolve(workspace.id, name, "champion").guard


@pytest.mark.parametrize(
    ("runs", "limits"),
    [("loop", None), ("wait", Limits()), ("cpu", Limits(retries=0))],
)
def test_models_without_limits_have_those_of_their_kind(workspace, runs, limits):
    make_model_version(workspace=workspace, model="plain", runs=runs)
    guard = guard_of(workspace, "plain")
    assert (guard and guard.limits) == limits


def test_limits_hold_for_the_next_call_and_stand_in_the_ledger(workspace):
    make_model_version(workspace=workspace, model="plain")
    limits = Limits(max_concurrency=3, timeout_s=2.5)
    assert guard_of(workspace, "plain") is None
    set_limits(workspace, "plain", limits, actor="user:1")
    assert guard_of(workspace, "plain").limits == limits
    event = json.loads(bytes(Event.objects.get(kind="limits.changed").body))
    assert event["actor"] == "user:1"
    assert event["data"]["old"] is None
    assert event["data"]["new"]["timeout_ms"] == 2500
    assert event["data"]["new"]["max_concurrency"] == 3


def test_same_limits_again_are_no_event(workspace):
    make_model_version(workspace=workspace, model="plain")
    for _ in range(2):
        set_limits(workspace, "plain", Limits(retries=3), actor="user:1")
    assert Event.objects.filter(kind="limits.changed").count() == 1


def test_limits_can_be_taken_away(workspace):
    make_model_version(workspace=workspace, model="plain")
    set_limits(workspace, "plain", Limits(), actor="user:1")
    set_limits(workspace, "plain", None, actor="user:1")
    assert not ModelLimits.objects.exists()
    assert guard_of(workspace, "plain") is None


@pytest.mark.parametrize(
    ("limits", "told"),
    [
        ({"retries": 6}, "retries: must be between 0 and 5"),
        ({"timeout_s": 0}, "timeout_s: must be between"),
        ({"max_answer_bytes": 10}, "max_answer_bytes: must be between"),
        ({"fallback": ("other",)}, "timeout_s: say how long one try may take"),
        ({"fallback": ("ghost",), "timeout_s": 1}, "no model 'ghost'"),
        ({"fallback": ("plain",), "timeout_s": 1}, "plain is the model itself"),
        ({"fallback": ("other", "other"), "timeout_s": 1}, "names a model twice"),
        ({"fallback": ("cat",), "timeout_s": 1}, "cat can purr; plain can echo"),
        ({"fallback": ("mute",), "timeout_s": 1}, "does not always answer with answer"),
    ],
)
def test_what_cannot_hold_is_refused_with_its_place(workspace, limits, told):
    make_model_version(workspace=workspace, model="plain", output_schema=ANSWER)
    make_model_version(workspace=workspace, model="other", output_schema=ANSWER)
    make_model_version(workspace=workspace, model="mute")
    make_model_version(workspace=workspace, model="cat", capability="purr")
    with pytest.raises(LimitsInvalid, match=told):
        set_limits(workspace, "plain", Limits(**limits), actor="user:1")
    assert not ModelLimits.objects.exists()


def test_model_of_another_workspace_is_unknown(workspace):
    make_model_version(model="plain")
    with pytest.raises(UnknownModel):
        set_limits(workspace, "plain", Limits(), actor="user:1")


def command(*arguments):
    written = StringIO()
    call_command("set_limits", *arguments, stdout=written)
    return written.getvalue()


def test_command_changes_what_it_names_and_prints_all(workspace):
    make_model_version(workspace=workspace, model="plain")
    make_model_version(workspace=workspace, model="other")
    assert "usual limits" in command("plain")
    command("plain", "timeout_s=2.5", "fallback=other", "retries=3")
    printed = command("plain", "retries=0", "max_concurrency=4")
    assert {"timeout_s=2.5", "fallback=other", "retries=0", "max_concurrency=4"} <= set(
        printed.split()
    )
    command("plain", "max_concurrency=none", "fallback=none")
    assert guard_of(workspace, "plain").limits == Limits(timeout_s=2.5, retries=0)
    assert "usual limits" in command("plain", "--usual")


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("speed=9", "there is no such limit"),
        ("retries=many", "retries: .*whole number"),
    ],
)
def test_command_refuses_what_it_cannot_read(workspace, written, told):
    make_model_version(workspace=workspace, model="plain")
    with pytest.raises(CommandError, match=told):
        command("plain", written)
