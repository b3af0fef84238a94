import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from model_registry.child import ComputeCall, ModelChild
from model_registry.errors import (
    ModelAnswerInvalid,
    ModelBusy,
    ModelError,
    ModelInputInvalid,
    ModelTimedOut,
    ModelUnavailable,
)

SOON_S = 60.0
ENTRY_POINTS = "model_registry.adapters.python_entry_point"
HANGING_WORKER = f"""
import sys
from pathlib import Path
from model_registry.child import ComputeCall, ModelChild
value, settings = {{"started": sys.argv[1]}}, {{"entry_point": "fake-hangs"}}
ModelChild().call(ComputeCall(key="x", module="{ENTRY_POINTS}", settings=settings,
    model_dir=Path("/nonexistent"), input=value, timeout_s=60))
"""


@pytest.fixture
def started(tmp_path: Path) -> Path:
    """A pipe that `fake-hangs` opens when it begins; reading it waits for that."""
    path = tmp_path / "started"
    os.mkfifo(path)
    return path


def ask(child: ModelChild, name: str, timeout_s: float = SOON_S, **value):
    settings = {"entry_point": name}
    return child.call(
        ComputeCall(
            key=name,
            module=ENTRY_POINTS,
            settings=settings,
            model_dir=Path("/nonexistent"),
            input=value,
            timeout_s=timeout_s,
        )
    )


def test_answer_comes_from_another_process_without_django(child):
    reply = ask(child, "fake-process")
    assert reply["pid"] == child.pid != os.getpid()
    assert reply["django"] is False


def test_process_is_started_on_first_use_and_kept(child):
    assert child.pid is None
    first, second = ask(child, "fake-counter"), ask(child, "fake-counter")
    assert (first["calls"], second["calls"]) == (1, 2)
    assert first["pid"] == second["pid"]


def test_process_gets_no_secret(child, monkeypatch):
    secrets = ("BATON_SECRET_KEY", "DATABASE_URL", "REDIS_URL", "SHOP_API_KEY_FILE")
    for name in secrets:
        monkeypatch.setenv(name, "canary")
    environment = ask(child, "fake-process")["environment"]
    assert not set(secrets) & set(environment)
    assert "PATH" in environment


def test_prints_of_a_model_do_not_disturb(child):
    assert ask(child, "fake-prints", n=1) == {"n": 1}
    assert ask(child, "fake-prints", n=2) == {"n": 2}


def test_model_reads_an_empty_standard_input(child):
    assert ask(child, "fake-reads-stdin") == {"read": ""}


def test_call_past_its_time_ends_the_process_and_the_next_gets_a_new_one(child):
    old = ask(child, "fake-counter")["pid"]
    with pytest.raises(ModelTimedOut) as caught:
        ask(child, "fake-hangs", timeout_s=0.05)
    assert caught.value.retryable
    new = ask(child, "fake-counter")
    assert (new["calls"], new["pid"] != old) == (1, True)
    with pytest.raises(ProcessLookupError):
        os.kill(old, 0)


def test_segfault_is_named_and_the_next_call_is_answered(child):
    with pytest.raises(ModelUnavailable, match="SIGSEGV") as caught:
        ask(child, "fake-segfaults")
    assert caught.value.retryable
    assert ask(child, "echo", n=1) == {"n": 1}


def test_exit_status_is_named(child):
    with pytest.raises(ModelUnavailable, match="exit status 7") as caught:
        ask(child, "fake-exits", status=7)
    assert caught.value.retryable


def test_only_the_call_that_is_named_is_stopped(child, started):
    caught: list[ModelError] = []

    def hang() -> None:
        settings = {"entry_point": "fake-hangs"}
        value = {"started": str(started)}
        question = ComputeCall(
            key="x",
            module=ENTRY_POINTS,
            settings=settings,
            model_dir=Path("/nonexistent"),
            input=value,
            timeout_s=60,
            name="mine",
        )
        try:
            child.call(question)
        except ModelError as error:
            caught.append(error)

    thread = threading.Thread(target=hang)
    thread.start()
    started.read_bytes()
    child.stop_call("another")
    os.kill(child.pid, 0)
    child.stop_call("mine")
    thread.join(SOON_S)
    assert "SIGKILL" in str(caught[0])
    child.stop_call("mine")  # which has ended
    assert ask(child, "echo", n=1) == {"n": 1}


