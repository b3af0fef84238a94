from pathlib import Path

import pytest

from orchestrator_site.supervisor import programs
from orchestrator_site.supervisor.errors import CannotRun
from orchestrator_site.supervisor.options import ROOT, parse_options


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch):
    monkeypatch.delenv("BATON_PORT", raising=False)
    monkeypatch.delenv("BATON_DATA_DIR", raising=False)


def test_defaults_serve_this_machine_from_a_folder_beside_manage_py():
    options = parse_options([])
    assert options.address == "http://127.0.0.1:8000/"
    assert options.data_dir == ROOT / ".baton"
    assert (options.workers, options.demo) == (1, True)


def test_environment_is_read(monkeypatch, tmp_path):
    monkeypatch.setenv("BATON_PORT", "9000")
    monkeypatch.setenv("BATON_DATA_DIR", str(tmp_path))
    options = parse_options([])
    assert (options.port, options.data_dir) == (9000, tmp_path)


def test_command_line_wins_over_the_environment(monkeypatch):
    monkeypatch.setenv("BATON_PORT", "9000")
    assert parse_options(["--port", "9001"]).port == 9001


def test_relative_data_folder_is_made_absolute():
    assert parse_options(["--data-dir", "x"]).data_dir == Path.cwd() / "x"


def test_ipv6_address_is_bracketed():
    assert parse_options(["--host", "::1"]).address == "http://[::1]:8000/"


@pytest.mark.parametrize(
    ("argv", "queues", "command"),
    [
        ([], None, None),
        (["--queues", "cpu, gpu"], ("cpu", "gpu"), "runs,cpu,gpu"),
        (["--queues", ""], (), "runs"),
    ],
)
def test_workers_take_steps_from_the_queues_that_are_named(argv, queues, command):
    options = parse_options(argv)
    assert options.queues == queues
    argv = programs.worker(1, options, {}).argv
    assert ("--queues" in argv) == (command is not None)
    assert command is None or argv[argv.index("--queues") + 1] == command


def test_queue_that_cannot_be_one_is_refused():
    with pytest.raises(CannotRun, match="Name queues"):
        parse_options(["--queues", "cpu,GPU 1"])


@pytest.mark.parametrize("word", ["0", "65536", "-1", "http", ""])
def test_port_that_is_none_is_refused(word):
    with pytest.raises(CannotRun, match="whole number from 1 to 65535"):
        parse_options([f"--port={word}"])