def test_process_killed_in_the_middle_of_a_call_is_named(child, started):
    caught: list[ModelError] = []

    def hang() -> None:
        try:
            ask(child, "fake-hangs", started=str(started))
        except ModelError as error:
            caught.append(error)

    thread = threading.Thread(target=hang)
    thread.start()
    started.read_bytes()
    os.kill(child.pid, signal.SIGKILL)
    thread.join()
    assert "SIGKILL" in caught[0].message
    assert ask(child, "echo", n=1) == {"n": 1}


def test_process_killed_while_idle_is_replaced_unnoticed(child):
    ask(child, "echo")
    os.kill(child.pid, signal.SIGKILL)
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert ask(child, "echo", n=1) == {"n": 1}


def test_queued_call_whose_time_passes_is_dropped(child, started):
    hanging = threading.Thread(
        target=lambda: pytest.raises(
            ModelError, ask, child, "fake-hangs", started=str(started)
        )
    )
    hanging.start()
    started.read_bytes()
    pid = child.pid
    with pytest.raises(ModelBusy, match="No turn"):
        ask(child, "echo", timeout_s=0.05)
    assert child.pid == pid
    os.kill(pid, signal.SIGKILL)
    hanging.join()


def test_process_that_cannot_be_started_can_be_tried_again(child, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(sys, "executable", "/nowhere/python")
        with pytest.raises(ModelUnavailable, match="cannot be started") as caught:
            ask(child, "echo")
    assert caught.value.retryable
    assert ask(child, "echo", n=1) == {"n": 1}


def test_call_without_time_left_harms_nobody(child):
    pid = ask(child, "fake-counter")["pid"]
    with pytest.raises(ModelBusy):
        ask(child, "fake-counter", timeout_s=0)
    assert ask(child, "fake-counter") == {"calls": 2, "pid": pid}


def test_calls_behind_a_dying_one_are_answered_by_the_new_process(child):
    replies: list[int] = []

    def die() -> None:
        pytest.raises(ModelUnavailable, ask, child, "fake-exits", status=1)

    def count_up() -> None:
        replies.append(ask(child, "fake-counter")["calls"])

    threads = [threading.Thread(target=t) for t in [die, *[count_up] * 8]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(replies) == 8


@pytest.mark.parametrize(
    ("name", "value", "error", "says"),
    [
        ("fake-raises", {"what": "value"}, ModelInputInvalid, "no ears"),
        ("fake-raises", {"what": "other"}, ModelUnavailable, "RuntimeError: no ears"),
        ("fake-list", {}, ModelAnswerInvalid, "list"),
        ("fake-nan", {}, ModelAnswerInvalid, "not JSON"),
        ("fake-huge", {}, ModelAnswerInvalid, "too large"),
        ("fake-broken-load", {}, ModelUnavailable, "the weights are missing"),
        ("fake-broken-import", {}, ModelUnavailable, "baton_fakes_missing"),
        ("fake-nobody", {}, ModelUnavailable, "Known are: .*echo.*fake-upper"),
    ],
)
def test_model_that_misbehaves_is_one_error_and_no_dead_process(
    child, name, value, error, says
):
    with pytest.raises(error, match=says) as caught:
        ask(child, name, **value)
    assert not caught.value.retryable
    pid = child.pid
    assert ask(child, "echo", n=1) == {"n": 1}
    assert child.pid == pid


def test_input_that_is_too_large_is_refused_before_it_is_sent(child):
    with pytest.raises(ModelInputInvalid, match="too large"):
        ask(child, "echo", text="x" * (17 * 1024 * 1024))


def test_large_values_pass(child):
    text = "ü" * 1_000_000
    assert ask(child, "echo", text=text) == {"text": text}


def test_process_ends_with_a_worker_that_is_killed_during_a_call(fake_package, started):
    worker = subprocess.Popen(
        [sys.executable, "-c", HANGING_WORKER, str(started)], stderr=subprocess.PIPE
    )
    started.read_bytes()
    worker.kill()
    # Both processes hold the other end of this pipe.
    worker.communicate(timeout=SOON_S)
